"""The search in plain Python: the same steps in the same order, for machines without numba.

Keeps true: same front, same paths, same proof as the compiled search, because both take labels in the same
strict order and every dominance test is exact. 65 to 155 times slower: for small networks only. It is no
oracle; the tests have one that shares no idea with it.
"""

import heapq
from bisect import bisect_left, bisect_right
from collections.abc import Iterable

import numpy as np

from tropa.planning._network import Ints, Network
from tropa.planning._progress import Progress

_NO_PARENT = -1
_LABEL_BYTES = 400  # a heap entry or kept vector, as CPython stores tuples of integers, generously

Vector = tuple[int, ...]


class _Staircase:
    """Pairs, first ascending, second strictly descending."""

    __slots__ = ("firsts", "seconds")

    def __init__(self) -> None:
        self.firsts: list[int] = []
        self.seconds: list[int] = []

    def covers(self, vector: Vector) -> bool:
        place = bisect_right(self.firsts, vector[0])
        return place > 0 and self.seconds[place - 1] <= vector[1]

    def keep(self, vector: Vector) -> None:
        low = bisect_left(self.firsts, vector[0])
        end = low
        while end < len(self.firsts) and self.seconds[end] >= vector[1]:
            end += 1
        self.firsts[low:end] = [vector[0]]
        self.seconds[low:end] = [vector[1]]


class _Listed:
    """Vectors of any length, newest last, scanned newest first."""

    __slots__ = ("vectors",)

    def __init__(self) -> None:
        self.vectors: list[Vector] = []

    def covers(self, vector: Vector) -> bool:
        return any(_at_most(kept, vector) for kept in reversed(self.vectors))

    def keep(self, vector: Vector) -> None:
        self.vectors = [kept for kept in self.vectors if not _at_most(vector, kept)]
        self.vectors.append(vector)


def _at_most(one: Vector, other: Vector) -> bool:
    return all(a <= b for a, b in zip(one, other, strict=True))


def _empty_fronts(objectives: int, count: int) -> list[_Staircase] | list[_Listed]:
    """One truncated front (last k - 1 components) for each of `count` nodes."""
    if objectives == 3:
        return [_Staircase() for _ in range(count)]
    return [_Listed() for _ in range(count)]


def _least_costs(network: Network, objective: int) -> list[int | None]:
    """Dijkstra on reversed arcs; None where the target cannot be reached."""
    into: list[list[tuple[int, int]]] = [[] for _ in range(network.n_nodes)]
    prices = network.costs[:, objective].tolist()
    for tail, head, price in zip(network.tails.tolist(), network.heads.tolist(), prices, strict=True):
        into[head].append((tail, price))
    least: list[int | None] = [None] * network.n_nodes
    waiting = [(0, network.target)]
    while waiting:
        distance, node = heapq.heappop(waiting)
        if least[node] is not None:
            continue
        least[node] = distance
        for tail, price in into[node]:
            if least[tail] is None:
                heapq.heappush(waiting, (distance + price, tail))
    return least


class TwinRun:
    """One search in plain Python; see `tropa.planning._progress.Run`."""

    def __init__(self, network: Network, limits: Ints, memory_cap: int) -> None:
        self._network = network
        self._k = network.objectives
        self._limits: Vector = tuple(limits[: self._k].tolist())
        self._memory_cap = memory_cap
        columns = [_least_costs(network, objective) for objective in range(self._k)]
        least = list(zip(*columns, strict=True))
        self._heads: list[int] = []
        self._origins: list[int] = []
        self._arcs: list[list[tuple[int, int, Vector]]] = [[] for _ in range(network.n_nodes)]
        self._sort_arcs(least)
        self._fronts = _empty_fronts(self._k, network.n_nodes)
        self._labels: list[int] = []
        self._found: list[tuple[Vector, int]] = []
        self._pops = 0
        start = least[network.source]
        self._heap: list[tuple[Vector, int]] = []
        if start[0] is not None and _at_most(start, self._limits):
            self._heap.append((start, _NO_PARENT))

    def _sort_arcs(self, least: list[Vector]) -> None:
        """Useful arcs by tail, with the place the compiled search gives them, so that ties fall alike."""
        network = self._network
        tails, heads, costs = network.tails.tolist(), network.heads.tolist(), network.costs.tolist()
        for arc in sorted(range(len(tails)), key=tails.__getitem__):
            tail, head = tails[arc], heads[arc]
            if tail == head or head == network.source or tail == network.target or least[head][0] is None:
                continue
            reduced = tuple(c + h - g for c, h, g in zip(costs[arc], least[head], least[tail], strict=True))
            self._arcs[tail].append((len(self._heads), head, reduced))
            self._heads.append(head)
            self._origins.append(arc)

    @property
    def pops(self) -> int:
        return self._pops

    def advance(self, pops: int) -> Progress:
        for _ in range(pops):
            if not self._heap:
                return Progress.COMPLETE
            if (len(self._heap) + len(self._labels)) * _LABEL_BYTES > self._memory_cap:
                return Progress.MEMORY
            self._step()
        return Progress.PAUSED if self._heap else Progress.COMPLETE

    def _step(self) -> None:
        cost, origin = heapq.heappop(self._heap)
        self._pops += 1
        network = self._network
        node = network.source if origin == _NO_PARENT else self._heads[origin & 0xFFFFFFFF]
        at_target = self._fronts[network.target]
        if at_target.covers(cost[1:]) or self._fronts[node].covers(cost[1:]):
            return
        self._fronts[node].keep(cost[1:])
        label = len(self._labels)
        self._labels.append(origin)
        if node == network.target:
            self._found.append((cost, label))
            return
        for arc, head, reduced in self._arcs[node]:
            dearer = tuple(a + b for a, b in zip(cost, reduced, strict=True))
            if not _at_most(dearer, self._limits):
                continue
            if not (self._fronts[head].covers(dearer[1:]) or at_target.covers(dearer[1:])):
                heapq.heappush(self._heap, (dearer, (label << 32) | arc))

    def front(self) -> Ints:
        return _as_rows((cost for cost, _ in self._found), self._k)

    def paths(self) -> list[Ints]:
        return [self._path(label) for _, label in self._found]

    def _path(self, label: int) -> Ints:
        arcs = []
        origin = self._labels[label]
        while origin != _NO_PARENT:
            arcs.append(self._origins[origin & 0xFFFFFFFF])
            origin = self._labels[origin >> 32]
        return np.array(arcs[::-1], dtype=np.int64)

    def next_vector(self) -> Vector | None:
        return self._heap[0][0] if self._heap else None

    def open_vectors(self) -> Ints:
        # False before True: a found point stands before an equal waiting vector and covers it
        rows = [(cost, False) for cost, _ in self._found] + [(cost, True) for cost, _ in self._heap]
        cover = _empty_fronts(self._k, 1)[0]
        undominated: list[Vector] = []
        for cost, waiting in sorted(rows):
            if not cover.covers(cost[1:]):
                cover.keep(cost[1:])
                if waiting:
                    undominated.append(cost)
        return _as_rows(undominated, self._k)


def _as_rows(vectors: Iterable[Vector], objectives: int) -> Ints:
    return np.array(list(vectors), dtype=np.int64).reshape(-1, objectives)
