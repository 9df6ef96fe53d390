"""The compiled search and its twin in plain Python find the same fronts and equally good first ways, each time."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.planning.small_worlds import random_person, random_world
from tests.planning.tiny import HOME, ON, world
from tropa.atlas import ProfileClass
from tropa.planning import _ways_kernel
from tropa.planning._search import Engine
from tropa.planning.building import build
from tropa.planning.compiling import Compilations
from tropa.planning.graph import SafetyGraph
from tropa.planning.person import Companion, HeldPaper, PastStay, PersonFacts, Wish, WishKind, WishVerdict
from tropa.planning.search import (
    MEMORY_CAP,
    MONEY_UNIT,
    Question,
    Search,
    by_danger,
    by_money,
    surest,
)
from tropa.planning.setting import Setting

SEEDS = range(3000, 3090)


def somebody(seed: int) -> PersonFacts:
    """A person with everything that makes a search hard: stays behind them, income, company, dates, wishes."""
    dice = random.Random(seed)  # noqa: S311 - dice for a test
    found = random_person(seed)
    changes: dict[str, object] = {}
    if dice.random() < 0.5:
        last = ON - timedelta(days=dice.randint(1, 20))
        changes["past_stays"] = (PastStay("AA", last - timedelta(days=dice.randint(0, 12)), last),)
    if dice.random() < 0.3:
        changes["income_euros"] = 150
    if dice.random() < 0.3:
        papers = tuple(HeldPaper(one) for one in dice.choice([("fp",), ("id", "v1"), ("v2",)]))
        changes["companions"] = (Companion("child", ProfileClass.NO_SUMMONS, papers, found.statuses, HOME),)
    if dice.random() < 0.3:
        changes["deadline"] = ON + timedelta(days=dice.randint(2, 30))
    if dice.random() < 0.3:
        changes["wishes"] = (Wish(WishKind.COUNTRY, dice.choice(["AA", "BB"]), WishVerdict.PIN),)
    if dice.random() < 0.4:
        dates = [
            (ON + timedelta(days=dice.randint(0, 40)), ON + timedelta(days=dice.randint(60, 90)))
            for _ in "12"
        ]
        changes["papers"] = tuple(HeldPaper(held.paper, *dates[n % 2]) for n, held in enumerate(found.papers))
    return replace(found, **changes)  # type: ignore[arg-type]


def graph_of(seed: int) -> tuple[SafetyGraph, PersonFacts]:
    someone = somebody(seed)
    opens = (0, 3, 45)[seed % 3]
    return build(Compilations(world(*random_world(seed, opens=opens))), someone, ON, Setting()), someone


@pytest.mark.parametrize("seed", SEEDS)
def test_both_engines_find_the_same_front(seed: int) -> None:
    graph, someone = graph_of(seed)
    assert graph.start is not None
    fronts = [
        {
            (*way.cost, -way.rank)
            for way in Search(graph, engine=engine).front(graph.start, budget=someone.money_euros)
        }
        for engine in Engine
    ]
    assert fronts[0] == fronts[1]


@pytest.mark.parametrize("seed", SEEDS[::2])
def test_leaving_out_what_is_hopeless_for_one_question_loses_nothing(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is done where a graph is large, on graphs small enough for the oracle."""
    monkeypatch.setattr(_ways_kernel, "MANY_ACTS", -1)
    graph, someone = graph_of(seed)
    assert graph.start is not None
    narrow, whole = (
        {
            (*way.cost, -way.rank)
            for way in Search(graph, engine=engine).front(graph.start, budget=someone.money_euros)
        }
        for engine in (Engine.KERNEL, Engine.TWIN)
    )
    assert narrow == whole


def test_what_is_hopeless_is_indeed_left_out() -> None:
    left_out = 0
    for seed in SEEDS[::6]:
        graph, someone = graph_of(seed)
        assert graph.start is not None
        engine = _ways_kernel.Engine(graph, MONEY_UNIT, MEMORY_CAP)
        for rank in graph.ranks:
            question = Question(graph.start, someone.money_euros, frozenset(), by_danger, rank, only=True)
            left_out += int((~engine.narrowed(question).useful).sum())
    assert left_out > 50


@pytest.mark.parametrize("seed", SEEDS[::3])
def test_both_engines_find_equally_good_first_ways_with_acts_closed(seed: int) -> None:
    graph, someone = graph_of(seed)
    assert graph.start is not None
    without = frozenset(action.id for action in graph.actions[:: 5 + seed % 4])
    for order in (by_danger, by_money, surest):
        kernel, twin = (
            Search(graph, engine=engine).best(
                graph.start, budget=someone.money_euros, without=without, order=order
            )
            for engine in Engine
        )
        assert (order(kernel.cost) if kernel else None) == (order(twin.cost) if twin else None)
        assert all(not without & set(way.action_ids) for way in (kernel, twin) if way)


@pytest.mark.parametrize("seed", SEEDS[::5])
def test_the_same_question_gets_the_same_ways_and_labels(seed: int) -> None:
    graph, someone = graph_of(seed)
    assert graph.start is not None
    runs = []
    for _ in range(2):
        search = Search(graph)
        ways = search.front(graph.start, budget=someone.money_euros)
        runs.append(
            (search.labels_made, [(way.cost, way.action_ids, [m.start for m in way.moves]) for way in ways])
        )
    assert runs[0] == runs[1]


def test_the_drawn_people_are_hard_enough_to_tell_engines_apart() -> None:
    sizes, dated = [], 0
    for seed in SEEDS:
        graph, someone = graph_of(seed)
        assert graph.start is not None
        sizes.append(len(Search(graph).front(graph.start, budget=someone.money_euros)))
        dated += bool(graph.events)
    assert sum(size > 0 for size in sizes) > 30
    assert max(sizes) >= 4
    assert dated > 30
