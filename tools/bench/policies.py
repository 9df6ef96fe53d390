"""Exact policies on synthetic layered worlds; sizes, seeds, labels and fronts are printed, so that a faster wrong
answer would show."""

from __future__ import annotations

import statistics
import time

from tools.bench.results import Results
from tropa.planning.policy import Limits, policies, warm_up
from tropa.planning.policy.synthetic import Size, synthetic_world

ROOM = "planner"
SEEDS = (1, 2, 3, 4, 5)
LARGE = Size(places=1500, things=3, refusals=3)
OTHERS = (Size(100, 3, 3), Size(300, 4, 4), Size(500, 4, 4))
OTHERS_SEED = 7


def contingent(results: Results) -> None:
    """The large world with several seeds, then the sizes other programs were measured on."""
    warm_up()
    spent = [_solve(LARGE, seed, results) for seed in SEEDS]
    results.add(
        ROOM, "exact policies, 40,500 states, median of the seeds, CPU", statistics.median(spent), "s", most=3
    )
    for size in OTHERS:
        _solve(size, OTHERS_SEED, results)


def _solve(size: Size, seed: int, results: Results) -> float:
    world = synthetic_world(size, seed).world
    began = time.process_time()
    found = policies(world, 0)
    seconds = time.process_time() - began
    what = (
        f"exact policies: {size.places} places, {size.things} uncertain, {world.n_nodes:,} states, "
        f"{len(world.tails):,} arcs, seed {seed}: {len(found.front):,} policies, {found.labels:,} labels"
    )
    results.add(ROOM, what, seconds, "s")
    money = float(found.front[:, 3].min()) * 1.5
    began = time.process_time()
    within = policies(world, 0, limits=Limits(money=money))
    what = f"  within a worst branch of {money:.0f}: {len(within.front):,} policies, {within.labels:,} labels"
    results.add(ROOM, what, time.process_time() - began, "s")
    return seconds
