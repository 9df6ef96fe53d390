"""Compiles every kernel of the planner, or loads it from the cache, so that nobody who waits for a plan waits for it.

Set-up and `tropa planner warm-up` call this and nothing else: a kernel that is added is added here, and a test asks
a fresh process whether anything was left to compile. Each part can be compiled by a process of its own.
"""

import importlib
from collections.abc import Collection
from enum import StrEnum
from typing import assert_never

from tropa.planning import pareto, policy, search
from tropa.planning._search import Engine


class Part(StrEnum):
    """Kernels that are compiled together."""

    PARETO = "pareto"
    POLICY = "policy"
    SEARCH = "search"


def warm_up(parts: Collection[Part] = tuple(Part)) -> str:
    """Compile or load these kernels and try those that can be tried on a toy. The engine that will run: the twin, as
    soon as one part has nothing better.
    """
    return min((_warmed(part) for part in parts), key=lambda engine: engine != "twin")


def _warmed(part: Part) -> str:
    match part:
        case Part.PARETO:
            return pareto.warm_up().value
        case Part.POLICY:
            return policy.warm_up().value
        case Part.SEARCH:
            return _search().value
        case _:
            assert_never(part)


def _search() -> Engine:
    engine = search.best_engine()
    if engine is Engine.KERNEL:
        importlib.import_module("tropa.planning._kernel_walk")
    return engine
