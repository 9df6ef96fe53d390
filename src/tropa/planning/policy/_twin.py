"""The kernels of policies in plain Python: same interface, same answers, for machines without numba.

Keeps true: the same labels in the same order of cost. Some hundred times slower: for small worlds only. It is no
oracle; the tests have one that shares no idea with it.
"""

import heapq
import math

import numpy as np
from numpy.typing import NDArray

from tropa.planning.policy.world import Ints, Numbers

ARC = 1
Row = tuple[float, ...]


def _covered(counted: int, kept: list[Row], row: Row) -> bool:
    return any(all(a <= b for a, b in zip(one[1:counted], row[1:counted], strict=True)) for one in kept)


def search_layer(
    counted: int, most: int, seeds: Numbers, seed_origins: Ints,
    first: Ints, arc_tails: Ints, arc_costs: Numbers, arc_numbers: Ints,
    ahead: Numbers, entrances: Ints, places: Ints, far: Numbers, least: Numbers, limits: Numbers,
    labels: Numbers, origins: Ints, made: int, newest: Ints, slices: Ints,  # noqa: ARG001 - the kernel's interface
) -> tuple[Numbers, Ints, int]:  # fmt: skip
    """As `_kernel.search_layer`."""
    heap: list[tuple[Row, Row, tuple[int, ...]]] = []
    for row, place in zip(seeds.tolist(), seed_origins.tolist(), strict=True):
        heapq.heappush(heap, (_onward(row, ahead[place[0]]), tuple(row), tuple(place)))
    kept: dict[int, list[Row]] = {}
    rows, froms = [labels[:made]], [origins[:made]]
    while heap:
        whole, row, place = heapq.heappop(heap)
        node = place[0]
        there = kept.setdefault(node, [])
        if _covered(counted, there, row) or not _leads_on(counted, kept, entrances, far[places[node]], row):
            continue
        there.append(row)
        if made == most:
            return labels, origins, -1
        rows.append(np.array([row]))
        froms.append(np.array([[*place, newest[node]]], np.int64))
        newest[node] = made
        made += 1
        for arc in range(int(first[node]), int(first[node + 1])):
            nats, time, money = arc_costs[arc].tolist()
            grown = (row[0] + nats, row[1] + time, row[2] + money, row[3] + money, row[4] + time)
            tail = int(arc_tails[arc])
            if grown[3] + least[tail, 0] > limits[0] or grown[4] + least[tail, 1] > limits[1]:
                continue
            whole = _onward(grown, ahead[tail])
            if not _covered(counted, kept.get(tail, []), grown) and _leads_on(
                counted, kept, entrances, far[places[tail]], grown
            ):
                heapq.heappush(heap, (whole, grown, (tail, ARC, int(arc_numbers[arc]), made - 1)))
    return np.concatenate(rows), np.concatenate(froms), made


def _onward(row: Row, ahead: Numbers) -> Row:
    nats, time, money = ahead.tolist()
    return row[0] + nats, row[1] + time, row[2] + money, row[3] + money, row[4] + time


def _leads_on(
    counted: int, kept: dict[int, list[Row]], entrances: Ints, far: NDArray[np.float64], row: Row
) -> bool:
    """Whether some entrance that leads here has nothing that covers what the row may become there."""
    for entrance, (time, money) in zip(entrances.tolist(), far.tolist(), strict=True):
        whole = (row[0], row[1] + time, row[2] + money, row[3] + money, row[4] + time)
        if time < math.inf and not _covered(counted, kept.get(entrance, []), whole):
            return True
    return False


def mark_undominated(counted: int, rows: Numbers) -> NDArray[np.bool_]:
    """As `_kernel.mark_undominated`."""
    kept: list[Row] = []
    marks = np.zeros(len(rows), np.bool_)
    for number, row in enumerate(map(tuple, rows.tolist())):
        if not _covered(counted, kept, row):
            kept.append(row)
            marks[number] = True
    return marks


def least_from(n_nodes: int, sources: Ints, first: Ints, heads: Ints, costs: Numbers) -> Numbers:
    """As `_kernel.least_from`."""
    least = np.full(n_nodes, np.inf)
    least[sources] = 0.0
    heap = [(0.0, int(source)) for source in sources]
    while heap:
        cost, node = heapq.heappop(heap)
        if cost > least[node]:
            continue
        for arc in range(int(first[node]), int(first[node + 1])):
            whole = cost + float(costs[arc])
            if whole < least[heads[arc]]:
                least[heads[arc]] = whole
                heapq.heappush(heap, (whole, int(heads[arc])))
    return least


def least_from_each(
    n_nodes: int, sources: Ints, first: Ints, heads: Ints, costs: Numbers
) -> NDArray[np.float64]:
    """As `_kernel.least_from_each`."""
    far = np.empty((n_nodes, len(sources), 2))
    for number, source in enumerate(sources):
        for which in range(2):
            far[:, number, which] = least_from(n_nodes, np.array([source]), first, heads, costs[:, 1 + which])
    return far
