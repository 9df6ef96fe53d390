"""What a change of facts did to one person's file, as `tropa replan --json` says it; and what its journal keeps of
work that was interrupted.

Kept true: an answer holds names of files and counts, nothing of what a file says about a person. A journal's line says
which question it belongs to, and of which very file: whatever belongs to another is never taken for done.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tropa.planning.mass.stored import Front


@dataclass(frozen=True, slots=True)
class Replanned:
    """One person's file after the change. `verdict`: broken, worse, could_be_better or untouched; `outcome`: kept,
    same, changed, no_way or not_planned, empty for the untouched; how many best ways there were and are."""

    file: str
    verdict: str
    outcome: str
    ways_before: int
    ways_after: int


@dataclass(frozen=True, slots=True)
class ReplanQuestion:
    """Which question a journal belongs to: SHA-256 over the older and the newer pack, hex, and the days it was asked
    for; `reviewed_as_of` as in `tropa.atlas.load_pack`."""

    before: str
    after: str
    on: date
    reviewed_as_of: date | None


@dataclass(frozen=True, slots=True)
class PlannedBefore:
    """The front found on the older pack for a file with this SHA-256, hex."""

    file: str
    digest: str
    front: Front


@dataclass(frozen=True, slots=True)
class PlannedAfter:
    """What the search on the newer pack came to, for a file with this SHA-256, hex."""

    digest: str
    row: Replanned
