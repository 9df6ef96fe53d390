"""The first facts of a case, taken over from its triage card. Only what the card says; the adviser completes
the rest.

A card knows no city: the place is the first that fits and stands for "somewhere there" until somebody says
where.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tropa.atlas import Answer, ProfileClass, Status
from tropa.desk.cases.card import Ban, Card, Deadline, PaperInHand, Situation, Whereabouts
from tropa.planning.person import HeldPaper, KnownStatus, PersonFacts

DEFAULT_PLACE = "moscow"
ELSEWHERE = frozenset(
    {
        Whereabouts.FRONT,
        Whereabouts.OCCUPIED,
        Whereabouts.INTERNAL_PASSPORT_COUNTRY,
        Whereabouts.OTHER_COUNTRY,
    }
)
"""Where the default place stands for nobody: a plan from there would be wrong from its first step."""

_PROFILES: dict[Situation, ProfileClass] = {
    Situation.SUMMONS: ProfileClass.SUMMONED,
    Situation.COMMISSION: ProfileClass.SUMMONED,
    Situation.PRESSED: ProfileClass.MOBILISED,
    Situation.COLLECTION_POINT: ProfileClass.MOBILISED,
    Situation.CONSCRIPT: ProfileClass.MOBILISED,
    Situation.MOBILISED: ProfileClass.MOBILISED,
    Situation.CONTRACT: ProfileClass.MOBILISED,
    Situation.CONVICT: ProfileClass.MOBILISED,
    Situation.OFFICER: ProfileClass.MOBILISED,
    Situation.ON_LEAVE: ProfileClass.MOBILISED,
    Situation.HOSPITAL: ProfileClass.MOBILISED,
    Situation.PIT: ProfileClass.MOBILISED,
    Situation.ABSENT: ProfileClass.ABSENT,
    Situation.CUSTODY: ProfileClass.CHARGED,
    Situation.SUSPENDED: ProfileClass.CHARGED,
}
_PAPERS = {
    PaperInHand.INTERNAL: "internal",
    PaperInHand.FOREIGN_5: "fp5",
    PaperInHand.FOREIGN_10: "fp10",
    PaperInHand.MILITARY_ID: "milid",
}
_BANS = {
    Ban.EXIT_BAN: Status.EXIT_BAN,
    Ban.CASE: Status.CASE,
    Ban.WANTED: Status.WANTED,
    Ban.DEBTS: Status.DEBT_OR_COURT,
    Ban.SECRETS: Status.STATE_SECRETS,
}
_DAYS = {Deadline.TODAY: 0, Deadline.THREE_DAYS: 3, Deadline.TWO_WEEKS: 14, Deadline.TWO_MONTHS: 60}


def facts_from_card(card: Card, on: date) -> PersonFacts:
    """The facts a card gives on a day."""
    values: dict[str, Any] = {
        "place": DEFAULT_PLACE,
        "profile": _profile(card),
        "papers": tuple(HeldPaper(_PAPERS[paper]) for paper in sorted(card.papers) if paper in _PAPERS),
        "statuses": _statuses(card),
        "deadline": _deadline(card, on),
    }
    return PersonFacts(**values)


def _profile(card: Card) -> ProfileClass:
    if card.bans & {Ban.CASE, Ban.WANTED}:
        return ProfileClass.CHARGED
    if card.situation is None:
        return ProfileClass.NO_SUMMONS
    return _PROFILES.get(card.situation, ProfileClass.NO_SUMMONS)


def _statuses(card: Card) -> tuple[KnownStatus, ...]:
    found = {_BANS[ban]: Answer.YES for ban in card.bans if ban in _BANS}
    if card.situation is Situation.SUMMONS:
        found[Status.SUMMONS_IN_REGISTER] = Answer.UNKNOWN
    return tuple(KnownStatus(status, answer) for status, answer in sorted(found.items()))


def _deadline(card: Card, on: date) -> date | None:
    days = _DAYS.get(card.deadline) if card.deadline else None
    return None if days is None else on + timedelta(days=days)
