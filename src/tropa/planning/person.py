"""What the planner must know of a person, and nothing more: no name, no handle, no date of birth.

Kept true: a `PersonFacts` holds together by itself (dates in order, amounts not negative, no wish both pinned and
forbidden), or it does not exist. `check_against` then holds it against an atlas: places, papers, countries and legs it
does not know are named with the nearest known names. Refused: guessing. What a person has not said about the state's
lists counts as "unknown" wherever it is the state that knows and not the person, and "unknown" never opens a border.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, assert_never

from tropa.atlas import Answer, Atlas, Fact, Mode, Office, ProfileClass, ProtectionKind, Status
from tropa.planning.errors import BadPerson, PersonProblem

MOST_COMPANIONS = 8
MOST_FURTHER_PAPERS = 4
LARGEST_AMOUNT = 10_000_000
SHORT_WORD = 3


class WishVerdict(StrEnum):
    """What a wish asks: the way must use it, may use it, must not use it."""

    PIN = "pin"
    ALLOW = "allow"
    NEVER = "never"


class WishKind(StrEnum):
    """What a wish is about; its `about` is an ISO code, a fact id, or a value of `Mode` or `Office`."""

    COUNTRY = "country"
    LEG = "leg"
    MODE = "mode"
    PAPER = "paper"
    OFFICE = "office"


@dataclass(frozen=True, slots=True)
class Wish:
    """One wish. ALLOW undoes a caution of the planner's own: going back to the home country is closed without it."""

    kind: WishKind
    about: str
    verdict: WishVerdict


@dataclass(frozen=True, slots=True)
class HeldPaper:
    """A paper the person has in hand, with its dates (both days included; None: no end, or not known to matter)."""

    paper: str
    valid_from: date | None = None
    valid_until: date | None = None

    def __post_init__(self) -> None:
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            raise ValueError("a paper cannot expire before it becomes valid")


@dataclass(frozen=True, slots=True)
class KnownStatus:
    """What the person knows about one bar to leaving."""

    status: Status
    answer: Answer


@dataclass(frozen=True, slots=True)
class PastStay:
    """Days already spent in a country, both end days counted. Only stays of the last year or so matter."""

    country: str
    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("a stay cannot end before it begins")


@dataclass(frozen=True, slots=True)
class Companion:
    """Somebody who travels along. `relation` is free text for the page ("wife", "child, 9"), never a name."""

    relation: str
    profile: ProfileClass
    papers: tuple[HeldPaper, ...]
    statuses: tuple[KnownStatus, ...] = ()
    citizenship: str = "RU"


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """A person as the planner sees them on one day.

    `money_euros` in hand, `income_euros` each month from now; `deadline`: the last day on which they may still be
    in the country they are in now; `entered`: the day they entered it (None at home, or not known);
    `further_papers`: how many papers may be applied for in one plan; `least_haven`: the weakest end state they
    accept.
    """

    place: str
    profile: ProfileClass
    papers: tuple[HeldPaper, ...] = ()
    statuses: tuple[KnownStatus, ...] = ()
    citizenship: str = "RU"
    entered: date | None = None
    past_stays: tuple[PastStay, ...] = ()
    money_euros: int = 0
    income_euros: int = 0
    deadline: date | None = None
    companions: tuple[Companion, ...] = ()
    wishes: tuple[Wish, ...] = ()
    further_papers: int = 2
    least_haven: ProtectionKind | None = None

    def __post_init__(self) -> None:
        problems = tuple(_problems_within(self))
        if problems:
            raise BadPerson(problems)

    @property
    def members(self) -> tuple[Companion, ...]:
        """Everybody who travels, the person first."""
        own = Companion("", self.profile, self.papers, self.statuses, self.citizenship)
        return (own, *self.companions)

    def wished(self, kind: WishKind, verdict: WishVerdict) -> frozenset[str]:
        """What wishes of this kind and verdict are about."""
        return frozenset(w.about for w in self.wishes if w.kind is kind and w.verdict is verdict)


def answer_of(member: Companion, status: Status) -> Answer:
    """What is known of a member's status. Unsaid: unknown where the state may know better than the person, else no."""
    for known in member.statuses:
        if known.status is status:
            return known.answer
    return Answer.UNKNOWN if status in _MAY_NOT_KNOW[member.profile] else Answer.NO


_ALWAYS_UNSURE = frozenset({Status.EXIT_BAN, Status.SUMMONS_IN_REGISTER})
_MAY_NOT_KNOW: Mapping[ProfileClass, frozenset[Status]] = {
    ProfileClass.NO_SUMMONS: _ALWAYS_UNSURE,
    ProfileClass.SUMMONED: _ALWAYS_UNSURE,
    ProfileClass.MOBILISED: _ALWAYS_UNSURE | {Status.SERVING},
    ProfileClass.ABSENT: _ALWAYS_UNSURE | {Status.SERVING, Status.WANTED, Status.CASE},
    ProfileClass.CHARGED: _ALWAYS_UNSURE | {Status.SERVING, Status.WANTED, Status.CASE, Status.CONVICTED},
}
"""Statuses a person of this class may have without having been told; leaving them out counts as "unknown"."""


def _problems_within(person: PersonFacts) -> Iterator[PersonProblem]:
    for field, amount in (("money_euros", person.money_euros), ("income_euros", person.income_euros)):
        if not 0 <= amount <= LARGEST_AMOUNT:
            yield PersonProblem(field, str(amount), f"0 to {LARGEST_AMOUNT:,} euros")
    if not 0 <= person.further_papers <= MOST_FURTHER_PAPERS:
        yield PersonProblem("further_papers", str(person.further_papers), f"0 to {MOST_FURTHER_PAPERS}")
    if len(person.companions) > MOST_COMPANIONS:
        yield PersonProblem(
            "companions", str(len(person.companions)), f"at most {MOST_COMPANIONS} people in one party"
        )
    for number, member in enumerate(person.members):
        yield from _repeated(number, member)
    seen: dict[tuple[WishKind, str], WishVerdict] = {}
    for wish in person.wishes:
        if seen.setdefault((wish.kind, wish.about), wish.verdict) is not wish.verdict:
            yield PersonProblem(
                f"wishes.{wish.kind.value}", wish.about, "one verdict, not two that contradict"
            )


def _repeated(number: int, member: Companion) -> Iterator[PersonProblem]:
    field = f"companions[{number - 1}]." if number else ""
    for name, found in (
        ("papers", [held.paper for held in member.papers]),
        ("statuses", [known.status.value for known in member.statuses]),
    ):
        for twice in sorted({one for one in found if found.count(one) > 1}):
            yield PersonProblem(field + name, twice, "each one once")


def check_against(atlas: Atlas, person: PersonFacts, on: date) -> None:
    """Raise BadPerson naming everything the atlas does not know and every date that cannot be on the day `on`."""
    problems = (*_unknown_names(atlas, person), *_impossible_dates(person, on))
    if problems:
        raise BadPerson(problems)


def _unknown_names(atlas: Atlas, person: PersonFacts) -> Iterator[PersonProblem]:
    yield from place_problem(atlas, person.place)
    for number, member in enumerate(person.members):
        field = f"companions[{number - 1}].papers" if number else "papers"
        for held in member.papers:
            yield from _unknown(field, held.paper, atlas.papers, "a paper of the atlas")
    for stay in person.past_stays:
        yield from _unknown("past_stays", stay.country, atlas.countries, "a country of the atlas")
    about_legs = any(wish.kind is WishKind.LEG for wish in person.wishes)
    legs = {fact.id for fact in atlas.legs} if about_legs else set()
    for wish in person.wishes:
        field = f"wishes.{wish.kind.value}"
        match wish.kind:
            case WishKind.COUNTRY:
                yield from _unknown(field, wish.about, atlas.countries, "a country of the atlas")
            case WishKind.PAPER:
                yield from _unknown(field, wish.about, atlas.papers, "a paper of the atlas")
            case WishKind.LEG:
                yield from unknown_name(field, wish.about, legs, "a leg of the atlas")
            case WishKind.MODE:
                modes = [mode.value for mode in Mode]
                yield from unknown_name(field, wish.about, modes, "a way of travelling")
            case WishKind.OFFICE:
                yield from unknown_name(field, wish.about, [office.value for office in Office], "an office")
            case _:
                assert_never(wish.kind)


def place_problem(atlas: Atlas, place: str) -> Iterator[PersonProblem]:
    """A problem if the atlas has no such place, with the nearest ids found by id or by either name."""
    yield from _unknown("place", place, atlas.places, "a place of the atlas")


def country_problem(atlas: Atlas, country: str) -> Iterator[PersonProblem]:
    """The same for a country."""
    yield from _unknown("country", country, atlas.countries, "a country of the atlas")


def _unknown(field: str, name: str, known: Mapping[str, Fact[Any]], expected: str) -> Iterator[PersonProblem]:
    """A problem if nothing is known by this id, with up to three ids that are near by id, name or word of a name."""
    if name in known:
        return
    names: dict[str, list[str]] = {}
    for id_, fact in known.items():
        whole = (id_, id_.rpartition("-")[2], fact.value.name.en, fact.value.name.ru)
        for one in {part.casefold() for text in whole for part in (text, *_words_of(text))}:
            names.setdefault(one, []).append(id_)
    cutoff = 0.55 if len(name) > SHORT_WORD else 0.5  # half of a code of two letters
    near = get_close_matches(name.casefold(), names, n=6, cutoff=cutoff)
    nearest = tuple(dict.fromkeys(id_ for one in near for id_ in names[one]))[:3]
    yield PersonProblem(field, name, expected, nearest)


def _words_of(text: str) -> list[str]:
    """Words long enough to tell things apart."""
    return [word for word in re.split(r"[^\w]+", text) if len(word) > SHORT_WORD]


def unknown_name(field: str, name: str, known: Iterable[str], expected: str) -> Iterator[PersonProblem]:
    """A problem if `name` is not among `known`, with up to three near names."""
    names = list(known)
    if name not in names:
        folded = {one.casefold(): one for one in names}
        near = get_close_matches(name.casefold(), folded, n=3, cutoff=0.5)
        yield PersonProblem(field, name, expected, tuple(folded[one] for one in near))


def _impossible_dates(person: PersonFacts, on: date) -> Iterator[PersonProblem]:
    if person.entered and person.entered > on:
        yield PersonProblem("entered", person.entered.isoformat(), f"a day not after {on}")
    if person.deadline and person.deadline < on:
        yield PersonProblem("deadline", person.deadline.isoformat(), f"a day not before {on}")
    for stay in person.past_stays:
        if stay.last > on:
            yield PersonProblem("past_stays", stay.last.isoformat(), f"a day not after {on}")
    far = on + timedelta(days=366 * 30)
    for number, member in enumerate(person.members):
        field = f"companions[{number - 1}].papers" if number else "papers"
        for held in member.papers:
            if held.valid_until and held.valid_until > far:
                yield PersonProblem(field, held.valid_until.isoformat(), f"a day before {far}")
