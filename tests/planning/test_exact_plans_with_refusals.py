"""A person's plans are policies, chosen exactly: held against trying every policy, and against value iteration."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import pytest

from tests.planning.policy.value_iteration import front_by_iteration
from tests.planning.policy_enumeration import (
    Drawn,
    Enumeration,
    Figures,
    atlas_of,
    draw,
    undominated,
)
from tests.planning.tiny import ON, person
from tropa.planning.answer import Planner, plans_for
from tropa.planning.building import build
from tropa.planning.compiling import Compilations
from tropa.planning.contingent import Growth
from tropa.planning.contingent_front import PolicyGraph
from tropa.planning.errors import PolicyTooLarge
from tropa.planning.fallback import Effort, Onward
from tropa.planning.plan import PlanSet
from tropa.planning.search import Search
from tropa.planning.setting import Setting

SEEDS = range(50)
NEAR = 1e-7
WITHOUT_END = Effort(searches=10**6, labels=10**9, far_off=True)


@dataclass(frozen=True)
class Grown:
    growth: Growth
    graph: PolicyGraph


def grown(drawn: Drawn, effort: Effort = WITHOUT_END) -> Grown:
    someone = person("h", "fp", further_papers=2)
    graph = build(Compilations(atlas_of(drawn)), someone, ON, Setting())
    search = Search(graph)
    assert graph.start is not None
    growth = Growth.from_start(Onward(search, someone.money_euros, effort), graph.start)
    for way in search.front(graph.start, budget=someone.money_euros):
        line = growth.line(way)
        if not line.is_staked:
            growth.take(line)
    return Grown(growth, PolicyGraph(growth))


def answer(drawn: Drawn, **changes: object) -> PlanSet:
    planner = Planner(
        atlas_of(drawn), effort=Effort(**({"searches": 10**6, "labels": 10**9, "far_off": True} | changes))
    )  # type: ignore[arg-type]
    return planner.plans(person("h", "fp", further_papers=2), ON)


def solved(drawn: Drawn) -> set[Figures]:
    found = grown(drawn).graph.solve(10**6).found
    return undominated([(figures[0], figures[1], figures[2]) for _, figures in found])


@cache
def grown_of(seed: int) -> Grown:
    """The graph of the world of a seed, grown once for every test that looks at it."""
    return grown(draw(seed))


@cache
def possible(seed: int) -> set[Figures]:
    """What every policy tried one after another makes of that world."""
    return Enumeration(draw(seed)).front()


@cache
def promised(seed: int) -> set[Figures]:
    """What the planner makes of it."""
    return solved(draw(seed))


@cache
def answered(seed: int) -> PlanSet:
    """The planner's answer there."""
    return answer(draw(seed))


def is_reached(one: Figures, by: set[Figures]) -> bool:
    return any(all(a <= b + NEAR for a, b in zip(other, one, strict=True)) for other in by)


def same(one: set[Figures], other: set[Figures]) -> bool:
    pairs = zip(sorted(one), sorted(other), strict=False)
    return len(one) == len(other) and all(
        math.isclose(a, b, abs_tol=NEAR) for pair in pairs for a, b in zip(*pair, strict=True)
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_with_chances_of_nought_the_plans_are_the_deterministic_ones(seed: int) -> None:
    sure = draw(seed).with_chances(0.0)
    expected = Enumeration(sure).front()
    assert same(solved(sure), expected)
    assert len(answer(sure).front) == len(expected)


@pytest.mark.parametrize("seed", SEEDS)
def test_with_chances_of_one_the_plans_are_those_that_ask_nobody(seed: int) -> None:
    hopeless = draw(seed).with_chances(1.0)
    assert same(solved(hopeless), Enumeration(hopeless.without_uncertain()).front())


@pytest.mark.parametrize("seed", SEEDS)
def test_no_plan_promises_more_than_any_policy_can_keep(seed: int) -> None:
    assert all(is_reached(one, possible(seed)) for one in promised(seed))


def test_in_most_worlds_every_best_policy_there_is_is_found() -> None:
    """What is missing begins with a line that another line beats while everybody says yes; docs/planning.md says so."""
    whole = [all(is_reached(one, promised(seed)) for one in possible(seed)) for seed in SEEDS]
    assert sum(whole) >= 38
    uncertain = [len(possible(seed)) > 1 for seed in SEEDS]
    assert sum(uncertain) > 12


@pytest.mark.parametrize("seed", SEEDS)
def test_of_the_policies_of_the_graph_none_is_left_out(seed: int) -> None:
    """The graph of lines solved by value iteration, which knows no lines."""
    graph = grown_of(seed).graph
    worlds = graph.worlds()
    expected: set[Figures] = set()
    if worlds:
        (world,) = worlds.values()
        values = front_by_iteration(world, 0, counted=3, limits=(math.inf, math.inf))
        expected = undominated([value[:3] for value in values])
    found = graph.solve(10**6)
    assert same(undominated([(one[0], one[1], one[2]) for _, one in found.found]), expected)
    assert found.whole == len(expected)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_figures_of_the_steps_are_those_that_were_solved(seed: int) -> None:
    here = grown_of(seed)
    for tree, figures in here.graph.solve(10**6).found:
        outlook = here.growth.branch(tree).outlook
        shown = (outlook.failure.high, outlook.days.high, outlook.euros.high)
        assert shown == pytest.approx(figures[:3], abs=NEAR)
        assert outlook.worst_euros == pytest.approx(figures[3])
        assert outlook.worst_days == pytest.approx(figures[4])


@pytest.mark.parametrize("seed", SEEDS)
def test_the_least_failing_policy_of_all_lines_is_on_the_front(seed: int) -> None:
    here = grown_of(seed)
    lines = here.growth.lines.get(here.growth.first, [])
    found = here.graph.solve(10**6).found
    if lines:
        least = min(here.growth.least(line)[0][0] for line in lines)
        assert found[0][1][0] == pytest.approx(least, abs=NEAR)


def test_two_plans_of_one_line_have_two_names() -> None:
    for seed in SEEDS:
        ids = [plan.id for plan in answered(seed).front]
        assert len(set(ids)) == len(ids)


def many_ways() -> Drawn:
    return next(draw(seed) for seed in SEEDS if answered(seed).policies > 4)


def test_where_the_graph_is_too_large_the_answer_says_so_and_has_plans() -> None:
    drawn = many_ways()
    with pytest.raises(PolicyTooLarge):
        grown(drawn, Effort(states=3))
    found = answer(drawn, states=3)
    assert found.trimmed is not None
    assert found.trimmed.code == "policies_weighed"
    assert found.policies == 0
    assert found.plans
    assert found.plans[0].outlook == answer(drawn).plans[0].outlook


def test_where_the_effort_is_over_the_answer_says_so() -> None:
    said = [answer(draw(seed), searches=0, far_off=False).trimmed for seed in SEEDS]
    assert {reason.code for reason in said if reason} == {"policies_trimmed"}
    assert [answered(seed).trimmed for seed in SEEDS] == [None] * len(SEEDS)


def test_the_effort_is_counted_and_not_timed() -> None:
    drawn = many_ways()
    assert answer(drawn, searches=2, labels=50) == answer(drawn, searches=2, labels=50)
    assert plans_for(atlas_of(drawn), person("h", "fp", further_papers=2), ON).plans
