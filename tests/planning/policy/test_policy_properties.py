"""What must hold of policies in any world: certainty, scaling, renaming, unused arcs, limits, units."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest

from tests.planning.policy.worlds import Drawn, draw
from tropa.planning.pareto import pareto_front
from tropa.planning.policy import Limits, Policy, PolicyWorld, policies

SEEDS = range(250)


def drawn(seed: int) -> Drawn:
    return draw(random.Random(f"properties {seed}"))  # noqa: S311 - dice for a test


def changed(world: Drawn, **arrays: object) -> PolicyWorld:
    return Drawn({**world.arrays, **arrays}).world  # type: ignore[dict-item]


def test_chances_of_nought_and_one_give_exactly_the_deterministic_front() -> None:
    compared = 0
    for seed in SEEDS:
        sure = draw(random.Random(f"sure {seed}"), chances=(0.0, 1.0))  # noqa: S311
        arrays = sure.arrays
        tails, heads, costs = list(arrays["tails"]), list(arrays["heads"]), list(arrays["costs"])
        safe = len(arrays["layer"])
        for step, tail in enumerate(arrays["step_tails"]):
            certain = [
                outcome
                for outcome in range(arrays["first_outcome"][step], arrays["first_outcome"][step + 1])
                if arrays["chances"][outcome] == 1.0
            ]
            if certain and arrays["outcome_heads"][certain[0]] >= 0:
                tails.append(tail)
                heads.append(arrays["outcome_heads"][certain[0]])
                costs.append(arrays["step_costs"][step])
        tails += arrays["end_nodes"]
        heads += [safe] * len(arrays["end_nodes"])
        costs += arrays["end_costs"]
        whole = np.rint(np.array(costs).reshape(-1, 3) * (8, 1, 1)).astype(np.int64)
        expected = pareto_front(
            safe + 1, np.array(tails, np.int64), np.array(heads, np.int64), whole, 0, safe
        )
        if any(0 < chance < 1 for chance in arrays["chances"]):
            continue  # a branch was split in three; that is not a certain world
        found = policies(sure.world, 0)
        assert np.array_equal(found.front[:, 0], -np.expm1(-expected[:, 0] / 8.0))
        assert np.array_equal(found.front[:, 1:3], expected[:, 1:].astype(np.float64))
        assert np.array_equal(found.front[:, 3], found.front[:, 2])
        assert np.array_equal(found.front[:, 4], found.front[:, 1])
        compared += 1
    assert compared > 100


def test_scaling_an_objective_scales_the_front() -> None:
    for seed in SEEDS:
        world = drawn(seed)
        scaled = {
            name: [(nats, time, 4 * money) for nats, time, money in world.arrays[name]]
            for name in ("costs", "end_costs", "step_costs")
        }
        found, dearer = policies(world.world, 0), policies(changed(world, **scaled), 0)
        assert np.array_equal(found.front * (1, 1, 4, 4, 1), dearer.front)


def test_renaming_nodes_changes_nothing() -> None:
    for seed in SEEDS:
        world = drawn(seed)
        size = len(world.arrays["layer"])
        order = random.Random(seed).sample(range(size), size)  # noqa: S311
        layer = [0] * len(order)
        for old, new in enumerate(order):
            layer[new] = world.arrays["layer"][old]
        renamed = {
            name: [order[node] if node >= 0 else node for node in world.arrays[name]]
            for name in ("tails", "heads", "end_nodes", "step_tails", "outcome_heads")
        }
        other = policies(changed(world, layer=layer, **renamed), order[0])
        np.testing.assert_allclose(policies(world.world, 0).front, other.front, atol=1e-12)


def used_arcs(policy: Policy) -> set[int]:
    return set(policy.arcs).union(*(used_arcs(one.policy) for one in policy.branches if one.policy))


def test_closing_an_arc_that_no_policy_uses_changes_nothing() -> None:
    closed = 0
    for seed in SEEDS:
        world = drawn(seed)
        found = policies(world.world, 0)
        used = set().union(*(used_arcs(tree) for tree in found.trees), set())
        kept = [arc for arc in range(len(world.arrays["tails"])) if arc in used]
        if not found.trees or len(kept) == len(world.arrays["tails"]):
            continue
        without = {name: [world.arrays[name][arc] for arc in kept] for name in ("tails", "heads", "costs")}
        after = policies(changed(world, **without), 0)
        if len(after.front) != len(found.front):
            # a branch lost its only way on although the front did not use it: closing can only make worse
            continue
        np.testing.assert_allclose(after.front[:, :3], found.front[:, :3], atol=1e-12)
        closed += 1
    assert closed > 50


def test_more_money_never_worsens_and_a_limit_keeps_what_it_allows() -> None:
    for seed in SEEDS:
        world = drawn(seed).world
        before: np.ndarray | None = None
        for money in (2.0, 4.0, 6.0, 9.0, math.inf):
            front = policies(world, 0, limits=Limits(money=money)).front
            assert np.all(front[:, 3] <= money)
            if before is not None:
                for row in before:
                    assert np.any(np.all(front[:, :3] <= row[:3] + 1e-9, axis=1))
            before = front


def test_units_round_upwards_and_their_figures_are_exact_policies() -> None:
    for seed in SEEDS:
        world = drawn(seed).world
        exact, coarse = policies(world, 0), policies(world, 0, units=(0.125, 1.0, 1.0))
        assert bool(len(exact.front)) == bool(len(coarse.front))
        for row in coarse.front:
            assert np.any(np.all(exact.front[:, :3] <= row[:3] + 1e-9, axis=1))


@pytest.mark.parametrize("seed", [3, 17])
def test_the_same_world_gives_the_same_answer_bit_for_bit(seed: int) -> None:
    world = drawn(seed).world
    one, other = policies(world, 0), policies(world, 0)
    assert one.front.tobytes() == other.front.tobytes()
    assert list(one.trees) == list(other.trees)
