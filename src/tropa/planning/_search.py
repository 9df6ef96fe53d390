"""Searches that may be limited, sliced, stopped by a deadline, and that say what they prove.

Keeps true: every point returned is on the front within the limits; an answer that was cut off says so, names
the least first component below which nothing is missing, and never passes for a complete one. Time comes from
a clock that is handed in; without one a search runs to its end or to its memory cap.
"""

import importlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import numpy as np
from numpy.typing import ArrayLike

from tropa.planning._network import Ints, Network, check_limits, check_network
from tropa.planning._progress import Progress, Run
from tropa.planning.errors import CutOff, SearchTooLarge

_log = logging.getLogger(__name__)

MEMORY_CAP = 4 * 2**30
SLICE = 50_000
WITHOUT_END = 2**62


class Engine(StrEnum):
    """What carries a search: compiled kernels, or the slow twin where numba is missing."""

    KERNEL = "kernel"
    TWIN = "twin"


_ENGINES = {
    Engine.KERNEL: ("tropa.planning._run", "KernelRun"),
    Engine.TWIN: ("tropa.planning._twin", "TwinRun"),
}


class Stop(StrEnum):
    """Why a search ended."""

    COMPLETE = "complete"
    DEADLINE = "deadline"
    MEMORY = "memory"


@dataclass(frozen=True, slots=True, eq=False)
class Bound:
    """What a cut-off search proves about everything it did not find.

    `complete_below`: no point with a smaller first component is missing.
    `open_vectors`: int64 [q, k]; every missing point is at least as dear as one of these in every component.
    `gap`: every missing point is matched by a found one within the factor (1 + gap) per objective; inf if
    that cannot be said.
    """

    complete_below: int
    open_vectors: Ints
    gap: float


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """Front [p, k] (lexicographic), one path of arc numbers per point, and the proof where it was cut off."""

    front: Ints
    paths: list[Ints]
    stop: Stop
    bound: Bound | None

    @property
    def is_complete(self) -> bool:
        return self.bound is None

    def complete_front(self) -> Ints:
        """The front, refused with CutOff where it is only a part."""
        if self.bound is not None:
            raise CutOff(f"stopped by {self.stop.value}, complete below {self.bound.complete_below} only")
        return self.front


class Search:
    """A resumable search: `advance` as often as wanted, look at `front()` in between."""

    def __init__(
        self,
        network: Network,
        *,
        limits: tuple[int | None, ...] | None = None,
        engine: Engine | None = None,
        memory_cap: int = MEMORY_CAP,
    ) -> None:
        self.memory_cap = memory_cap
        self._run: Run = start_run(
            network, check_limits(limits, network.objectives), engine or best_engine(), memory_cap
        )
        self._progress = Progress.PAUSED

    @property
    def is_complete(self) -> bool:
        return self._progress is Progress.COMPLETE

    @property
    def pops(self) -> int:
        """Steps taken so far, the measure of slices."""
        return self._run.pops

    def advance(self, pops: int = SLICE) -> Progress:
        """Take at most `pops` further steps."""
        if self._progress is not Progress.COMPLETE:
            self._progress = self._run.advance(pops)
        return self._progress

    def front(self) -> Ints:
        """Points found so far, int64 [p, k], lexicographic; each is final."""
        return self._run.front()

    def paths(self) -> list[Ints]:
        """One simple path of arc numbers for each point of `front()`."""
        return self._run.paths()

    def bound(self) -> Bound | None:
        """What is proven about the missing points; None when nothing is missing. Sorts all that is open."""
        following = self._run.next_vector()
        if following is None:
            return None
        open_vectors = self._run.open_vectors()
        return Bound(following[0], open_vectors, proven_gap(self.front(), open_vectors))


def search(
    n_nodes: int,
    tails: ArrayLike,
    heads: ArrayLike,
    costs: ArrayLike,
    source: int,
    target: int,
    *,
    limits: tuple[int | None, ...] | None = None,
    clock: Callable[[], float] | None = None,
    deadline: float | None = None,
    slice_pops: int = SLICE,
    engine: Engine | None = None,
    memory_cap: int = MEMORY_CAP,
) -> Answer:
    """All non-dominated cost vectors within `limits`, or those found before `clock()` reached `deadline`.

    Arrays as in `pareto_front`. `limits`: one inclusive limit, or None, per objective, in units of `costs`.
    The clock is read between slices of `slice_pops` steps; at least one slice is run. BadNetwork, BadLimits.
    """
    network = check_network(n_nodes, tails, heads, costs, source, target)
    under_way = Search(network, limits=limits, engine=engine, memory_cap=memory_cap)
    timed = clock is not None and deadline is not None
    while True:
        progress = under_way.advance(slice_pops if timed else WITHOUT_END)
        if progress is Progress.COMPLETE:
            return Answer(under_way.front(), under_way.paths(), Stop.COMPLETE, None)
        if progress is Progress.MEMORY:
            return Answer(under_way.front(), under_way.paths(), Stop.MEMORY, under_way.bound())
        if clock is not None and deadline is not None and clock() >= deadline:
            return Answer(under_way.front(), under_way.paths(), Stop.DEADLINE, under_way.bound())


def finished(network: Network, *, memory_cap: int = MEMORY_CAP) -> Search:
    """A search run to its end; SearchTooLarge if the memory cap (bytes) comes first."""
    under_way = Search(network, memory_cap=memory_cap)
    if under_way.advance(WITHOUT_END) is not Progress.COMPLETE:
        raise SearchTooLarge(under_way.memory_cap, len(under_way.front()))
    return under_way


def proven_gap(front: Ints, open_vectors: Ints) -> float:
    """Least e such that a found point covers each open vector within the factor (1 + e) per objective."""
    if len(open_vectors) == 0:
        return 0.0
    if len(front) == 0:
        return float("inf")
    found = front.astype(np.float64)
    worst = 0.0
    for vector in open_vectors.astype(np.float64):
        # 0 of 0 is covered exactly, anything of 0 by no factor
        ratios = np.full(found.shape, np.inf)
        np.divide(found, vector, out=ratios, where=vector > 0)
        ratios[(found == 0) & (vector == 0)] = 1.0
        worst = max(worst, float(ratios.max(axis=1).min()) - 1.0)
    return float(np.nextafter(worst, np.inf)) if worst > 0 else 0.0


@cache
def best_engine() -> Engine:
    """Compiled kernels where numba can be loaded, else the twin, with a word in the log."""
    try:
        kernel = importlib.import_module("tropa.planning._kernel_search")
    except ImportError as error:
        _log.warning("searches run in plain Python, some hundred times slower: %s", error)
        return Engine.TWIN
    if kernel.advance.stats.cache_misses:
        _log.info("the kernels were compiled just now; `tropa planner warm-up` at install saves this wait")
    return Engine.KERNEL


def start_run(network: Network, limits: Ints, engine: Engine, memory_cap: int) -> Run:
    """Load the engine only now: half a second and the memory of numba are for the planner process alone."""
    module, name = _ENGINES[engine]
    run: Run = getattr(importlib.import_module(module), name)(network, limits, memory_cap)
    return run


def warm_up() -> Engine:
    """Compile, or load from the cache, every kernel and run each on a toy network; says which engine runs."""
    for objectives in (2, 3, 4):
        costs = np.tile(np.array([[1], [2], [4]], np.int64), (1, objectives))
        costs[2, 0] = 1
        under_way = Search(check_network(3, [0, 1, 0], [1, 2, 2], costs, 0, 2))
        under_way.advance(1)
        under_way.bound()
        under_way.advance()
        if not under_way.is_complete or not len(under_way.paths()):
            raise AssertionError("the toy network was not searched to its end")
    return best_engine()
