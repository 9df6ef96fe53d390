"""Fronts of policies equal those of value iteration written independently, on thousands of small worlds."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest

from tests.planning.policy.value_iteration import front_by_iteration
from tests.planning.policy.worlds import draw
from tropa.planning.pareto import Engine
from tropa.planning.policy import Limits, PolicyWorld, figures_of, policies
from tropa.planning.policy.synthetic import Size, synthetic_world

WORLDS = 2_500


def assert_equal_fronts(found: np.ndarray, expected: set[tuple[float, ...]], counted: int) -> None:
    rows = sorted(tuple(round(number, 9) for number in row[:counted]) for row in found.tolist())
    wanted = sorted(tuple(round(number, 9) for number in row[:counted]) for row in expected)
    assert len(rows) == len(wanted)
    np.testing.assert_allclose(rows, wanted, atol=1e-8)


def check(world: PolicyWorld, chance: random.Random, engine: Engine) -> None:
    worst_counts = chance.random() < 0.4
    limits = Limits(
        money=float(chance.randint(0, 8)) if chance.random() < 0.4 else math.inf,
        time=float(chance.randint(0, 8)) if chance.random() < 0.3 else math.inf,
    )
    counted = 5 if worst_counts else 3
    found = policies(world, 0, limits=limits, worst_counts=worst_counts, engine=engine)
    expected = front_by_iteration(world, 0, counted=counted, limits=(limits.money, limits.time))
    assert_equal_fronts(found.front, expected, counted)
    assert sorted(found.front.tolist()) == found.front.tolist()
    for row, tree in zip(found.front, found.trees, strict=True):
        figures = figures_of(world, tree)
        np.testing.assert_allclose(
            row,
            (figures.failure, figures.time, figures.money, figures.worst_money, figures.worst_time),
            atol=1e-9,
        )


@pytest.mark.parametrize("part", range(10))
def test_kernels_find_what_value_iteration_finds(part: int) -> None:
    for seed in range(part * WORLDS // 10, (part + 1) * WORLDS // 10):
        chance = random.Random(f"policies {seed}")  # noqa: S311 - dice for a test
        check(draw(chance).world, chance, Engine.KERNEL)


def in_layers(seed: int) -> None:
    """A world of visas and a border as the bench has them, small; by the kernels."""
    chance = random.Random(f"layers {seed}")  # noqa: S311
    size = Size(places=chance.randint(4, 8), things=2, refusals=chance.randint(1, 2), hubs=3)
    world = synthetic_world(size, seed).world
    found = policies(world, 0, engine=Engine.KERNEL)
    assert_equal_fronts(found.front, front_by_iteration(world, 0, counted=3, limits=(math.inf, math.inf)), 3)


@pytest.mark.parametrize("seed", range(8))
def test_in_layered_worlds_too(seed: int) -> None:
    in_layers(seed)


def drawn(seed: int) -> None:
    """Any small world, by both engines."""
    for engine in Engine:
        chance = random.Random(f"policies {seed}")  # noqa: S311
        check(draw(chance).world, chance, engine)


def test_the_twin_finds_what_value_iteration_finds() -> None:
    for seed in range(300):
        chance = random.Random(f"twin {seed}")  # noqa: S311
        check(draw(chance).world, chance, Engine.TWIN)


def test_the_drawn_worlds_are_worth_looking_at() -> None:
    dice = [random.Random(f"policies {seed}") for seed in range(300)]  # noqa: S311
    fronts = [len(policies(draw(one).world, 0).front) for one in dice]
    assert sum(size >= 2 for size in fronts) > 40
    assert max(fronts) >= 5
    assert 0 in fronts
