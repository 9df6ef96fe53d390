"""Compiled label-setting search: one slice at a time over arrays its caller owns.

Keeps true: labels leave the heap in full lexicographic order of (f, parent label, arc), so the run is the
same on every machine; a label is expanded only if no label expanded at its node, and no front point, is at
most as dear in every component but the first (the order settles that one). Every front point is final.

The search works on reduced costs `c + h(head) - h(tail)`: then f itself is carried, labels of one node differ
by the same h, and neither g nor h is looked up again. Sources: Pulido, Mandow, Perez de la Cruz 2015
(dropping one component); Hernandez et al. 2023 (lazy checks).

A slice never allocates. It stops before the step that would not fit and names the array that is full.
A kernel and everything it calls stand in this one file: a cached kernel does not notice changes elsewhere.
"""

import numba
import numpy as np
from numba import int32, int64
from numpy.typing import NDArray

from tropa.planning._kernel_cache import uncounted

Ints = NDArray[np.int64]
Nodes = NDArray[np.int32]

NO_PARENT = -1
# outcomes of a slice
EXHAUSTED, PAUSED, HEAP_FULL, LABELS_FULL, POOL_FULL, FRONT_FULL = 0, 1, 2, 3, 4, 5
# places in `counts`
HEAP, LABELS, POOL, FRONT, POPS = 0, 1, 2, 3, 4
# columns of `slices`: a node's part of the pool; with two objectives START holds the least f_2 itself
START, SIZE, ROOM = 0, 1, 2


@uncounted()
def _push(heap: Ints, size: int, f0: int, f1: int, f2: int, f3: int, origin: int) -> None:
    """Add a row to the 4-ary heap of `size` rows (f_1..f_4, origin)."""
    hole = size
    while hole > 0:
        above = (hole - 1) >> 2
        if heap[above, 0] < f0:
            break
        if heap[above, 0] == f0 and (
            heap[above, 1] < f1
            or (
                heap[above, 1] == f1
                and (
                    heap[above, 2] < f2
                    or (
                        heap[above, 2] == f2
                        and (heap[above, 3] < f3 or (heap[above, 3] == f3 and heap[above, 4] < origin))
                    )
                )
            )
        ):
            break
        for column in range(5):
            heap[hole, column] = heap[above, column]
        hole = above
    heap[hole, 0] = f0
    heap[hole, 1] = f1
    heap[hole, 2] = f2
    heap[hole, 3] = f3
    heap[hole, 4] = origin


@uncounted()
def _precedes(heap: Ints, one: int, other: int) -> bool:
    """Whether row `one` is lexicographically before row `other`; rows are never equal (origins differ)."""
    for column in range(5):
        if heap[one, column] != heap[other, column]:
            return bool(heap[one, column] < heap[other, column])
    return False


@uncounted()
def _drop_least(heap: Ints, size: int) -> None:
    """Take the root out of a heap of `size` rows; the last row finds its new place."""
    last = size - 1
    f0 = heap[last, 0]
    hole = 0
    while True:
        child = 4 * hole + 1
        if child >= last:
            break
        least = child
        least_f0 = heap[child, 0]
        for other in range(child + 1, min(child + 4, last)):
            other_f0 = heap[other, 0]
            if other_f0 < least_f0 or (other_f0 == least_f0 and _precedes(heap, other, least)):
                least, least_f0 = other, other_f0
        if f0 < least_f0 or (f0 == least_f0 and _precedes(heap, last, least)):
            break
        for column in range(5):
            heap[hole, column] = heap[least, column]
        hole = least
    for column in range(5):
        heap[hole, column] = heap[last, column]


@uncounted()
def _dominated(k: int, pool: Ints, slices: Ints, node: int, f1: int, f2: int, f3: int) -> bool:
    """Whether a vector kept at the node is at most (f_2..f_k) in every component."""
    start = slices[node, START]
    if k == 2:
        return bool(start <= f1)
    size = slices[node, SIZE]
    if k == 3:
        # staircase of pairs: first ascending, second strictly descending
        low, high = 0, size
        while low < high:
            middle = (low + high) >> 1
            if pool[start + 2 * middle] <= f1:
                low = middle + 1
            else:
                high = middle
        return bool(low > 0 and pool[start + 2 * low - 1] <= f2)
    for place in range(size - 1, -1, -1):
        at = start + 3 * place
        if pool[at] <= f1 and pool[at + 1] <= f2 and pool[at + 2] <= f3:
            # a vector that answered is likely to answer again: move it half the way to the front of the scan
            nearer = start + 3 * ((place + size) >> 1)
            for column in range(3):
                pool[at + column], pool[nearer + column] = pool[nearer + column], pool[at + column]
            return True
    return False


@uncounted()
def _has_room(k: int, pool: Ints, slices: Ints, counts: Ints, node: int) -> bool:
    """Make the node's part of the pool large enough for one more vector; False when the pool is too small."""
    room = slices[node, ROOM]
    if k == 2 or slices[node, SIZE] < room:
        return True
    larger = max(4, 2 * room)
    if counts[POOL] + larger * (k - 1) > pool.size:
        return False
    start = slices[node, START]
    moved = counts[POOL]
    for place in range(slices[node, SIZE] * (k - 1)):
        pool[moved + place] = pool[start + place]
    slices[node, START] = moved
    slices[node, ROOM] = larger
    counts[POOL] += larger * (k - 1)
    return True


@uncounted()
def _keep_pair(pool: Ints, slices: Ints, node: int, f1: int, f2: int) -> None:
    """Put an undominated pair into the node's staircase; the pairs it dominates stand together and go."""
    start = slices[node, START]
    size = slices[node, SIZE]
    low, high = 0, size
    while low < high:
        middle = (low + high) >> 1
        if pool[start + 2 * middle] < f1:
            low = middle + 1
        else:
            high = middle
    end = low
    while end < size and pool[start + 2 * end + 1] >= f2:
        end += 1
    if end == low:
        for place in range(2 * size - 1, 2 * low - 1, -1):
            pool[start + place + 2] = pool[start + place]
    elif end > low + 1:
        for place in range(2 * end, 2 * size):
            pool[start + place - 2 * (end - low - 1)] = pool[start + place]
    pool[start + 2 * low] = f1
    pool[start + 2 * low + 1] = f2
    slices[node, SIZE] = size + 1 - (end - low)


@uncounted()
def _keep_triple(pool: Ints, slices: Ints, node: int, f1: int, f2: int, f3: int) -> None:
    """Append an undominated triple to the node's list and drop the triples it dominates."""
    start = slices[node, START]
    kept = start
    for place in range(slices[node, SIZE]):
        at = start + 3 * place
        if pool[at] < f1 or pool[at + 1] < f2 or pool[at + 2] < f3:
            for column in range(3):
                pool[kept + column] = pool[at + column]
            kept += 3
    pool[kept] = f1
    pool[kept + 1] = f2
    pool[kept + 2] = f3
    slices[node, SIZE] = (kept - start) // 3 + 1


@uncounted()
def _keep(k: int, pool: Ints, slices: Ints, node: int, f1: int, f2: int, f3: int) -> None:
    if k == 2:
        slices[node, START] = f1
    elif k == 3:
        _keep_pair(pool, slices, node, f1, f2)
    else:
        _keep_triple(pool, slices, node, f1, f2, f3)


@uncounted()
def _expand(
    k: int, node: int, target: int, label: int, f0: int, f1: int, f2: int, f3: int,
    first: Ints, heads: Nodes, reduced: Ints, limits: Ints,
    heap: Ints, pool: Ints, slices: Ints, counts: Ints,
) -> None:  # fmt: skip
    """Push the successors that keep the limits and are not dominated yet; checked again when popped."""
    for arc in range(first[node], first[node + 1]):
        n0, n1 = f0 + reduced[arc, 0], f1 + reduced[arc, 1]
        n2, n3 = f2 + reduced[arc, 2], f3 + reduced[arc, 3]
        if n0 > limits[0] or n1 > limits[1] or n2 > limits[2] or n3 > limits[3]:
            continue
        head = heads[arc]
        if _dominated(k, pool, slices, head, n1, n2, n3):
            continue
        if head != target and _dominated(k, pool, slices, target, n1, n2, n3):
            continue
        _push(heap, counts[HEAP], n0, n1, n2, n3, (label << 32) | arc)
        counts[HEAP] += 1


@uncounted(
    int64(
        int64, int64, int64, int64, int64[::1], int32[::1], int64[:, ::1], int64[::1],
        int64[:, ::1], int64[::1], int64[::1], int64[:, ::1], int64[:, ::1], int64[::1],
    ),
)  # fmt: skip
def advance(
    k: int, pops: int, source: int, target: int,
    first: Ints, heads: Nodes, reduced: Ints, limits: Ints,
    heap: Ints, labels: Ints, pool: Ints, slices: Ints, front: Ints, counts: Ints,
) -> int:  # fmt: skip
    """Run at most `pops` steps; returns EXHAUSTED, PAUSED or the name of the array that must grow first.

    heap [h, 5] holds (f_1..f_4, origin), origin = parent label << 32 | arc, or NO_PARENT for the start.
    labels [l] holds the origin of each expanded label. front [p, 5] holds (f_1..f_4, label).
    """
    for _ in range(pops):
        if counts[HEAP] == 0:
            return EXHAUSTED
        f0, f1, f2, f3, origin = heap[0, 0], heap[0, 1], heap[0, 2], heap[0, 3], heap[0, 4]
        node = source if origin == NO_PARENT else int64(heads[origin & 0xFFFFFFFF])
        if _dominated(k, pool, slices, target, f1, f2, f3) or (
            node != target and _dominated(k, pool, slices, node, f1, f2, f3)
        ):
            _drop_least(heap, counts[HEAP])
            counts[HEAP] -= 1
            counts[POPS] += 1
            continue
        if counts[LABELS] == labels.size:
            return LABELS_FULL
        if counts[FRONT] == front.shape[0]:
            return FRONT_FULL
        if counts[HEAP] + first[node + 1] - first[node] > heap.shape[0]:
            return HEAP_FULL
        if not _has_room(k, pool, slices, counts, node):
            return POOL_FULL
        _drop_least(heap, counts[HEAP])
        counts[HEAP] -= 1
        counts[POPS] += 1
        _keep(k, pool, slices, node, f1, f2, f3)
        label = counts[LABELS]
        labels[label] = origin
        counts[LABELS] += 1
        if node == target:
            row = counts[FRONT]
            front[row, 0], front[row, 1], front[row, 2], front[row, 3] = f0, f1, f2, f3
            front[row, 4] = label
            counts[FRONT] += 1
            continue
        _expand(
            k, node, target, label, f0, f1, f2, f3, first, heads, reduced, limits, heap, pool, slices, counts
        )
    return EXHAUSTED if counts[HEAP] == 0 else PAUSED


@uncounted(int64(int64, int64[:, ::1], int64[::1], int64[:, ::1], numba.boolean[::1]))
def mark_undominated(k: int, rows: Ints, pool: Ints, slices: Ints, kept: NDArray[np.bool_]) -> int:
    """Mark the non-dominated of lexicographically sorted rows [q, 4]; returns how many.

    `pool` holds q * (k - 1) numbers, `slices` is one row (0, 0, q), for two objectives (largest, 0, 0).
    """
    found = 0
    for row in range(rows.shape[0]):
        kept[row] = not _dominated(k, pool, slices, 0, rows[row, 1], rows[row, 2], rows[row, 3])
        if kept[row]:
            _keep(k, pool, slices, 0, rows[row, 1], rows[row, 2], rows[row, 3])
            found += 1
    return found
