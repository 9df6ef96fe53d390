"""Small invented worlds for the planner's tests: every fact written out in a line, every chance chosen by the test.

Places are single letters or short words; country codes are those of the invented places. Home is HH. Nothing is known
that a test does not say: no leg, no rule, no danger, no price.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from tropa.atlas import (
    NOTHING_ASKED,
    Answer,
    Atlas,
    Confidence,
    Country,
    Effect,
    EntryRule,
    ExitCheck,
    Exposure,
    Fact,
    Hazard,
    HazardSubject,
    Kind,
    Leg,
    Living,
    Mode,
    Obtain,
    Office,
    PackMeta,
    Paper,
    PaperRefusal,
    PartialDate,
    Place,
    PlaceKind,
    ProfileClass,
    Protection,
    ProtectionKind,
    Range,
    Requirement,
    Review,
    Status,
    StayKind,
    StayRule,
    Text,
)
from tropa.planning.person import HeldPaper, KnownStatus, PersonFacts

ON = date(2026, 11, 22)
FAR = date(2030, 1, 1)
HOME = "HH"
COUNTED = Exposure(1000.0, Text("people", "люди"))


def exactly(number: float) -> Range:
    return Range(number, number, number)


def ranged(numbers: float | tuple[float, float, float] | Range) -> Range:
    if isinstance(numbers, Range):
        return numbers
    return Range(*numbers) if isinstance(numbers, tuple) else exactly(numbers)


def fact(id_: str, kind: Kind, value: Any, effect: Effect = Effect.INFORMATION, **changes: Any) -> Fact[Any]:
    values: dict[str, Any] = {
        "sources": (),
        "as_of": PartialDate.parse("2026-11-01"),
        "review_by": FAR,
        "owner": "tests",
        "confidence": Confidence.SOURCED,
        "review": Review.REVIEWED,
        **changes,
    }
    return Fact(id=id_, kind=kind, value=value, effect=effect, **values)


def named(name: str) -> Text:
    return Text(name, name)


def asks(*alternatives: str) -> Requirement:
    """`asks("a b", "c")`: both a and b, or c."""
    return (
        Requirement.of(*(frozenset(one.split()) for one in alternatives)) if alternatives else NOTHING_ASKED
    )


def country(code: str, zone: str | None = None) -> Fact[Any]:
    return fact(
        f"country-{code}",
        Kind.COUNTRY,
        Country(code, named(code), Answer.NO, Answer.YES, Answer.YES, (), zone=zone or code),
    )


def place(id_: str, code: str, *, post: bool = False) -> Fact[Any]:
    what = PlaceKind.POST if post else PlaceKind.CITY
    return fact(id_, Kind.PLACE, Place(code, named(id_.title()), 0.0, 0.0, what, True))


def paper(id_: str, *, travel: bool = True) -> Fact[Any]:
    return fact(id_, Kind.PAPER, Paper(named(id_), travel, None, None))


def living(code: str, euros: float | tuple[float, float, float] = 0) -> Fact[Any]:
    return fact(f"living-{code}", Kind.LIVING, Living(code, ranged(euros)))


def danger(
    subject: HazardSubject, scope: str, chance: float | tuple[float, float, float], *classes: ProfileClass
) -> Fact[Any]:
    who = classes or tuple(ProfileClass)
    return fact(
        f"danger-{subject.value}-{scope}-{'-'.join(classes)}",
        Kind.HAZARD,
        Hazard(subject, scope, who, ranged(chance), (), COUNTED),
    )


def leg(
    origin: str,
    target: str,
    *,
    id_: str = "",
    border: bool = True,
    days: float | tuple[float, float, float] = 0,
    hours: float | tuple[float, float, float] = 0,
    euros: float | tuple[float, float, float] = 0,
    risk: float | tuple[float, float, float] = 0,
    papers: Requirement = NOTHING_ASKED,
    mode: Mode = Mode.ROAD,
    **changes: Any,
) -> tuple[Fact[Any], ...]:
    """A leg and its danger; `days` is the wait for departure."""
    name = id_ or f"{origin}-{target}"
    value = Leg(origin, target, mode, ranged(hours), ranged(euros), ranged(days), border, papers, None)
    return (
        fact(name, Kind.LEG, value, Effect.PERMISSION, **changes),
        danger(HazardSubject.LEG, name, risk),
    )


def calm(*codes: str, day: float = 0.0, living_euros: float = 0.0) -> tuple[Fact[Any], ...]:
    """Countries of which everything is known and nothing dangerous: checks, days, price of living."""
    return tuple(
        one
        for code in codes
        for one in (
            country(code),
            danger(HazardSubject.EXIT_CHECK, code, 0),
            danger(HazardSubject.ENTRY_CHECK, code, 0),
            danger(HazardSubject.DAY_OF_STAY, code, day),
            living(code, living_euros),
        )
    )


def entry(code: str, papers: Requirement = NOTHING_ASKED, **changes: Any) -> Fact[Any]:
    id_ = changes.pop("id_", f"entry-{code}")
    effect = changes.pop("effect", Effect.PERMISSION)
    value = EntryRule(
        code,
        changes.pop("citizenship", HOME),
        papers,
        changes.pop("modes", ()),
        changes.pop("passport_days", None),
        changes.pop("turned_back", None),
    )
    return fact(id_, Kind.ENTRY_RULE, value, effect, **changes)


def stay(code: str, days: int, counts: StayKind = StayKind.PER_VISIT, window: int | None = None) -> Fact[Any]:
    value = StayRule(code, counts, days, window, NOTHING_ASKED, None)
    return fact(f"stay-{code}", Kind.STAY_RULE, value, Effect.PERMISSION)


def open_country(code: str, stay_days: int = 300, **changes: Any) -> tuple[Fact[Any], ...]:
    """A calm country anybody may enter and stay in for long."""
    return (*calm(code, **changes), entry(code), stay(code, stay_days))


def refusal_of_paper(code: str, paper_id: str) -> Fact[Any]:
    return fact(
        f"refuses-{code}-{paper_id}",
        Kind.PAPER_REFUSAL,
        PaperRefusal(code, paper_id, None),
        Effect.PROHIBITION,
    )


def exit_check(code: str, *stops: Status, **changes: Any) -> Fact[Any]:
    return fact(
        f"exit-{code}", Kind.EXIT_CHECK, ExitCheck(code, (), stops, ()), Effect.PROHIBITION, **changes
    )


def obtain(
    paper_id: str,
    code: str,
    *,
    days: float | tuple[float, float, float] = 0,
    euros: float | tuple[float, float, float] = 0,
    refusal: float | tuple[float, float, float] | None = None,
    requires: Requirement = NOTHING_ASKED,
    risk: float = 0,
    surrenders: tuple[str, ...] = (),
    **changes: Any,
) -> tuple[Fact[Any], ...]:
    id_ = changes.pop("id_", f"{paper_id}-{code}")
    value = Obtain(
        paper_id,
        (code,),
        changes.pop("office", Office.RECEIVING_EMBASSY),
        requires,
        changes.pop("needs_no_exit_ban", False),
        ranged(days),
        ranged(euros),
        None if refusal is None else ranged(refusal),
        False,
        surrenders,
    )
    return (
        fact(id_, Kind.OBTAIN, value, changes.pop("effect", Effect.PERMISSION), **changes),
        danger(HazardSubject.OFFICE, id_, risk),
    )


def haven(
    code: str,
    *,
    id_: str = "",
    risk: float | tuple[float, float, float] = 0,
    days: float | tuple[float, float, float] = 0,
    euros: float | tuple[float, float, float] = 0,
    share: float | tuple[float, float, float] | None = None,
    what: ProtectionKind = ProtectionKind.ASYLUM,
    needs: Requirement = NOTHING_ASKED,
    **changes: Any,
) -> tuple[Fact[Any], ...]:
    name = id_ or f"haven-{code}"
    value = Protection(
        code, what, needs, ranged(days), ranged(euros), None if share is None else ranged(share), None
    )
    return (
        fact(name, Kind.PROTECTION, value, Effect.PERMISSION, **changes),
        danger(HazardSubject.RESIDUAL, name, risk),
    )


def world(*facts: Fact[Any] | tuple[Fact[Any], ...], reviewed_as_of: date | None = None) -> Atlas:
    """An atlas of these facts, with home and the papers `fp` and `id` always in it."""
    flat: list[Fact[Any]] = []
    for one in facts:
        flat.extend(one if isinstance(one, tuple) else (one,))
    known = {one.id for one in flat}
    flat.extend(paper(paper_id) for paper_id in ("fp", "id") if paper_id not in known)
    meta = PackMeta("tiny", 1, "1", ON, Review.REVIEWED)
    return Atlas(meta=meta, facts=flat, version="tiny", reviewed_as_of=reviewed_as_of)


def person(at: str = "h", *papers: str, money: int = 100_000, **changes: Any) -> PersonFacts:
    """A citizen of HH without bars to leaving."""
    values: dict[str, Any] = {
        "profile": ProfileClass.NO_SUMMONS,
        "citizenship": HOME,
        "statuses": (
            KnownStatus(Status.EXIT_BAN, Answer.NO),
            KnownStatus(Status.SUMMONS_IN_REGISTER, Answer.NO),
        ),
        "papers": tuple(HeldPaper(one) for one in papers),
        **changes,
    }
    return PersonFacts(place=at, money_euros=money, **values)
