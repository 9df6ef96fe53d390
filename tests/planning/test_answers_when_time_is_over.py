"""When the time is over, the answer is what was found with what is proven of it: never a failure, never "none"."""

from __future__ import annotations

import pytest

from tests.planning.small_worlds import random_world
from tests.planning.test_the_compiled_search import SEEDS, graph_of, somebody
from tests.planning.tiny import ON, world
from tropa.planning._search import Engine
from tropa.planning.answer import Planner
from tropa.planning.search import RISK, Search
from tropa.planning.words import Words


class AfterCalls:
    """Says that the time is over from its n-th question on."""

    def __init__(self, calls: int) -> None:
        self.calls = calls

    def __call__(self, share: float = 1.0) -> bool:
        self.calls -= 1
        return self.calls < 0


@pytest.mark.parametrize("engine", list(Engine))
def test_what_a_stopped_search_found_is_part_of_the_front_and_its_bound_holds(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tropa.planning._ways_kernel.SLICE", 3)
    monkeypatch.setattr("tropa.planning._ways_twin.STEPS_A_SLICE", 3)
    stopped = 0
    for seed in SEEDS[:45]:
        graph, someone = graph_of(seed)
        assert graph.start is not None
        whole = {
            (*way.cost, way.rank) for way in Search(graph).front(graph.start, budget=someone.money_euros)
        }
        for calls in (0, 2, 6):
            search = Search(graph, engine=engine, stop=AfterCalls(calls))
            found = search.lines(graph.start, budget=someone.money_euros)
            mine = {(*way.cost, way.rank) for way in found.ways}
            assert mine <= whole
            if found.is_complete:
                assert mine == whole
                continue
            stopped += 1
            assert found.open_below is not None
            missing = {cost for cost in whole - mine if cost[-1] >= found.rank}
            assert all(cost[RISK] >= found.open_below for cost in missing if cost[-1] == found.rank)
    assert stopped > 20


def test_an_answer_cut_off_says_so_in_both_languages_and_claims_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tropa.planning._ways_kernel.SLICE", 3)
    codes = set()
    for seed in SEEDS[:30]:
        planner, someone = Planner(world(*random_world(seed))), somebody(seed)
        for calls in (0, 1, 3, 9):
            answer = planner.plans(someone, ON, stop=AfterCalls(calls))
            if answer.cut_off is None:
                continue
            codes.add(answer.cut_off.code)
            assert answer.changes == ()
            assert all(closed.relaxed is None for closed in answer.closed)
            if answer.no_plan is not None:
                assert answer.no_plan.closed_by == (answer.cut_off,)
            for language in ("ru", "en"):
                assert len(Words(language, answer).say(answer.cut_off)) > 20
    assert codes == {"cut_off_below", "cut_off_before", "cut_off_reasons", "cut_off_unchecked"}


def test_with_time_enough_the_answer_is_the_usual_one() -> None:
    for seed in SEEDS[:8]:
        planner, someone = Planner(world(*random_world(seed))), somebody(seed)
        assert planner.plans(someone, ON, stop=AfterCalls(10**9)) == planner.plans(someone, ON)
