"""Random small worlds: the planner's front equals that of trying every sequence of acts, and behaves as a front must.

The enumeration is written apart from the planner: it knows places, papers as sets, days of entry and the rounding
of the model, and walks every sequence of up to seven acts.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.planning.tiny import (
    HOME,
    ON,
    asks,
    calm,
    entry,
    haven,
    leg,
    obtain,
    paper,
    person,
    place,
    stay,
    world,
)
from tropa.atlas import Atlas, Fact, HazardSubject, ProtectionKind, StayKind
from tropa.planning._search import Engine
from tropa.planning.building import build
from tropa.planning.compiling import Compilations
from tropa.planning.person import HeldPaper, PersonFacts
from tropa.planning.search import Search
from tropa.planning.setting import Setting

LONGEST = 6
Vector = tuple[int, int, int, int, int]
COUNTRIES = ("AA", "BB", "CC")


def random_world(seed: int, *, opens: int = 0) -> list[Any]:
    """Facts of a small world; some legs open only after up to `opens` days."""
    dice = random.Random(seed)  # noqa: S311 - dice for a test
    facts: list[Any] = [paper("v1", travel=False), paper("v2", travel=False)]
    facts += [*calm(HOME, day=dice.choice([0, 0.002])), place("h", HOME), place("i", HOME)]
    for code in COUNTRIES:
        facts += calm(code, day=dice.choice([0, 0.001, 0.01]), living_euros=dice.choice([0, 7, 30]))
        wanted = dice.choice([asks("fp"), asks("fp v1"), asks("v2"), asks("fp v1", "v2"), asks("id", "fp")])
        facts.append(entry(code, wanted))
        counts, window = dice.choice([(StayKind.PER_VISIT, None), (StayKind.SLIDING, 40)])
        facts.append(stay(code, dice.choice([3, 10, 25]), counts, window))
        facts.append(place(code.lower(), code))
    places = ["h", "i", *(code.lower() for code in COUNTRIES)]
    for number in range(dice.randint(10, 16)):
        origin, target = dice.sample(places, 2)
        if target in ("h", "i") and origin not in ("h", "i"):
            continue
        facts += leg(
            origin,
            target,
            id_=f"leg{number}",
            border={origin, target} != {"h", "i"},
            days=dice.choice([0, 0, 1, 2]),
            hours=dice.choice([1, 5, 30]),
            euros=dice.choice([0, 10, 60, 240]),
            risk=dice.choice([0, 0.0004, 0.01, 0.05]),
            **({"valid_from": ON + timedelta(days=dice.randint(0, opens))} if opens else {}),
        )
    for number, paper_id in enumerate(("v1", "v2", "fp")):
        facts += obtain(
            paper_id,
            dice.choice([HOME, *COUNTRIES]),
            id_=f"get{number}",
            days=dice.choice([0, 2, 8, 20]),
            euros=dice.choice([0, 40, 90]),
            refusal=dice.choice([None, 0.1, 0.5]),
            risk=dice.choice([0, 0.02]),
            surrenders=("v1",) if number == 1 and dice.random() < 0.3 else (),
        )
    for code in dice.sample(COUNTRIES, 2):
        facts += haven(
            code,
            risk=dice.choice([0, 0.02, 0.2]),
            days=dice.choice([0, 5]),
            euros=dice.choice([0, 100]),
            share=dice.choice([None, 0.5]),
            what=dice.choice([ProtectionKind.ASYLUM, ProtectionKind.TEMPORARY]),
        )
    return facts


def random_person(seed: int) -> PersonFacts:
    dice = random.Random(seed + 10_000)  # noqa: S311
    papers = dice.choice([("fp",), ("id", "fp"), ("fp", "v1"), ("id",), ("fp", "v1", "v2")])
    return person("h", *papers, money=dice.choice([200, 400, 100_000]), further_papers=dice.choice([0, 1, 2]))


@dataclass(frozen=True)
class At:
    place: str
    quarter: int
    papers: frozenset[str]
    entered: int
    used: frozenset[tuple[str, int]]  # (country, day)
    euros: int
    risk: int
    money: int
    doubt: int
    applied: int


class Enumeration:
    def __init__(self, atlas: Atlas, person: PersonFacts, on: date) -> None:
        self.atlas, self.person, self.on = atlas, person, on
        self.found: set[Vector] = set()

    def run(self, longest: int = LONGEST) -> set[Vector]:
        papers = frozenset(held.paper for held in self.person.papers)
        self.try_all(At(self.person.place, 0, papers, 0, frozenset(), 0, 0, 0, 0, 0), longest)
        return {one for one in self.found if not any(_beats(other, one) for other in self.found)}

    def country(self, place_id: str) -> str:
        return self.atlas.places[place_id].value.country

    def chance(self, subject: HazardSubject, scope: str) -> float:
        (fact,) = self.atlas.hazards(subject, scope, self.person.profile, self.on)
        return -math.log(1 - fact.value.chance.high)

    def lawful(self, at: At, last_day: int) -> bool:
        country = self.country(at.place)
        if country == HOME:
            return True
        (rule,) = self.atlas.stay_rules(country)
        limit = rule.value.days
        assert limit is not None
        if rule.value.counts is StayKind.PER_VISIT:
            return last_day - at.entered + 1 <= limit
        assert rule.value.window is not None
        days = {day for code, day in at.used if code == country} | set(range(at.entered, last_day + 1))
        return all(
            sum(1 for day in days if today - rule.value.window < day <= today) <= limit
            for today in range(at.entered, last_day + 1)
        )

    def pay(
        self, at: At, nats: float, euros: float, quarters: int, doubt: float, **changes: Any
    ) -> At | None:
        country = self.country(at.place)
        days = quarters / 4
        nats += self.chance(HazardSubject.DAY_OF_STAY, country) * days
        euros = math.ceil(euros + self.atlas.living[country].value.euros_per_day.high * days - 1e-9)
        if at.euros + euros > self.person.money_euros:
            return None
        return replace(
            at,
            euros=at.euros + euros,
            risk=at.risk + math.ceil(nats / 0.001 - 1e-9),
            money=at.money + math.ceil(euros / 25 - 1e-9),
            doubt=at.doubt + math.ceil(doubt / 0.01 - 1e-9),
            **changes,
        )

    def try_all(self, at: At, acts: int) -> None:
        self.havens(at)
        if acts == 0:
            return
        for fact in (*self.atlas.legs, *self.atlas.obtains):
            for wait in self.waits(at, fact):
                after = (
                    self.travel(at, fact, wait) if fact.id.startswith("leg") else self.apply(at, fact, wait)
                )
                if after is not None:
                    self.try_all(after, acts - 1)

    def waits(self, at: At, fact: Fact[Any]) -> set[int]:
        """Quarters one may wait before an act while something opens later: whole days, until a day on which something
        opens, or so as to be done on it."""
        events = {(one.valid_from - self.on).days for one in self.atlas.legs if one.valid_from}
        opens = max((day for day in events if day > at.quarter // 4), default=0)
        found = {0, *range(0, max(0, opens * 4 - at.quarter) + 1, 4)}
        for day in events:
            if day > at.quarter // 4:
                found |= {day * 4 - at.quarter, day * 4 - at.quarter - self.length(fact)}
        return {wait for wait in found if wait >= 0}

    def length(self, fact: Fact[Any]) -> int:
        if fact.id.startswith("leg"):
            return math.ceil(fact.value.wait_days.high * 4 + fact.value.hours.high / 6 - 1e-9)
        return math.ceil(fact.value.days.high * 4 - 1e-9)

    def travel(self, at: At, fact: Fact[Any], wait: int) -> At | None:
        way = fact.value
        if way.origin != at.place:
            return None
        if not fact.in_force(self.on + timedelta(days=(at.quarter + wait) // 4)):
            return None
        before = wait + math.ceil(way.wait_days.high * 4 - 1e-9)
        whole = wait + math.ceil(way.wait_days.high * 4 + way.hours.high / 6 - 1e-9)
        here, there = self.country(at.place), self.country(way.target)
        if not self.lawful(at, (at.quarter + before) // 4):
            return None
        end = at.quarter + whole
        changes: dict[str, Any] = {"place": way.target, "quarter": end}
        if here != there:
            spent_here = set(range(at.entered, (at.quarter + before) // 4 + 1)) or {at.entered}
            used = at.used if here == HOME else at.used | {(here, day) for day in spent_here}
            changes |= {"entered": end // 4, "used": frozenset(used)}
            if there != HOME:
                (rule,) = self.atlas.entry_rules(there)
                if not rule.value.papers.met_by(at.papers):
                    return None
        after = self.pay(at, self.chance(HazardSubject.LEG, fact.id), way.euros.high, whole, 0.0, **changes)
        return after if after and self.lawful(after, after.entered) else None

    def apply(self, at: At, fact: Fact[Any], wait: int) -> At | None:
        offer = fact.value
        if self.country(at.place) not in offer.countries:
            return None
        quarters = wait + math.ceil(offer.days.high * 4 - 1e-9)
        end = at.quarter + quarters
        if (
            offer.paper in at.papers
            or at.applied >= self.person.further_papers
            or not self.lawful(at, end // 4)
        ):
            return None
        doubt = -math.log(1 - offer.refusal.high) if offer.refusal else 0.0
        papers = (at.papers - set(offer.surrenders)) | {offer.paper}
        return self.pay(
            at,
            self.chance(HazardSubject.OFFICE, fact.id),
            offer.euros.high,
            quarters,
            doubt,
            quarter=end,
            papers=papers,
            applied=at.applied + 1,
        )

    def havens(self, at: At) -> None:
        for fact in self.atlas.protections_in(self.country(at.place)):
            end = fact.value
            if not self.lawful(at, at.quarter // 4):
                continue
            euros = math.ceil(end.euros.high - 1e-9)
            if at.euros + euros > self.person.money_euros:
                continue
            share = end.share_positive
            doubt = -math.log(share.low) if share else 0.0
            self.found.add(
                (
                    at.risk + math.ceil(self.chance(HazardSubject.RESIDUAL, fact.id) / 0.001 - 1e-9),
                    at.quarter + math.ceil(end.days.high * 4 - 1e-9),
                    at.money + math.ceil(euros / 25 - 1e-9),
                    at.doubt + math.ceil(doubt / 0.01 - 1e-9),
                    -end.what.rank,
                )
            )


def _beats(one: Vector, other: Vector) -> bool:
    return one != other and all(a <= b for a, b in zip(one, other, strict=True))


def front(atlas: Atlas, someone: PersonFacts, engine: Engine | None = None) -> set[Vector]:
    graph = build(Compilations(atlas), someone, ON, Setting())
    assert graph.start is not None
    ways = Search(graph, engine=engine).front(graph.start, budget=someone.money_euros)
    return {(*way.cost, -way.rank) for way in ways}


@pytest.mark.parametrize("seed", range(120))
def test_the_front_is_that_of_every_sequence_of_acts(seed: int) -> None:
    atlas, someone = world(*random_world(seed)), random_person(seed)
    expected = Enumeration(atlas, someone, ON).run()
    for engine in Engine:
        assert front(atlas, someone, engine) == expected


@pytest.mark.parametrize("seed", range(1000, 1060))
def test_the_front_is_that_of_every_sequence_of_acts_and_waits_where_legs_open_later(seed: int) -> None:
    facts, someone = random_world(seed, opens=4), random_person(seed)
    atlas = world(*facts)
    short = Enumeration(atlas, someone, ON).run(4)
    found = front(atlas, someone)
    assert found == front(atlas, someone, Engine.TWIN)
    for vector in short:
        assert any(all(a <= b for a, b in zip(one, vector, strict=True)) for one in found)
    graph = build(Compilations(atlas), someone, ON, Setting())
    assert graph.start is not None
    for way in Search(graph).front(graph.start, budget=someone.money_euros):
        if len(way.moves) <= 5:
            assert (*way.cost, -way.rank) in short


def test_the_random_worlds_are_worth_the_trouble() -> None:
    sizes = [len(front(world(*random_world(seed)), random_person(seed))) for seed in range(120)]
    assert sum(size > 0 for size in sizes) > 40
    assert max(sizes) >= 4


@pytest.mark.parametrize("seed", range(0, 120, 2))
def test_more_papers_never_worsen_a_front(seed: int) -> None:
    atlas, someone = world(*random_world(seed)), random_person(seed)
    held = {one.paper for one in someone.papers}
    more = replace(
        someone, papers=(*someone.papers, *(HeldPaper(one) for one in ("fp", "v2") if one not in held))
    )
    richer = front(atlas, more)
    for vector in front(atlas, someone):
        assert any(all(a <= b for a, b in zip(other, vector, strict=True)) for other in richer)


@pytest.mark.parametrize("seed", range(0, 120, 3))
def test_closing_a_leg_no_plan_uses_leaves_the_front_as_it_is(seed: int) -> None:
    facts, someone = random_world(seed), random_person(seed)
    atlas = world(*facts)
    graph = build(Compilations(atlas), someone, ON, Setting())
    assert graph.start is not None
    ways = Search(graph).front(graph.start, budget=someone.money_euros)
    used = {id_ for way in ways for id_ in way.action_ids}
    for leg_fact in atlas.legs:
        if leg_fact.id not in used:
            fewer = world(*(one for one in facts if getattr(one, "id", "") != leg_fact.id))
            assert front(fewer, someone) == {(*way.cost, -way.rank) for way in ways}


@pytest.mark.parametrize("seed", range(0, 120, 3))
def test_a_front_under_a_budget_is_the_filtered_front(seed: int) -> None:
    """In whole euros, where nothing is rounded, the budget cuts the front and does nothing else."""
    atlas, someone = world(*random_world(seed)), replace(random_person(seed), money_euros=100_000)
    graph = build(Compilations(atlas), someone, ON, Setting())
    assert graph.start is not None
    search = Search(graph, money_unit=1)
    whole = {(*way.cost, -way.rank) for way in search.front(graph.start, budget=None)}
    for budget in sorted({vector[2] for vector in whole}):
        cut = {(*way.cost, -way.rank) for way in search.front(graph.start, budget=budget)}
        assert cut == {vector for vector in whole if vector[2] <= budget}


@pytest.mark.parametrize("seed", range(0, 120, 4))
def test_a_world_with_other_names_has_the_same_front(seed: int) -> None:
    facts, someone = random_world(seed), random_person(seed)
    shuffled = list(facts)
    random.Random(seed).shuffle(shuffled)  # noqa: S311
    assert front(world(*shuffled), someone) == front(world(*facts), someone)
