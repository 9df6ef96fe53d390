"""What follows from a triage card: urgency and lane, each with the answer it follows from.

The rules are those of the organisation's practice: danger to life, a date today or being held means now; a
date within three days, serving, or a reader of the chat who is a danger means within a day; a date within two
weeks, or a summons or decision in hand, means within a week; the rest is information. A rule never lowers
what an earlier one raised.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from tropa.desk.cases.card import (
    Ban,
    Card,
    Danger,
    Deadline,
    OtherReaders,
    Situation,
    Wish,
)
from tropa.desk.cases.models import Lane, Urgency

HELD = frozenset({Situation.COLLECTION_POINT, Situation.PIT, Situation.CUSTODY, Situation.PRISONER_OF_WAR})
SERVING = frozenset(
    {
        Situation.CONSCRIPT, Situation.PRESSED, Situation.MOBILISED, Situation.CONTRACT, Situation.CONVICT,
        Situation.OFFICER, Situation.ON_LEAVE, Situation.HOSPITAL, Situation.ABSENT,
    }
)  # fmt: skip
RISKY_READERS = frozenset({OtherReaders.COMMANDER_OR_POLICE, OtherReaders.WORK_DEVICE})


class Why(StrEnum):
    """Which answer an urgency or lane follows from; pages have the words."""

    DANGER = "danger"
    TODAY = "today"
    HELD = "held"
    THREE_DAYS = "three-days"
    SERVING = "serving"
    OTHERS_READ = "others-read"
    WANTED = "wanted"
    TWO_WEEKS = "two-weeks"
    SUMMONS = "summons"
    NOTHING_PRESSES = "nothing-presses"
    NOTHING_ANSWERED = "nothing-answered"
    WISH = "wish"
    SITUATION = "situation"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Urgency and lane, and why."""

    urgency: Urgency
    lane: Lane
    reasons: tuple[Why, ...]


def urgency_and_lane(card: Card) -> Verdict:
    """What the card says about how soon and who."""
    urgency, why = _urgency(card)
    lane, lane_why = _lane(card)
    return Verdict(urgency=urgency, lane=lane, reasons=(*why, *lane_why))


def _urgency(card: Card) -> tuple[Urgency, tuple[Why, ...]]:
    now = [
        why
        for why, holds in (
            (Why.DANGER, card.danger is Danger.YES),
            (Why.TODAY, card.deadline is Deadline.TODAY),
            (Why.HELD, card.situation in HELD),
        )
        if holds
    ]
    if now:
        return Urgency.NOW, tuple(now)
    day = [
        why
        for why, holds in (
            (Why.THREE_DAYS, card.deadline is Deadline.THREE_DAYS),
            (Why.SERVING, card.situation in SERVING),
            (Why.OTHERS_READ, card.other_readers in RISKY_READERS),
            (Why.WANTED, Ban.WANTED in card.bans),
        )
        if holds
    ]
    if day:
        return Urgency.DAY, tuple(day)
    if card.deadline is Deadline.TWO_WEEKS:
        return Urgency.WEEK, (Why.TWO_WEEKS,)
    if card.situation in {Situation.SUMMONS, Situation.COMMISSION}:
        return Urgency.WEEK, (Why.SUMMONS,)
    if not card.answered:
        return Urgency.UNSORTED, (Why.NOTHING_ANSWERED,)
    return Urgency.INFO, (Why.NOTHING_PRESSES,)


# A person may want several things; the one that needs the most hands decides who takes it.
WISHES_IN_ORDER = (
    Wish.LEAVE_UNIT, Wish.LEAVE, Wish.PROTECTION, Wish.FIND, Wish.ABUSE, Wish.SETTLE, Wish.DEFERRAL, Wish.LAW,
    Wish.MONEY, Wish.OTHER,
)  # fmt: skip


def _lane(card: Card) -> tuple[Lane, tuple[Why, ...]]:
    for wish in WISHES_IN_ORDER:
        if wish in card.wishes:
            return _lane_of(wish), (Why.WISH,)
    if card.situation in SERVING:
        return Lane.UNIT, (Why.SITUATION,)
    if card.situation is Situation.ABROAD:
        return Lane.SETTLING, (Why.SITUATION,)
    if card.situation in {Situation.NO_SUMMONS, Situation.SUMMONS, Situation.COMMISSION}:
        return Lane.LAW, (Why.SITUATION,)
    return Lane.UNSORTED, ()


def _lane_of(wish: Wish) -> Lane:
    match wish:
        case Wish.LAW | Wish.DEFERRAL:
            return Lane.LAW
        case Wish.LEAVE:
            return Lane.LEAVING
        case Wish.LEAVE_UNIT:
            return Lane.UNIT
        case Wish.PROTECTION:
            return Lane.PROTECTION
        case Wish.ABUSE:
            return Lane.ABUSE
        case Wish.SETTLE:
            return Lane.SETTLING
        case Wish.FIND:
            return Lane.FAMILY
        case Wish.MONEY | Wish.OTHER:
            return Lane.OTHER
        case _:
            assert_never(wish)
