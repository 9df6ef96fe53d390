"""A leg with a timetable leaves on its days alone; where one waits for it is weighed like everything else.

The oracle unrolls the days: a node for every place, quarter of a day and day of entry, and an arc for every wait and
act between them, each rounded as the model rounds. It knows no bound, no heap and no label that deletes another at
another time.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.planning.replay import faults
from tests.planning.tiny import (
    HOME,
    ON,
    asks,
    calm,
    danger,
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
from tropa.atlas import Atlas, Fact, HazardSubject
from tropa.planning._search import Engine
from tropa.planning.answer import plans_for
from tropa.planning.building import build
from tropa.planning.compiling import Compilations
from tropa.planning.later import seen_later
from tropa.planning.moves import attempt
from tropa.planning.plan import StepKind
from tropa.planning.search import Search
from tropa.planning.setting import Setting
from tropa.planning.timetables import boarding, earlier, hours_into_quarter
from tropa.planning.units import World
from tropa.planning.words import Words

Vector = tuple[int, int, int]
TUESDAY, FRIDAY = date(2026, 11, 24), date(2026, 11, 27)
FERRY = ("tue 10:00", "fri 10:00")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

SAFETY = (*calm("AA"), place("aa", "AA"), entry("AA"), stay("AA", 300), *haven("AA"))
"""Country AA: whoever gets there is safe."""


def timed(made: tuple[Fact[Any], ...], *departures: str) -> tuple[Fact[Any], ...]:
    """The same leg with a timetable."""
    way, *rest = made
    return replace(way, value=replace(way.value, departures=departures)), *rest


def ferry_world(*departures: str, quiet: float = 0.0, port: float = 0.0, **ferry: Any) -> Atlas:
    """Home, a port a day away, and the ferry from the port to safety."""
    return world(
        *calm(HOME),
        place("h", HOME),
        place("port", HOME),
        danger(HazardSubject.DAY_OF_STAY, "h", quiet),
        danger(HazardSubject.DAY_OF_STAY, "port", port),
        leg("h", "port", border=False, hours=24),
        *timed(leg("port", "aa", **({"hours": 8} | ferry)), *departures),
        *SAFETY,
    )


def steps(atlas: Atlas, on: date = ON) -> list[tuple[StepKind, str, date, date]]:
    (plan, *_) = plans_for(atlas, person("h"), on).plans
    return [(step.kind, step.origin, step.starts, step.ends) for step in plan.steps]


def test_a_ferry_of_tuesdays_and_fridays_is_taken_on_a_tuesday_or_a_friday() -> None:
    found = steps(ferry_world(*FERRY))
    assert [(kind, day) for kind, _, day, _ in found if kind is StepKind.LEG][-1] == (StepKind.LEG, TUESDAY)
    later = steps(ferry_world(*FERRY), TUESDAY)
    assert [day for kind, _, day, _ in later if kind is StepKind.LEG][-1] == FRIDAY


def test_who_arrives_in_time_for_the_quarter_catches_what_leaves_in_it_and_nobody_later() -> None:
    """A day's way from Sunday midnight: there when Monday begins, so Monday 00:30 is caught, Sunday 23:30 is not."""
    assert steps(ferry_world("mon 00:30"))[-2][2] == date(2026, 11, 23)
    assert steps(ferry_world("sun 23:30"))[-2][2] == date(2026, 11, 29)


def test_what_leaves_on_the_day_of_planning_may_have_left() -> None:
    atlas = world(
        *calm(HOME),
        place("h", HOME),
        *timed(leg("h", "aa", hours=1), "sun 23:00"),
        *SAFETY,
    )
    assert [day for kind, _, day, _ in steps(atlas) if kind is StepKind.LEG] == [date(2026, 11, 29)]
    assert [day for kind, _, day, _ in steps(atlas, date(2026, 11, 21)) if kind is StepKind.LEG] == [ON]


def test_hours_on_the_way_are_counted_from_the_time_it_leaves() -> None:
    """Eleven in the evening and two hours more is the next day."""
    assert steps(ferry_world("tue 23:00", hours=2))[-2][3] == TUESDAY + timedelta(days=1)
    assert steps(ferry_world("tue 18:00", hours=5))[-2][3] == TUESDAY + timedelta(days=1)
    assert steps(ferry_world("tue 12:00", hours=5))[-2][3] == TUESDAY


def test_one_waits_where_waiting_is_quiet_and_not_where_the_ferry_leaves() -> None:
    """Arriving early at a dangerous port is earlier and safer so far, and worse on board."""
    found = steps(ferry_world("fri 10:00", port=0.05))
    waits = [(origin, day) for kind, origin, day, _ in found if kind is StepKind.WAIT]
    assert waits == [
        ("h", ON)
    ]  # until Thursday at six in the morning: on Friday the ferry is just about to leave
    answer = plans_for(ferry_world("fri 10:00", port=0.05), person("h"), ON)
    assert answer.plans[0].cost.risk.high == pytest.approx(1 - 0.95**0.5)  # only the way itself
    quiet_port = steps(ferry_world("fri 10:00", quiet=0.05))
    assert [origin for kind, origin, _, _ in quiet_port if kind is StepKind.WAIT] == ["port"]


def test_a_departure_may_be_waited_for_at_a_border_post_where_nobody_waits_otherwise() -> None:
    def behind_a_post(*departures: str) -> Atlas:
        return world(
            *calm(HOME),
            place("h", HOME),
            place("p", HOME, post=True),
            leg("h", "p", border=False, hours=6),
            *timed(leg("p", "aa", hours=6), *departures),
            *SAFETY,
        )

    assert plans_for(behind_a_post(*FERRY), person("h"), ON).plans
    assert plans_for(behind_a_post(), person("h"), ON).plans


def test_the_lawful_stay_runs_while_one_waits_for_a_departure() -> None:
    def through(days: int) -> Atlas:
        return world(
            *calm(HOME, "BB"),
            place("h", HOME),
            leg("h", "bb", hours=6),
            place("bb", "BB"),
            entry("BB"),
            stay("BB", days),
            *timed(leg("bb", "aa", hours=6), "fri 10:00"),
            *SAFETY,
        )

    (long,) = plans_for(through(6), person("h"), ON).plans
    assert [step.kind for step in long.steps][:2] == [StepKind.LEG, StepKind.WAIT]
    (short,) = plans_for(through(1), person("h"), ON).plans
    assert (short.steps[0].kind, short.steps[0].origin) == (StepKind.WAIT, "h")
    assert not faults(through(1), person("h"), ON, short)


def test_a_graph_seen_later_keeps_its_days_of_the_week() -> None:
    atlas = ferry_world(*FERRY)
    graph = build(Compilations(atlas), person("port"), ON, Setting())
    assert graph.start is not None
    state = replace(graph.start, tick=40 * 4)
    moved, there = seen_later(graph, state, 39)
    (ferry,) = (act for act in moved.actions if act.departs)
    leaves = [
        moved.on + timedelta(days=tick // 4)
        for tick in range(there.tick, there.tick + 28)
        if attempt(moved, there, ferry, tick, World.PESSIMISTIC, None) is not None
    ]
    assert sorted(day.weekday() for day in leaves) == [1, 4]
    kernel_row = moved.acts[[act.departs != 0 for act in moved.actions]][0]
    assert kernel_row[14] == ferry.departs


def test_the_plan_says_the_timetable_and_what_is_taken_in_both_languages() -> None:
    answer = plans_for(ferry_world("fri 10:00", port=0.05), person("h"), ON)
    english, russian = Words("en", answer), Words("ru", answer)
    said = [english.say(one) for step in answer.plans[0].steps for one in step.reasons]
    assert "By timetable: Fridays at 10:00. Taken here: 27 November 2026, 10:00." in said
    assert "What leaves on 27 November 2026 at 10:00 (Port) is waited for here and not there." in said
    at_port = plans_for(ferry_world("fri 10:00", quiet=0.05), person("h"), ON).plans[0]
    assert "The next departure that can be taken: 27 November 2026, 10:00." in [
        english.say(one) for step in at_port.steps for one in step.reasons
    ]
    in_russian = " ".join(russian.say(one) for step in answer.plans[0].steps for one in step.reasons)
    assert "по пятницам в 10:00" in in_russian


def test_a_week_is_counted_from_the_day_of_planning() -> None:
    week = boarding(("sun 00:00", "mon 06:00", "sat 23:59"), ON)
    assert [quarter for quarter in range(28) if week >> quarter & 1] == [0, 5, 27]
    assert earlier(week, 5) & 1
    assert hours_into_quarter(("mon 10:00", "tue 06:30")) == 4.0
    assert hours_into_quarter(()) == 0.0


# --- against the oracle ---


def random_world(seed: int, *, whole_days: bool) -> Atlas:
    """A small world in which some legs have timetables; with `whole_days` everything takes whole days."""
    dice = random.Random(seed)  # noqa: S311 - dice for a test
    facts: list[Any] = [*calm(HOME, day=dice.choice([0, 0.004]), living_euros=dice.choice([0, 20]))]
    names = ["h", "i", "aa", "bb"]
    facts += [
        place("h", HOME),
        place("i", HOME),
        danger(HazardSubject.DAY_OF_STAY, "i", dice.choice([0, 0.03])),
    ]
    for code in ("AA", "BB"):
        rate, price = dice.choice([0, 0.002, 0.02]), dice.choice([0, 9, 40])
        facts += [*calm(code, day=rate, living_euros=price), place(code.lower(), code), entry(code)]
        facts.append(stay(code, dice.choice([1, 4, 12])))
    for number in range(dice.randint(7, 10)):
        origin, target = dice.sample(names, 2)
        if target in ("h", "i") and origin not in ("h", "i"):
            continue
        hours = dice.choice([24, 48]) if whole_days else dice.choice([3, 9, 30])
        made = leg(
            origin,
            target,
            id_=f"leg{number}",
            border={origin, target} != {"h", "i"},
            hours=hours,
            days=dice.choice([0, 1]),
            euros=dice.choice([0, 30, 110]),
            risk=dice.choice([0, 0.004, 0.03]),
        )
        if dice.random() < 0.5:
            time = "00:00" if whole_days else dice.choice(["05:30", "10:00", "19:15"])
            days = dice.sample(DAYS, dice.choice([1, 2]))
            way, hazard = made
            value = replace(way.value, wait_days=replace(way.value.wait_days, low=0.0, point=0.0, high=0.0))
            made = timed((replace(way, value=value), hazard), *(f"{day} {time}" for day in days))
        facts += made
    facts += haven("AA", risk=dice.choice([0, 0.01]))
    facts += haven("BB", risk=dice.choice([0, 0.05]), euros=dice.choice([0, 75]))
    return world(*facts)


class Unrolled:
    """The oracle: every place, quarter and day of entry, and what can be reached at what danger and money."""

    def __init__(self, atlas: Atlas, money_unit: int, horizon: int = 4 * 22) -> None:
        self.atlas, self.unit, self.horizon = atlas, money_unit, horizon
        self.at: dict[int, dict[tuple[str, int], set[tuple[int, int]]]] = defaultdict(
            lambda: defaultdict(set)
        )
        self.safe: set[Vector] = set()

    def run(self) -> set[Vector]:
        self.at[0]["h", 0].add((0, 0))
        for quarter in range(self.horizon):
            for (where, entered), costs in list(self.at[quarter].items()):
                best = {one for one in costs if not any(_below(other, one) for other in costs)}
                for cost in best:
                    self._expand(where, quarter, entered, cost)
            del self.at[quarter]
        return {one for one in self.safe if not any(_below(other, one) for other in self.safe)}

    def _expand(self, where: str, quarter: int, entered: int, cost: tuple[int, int]) -> None:
        code = self.atlas.places[where].value.country
        if self._lawful(code, entered, quarter // 4):
            for end in self.atlas.protections_in(code):
                nats = self._hazard(HazardSubject.RESIDUAL, end.id)
                euros = math.ceil(end.value.euros.high - 1e-9)
                self.safe.add((cost[0] + self._risk(nats), quarter, cost[1] + self._money(euros)))
        for fact in self.atlas.legs:
            if fact.value.origin == where:
                for start in range(quarter, self.horizon):
                    self._ride(fact, code, quarter, start, entered, cost)

    def _ride(
        self, fact: Fact[Any], code: str, quarter: int, start: int, entered: int, cost: tuple[int, int]
    ) -> None:
        way, hours = fact.value, fact.value.hours.high
        if way.departures:
            day = ON + timedelta(days=start // 4)
            times = [one.split()[1] for one in way.departures if one.split()[0] == DAYS[day.weekday()]]
            minutes = [int(one[:2]) * 60 + int(one[3:]) for one in times]
            leaving = [one for one in minutes if one // 360 == start % 4]
            if start < 4 or not leaving:
                return
            hours += max(leaving) % 360 / 60
        before = math.ceil(way.wait_days.high * 4 - 1e-9)
        took = math.ceil(way.wait_days.high * 4 + hours / 6 - 1e-9)
        target = self.atlas.places[way.target].value.country
        crossing = target != code
        if not self._lawful(code, entered, (start + before) // 4):
            return
        lived = (start - quarter + took) / 4
        nats = self._daily(way.origin, code) * lived + self._hazard(HazardSubject.LEG, fact.id)
        euros = math.ceil(way.euros.high + self.atlas.living[code].value.euros_per_day.high * lived - 1e-9)
        end = start + took
        paid = (cost[0] + self._risk(nats), cost[1] + self._money(euros))
        if end < self.horizon:
            self.at[end][way.target, end // 4 if crossing else entered].add(paid)

    def _lawful(self, code: str, entered: int, day: int) -> bool:
        if code == HOME:
            return True
        (rule,) = self.atlas.stay_rules(code)
        return day - entered + 1 <= rule.value.days

    def _daily(self, where: str, code: str) -> float:
        own = self.atlas.hazards(HazardSubject.DAY_OF_STAY, where, person("h").profile, ON)
        return self._hazard(HazardSubject.DAY_OF_STAY, where if own else code)

    def _hazard(self, subject: HazardSubject, scope: str) -> float:
        (fact,) = self.atlas.hazards(subject, scope, person("h").profile, ON)
        return -math.log(1 - fact.value.chance.high)

    @staticmethod
    def _risk(nats: float) -> int:
        return math.ceil(nats / 0.001 - 1e-9)

    def _money(self, euros: float) -> int:
        return math.ceil(euros / self.unit - 1e-9)


def _below(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return one != other and all(a <= b for a, b in zip(one, other, strict=True))


def front(atlas: Atlas, engine: Engine, money_unit: int = 25) -> set[Vector]:
    graph = build(Compilations(atlas), person("h"), ON, Setting())
    assert graph.start is not None
    ways = Search(graph, engine=engine, money_unit=money_unit).front(graph.start, budget=None)
    return {way.cost[:3] for way in ways}


@pytest.mark.parametrize("seed", range(14))
def test_in_whole_days_the_front_is_that_of_every_wait(seed: int) -> None:
    atlas = random_world(seed, whole_days=True)
    expected = Unrolled(atlas, 25).run()
    assert front(atlas, Engine.KERNEL) == expected
    assert front(atlas, Engine.TWIN) == expected


@pytest.mark.parametrize("seed", range(200, 214))
def test_in_quarters_of_a_day_the_front_is_that_of_every_wait(seed: int) -> None:
    atlas = random_world(seed, whole_days=False)
    found = front(atlas, Engine.KERNEL)
    assert found == front(atlas, Engine.TWIN)
    assert found == Unrolled(atlas, 25).run()


def test_the_worlds_with_timetables_are_worth_the_trouble() -> None:
    fronts = [front(random_world(seed, whole_days=True), Engine.KERNEL) for seed in range(40)]
    assert sum(len(one) > 1 for one in fronts) > 7
    without = 0
    for seed in range(40):
        atlas = random_world(seed, whole_days=True)
        plain = world(
            *(
                replace(one, value=replace(one.value, departures=())) if one.kind == "leg" else one
                for one in atlas.facts.values()
            )
        )
        without += front(plain, Engine.KERNEL) != fronts[seed]
    assert without > 12


def test_an_application_that_ends_in_time_for_a_departure_is_begun_in_time() -> None:
    """It is dangerous to wait beside the office: with a ferry on Friday one sets out late."""
    atlas = world(
        *calm(HOME),
        paper("v"),
        place("h", HOME),
        place("o", HOME),
        danger(HazardSubject.DAY_OF_STAY, "o", 0.1),
        leg("h", "o", border=False, hours=6),
        *obtain("v", HOME, id_="get-v", days=0.5),
        *timed(leg("o", "aa", hours=6), "fri 10:00"),
        *calm("AA"),
        place("aa", "AA"),
        entry("AA", asks("v")),
        stay("AA", 300),
        *haven("AA"),
    )
    (plan, *_) = plans_for(atlas, person("h"), ON).plans
    assert plan.cost.risk.high < 0.06
