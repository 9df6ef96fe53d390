"""Random small worlds, and every sequence of acts in them: what the planner's fronts are held against.

The enumeration is written apart from the planner: it knows places, papers of each traveller as sets, days of entry and
the rounding of the model, and walks every sequence of up to seven acts.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

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
)
from tropa.atlas import Atlas, Fact, HazardSubject, ProfileClass, ProtectionKind, StayKind
from tropa.planning._search import Engine
from tropa.planning.building import build
from tropa.planning.compiling import Compilations
from tropa.planning.person import Companion, HeldPaper, PersonFacts
from tropa.planning.search import Search
from tropa.planning.setting import Setting

LONGEST = 6
Vector = tuple[int, int, int, int, int]
COUNTRIES = ("AA", "BB", "CC")


def random_world(seed: int, *, opens: int = 0, closes: int = 0) -> list[Any]:
    """Facts of a small world; some legs open only after up to `opens` days, and what can be applied for closes within
    `closes` days."""
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
            **({"valid_until": ON + timedelta(days=dice.randint(0, closes))} if closes else {}),
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


def random_party(seed: int) -> PersonFacts:
    """One or two more travel along, with papers of their own: often fewer."""
    dice = random.Random(seed + 20_000)  # noqa: S311
    along = tuple(
        Companion(
            "along",
            dice.choice([ProfileClass.NO_SUMMONS, ProfileClass.SUMMONED]),
            tuple(HeldPaper(one) for one in dice.choice([("fp",), ("id", "fp"), ("fp", "v1"), ("id",), ()])),
            person().statuses,
            HOME,
        )
        for _member in range(dice.choice([1, 1, 2]))
    )
    return replace(random_person(seed), companions=along, money_euros=dice.choice([300, 700, 100_000]))


@dataclass(frozen=True)
class At:
    place: str
    quarter: int
    papers: tuple[frozenset[str], ...]  # of each traveller
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
        self.profiles = (person.profile, *(one.profile for one in person.companions))
        self.found: set[Vector] = set()

    def run(self, longest: int = LONGEST) -> set[Vector]:
        held = (self.person.papers, *(one.papers for one in self.person.companions))
        papers = tuple(frozenset(one.paper for one in own) for own in held)
        self.try_all(At(self.person.place, 0, papers, 0, frozenset(), 0, 0, 0, 0, 0), longest)
        return {one for one in self.found if not any(_beats(other, one) for other in self.found)}

    def country(self, place_id: str) -> str:
        return self.atlas.places[place_id].value.country

    def chance(self, subject: HazardSubject, scope: str) -> float:
        """Nats: that somebody of the party is caught."""
        facts = [self.atlas.hazards(subject, scope, profile, self.on)[0] for profile in self.profiles]
        return sum(-math.log(1 - fact.value.chance.high) for fact in facts)

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
        living = self.atlas.living[country].value.euros_per_day.high * len(self.profiles)
        euros = math.ceil(euros + living * days - 1e-9)
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
                if not all(rule.value.papers.met_by(own) for own in at.papers):
                    return None
        euros = way.euros.high * len(self.profiles)
        after = self.pay(at, self.chance(HazardSubject.LEG, fact.id), euros, whole, 0.0, **changes)
        return after if after and self.lawful(after, after.entered) else None

    def apply(self, at: At, fact: Fact[Any], wait: int) -> At | None:
        offer = fact.value
        if self.country(at.place) not in offer.countries:
            return None
        quarters = wait + math.ceil(offer.days.high * 4 - 1e-9)
        end = at.quarter + quarters
        if not fact.in_force(self.on + timedelta(days=(at.quarter + wait) // 4)):
            return None
        lacking = sum(offer.paper not in own for own in at.papers)  # those who have it do not apply
        if not lacking or at.applied >= self.person.further_papers or not self.lawful(at, end // 4):
            return None
        doubt = -math.log(1 - offer.refusal.high) if offer.refusal else 0.0
        papers = tuple(
            own if offer.paper in own else (own - set(offer.surrenders)) | {offer.paper} for own in at.papers
        )
        return self.pay(
            at,
            self.chance(HazardSubject.OFFICE, fact.id),
            offer.euros.high * lacking,
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
            euros = math.ceil(end.euros.high * len(self.profiles) - 1e-9)
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
