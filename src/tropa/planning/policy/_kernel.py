"""Compiled label-setting inside one layer, backward from what has been solved, over floating-point costs.

Keeps true: labels leave the heap in lexicographic order of cost and least cost from where the layer is entered; a label
is kept only if no label kept at its node is at most as dear in every counted component but the first (the order settles
that one), and only while it may still lead to a new point at some entrance, by the least time and money from there.
What is kept at an entrance is final and complete. The run is the same on every machine that rounds as IEEE 754 says.

`counted`: 3, 4 or 5 components decide; the others are carried along. A kernel and everything it calls stand in this
one file: a cached kernel does not notice changes elsewhere.
"""

import numba
import numpy as np
from numba import boolean, float64, int64, types
from numpy.typing import NDArray

from tropa.planning._kernel_cache import CACHING, uncounted
from tropa.planning.policy._kernel_least import Far, least_from, least_from_each

__all__ = ["least_from", "least_from_each", "mark_undominated", "search_layer"]

Numbers = NDArray[np.float64]
Ints = NDArray[np.int64]

WIDTH = 8  # least whole nats, time, money; nats, time, money, worst money, worst time so far
COST = 3  # where the cost so far begins
ARC = 1  # kinds of origin: 0 end, 1 arc, 2 uncertain step
# columns of `slices`: a node's part of the pool
START, SIZE, ROOM = 0, 1, 2


@uncounted()
def _before(keys: Numbers, one: int, row: Numbers) -> bool:
    for column in range(WIDTH):
        if keys[one, column] != row[column]:
            return bool(keys[one, column] < row[column])
    return False


@uncounted()
def _move(keys: Numbers, origins: Ints, source: int, target: int) -> None:
    for column in range(WIDTH):
        keys[target, column] = keys[source, column]
    for column in range(4):
        origins[target, column] = origins[source, column]


@uncounted()
def _place(keys: Numbers, origins: Ints, hole: int, row: Numbers, place: Ints) -> None:
    for column in range(WIDTH):
        keys[hole, column] = row[column]
    for column in range(4):
        origins[hole, column] = place[column]


@uncounted()
def _push(keys: Numbers, origins: Ints, size: int, row: Numbers, place: Ints) -> None:
    """Add a row to the 4-ary heap of `size` rows, which has room."""
    hole = size
    while hole > 0:
        above = (hole - 1) >> 2
        if not _after(keys, above, row):
            break
        _move(keys, origins, above, hole)
        hole = above
    _place(keys, origins, hole, row, place)


@uncounted()
def _after(keys: Numbers, one: int, row: Numbers) -> bool:
    for column in range(WIDTH):
        if keys[one, column] != row[column]:
            return bool(keys[one, column] > row[column])
    return False


@uncounted()
def _drop_root(keys: Numbers, origins: Ints, size: int) -> None:
    """Take the root out of a 4-ary heap of `size` rows; the last row finds its new place."""
    last = size - 1
    row, place = keys[last], origins[last]  # the hole never comes to stand there
    hole = 0
    while True:
        child = 4 * hole + 1
        if child >= last:
            break
        least = child
        for other in range(child + 1, min(child + 4, last)):
            if keys[other, 0] < keys[least, 0] or (
                keys[other, 0] == keys[least, 0] and _before(keys, other, keys[least])
            ):
                least = other
        if not _before(keys, least, row):
            break
        _move(keys, origins, least, hole)
        hole = least
    _place(keys, origins, hole, row, place)


@uncounted()
def _covered(
    counted: int,
    pool: Numbers,
    slices: Ints,
    node: int,
    time: float,
    money: float,
    most: float,
    longest: float,
) -> bool:
    """Whether a vector kept at the node is at most this one in every counted component but the first."""
    start, size = slices[node, START], slices[node, SIZE]
    if counted == 3:
        # staircase of pairs: time ascending, money strictly descending
        low, high = 0, size
        while low < high:
            middle = (low + high) >> 1
            if pool[start + middle, 0] <= time:
                low = middle + 1
            else:
                high = middle
        return bool(low > 0 and pool[start + low - 1, 1] <= money)
    for place in range(start + size - 1, start - 1, -1):
        within = pool[place, 0] <= time and pool[place, 1] <= money and pool[place, 2] <= most
        if within and (counted == 4 or pool[place, 3] <= longest):
            return True
    return False


@numba.njit()
def _with_room(pool: Numbers, used: int, slices: Ints, node: int) -> tuple[Numbers, int]:
    """The pool, larger if needed, in which the node has room for one vector more; and how much of it is used."""
    size, room = slices[node, SIZE], slices[node, ROOM]
    if size < room:
        return pool, used
    larger = max(4, 2 * room)
    if used + larger > pool.shape[0]:
        grown = np.empty((2 * pool.shape[0] + larger, 4))
        grown[:used] = pool[:used]
        pool = grown
    start = slices[node, START]
    pool[used : used + size] = pool[start : start + size]
    slices[node, START], slices[node, ROOM] = used, larger
    return pool, used + larger


@uncounted()
def _keep(
    counted: int,
    pool: Numbers,
    slices: Ints,
    node: int,
    time: float,
    money: float,
    most: float,
    longest: float,
) -> None:
    """Add an uncovered vector to the node's part of the pool, which has room; what it covers goes."""
    start, size = slices[node, START], slices[node, SIZE]
    if counted == 3:
        low, high = 0, size
        while low < high:
            middle = (low + high) >> 1
            if pool[start + middle, 0] < time:
                low = middle + 1
            else:
                high = middle
        end = low
        while end < size and pool[start + end, 1] >= money:
            end += 1
        if end == low:
            for place in range(start + size, start + low, -1):
                pool[place, 0], pool[place, 1] = pool[place - 1, 0], pool[place - 1, 1]
        elif end > low + 1:
            for place in range(start + end, start + size):
                to = place - (end - low - 1)
                pool[to, 0], pool[to, 1] = pool[place, 0], pool[place, 1]
        pool[start + low, 0], pool[start + low, 1] = time, money
        slices[node, SIZE] = size + 1 - (end - low)
        return
    kept = start
    for place in range(start, start + size):
        worse = pool[place, 0] >= time and pool[place, 1] >= money and pool[place, 2] >= most
        if not (worse and (counted == 4 or pool[place, 3] >= longest)):
            for column in range(4):
                pool[kept, column] = pool[place, column]
            kept += 1
    pool[kept, 0], pool[kept, 1], pool[kept, 2], pool[kept, 3] = time, money, most, longest
    slices[node, SIZE] = kept + 1 - start


@numba.njit()
def _larger(keys: Numbers, origins: Ints, needed: int) -> tuple[Numbers, Ints]:
    """Both arrays with at least `needed` rows."""
    if needed <= keys.shape[0]:
        return keys, origins
    more_keys = np.empty((2 * needed, keys.shape[1]))
    more_origins = np.empty((2 * needed, origins.shape[1]), np.int64)
    more_keys[: keys.shape[0]] = keys
    more_origins[: origins.shape[0]] = origins
    return more_keys, more_origins


@uncounted()
def _is_news(
    counted: int,
    pool: Numbers,
    slices: Ints,
    node: int,
    place: int,
    entrances: Ints,
    far: Far,
    hints: Ints,
    row: Numbers,
) -> bool:
    """Whether nothing kept at the node covers the row, and some entrance has nothing that covers what it may become."""
    if _covered(counted, pool, slices, node, row[4], row[5], row[6], row[7]):
        return False
    for turn in range(-1, entrances.size):
        number = hints[place] if turn < 0 else turn  # what had no cover the last time seldom has one now
        time, money = far[place, number, 0], far[place, number, 1]
        if time < np.inf and not _covered(
            counted, pool, slices, entrances[number],
            row[4] + time, row[5] + money, row[6] + money, row[7] + time,
        ):  # fmt: skip
            hints[place] = number
            return True
    return False


@uncounted()
def _add_arc(row: Numbers, cost: Numbers, ahead: Numbers, whole: Numbers) -> None:
    """Write into `whole` what `row` becomes one arc farther back."""
    for column in range(3):
        whole[COST + column] = row[COST + column] + cost[column]
        whole[column] = whole[COST + column] + ahead[column]
    whole[6], whole[7] = row[6] + cost[2], row[7] + cost[1]


@uncounted()
def _sow(seeds: Numbers, seed_origins: Ints, ahead: Numbers, number: int, seed: Numbers) -> None:
    """Write the row of a seed."""
    for column in range(5):
        seed[COST + column] = seeds[number, column]
    for column in range(COST):
        seed[column] = seeds[number, column] + ahead[seed_origins[number, 0], column]


_GROWN = types.Tuple((float64[:, ::1], int64[:, ::1], int64))  # type: ignore[no-untyped-call]


@numba.njit(
    _GROWN(
        int64, int64, float64[:, ::1], int64[:, ::1], int64[::1], int64[::1], float64[:, ::1], int64[::1],
        float64[:, ::1], int64[::1], int64[::1], float64[:, :, ::1], float64[:, ::1], float64[::1],
        float64[:, ::1], int64[:, ::1], int64, int64[::1], int64[:, ::1],
    ),
    cache=CACHING,
)  # fmt: skip
def search_layer(
    counted: int, most: int, seeds: Numbers, seed_origins: Ints,
    first: Ints, arc_tails: Ints, arc_costs: Numbers, arc_numbers: Ints,
    ahead: Numbers, entrances: Ints, places: Ints, far: Far, least: Numbers, limits: Numbers,
    labels: Numbers, origins: Ints, made: int, newest: Ints, slices: Ints,
) -> tuple[Numbers, Ints, int]:  # fmt: skip
    """Labels of the layer, complete at its entrances, appended to `labels` [l, 5] and `origins` [l, 5].

    `first` [n + 1] cuts the layer's arcs (`arc_tails`, `arc_costs`, `arc_numbers`) by head. `seeds` [s, 5], in order of
    their rows in the heap; rows of `seed_origins` [s, 4]: node, kind, which end, arc or step, next label or
    combination. `origins` has one column more: the label made before at the same node; `newest` [n] holds the last.
    `ahead` [n, 3]: least cost from any entrance to a node, inf where none leads; `far` [places, entrances, 2]: least
    time and money from each entrance to the nodes numbered in `places` [n]. `least` [n, 2]: least money and time from
    the source, `limits` [2] their worst-branch limits. Returns the arrays (grown where needed) and the count of labels,
    -1 beyond `most`.
    """
    heap, waiting = np.empty((1024, WIDTH)), np.empty((1024, 4), np.int64)
    row, place = np.empty(WIDTH), np.empty(4, np.int64)
    whole, onward = np.empty(WIDTH), np.empty(4, np.int64)
    size, sown, seed = 0, 0, np.empty(WIDTH)
    onward[1] = ARC
    pool, used, hints = np.empty((1024, 4)), 0, np.zeros(far.shape[0], np.int64)
    while size > 0 or sown < seeds.shape[0]:
        if sown < seeds.shape[0]:
            _sow(seeds, seed_origins, ahead, sown, seed)
        if size == 0 or (sown < seeds.shape[0] and _after(heap, 0, seed)):
            row[:] = seed
            place[:] = seed_origins[sown]
            sown += 1
        else:
            row[:] = heap[0]
            place[:] = waiting[0]
            _drop_root(heap, waiting, size)
            size -= 1
        node = place[0]
        if not _is_news(counted, pool, slices, node, places[node], entrances, far, hints, row):
            continue
        pool, used = _with_room(pool, used, slices, node)
        _keep(counted, pool, slices, node, row[4], row[5], row[6], row[7])
        if made == most:
            return labels, origins, -1
        labels, origins = _larger(labels, origins, made + 1)
        labels[made] = row[COST:]
        origins[made, :4] = place
        origins[made, 4] = newest[node]
        newest[node] = made
        made += 1
        heap, waiting = _larger(heap, waiting, size + first[node + 1] - first[node])
        for arc in range(first[node], first[node + 1]):
            tail = arc_tails[arc]
            _add_arc(row, arc_costs[arc], ahead[tail], whole)
            if whole[6] + least[tail, 0] > limits[0] or whole[7] + least[tail, 1] > limits[1]:
                continue
            if _is_news(counted, pool, slices, tail, places[tail], entrances, far, hints, whole):
                onward[0], onward[2], onward[3] = tail, arc_numbers[arc], made - 1
                _push(heap, waiting, size, whole, onward)
                size += 1
    return labels, origins, made


@numba.njit(boolean[::1](int64, float64[:, ::1]), cache=CACHING)
def mark_undominated(counted: int, rows: Numbers) -> NDArray[np.bool_]:
    """Which of lexicographically sorted rows [q, 5] no other row dominates, of equal ones the first."""
    kept = np.zeros(rows.shape[0], np.bool_)
    pool, used, slices = np.empty((64, 4)), 0, np.zeros((1, 3), np.int64)
    for number in range(rows.shape[0]):
        time, money, most, longest = rows[number, 1], rows[number, 2], rows[number, 3], rows[number, 4]
        if not _covered(counted, pool, slices, 0, time, money, most, longest):
            pool, used = _with_room(pool, used, slices, 0)
            _keep(counted, pool, slices, 0, time, money, most, longest)
            kept[number] = True
    return kept
