"""Compiling a class again after a change gives what compiling it from nothing gives, whatever was changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pytest

from tropa.atlas import EXAMPLE_DAY, SHIPPED_PACK, Atlas, Effect, Fact, Kind, Range, load_pack
from tropa.atlas.overlay import Act, Change, overlaid
from tropa.atlas.world import Doubts
from tropa.planning.carrying import changes_between
from tropa.planning.compiled import Compiled
from tropa.planning.compiling import Compilations
from tropa.planning.drawn import drawn_people
from tropa.planning.person import PersonFacts

COMPARED = [one.name for one in fields(Compiled) if one.name not in ("roads", "ground", "_made")]
HIGH = Range(0.2, 0.3, 0.4)


@pytest.fixture(scope="module")
def base() -> Atlas:
    return load_pack(SHIPPED_PACK, reviewed_as_of=EXAMPLE_DAY)


@pytest.fixture(scope="module")
def people(base: Atlas) -> list[PersonFacts]:
    return list(drawn_people(base, EXAMPLE_DAY, 2, seed=11))


def altered(base: Atlas, *others: Fact[Any], gone: str = "", doubts: Doubts | None = None) -> Atlas:
    facts = {**base.facts, **{fact.id: fact for fact in others}}
    facts.pop(gone, None)
    return Atlas(
        meta=base.meta,
        facts=facts.values(),
        reviewed_as_of=base.reviewed_as_of,
        doubts=doubts or base.doubts,
    )


def other_value(fact: Fact[Any], **keys: Any) -> Fact[Any]:
    return replace(fact, value=replace(fact.value, **keys))


def worlds(base: Atlas) -> Iterator[tuple[str, Atlas]]:
    """One change of each kind that planning rests on."""
    by_kind: dict[Kind, list[Fact[Any]]] = {kind: [] for kind in Kind}
    for fact in base.facts.values():
        by_kind[fact.kind].append(fact)
    used = base.fact("air-yerevan-paris")
    entry, stay = base.entry_rules("AM")[0], base.stay_rules("KZ")[0]
    for hazard in by_kind[Kind.HAZARD][::80]:
        yield f"hazard {hazard.id}", altered(base, other_value(hazard, chance=HIGH))
    hazard = by_kind[Kind.HAZARD][3]
    yield "no hazard", altered(base, gone=hazard.id)
    yield "a hazard of a place", altered(base, replace(other_value(hazard, scope="moscow"), id="new"))
    yield "doubted", altered(base, doubts=Doubts(doubted=(hazard.id,)))
    yield "refuted", altered(base, doubts=Doubts(refuted=(hazard.id,)))
    yield "leg", altered(base, other_value(used, euros=Range(900, 901, 999)))
    yield "leg over", altered(base, replace(used, valid_until=date(2026, 11, 1)))
    yield "entry closed", altered(base, replace(entry, effect=Effect.PROHIBITION))
    yield "entry gone", altered(base, gone=entry.id)
    yield "stay", altered(base, other_value(stay, days=3))
    yield "stay over", altered(base, replace(stay, valid_until=date(2026, 11, 1)))
    yield "refusal gone", altered(base, gone=by_kind[Kind.PAPER_REFUSAL][0].id)
    yield "paper", altered(base, other_value(base.fact("fp5"), travel_document=False))
    yield "another paper", altered(base, replace(base.fact("fp5"), id="a-first-paper"))
    yield "obtain", altered(base, other_value(by_kind[Kind.OBTAIN][0], days=Range(400, 500, 600)))
    yield "protection", altered(base, gone=by_kind[Kind.PROTECTION][0].id)
    yield "living", altered(base, other_value(by_kind[Kind.LIVING][0], euros_per_day=Range(500, 501, 502)))
    yield "zone", altered(base, other_value(base.fact("AM"), zone="schengen"))
    stop = Change("s", Act.STOP, "KZ", "anna", datetime(2026, 11, 22, 9, tzinfo=UTC), "Стоп.")
    yield "stop", overlaid(base, [stop]).atlas


def plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.shape, value.tobytes()
    if is_dataclass(value):
        return [plain(getattr(value, one.name)) for one in fields(value)]
    return value


def told(compiled: Compiled) -> dict[str, Any]:
    return {name: plain(getattr(compiled, name)) for name in COMPARED}


def test_whatever_changed_the_compilation_is_that_of_the_changed_atlas(
    base: Atlas, people: list[PersonFacts]
) -> None:
    differing = set()
    for person in people:
        known = Compilations(base)
        before = told(known.of(person, EXAMPLE_DAY, confirmed=False))
        for name, after in worlds(base):
            carried = Compilations(after, after=known).of(person, EXAMPLE_DAY, confirmed=False)
            fresh = Compilations(after).of(person, EXAMPLE_DAY, confirmed=False)
            assert told(carried) == told(fresh), name
            if told(fresh) != before:
                differing.add(name)
    assert len(differing) > 12  # the changes do change something
    assert {"stop", "zone", "entry closed", "leg", "refuted", "another paper"} <= differing


def test_what_is_compiled_before_and_after_a_change_in_turn_is_carried_over_too(
    base: Atlas, people: list[PersonFacts]
) -> None:
    known, person = Compilations(base), people[0]
    some = list(worlds(base))[::4]
    beside = [(name, after, Compilations(after, after=known, beside=True)) for name, after in some]
    known.of(person, EXAMPLE_DAY, confirmed=False)
    for name, after, carried in beside:
        fresh = Compilations(after).of(person, EXAMPLE_DAY, confirmed=False)
        assert told(carried.of(person, EXAMPLE_DAY, confirmed=False)) == told(fresh), name


def test_a_change_after_a_change_carries_what_is_new(base: Atlas, people: list[PersonFacts]) -> None:
    known = Compilations(base)
    known.of(people[0], EXAMPLE_DAY, confirmed=False)
    hazard = next(fact for fact in base.facts.values() if fact.kind is Kind.HAZARD)
    once = altered(base, other_value(hazard, chance=HIGH))
    second = Compilations(once, after=known)
    second.of(people[0], EXAMPLE_DAY, confirmed=False)
    back = Compilations(base, after=second).of(people[0], EXAMPLE_DAY, confirmed=False)
    assert told(back) == told(known.of(people[0], EXAMPLE_DAY, confirmed=False))


def test_nothing_is_carried_over_where_other_days_count_or_something_was_stopped(base: Atlas) -> None:
    stop = Change("s", Act.STOP, "KZ", "anna", datetime(2026, 11, 22, 9, tzinfo=UTC), "Стоп.")
    assert changes_between(base, overlaid(base, [stop]).atlas) is None
    earnest = Atlas(meta=base.meta, facts=base.facts.values())
    assert changes_between(base, earnest) is None
    same = changes_between(base, altered(base))
    assert same is not None
    assert (same.kinds, same.hazards, same.borders, same.same_ground) == (set(), set(), set(), True)
