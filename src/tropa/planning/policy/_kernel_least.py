"""Compiled least costs: of one cost from any source to every node, and of time and money from each source.

Keeps true: sums are those of a path, added from its source on; inf where no path leads. A kernel and everything it
calls stand in this one file: a cached kernel does not notice changes elsewhere.
"""

import numba
import numpy as np
from numba import float64, int64
from numpy.typing import NDArray

from tropa.planning._kernel_cache import CACHING

Numbers = NDArray[np.float64]
Ints = NDArray[np.int64]
Far = np.ndarray[tuple[int, int, int], np.dtype[np.float64]]


@numba.njit()
def _risen(keys: Numbers, nodes: Ints, size: int, key: float, node: int) -> int:
    """A binary heap with one entry more; its size."""
    hole = size
    while hole > 0:
        above = (hole - 1) >> 1
        if keys[above] <= key:
            break
        keys[hole], nodes[hole] = keys[above], nodes[above]
        hole = above
    keys[hole], nodes[hole] = key, node
    return size + 1


@numba.njit()
def _sunk(keys: Numbers, nodes: Ints, size: int) -> int:
    """A binary heap without its least entry; its size."""
    last = size - 1
    key, node = keys[last], nodes[last]
    hole = 0
    while True:
        child = 2 * hole + 1
        if child >= last:
            break
        if child + 1 < last and keys[child + 1] < keys[child]:
            child += 1
        if keys[child] >= key:
            break
        keys[hole], nodes[hole] = keys[child], nodes[child]
        hole = child
    keys[hole], nodes[hole] = key, node
    return last


@numba.njit(float64[::1](int64, int64[::1], int64[::1], int64[::1], float64[::1]), cache=CACHING)
def least_from(n_nodes: int, sources: Ints, first: Ints, heads: Ints, costs: Numbers) -> Numbers:
    """The least sum of one cost from any source to every node over arcs cut by tail; inf where none leads."""
    least = np.full(n_nodes, np.inf)
    keys, nodes = np.empty(1 + sources.size + heads.size), np.empty(1 + sources.size + heads.size, np.int64)
    size = 0
    for source in sources:
        least[source] = 0.0
        size = _risen(keys, nodes, size, 0.0, source)
    while size > 0:
        cost, node = keys[0], nodes[0]
        size = _sunk(keys, nodes, size)
        if cost > least[node]:
            continue
        for arc in range(first[node], first[node + 1]):
            head, whole = heads[arc], cost + costs[arc]
            if whole < least[head]:
                least[head] = whole
                size = _risen(keys, nodes, size, whole, head)
    return least


@numba.njit(float64[:, :, ::1](int64, int64[::1], int64[::1], int64[::1], float64[:, ::1]), cache=CACHING)
def least_from_each(n_nodes: int, sources: Ints, first: Ints, heads: Ints, costs: Numbers) -> Far:
    """The least time and the least money from each source to every node [n, sources, 2] over arcs cut by tail; inf
    where none leads. `costs` [m, 3]."""
    far = np.full((n_nodes, sources.size, 2), np.inf)
    keys, nodes = np.empty(64 + heads.size), np.empty(64 + heads.size, np.int64)
    for number in range(sources.size):
        for which in range(2):
            far[sources[number], number, which] = 0.0
            keys[0], nodes[0], size = 0.0, sources[number], 1
            while size > 0:
                cost, node = keys[0], nodes[0]
                size = _sunk(keys, nodes, size)
                if cost > far[node, number, which]:
                    continue
                for arc in range(first[node], first[node + 1]):
                    head, whole = heads[arc], cost + costs[arc, 1 + which]
                    if whole < far[head, number, which]:
                        far[head, number, which] = whole
                        size = _risen(keys, nodes, size, whole, head)
    return far
