"""When the time is over, the answer is what was found with what is proven of it: never a failure, never "none"."""

from __future__ import annotations

import argparse
import io
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from tests.planning.small_worlds import random_world
from tests.planning.test_the_compiled_search import SEEDS, graph_of, somebody
from tests.planning.tiny import ON, world
from tropa.atlas import load_pack
from tropa.atlas.pack import EXAMPLE_DAY, SHIPPED_PACK
from tropa.cli import plan as plan_command
from tropa.planning import process
from tropa.planning._search import Engine
from tropa.planning.answer import Planner
from tropa.planning.apart import Apart, plans_apart
from tropa.planning.apart_table import apart_table
from tropa.planning.frames import frame, read_frame
from tropa.planning.person import Companion
from tropa.planning.person_file import read_person
from tropa.planning.plan_json import plain
from tropa.planning.search import RISK, Search
from tropa.planning.time_allowed import TimeAllowed, part_of
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
    assert {"cut_off_below", "cut_off_before", "cut_off_reasons", "cut_off_unchecked"} <= codes
    assert codes <= {
        "cut_off_below",
        "cut_off_before",
        "cut_off_reasons",
        "cut_off_unchecked",
        "cut_off_none",
    }


def test_where_only_the_reasons_take_too_long_every_plan_stands_with_its_ways_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tropa.planning._ways_kernel.SLICE", 3)
    stood = 0
    for seed in SEEDS[:8]:
        planner, someone = Planner(world(*random_world(seed))), somebody(seed)
        whole = planner.plans(someone, ON)
        for calls in (12, 48):
            answer = planner.plans(someone, ON, stop=AfterCalls(calls))
            if answer.cut_off is None or answer.policies != whole.policies or not whole.policies:
                continue
            stood += 1
            assert answer.cut_off.code == "cut_off_reasons"
            assert {one.id: one.outlook for one in answer.front} == {
                one.id: one.outlook for one in whole.front
            }
            assert answer.withheld == whole.withheld
    assert stood > 0


def test_with_time_enough_the_answer_is_the_usual_one() -> None:
    for seed in SEEDS[:8]:
        planner, someone = Planner(world(*random_world(seed))), somebody(seed)
        assert planner.plans(someone, ON, stop=AfterCalls(10**9)) == planner.plans(someone, ON)


def test_parts_share_the_time_and_what_one_leaves_over_the_next_may_use() -> None:
    now = [10.0]
    allowed = TimeAllowed.of(60.0, lambda: now[0])
    first, last = part_of(allowed, 0, 3), part_of(allowed, 2, 3)
    for seconds, told in (
        (19.0, (False, False)),
        (20.0, (True, False)),
        (59.0, (True, False)),
        (60.0, (True, True)),
    ):
        now[0] = 10.0 + seconds
        assert (first(1.0), last(1.0)) == told
    now[0] = 10.0 + 12.0
    assert first(0.6)
    assert not last(0.6)


def test_a_party_whose_groups_were_cut_off_says_what_is_proven_and_nothing_of_the_purse(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tropa.planning._ways_kernel.SLICE", 3)
    codes = set()
    for seed in SEEDS[:8]:
        planner, alone = Planner(world(*random_world(seed))), somebody(seed)
        other = Companion("wife", alone.profile, alone.papers, alone.statuses, alone.citizenship)
        party = replace(alone, companions=(other,), income_euros=0)
        whole = plans_apart(planner, party, ON, ((0,), (1,)))
        for calls in (3, 9, 30, 90, 270):
            allowed = TimeAllowed.of(float(calls), map(float, count()).__next__)
            answer = plans_apart(planner, party, ON, ((0,), (1,)), stop=allowed)
            if answer.cut_off is None:
                continue
            codes.add(answer.cut_off.code)
            assert answer.short_euros == 0
            for language, never in (("ru", "никому"), ("en", "helps nobody")):
                said = apart_table("they", answer, party, language)
                assert Words(language, answer.groups[0].plans).say(answer.cut_off) in said
                assert not any(
                    never in line for line in said.splitlines() if "parting" in line or "порознь" in line
                )
            if answer.cut_off.code == "apart_cut_off_below":
                below = float(dict(answer.cut_off.values)["risk"]) / 100
                assert _lines_below(whole, below) <= _lines_below(answer, below)
    assert codes == {"apart_cut_off", "apart_cut_off_below"}


def _lines_below(answer: Apart, risk: float) -> set[tuple[int, str]]:
    """Certain plans of each group with less danger than that: a stopped search may not miss one of them."""
    return {
        (number, plan.id)
        for number, group in enumerate(answer.groups)
        for plan in group.plans.front
        if plan.cost.risk.high < risk and not any(step.fallbacks for step in plan.steps)
    }


def test_the_process_keeps_to_the_time_a_request_allows() -> None:
    atlas = load_pack(SHIPPED_PACK, reviewed_as_of=EXAMPLE_DAY)
    file = Path(__file__).parents[2] / "examples" / "persons" / "student-moscow.yaml"
    asked = {
        "person": plain(read_person(file.read_text(encoding="utf-8"), atlas, EXAMPLE_DAY)),
        "on": "2026-11-22",
    }
    said = io.BytesIO()
    process._serve(atlas, io.BytesIO(frame({**asked, "seconds": 0})), said)
    said.seek(0)
    assert read_frame(said.read) == process.READY
    answer = read_frame(said.read)
    assert answer is not None
    assert answer["answer"]["cut_off"]["code"].startswith("cut_off_")


@pytest.mark.parametrize("seconds", [None, True, "soon", {}])
def test_a_request_without_a_number_of_seconds_has_as_long_as_it_takes(seconds: object) -> None:
    assert process.time_of({"seconds": seconds}) is None
    assert process.time_of({}) is None


@pytest.mark.parametrize("seconds", ["-1", "nan", "inf", "soon"])
def test_the_command_refuses_a_time_that_is_none(seconds: str) -> None:
    parser = argparse.ArgumentParser()
    plan_command.add_commands(parser.add_subparsers())
    with pytest.raises(SystemExit):
        parser.parse_args(["plan", "person.yaml", "--seconds", seconds])
