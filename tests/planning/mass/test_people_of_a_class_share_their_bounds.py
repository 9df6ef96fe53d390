"""Whoever shares lower bounds with others of a class finds exactly what a search alone finds; every line can be walked.

Starts, wishes, money, deadlines, papers in hand and further papers differ between them; the worlds are random.
"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from tests.planning.small_worlds import random_world
from tests.planning.test_the_compiled_search import somebody
from tests.planning.tiny import ON, leg, world
from tropa.atlas import ProtectionKind
from tropa.planning.building import build
from tropa.planning.compiling import Compilations
from tropa.planning.mass.renewal import Outcome, Renewal, anew, planned
from tropa.planning.mass.stored import Line
from tropa.planning.mass.together import MOST_KEPT, Together
from tropa.planning.moves import attempt
from tropa.planning.person import PersonFacts, Wish, WishKind, WishVerdict
from tropa.planning.search import MONEY_UNIT, Search, Vector
from tropa.planning.setting import Setting
from tropa.planning.units import DOUBT_UNIT, RISK_UNIT, up

SEEDS = range(7000, 7060)


def alike(seed: int) -> list[PersonFacts]:
    """People of one class and another, in no order."""
    dice = random.Random(seed)  # noqa: S311 - dice for a test
    first, second = somebody(seed), somebody(seed + 1)
    people = [first, second]
    for one in (first, second):
        people += [
            replace(one, place="i"),
            replace(one, wishes=(*one.wishes, Wish(WishKind.COUNTRY, "CC", WishVerdict.NEVER))),
            replace(one, money_euros=dice.choice([150, 300, 900]), further_papers=dice.choice([0, 1, 2])),
            replace(one, deadline=ON + timedelta(days=dice.randint(1, 20))),
            replace(one, least_haven=ProtectionKind.ASYLUM),
        ]
    dice.shuffle(people)
    return people


def walked(together: Together, person: PersonFacts, line: Line) -> Vector:
    """The cost of a line when its acts are done one after the other."""
    graph = build(together.compilations, person, ON, Setting())
    numbers = {(act.id, graph.spots[act.origin].id): n for n, act in enumerate(graph.actions)}
    state, risk, money, doubt = graph.start, 0, 0, 0
    assert state is not None
    for act, start in zip(line.acts, line.starts, strict=True):
        action = graph.actions[numbers[act]]
        move = attempt(graph, state, action, start, graph.setting.world, person.money_euros)
        assert move is not None
        risk, money = risk + up(move.nats, RISK_UNIT), money + up(move.euros, MONEY_UNIT)
        doubt, state = doubt + up(move.doubt, DOUBT_UNIT), move.after
    assert graph.start is not None
    return risk, state.tick - graph.start.tick, money, doubt


@pytest.mark.parametrize("seed", SEEDS)
def test_shared_bounds_change_no_front(seed: int) -> None:
    compilations = Compilations(world(*random_world(seed, opens=(0, 0, 4)[seed % 3])))
    together = Together(compilations, ON)
    for person in alike(seed):
        graph = build(compilations, person, ON, Setting())
        assert graph.start is not None
        alone = Search(graph).front(graph.start, budget=person.money_euros)
        found = together.front(person)
        assert found.whole
        front = found.lines
        assert {(*way.cost, way.rank) for way in alone} == {(*line.cost, line.rank) for line in front}
        assert all(walked(together, person, line) == line.cost for line in front)


def test_people_of_one_class_are_alike_and_only_few_classes_are_kept() -> None:
    together = Together(Compilations(world(*random_world(7000))), ON)
    people = [person for seed in range(7000, 7012) for person in alike(seed)]
    keys = {together.key(person) for person in people}
    assert MOST_KEPT < len(keys) <= len(people) / 4
    for person in people:
        together.front(person)
    assert len(together._known) == MOST_KEPT


def test_a_search_that_ends_with_its_effort_says_so_and_is_never_kept_by_proof(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tropa.planning._ways_kernel.SLICE", 3)
    cut_off = 0
    for seed in SEEDS[:20]:
        atlas = world(*random_world(seed))
        few, many = (Together(Compilations(atlas), ON, most_labels=most) for most in (4, 10**9))
        for person in alike(seed)[:3]:
            plan, whole = planned(few, "", person), planned(many, "", person)
            assert {(line.cost, line.rank) for line in plan.front} <= {
                (line.cost, line.rank) for line in whole.front
            }
            assert whole.whole
            if plan.whole:
                assert plan.front == whole.front
                continue
            cut_off += 1
            assert anew(few, plan).outcome is Outcome.CUT_OFF
            assert anew(many, plan).plan.whole
    assert cut_off > 10


def test_a_front_that_is_not_whole_is_searched_again_even_where_nothing_it_rests_on_changed() -> None:
    facts = random_world(7000)
    before = world(*facts)
    after = world(*facts, *leg("h", "cc", id_="new", hours=90, euros=100_000, risk=0.9))
    together = Together(Compilations(before), ON)
    plans = [planned(together, str(n), person) for n, person in enumerate(alike(7000))]
    kept = [one.outcome for one in Renewal(before, after, ON, plans).run()]
    again = [
        one.outcome
        for one in Renewal(before, after, ON, [replace(plan, whole=False) for plan in plans]).run()
    ]
    assert Outcome.KEPT in kept
    assert again
    assert Outcome.KEPT not in again


def test_the_worst_come_first_and_within_them_whoever_shares_bounds_comes_together() -> None:
    facts = random_world(7000)
    together = Together(Compilations(world(*facts)), ON)
    people = [person for seed in (7000, 7001, 7000) for person in alike(seed)]
    plans = [planned(together, str(n), person, under_way=n % 3 == 0) for n, person in enumerate(people)]
    after = world(*facts, *leg("h", "cc", id_="new", hours=1, euros=0, risk=0.0))
    renewal = Renewal(world(*facts), after, ON, plans)
    bands = [(int(renewal.triage.verdicts[n]), not plans[n].under_way) for n in renewal.waiting]
    assert bands == sorted(bands)
    kinds = [(band, together.key(people[n])) for band, n in zip(bands, renewal.waiting, strict=True)]
    changes = sum(one != other for one, other in pairwise(kinds)) + 1
    assert changes == len(set(kinds)) < len(kinds)
