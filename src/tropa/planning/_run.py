"""A compiled search under way: owns the arrays the kernel works on and lets them grow up to a cap.

Keeps true: a slice that stops because an array is full has changed nothing that a later slice would miss;
the memory of one search never passes its cap. A run is a value of its own: nothing is shared between runs.
"""

import numpy as np
from numpy.typing import NDArray

from tropa.planning import _kernel_bounds as bounds
from tropa.planning import _kernel_search as kernel
from tropa.planning._network import NO_LIMIT, Ints, Network
from tropa.planning._progress import Progress

_MOST_LABELS = 2**31 - 1


class KernelRun:
    """One search on compiled kernels; see `tropa.planning._progress.Run`."""

    def __init__(self, network: Network, limits: Ints, memory_cap: int) -> None:
        self._network = network
        self._limits = limits
        self._memory_cap = memory_cap
        self._k = network.objectives
        into = bounds.first_arcs(network.n_nodes, network.heads)
        order = bounds.arcs_by_node(into, network.heads)
        least = bounds.least_costs(network.n_nodes, into, order, network.tails, network.costs, network.target)
        self._first, self._heads, self._origins, self._reduced = bounds.useful_arcs(
            network.n_nodes,
            network.tails,
            network.heads,
            network.costs,
            least,
            network.source,
            network.target,
        )
        self._heap = np.empty((1024, 5), np.int64)
        self._labels = np.empty(1024, np.int64)
        self._pool = np.empty(0 if self._k == 2 else 8192, np.int64)
        self._slices = np.zeros((network.n_nodes, 3), np.int64)
        if self._k == 2:
            self._slices[:, kernel.START] = NO_LIMIT
        self._front = np.empty((64, 5), np.int64)
        self._counts = np.zeros(5, np.int64)
        self._push_start(least[network.source])

    def _push_start(self, least: Ints) -> None:
        if least[0] == bounds.UNREACHED or np.any(least > self._limits[: self._k]):
            return
        self._heap[0] = 0
        self._heap[0, : self._k] = least
        self._heap[0, 4] = kernel.NO_PARENT
        self._counts[kernel.HEAP] = 1

    @property
    def pops(self) -> int:
        return int(self._counts[kernel.POPS])

    def advance(self, pops: int) -> Progress:
        end = self.pops + pops
        while True:
            outcome = kernel.advance(
                self._k, end - self.pops, self._network.source, self._network.target,
                self._first, self._heads, self._reduced, self._limits,
                self._heap, self._labels, self._pool, self._slices, self._front, self._counts,
            )  # fmt: skip
            if outcome == kernel.EXHAUSTED:
                return Progress.COMPLETE
            if outcome == kernel.PAUSED:
                return Progress.PAUSED
            if not self._grow(outcome):
                return Progress.MEMORY

    def _grow(self, full: int) -> bool:
        """Double the array that is full; False when that would pass the cap."""
        match full:
            case kernel.HEAP_FULL:
                widest = int(np.max(np.diff(self._first)))
                return self._replace("_heap", max(2 * len(self._heap), len(self._heap) + widest))
            case kernel.LABELS_FULL:
                return len(self._labels) < _MOST_LABELS // 2 and self._replace(
                    "_labels", 2 * len(self._labels)
                )
            case kernel.POOL_FULL:
                largest = 2 * (self._k - 1) * int(np.max(self._slices[:, kernel.ROOM])) + 16
                return self._replace("_pool", max(2 * len(self._pool), len(self._pool) + largest))
            case kernel.FRONT_FULL:
                return self._replace("_front", 2 * len(self._front))
        raise AssertionError(full)

    def _replace(self, name: str, length: int) -> bool:
        old: Ints = getattr(self, name)
        held = sum(
            array.nbytes for array in (self._heap, self._labels, self._pool, self._slices, self._front)
        )
        needed = length * (old.nbytes // len(old))
        if held + needed > self._memory_cap:  # the old array lives until its contents are copied
            return False
        larger = np.empty((length, *old.shape[1:]), np.int64)
        larger[: len(old)] = old
        setattr(self, name, larger)
        return True

    def front(self) -> Ints:
        return np.ascontiguousarray(self._front[: self._counts[kernel.FRONT], : self._k])

    def paths(self) -> list[Ints]:
        return [self._path(int(label)) for label in self._front[: self._counts[kernel.FRONT], 4]]

    def _path(self, label: int) -> Ints:
        arcs = []
        origin = int(self._labels[label])
        while origin != kernel.NO_PARENT:
            arcs.append(int(self._origins[origin & 0xFFFFFFFF]))
            origin = int(self._labels[origin >> 32])
        return np.array(arcs[::-1], dtype=np.int64)

    def next_vector(self) -> tuple[int, ...] | None:
        if self._counts[kernel.HEAP] == 0:
            return None
        return tuple(int(value) for value in self._heap[0, : self._k])

    def open_vectors(self) -> Ints:
        rows = np.concatenate(
            [self._front[: self._counts[kernel.FRONT], :4], self._heap[: self._counts[kernel.HEAP], :4]]
        )
        waiting = np.repeat([False, True], [self._counts[kernel.FRONT], self._counts[kernel.HEAP]])
        # found points stand before equal waiting vectors, so what they cover is dropped
        order = np.lexsort((waiting, rows[:, 3], rows[:, 2], rows[:, 1], rows[:, 0]))
        rows, waiting = np.ascontiguousarray(rows[order]), waiting[order]
        kept = self._undominated(rows) & waiting
        return np.ascontiguousarray(rows[kept, : self._k])

    def _undominated(self, rows: Ints) -> NDArray[np.bool_]:
        kept = np.zeros(len(rows), np.bool_)
        pool = np.empty(len(rows) * (self._k - 1), np.int64)
        slices = np.array([[NO_LIMIT if self._k == 2 else 0, 0, len(rows)]], np.int64)
        kernel.mark_undominated(self._k, rows, pool, slices, kept)
        return kept
