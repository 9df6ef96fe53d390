"""A fact and its envelope: what is claimed, who says so, since when, until when somebody must look again.

Kept true: permissions fail closed when their review is overdue, when they were never reviewed, and outside
their dates; prohibitions, once begun, never lapse by themselves and need no review to bind. Whether a fact
may be used is asked of `Fact.standing`, with the day handed in: this package has no clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar, assert_never

from tropa.atlas.basics import PartialDate, Source, Text
from tropa.atlas.kinds import Value
from tropa.atlas.terms import Kind


class Confidence(StrEnum):
    """How well a fact is founded; the words are explained in the atlas page of the documentation."""

    SOURCED = "sourced"
    BACKGROUND_HIGH = "background-high"
    BACKGROUND_MED = "background-med"
    BACKGROUND_LOW = "background-low"
    JUDGEMENT = "judgement"
    UNKNOWN = "unknown"


class Effect(StrEnum):
    """What a fact does in a plan."""

    PERMISSION = "permission"
    PROHIBITION = "prohibition"
    INFORMATION = "information"


class Review(StrEnum):
    """Whether a person of the organisation has looked at the fact."""

    UNVERIFIED = "unverified"
    REVIEWED = "reviewed"


EFFECTS: dict[Kind, tuple[Effect, ...]] = {
    Kind.LEG: (Effect.PERMISSION,),
    Kind.ENTRY_RULE: (Effect.PERMISSION, Effect.PROHIBITION),
    Kind.STAY_RULE: (Effect.PERMISSION,),
    Kind.OBTAIN: (Effect.PERMISSION, Effect.PROHIBITION),
    Kind.PROTECTION: (Effect.PERMISSION,),
    Kind.EXIT_CHECK: (Effect.PROHIBITION,),
    Kind.PAPER_REFUSAL: (Effect.PROHIBITION,),
    Kind.PROVISION: (Effect.PROHIBITION, Effect.INFORMATION),
    Kind.COUNTRY: (Effect.INFORMATION,),
    Kind.PLACE: (Effect.INFORMATION,),
    Kind.LIVING: (Effect.INFORMATION,),
    Kind.PAPER: (Effect.INFORMATION,),
    Kind.HAZARD: (Effect.INFORMATION,),
    Kind.INCIDENT: (Effect.INFORMATION,),
    Kind.CLOCK: (Effect.INFORMATION,),
    Kind.GAP: (Effect.INFORMATION,),
    Kind.STOP: (Effect.PROHIBITION,),
    Kind.CROSSING: (Effect.INFORMATION,),
    Kind.DECISIONS: (Effect.INFORMATION,),
    Kind.ENTRY_CHECK: (Effect.INFORMATION,),
    Kind.CONTACT: (Effect.INFORMATION,),
    Kind.TREATY: (Effect.INFORMATION,),
    Kind.EXTRADITION: (Effect.INFORMATION,),
    Kind.FIGURE: (Effect.INFORMATION,),
    Kind.SETTLING: (Effect.INFORMATION,),
}
"""The effects each kind may have; the first is meant where a record names none."""


class Standing(StrEnum):
    """Why a fact may or may not be used on a day. Anything but `usable` closes a permission."""

    USABLE = "usable"
    UNVERIFIED = "unverified"
    REVIEW_OVERDUE = "review_overdue"
    NOT_YET_VALID = "not_yet_valid"
    NO_LONGER_VALID = "no_longer_valid"
    STOPPED = "stopped"  # an emergency stop in force covers it


V_co = TypeVar("V_co", bound=Value, covariant=True)


@dataclass(frozen=True, slots=True)
class Fact(Generic[V_co]):
    """One fact. `owner` is a role, never a person. `valid_from` and `valid_until` are days included in its
    validity. `recorded` is the day it was written down so; None: with the pack's publication.
    """

    id: str
    kind: Kind
    value: V_co
    sources: tuple[Source, ...]
    as_of: PartialDate
    review_by: date
    owner: str
    confidence: Confidence
    effect: Effect
    review: Review
    valid_from: date | None = None
    valid_until: date | None = None
    note: Text | None = None
    recorded: date | None = None

    @property
    def is_judgement(self) -> bool:
        """Whether the number is somebody's estimate rather than a count or a text."""
        return self.confidence is Confidence.JUDGEMENT

    def in_force(self, on: date) -> bool:
        """Whether the day lies within the dates of validity; reviews do not matter here."""
        begun = self.valid_from is None or self.valid_from <= on
        return begun and (self.valid_until is None or on <= self.valid_until)

    def standing(self, on: date, *, reviewed_as_of: date | None = None) -> Standing:
        """Whether it may be used on a day, and if not, why. `reviewed_as_of`: a day on which all counts as
        reviewed.
        """
        if self.valid_from is not None and on < self.valid_from:
            return Standing.NOT_YET_VALID
        match self.effect:
            case Effect.PROHIBITION:
                return Standing.USABLE
            case Effect.PERMISSION | Effect.INFORMATION:
                return self._standing_begun(on, reviewed_as_of)
            case _:
                assert_never(self.effect)

    def _standing_begun(self, on: date, reviewed_as_of: date | None) -> Standing:
        if self.valid_until is not None and self.valid_until < on:
            return Standing.NO_LONGER_VALID
        counts_as_reviewed = reviewed_as_of is not None and reviewed_as_of <= on
        if self.review is Review.UNVERIFIED and not counts_as_reviewed:
            return Standing.UNVERIFIED
        if self.review_by < on:
            return Standing.REVIEW_OVERDUE
        return Standing.USABLE
