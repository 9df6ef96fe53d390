"""What a fact may say that no way rests on: decisions, contacts, treaties, practice, published figures, settling in.

Kept true: nothing here opens or closes a way, and no chance is reckoned from it by itself. The words are those of
`terms`, the rules those of `kinds`.
"""

from __future__ import annotations

from dataclasses import dataclass

from tropa.atlas.basics import PartialDate, Text
from tropa.atlas.terms import (
    ContactKind,
    ExtraditionPractice,
    FigureKind,
    FigureUnit,
    SettlingTopic,
    TreatyKind,
    TreatyStatus,
)


@dataclass(frozen=True, slots=True)
class Decisions:
    """What a country decided on Russian applicants in a year, all grounds and instances together, as published:
    `applied` are new applications, `closed` ended without a decision. The `first_` figures are those of the first
    instance, None where they are not told apart. Small figures are rounded by who publishes them.
    """

    country: str
    year: int
    applied: int | None
    recognised: int
    other: int
    rejected: int
    closed: int | None
    first_recognised: int | None
    first_other: int | None
    first_rejected: int | None


@dataclass(frozen=True, slots=True)
class Contact:
    """Where a partner organisation can be reached for one kind of help. Public contacts only, never a person's."""

    country: str
    what: ContactKind
    name: Text
    reached: str


@dataclass(frozen=True, slots=True)
class Treaty:
    """How a country stands to a treaty, since when. That no fact says so means nothing: it may have joined."""

    country: str
    what: TreatyKind
    status: TreatyStatus
    since: PartialDate | None


@dataclass(frozen=True, slots=True)
class Extradition:
    """On what surrender to Russia rests, and what became of known requests. `incidents` are the cases, by fact id."""

    country: str
    basis: Text
    practice: ExtraditionPractice
    incidents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A published number: `counted` of `unit` from `begins` (None: not told) to the fact's `as_of`. It is no exposure
    of a class of people, so no chance is reckoned from it. `country`: where it was counted, or EU.
    """

    country: str
    what: FigureKind
    measure: Text
    counted: int
    unit: FigureUnit
    publisher: Text
    begins: PartialDate | None


@dataclass(frozen=True, slots=True)
class Settling:
    """Something to know for life after arrival, and before it; `country` None: wherever one goes."""

    country: str | None
    topic: SettlingTopic
    advice: Text
