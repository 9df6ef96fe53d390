"""What a change of facts did to one person's file, as `tropa replan --json` says it.

Kept true: names of files and counts, nothing of what a file says about a person.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Replanned:
    """One person's file after the change. `verdict`: broken, worse, could_be_better or untouched; `outcome`: kept,
    same, changed, no_way or not_planned, empty for the untouched; how many best ways there were and are."""

    file: str
    verdict: str
    outcome: str
    ways_before: int
    ways_after: int
