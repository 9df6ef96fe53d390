"""Whatever is called untouched or kept after a change of facts is searched from scratch here, and must be as it was.

Hundreds of random worlds and events: roads close and open, dangers and prices rise and fall, rules change. A proof that
is wrong once in them would leave somebody on a plan that another one beats, or that is no longer lawful.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

import pytest

from tests.planning.small_worlds import random_world
from tests.planning.test_the_compiled_search import somebody
from tests.planning.tiny import ON, asks, exactly, haven, leg, world
from tropa.atlas import Atlas, Fact, Kind
from tropa.planning.building import build
from tropa.planning.compiling import Compilations
from tropa.planning.mass.renewal import Outcome, Renewal, Renewed, planned
from tropa.planning.mass.stored import Line
from tropa.planning.mass.together import Together
from tropa.planning.mass.triage import Verdict
from tropa.planning.person import PersonFacts
from tropa.planning.search import Search
from tropa.planning.setting import Setting

SEEDS = range(5000, 5240)
Dice = random.Random
Facts = list[Fact[Any]]


def flat(facts: list[Any]) -> Facts:
    return [one for found in facts for one in (found if isinstance(found, tuple) else (found,))]


def of_kind(facts: Facts, *kinds: Kind) -> list[int]:
    return [n for n, fact in enumerate(facts) if fact.kind in kinds]


def danger_changes(facts: Facts, dice: Dice) -> None:
    number = dice.choice(of_kind(facts, Kind.HAZARD))
    fact = facts[number]
    facts[number] = replace(
        fact, value=replace(fact.value, chance=exactly(dice.choice([0, 0.001, 0.02, 0.3])))
    )


def price_changes(facts: Facts, dice: Dice) -> None:
    number = dice.choice(of_kind(facts, Kind.LEG, Kind.OBTAIN, Kind.PROTECTION))
    fact = facts[number]
    facts[number] = replace(fact, value=replace(fact.value, euros=exactly(dice.choice([0, 30, 90, 400]))))


def living_changes(facts: Facts, dice: Dice) -> None:
    number = dice.choice(of_kind(facts, Kind.LIVING))
    fact = facts[number]
    facts[number] = replace(fact, value=replace(fact.value, euros_per_day=exactly(dice.choice([0, 9, 60]))))


def something_closes(facts: Facts, dice: Dice) -> None:
    del facts[dice.choice(of_kind(facts, Kind.LEG, Kind.OBTAIN, Kind.PROTECTION))]


def something_opens(facts: Facts, dice: Dice) -> None:
    places = [fact.id for fact in facts if fact.kind is Kind.PLACE and fact.id not in ("h", "i")]
    origin, target = dice.sample(places, 2)
    if dice.random() < 0.7:
        facts.extend(
            leg(
                dice.choice([origin, "h"]), target, id_="new", hours=dice.choice([1, 90]), euros=60, risk=0.02
            )
        )
    elif not any(fact.id == f"haven-{target.upper()}" for fact in facts):
        facts.extend(haven(target.upper(), risk=dice.choice([0.001, 0.2]), days=3, euros=50))


def rule_changes(facts: Facts, dice: Dice) -> None:
    number = dice.choice(of_kind(facts, Kind.ENTRY_RULE))
    fact = facts[number]
    papers = dice.choice([asks("fp"), asks("v1"), asks("id", "fp"), asks("fp v1", "v2")])
    facts[number] = replace(fact, value=replace(fact.value, papers=papers))


def stay_changes(facts: Facts, dice: Dice) -> None:
    number = dice.choice(of_kind(facts, Kind.STAY_RULE))
    fact = facts[number]
    facts[number] = replace(fact, value=replace(fact.value, days=dice.choice([2, 8, 40])))


def something_opens_later(facts: Facts, dice: Dice) -> None:
    number = dice.choice(of_kind(facts, Kind.LEG))
    facts[number] = replace(facts[number], valid_from=ON + timedelta(days=dice.randint(1, 6)))


EVENTS: list[Callable[[Facts, Dice], None]] = [
    danger_changes,
    danger_changes,
    price_changes,
    price_changes,
    living_changes,
    something_closes,
    something_opens,
    rule_changes,
    stay_changes,
    something_opens_later,
]


def after_events(facts: Facts, dice: Dice) -> Facts:
    changed = list(facts)
    for _ in range(dice.choice([1, 1, 1, 2])):
        dice.choice(EVENTS)(changed, dice)
    return changed


def front_of(atlas: Atlas, someone: PersonFacts) -> set[tuple[int, ...]]:
    graph = build(Compilations(atlas), someone, ON, Setting())
    assert graph.start is not None
    return {(*way.cost, way.rank) for way in Search(graph).front(graph.start, budget=someone.money_euros)}


def costs(front: tuple[Line, ...]) -> set[tuple[int, ...]]:
    return {(*line.cost, line.rank) for line in front}


@cache
def renewed(seed: int) -> tuple[Renewal, list[Renewed], Atlas]:
    dice = random.Random(seed)  # noqa: S311 - dice for a test
    facts = flat(random_world(seed, opens=(0, 0, 4)[seed % 3]))
    before, after = world(*facts), world(*after_events(facts, dice))
    together = Together(Compilations(before), ON)
    people = [somebody(seed + 10_000 * n) for n in range(4)]
    plans = [planned(together, str(n), person) for n, person in enumerate(people)]
    renewal = Renewal(before, after, ON, plans)
    return renewal, list(renewal.run()), after


@pytest.mark.parametrize("seed", SEEDS)
def test_everybody_ends_with_the_front_of_a_search_from_scratch(seed: int) -> None:
    renewal, done, after = renewed(seed)
    found = {one.number: one.plan.front for one in done}
    for number, plan in enumerate(renewal.fleet.plans):
        front = found.get(number, plan.front)
        assert costs(front) == front_of(after, plan.person), renewal.triage.verdicts[number]
    assert renewal.done == len(renewal.fleet.plans)


def test_many_plans_are_kept_by_proof_and_many_are_not() -> None:
    verdicts: Counter[Verdict] = Counter()
    outcomes: Counter[Outcome] = Counter()
    for seed in SEEDS:
        renewal, done, _ = renewed(seed)
        verdicts.update(renewal.triage.counts())
        outcomes.update(one.outcome for one in done)
    whole = len(SEEDS) * 4
    assert verdicts[Verdict.UNTOUCHED] > whole / 10
    assert outcomes[Outcome.KEPT] > whole / 10
    assert outcomes[Outcome.CHANGED] > whole / 20
    assert verdicts[Verdict.BROKEN] > 10
    assert verdicts[Verdict.WORSE] > 10


def test_a_broken_line_really_is_gone_and_comes_first() -> None:
    seen = 0
    for seed in SEEDS[:120]:
        _, done, _ = renewed(seed)
        order = [one.verdict for one in done]
        assert order == sorted(order)
        for one in done:
            if one.verdict is Verdict.BROKEN:
                seen += 1
                assert one.followed == -1
    assert seen > 3


def test_work_that_was_stopped_is_taken_up_where_it_was() -> None:
    for seed in SEEDS[:40]:
        whole, done, _ = renewed(seed)
        if len(done) < 2:
            continue
        facts = flat(random_world(seed, opens=(0, 0, 4)[seed % 3]))
        dice = random.Random(seed)  # noqa: S311
        before, after = world(*facts), world(*after_events(facts, dice))
        parted = Renewal(before, after, ON, whole.fleet.plans)
        first = next(parted.run())
        rest = list(parted.run())
        assert [one.number for one in (first, *rest)] == [one.number for one in done]
        assert [costs(one.plan.front) for one in (first, *rest)] == [costs(one.plan.front) for one in done]
