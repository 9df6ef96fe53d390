"""People drawn by dice for a bench or a test: all invented, all of them such as an atlas can plan for.

Kept true: the same atlas, number and seed give the same people; nobody is drawn whom `check_against` would refuse. Most
are at home, some abroad with a day of entry; some have bars to leaving that are known not to hold, some do not know.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from tropa.atlas import Answer, Atlas, PlaceKind, ProfileClass, ProtectionKind, Status
from tropa.atlas.dice import Dice
from tropa.planning.person import (
    Companion,
    HeldPaper,
    KnownStatus,
    PastStay,
    PersonFacts,
    Wish,
    WishKind,
    WishVerdict,
)

HOME = "RU"
PAPERS = (("internal", "fp5"), ("internal", "fp10"), ("internal", "fp5", "fp10"), ("internal",), ("fp10",))
ABROAD = 0.25
ACCOMPANIED = 0.08
CLEARED = tuple(
    KnownStatus(status, Answer.NO)
    for status in (Status.EXIT_BAN, Status.SUMMONS_IN_REGISTER, Status.SERVING, Status.WANTED, Status.CASE)
)


def drawn_people(
    atlas: Atlas, on: date, count: int, *, seed: int = 1, money: int | None = None
) -> Iterator[PersonFacts]:
    """`count` people; `money`: euros each has in hand, None: drawn too."""
    dice = Dice(seed)
    towns = [fact for fact in atlas.places.values() if fact.value.what is not PlaceKind.POST]
    home = [fact.id for fact in towns if fact.value.country == HOME]
    away = [fact for fact in towns if fact.value.country != HOME]
    codes = sorted({fact.value.country for fact in away})
    for _ in range(count):
        abroad = dice.random() < ABROAD
        fact = dice.choice(away) if abroad else None
        papers = tuple(_held(paper, on, dice) for paper in dice.choice(PAPERS) if paper in atlas.papers)
        profile = dice.choices(list(ProfileClass), weights=[4, 3, 1, 1, 1])[0]
        statuses = CLEARED if dice.random() < 0.8 else ()
        yield PersonFacts(
            place=fact.id if fact else dice.choice(home),
            profile=profile,
            papers=papers,
            statuses=statuses,
            entered=on - timedelta(days=dice.randint(0, 25)) if abroad else None,
            past_stays=_past(dice, codes, on),
            money_euros=money if money is not None else dice.choice([500, 1000, 2000, 3000, 5000, 8000]),
            income_euros=dice.choice([0, 0, 0, 300]) if money is None else 0,
            deadline=on + timedelta(days=dice.randint(3, 60)) if dice.random() < 0.2 else None,
            companions=tuple(_companions(dice, papers, statuses)),
            wishes=tuple(_wishes(dice, codes)),
            further_papers=dice.choice([0, 1, 1, 2]),
            least_haven=dice.choice([None, None, None, ProtectionKind.TEMPORARY]),
        )


def _held(paper: str, on: date, dice: Dice) -> HeldPaper:
    """Now and then a passport ends within the year; the draw is made for every paper alike."""
    ends = on + timedelta(days=dice.randint(100, 3000))
    return HeldPaper(paper, None, None if paper == "internal" else ends)


def _past(dice: Dice, codes: list[str], on: date) -> tuple[PastStay, ...]:
    if dice.random() >= 0.1:
        return ()
    last = on - timedelta(days=dice.randint(30, 120))
    return (PastStay(dice.choice(codes), last - timedelta(days=dice.randint(1, 40)), last),)


def _companions(
    dice: Dice, papers: tuple[HeldPaper, ...], statuses: tuple[KnownStatus, ...]
) -> Iterator[Companion]:
    if dice.random() < ACCOMPANIED:
        yield Companion("wife", ProfileClass.NO_SUMMONS, papers, statuses)


def _wishes(dice: Dice, codes: list[str]) -> Iterator[Wish]:
    if dice.random() < 0.3:
        yield Wish(WishKind.COUNTRY, dice.choice(codes), WishVerdict.NEVER)
