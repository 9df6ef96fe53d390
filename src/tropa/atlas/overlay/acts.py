"""What people do to the shared facts, one act at a time, and what comes of all of them.

Kept true: a change is frozen and names who made it, when and why; acts that open or ease carry a second person. Who
they are is told by the caller in opaque words (a staff id, the name of an owner): this package compares them and
knows nothing else of them. Signatures are the caller's affair too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from tropa.atlas.basics import PartialDate, Source
from tropa.atlas.kinds import Value
from tropa.atlas.model import Fact
from tropa.atlas.phrases import Phrase
from tropa.atlas.terms import Kind
from tropa.atlas.world import Atlas

STOP_PREFIX: Final = "stop-"


class Act(StrEnum):
    """What a change does. Stored words never change their meaning, new ones are appended."""

    REVIEWED = "reviewed"  # looked at and still so: as_of and review_by move, "unverified" is lifted
    SET = "set"  # keys of a fact get other values
    ADDED = "added"  # a fact the shared pack does not have
    STOP = "stop"  # an emergency stop of what `fact_id` names
    EASED = "eased"  # the stop of what `fact_id` names is lifted
    WITHDRAWN = "withdrawn"  # our own word on a fact is taken back; the shared pack's stands again
    PROPOSED = "proposed"  # an importer or another source says otherwise; nothing changes until it is settled
    SETTLED = "settled"  # a conflict is decided for one side


class Side(StrEnum):
    """For whom a conflict is settled: our own fact as it stands, or what the other side says."""

    OURS = "ours"
    THEIRS = "theirs"


@dataclass(frozen=True, slots=True)
class Change:
    """One act on one fact.

    `fact_id`: the fact; for STOP and EASED what is stopped (a country's code, a place, paper, leg, rule, programme or
    end state). `record`: keys in the notation of a pack. SET and PROPOSED: only the keys that differ, null to leave an
    optional one out; ADDED: all of the kind's keys; REVIEWED: `as_of`, `review_by`, or nothing; STOP: `review_by`, or
    nothing; SETTLED: `side`, and `conflict` (the id of the proposal, or "pack").
    `against`: the wording the person had before them, as `Overlaid.wording` gives it; so a review or a value never
    carries over to a text nobody saw. REVIEWED, SET and the settling of a conflict with the pack need it.
    `source_id`: what it rests on, added to the fact's sources. `second`: who approved.
    """

    id: str
    act: Act
    fact_id: str
    by: str
    on: datetime
    reason: str
    kind: Kind | None = None
    record: Mapping[str, Any] | None = None
    source_id: str | None = None
    second: str | None = None
    against: str | None = None

    def __post_init__(self) -> None:
        if self.on.utcoffset() != timedelta(0):
            raise ValueError("a change is dated in UTC")

    @property
    def day(self) -> date:
        """The day it was recorded."""
        return self.on.date()

    @property
    def concerns(self) -> str:
        """The id of the fact this changes."""
        return stop_id(self.fact_id) if self.act in (Act.STOP, Act.EASED) else self.fact_id


def stop_id(scope: str) -> str:
    """The id of the fact that says: this is stopped."""
    return f"{STOP_PREFIX}{scope}"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a change: the key of its record ("" for the change as a whole), what, and what was
    expected.
    """

    key: str
    what: Phrase
    expected: Phrase


@dataclass(frozen=True, slots=True)
class Refused:
    """A change that was not taken, with every fault found in it. All others hold."""

    change: Change
    faults: tuple[Fault, ...]


class Against(StrEnum):
    """Who says otherwise in a conflict."""

    PACK = "pack"  # the shared pack has changed since we said our word
    PROPOSAL = "proposal"  # an import or another source


@dataclass(frozen=True, slots=True)
class Said:
    """One side of a conflict: the keys in question in the notation of a pack (empty: the fact is not there), where
    they come from, and for when.
    """

    record: Mapping[str, Any]
    sources: tuple[Source, ...]
    as_of: PartialDate | None
    by: str | None


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two sides that say different things of one fact, to be settled by a person. `id`: what `SETTLED` names in its
    `conflict`. Until then the stricter of the two is in force against the pack, and ours against a proposal.
    """

    id: str
    fact_id: str
    kind: Kind
    against: Against
    ours: Said
    theirs: Said


class NagKind(StrEnum):
    """Why somebody is asked to look."""

    STOP_OVERDUE = "stop_overdue"
    STOP_OF_NOTHING = "stop_of_nothing"  # the pack no longer has what was stopped
    CONTRADICTED = "contradicted"
    REVIEW_LAPSED = "review_lapsed"  # the pack changed what we had reviewed
    UNSETTLED = "unsettled"


@dataclass(frozen=True, slots=True)
class Nag:
    """Something that does not go away by itself. `fact_id` names the stop, the hazard or the fact in question."""

    kind: NagKind
    fact_id: str
    since: date | None


@dataclass(frozen=True, slots=True)
class Overlaid:
    """The shared pack with our own changes over it. `atlas` is what plans and answers rest on. `lapsed`: reviews and
    settlements of a text the pack has changed since; they do nothing, and nag.
    """

    base: Atlas
    atlas: Atlas
    changes: tuple[Change, ...]
    sources: tuple[Source, ...]
    taken: tuple[Change, ...]
    conflicts: tuple[Conflict, ...]
    refused: tuple[Refused, ...]
    lapsed: tuple[Change, ...]
    book: object = field(default=None, repr=False, compare=False)  # what further changes are entered into

    def changes_of(self, fact_id: str) -> tuple[Change, ...]:
        """Who changed a fact and when, in order: its history and blame."""
        return tuple(one for one in self.taken if one.concerns == fact_id)

    def fact(self, fact_id: str) -> Fact[Value]:
        """The fact in force, or `UnknownFactError`."""
        return self.atlas.fact(fact_id)
