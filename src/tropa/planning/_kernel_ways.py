"""Compiled search of a safety graph, in slices over arrays its caller owns; `_ways_twin` is the same in plain Python.

Keeps true: a label is left out only if an expanded one imitates it, or a way to safety is known that is never worse
than the least it can become. Labels leave the heap in the order asked for, then in the order they were made: the run is
the same on every machine. A slice never allocates. It stops before an act whose labels might not fit.

The cache of compiled kernels looks at this file only, and at what the kernel closes over: the checksum of the three
other files is closed over, so a change there is noticed too.
"""

# numpy scalars are whole numbers here, which its types do not say
# mypy: disable-error-code="no-any-return"

import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
from numba import float64, int64

from tropa.planning import _kernel_acts, _kernel_covering, _kernel_imitation

from tropa.planning._kernel_acts import (  # isort: skip
    ALIGNED, ALIVE, APPLIED, ARRIVED, BUDGET, BY_DANGER, BY_MONEY, DEPARTS, DONE, DOUBT, EARNED, EXACT, EXHAUSTED, FAR,
    FIRST_TICK, FOUND, FULL, GAINS, GOAL, HEAP, INCOME, LABELS, LAST, LAST_EVENT,
    LATEST, LAYER, LEAST_RANK, LOOKED_AT, MISSING, MONEY, MONEY_UNIT, MOST_PAPERS, MOST_RANK, MOST_STARTS, NEW_LAYER,
    NEW_ZONE, ORDER, PAST, PAST_STAYS, PAUSED, PINNED, PLACE, POOL, POPS, RANK, RESUME_ACT, RESUME_LABEL, RISK,
    SAFE, SPENT, TARGET, TICK, ZONE, Ints, Laws, Run, attempt, mark_starts, remember_stay,
)  # fmt: skip
from tropa.planning._kernel_cache import uncounted
from tropa.planning._kernel_covering import covered, last_of_use, most_euros
from tropa.planning._kernel_imitation import imitates

EMPTY, SKIPPED, NO_ROOM, SAFELY = -1, -2, -3, -4


@uncounted()
def _push(heap: Ints, size: int, k0: int, k1: int, k2: int, k3: int, label: int) -> None:
    """Add a row to the 4-ary heap of `size` rows (four keys, label)."""
    hole = size
    while hole > 0:
        above = (hole - 1) >> 2
        if _before(heap, above, k0, k1, k2, k3, label):
            break
        for column in range(5):
            heap[hole, column] = heap[above, column]
        hole = above
    heap[hole, 0], heap[hole, 1], heap[hole, 2], heap[hole, 3], heap[hole, 4] = k0, k1, k2, k3, label


@uncounted()
def _before(heap: Ints, row: int, k0: int, k1: int, k2: int, k3: int, label: int) -> bool:
    """Whether a row of the heap comes before these keys; labels differ, so rows are never equal."""
    if heap[row, 0] != k0:
        return bool(heap[row, 0] < k0)
    if heap[row, 1] != k1:
        return bool(heap[row, 1] < k1)
    if heap[row, 2] != k2:
        return bool(heap[row, 2] < k2)
    if heap[row, 3] != k3:
        return bool(heap[row, 3] < k3)
    return bool(heap[row, 4] < label)


@uncounted()
def _drop_least(heap: Ints, size: int) -> None:
    """Take the root out of a heap of `size` rows; the last row finds its new place."""
    last = size - 1
    k0, k1, k2, k3, label = heap[last, 0], heap[last, 1], heap[last, 2], heap[last, 3], heap[last, 4]
    hole = 0
    while True:
        child = 4 * hole + 1
        if child >= last:
            break
        least = child
        for other in range(child + 1, min(child + 4, last)):
            if _before(
                heap, other, heap[least, 0], heap[least, 1], heap[least, 2], heap[least, 3], heap[least, 4]
            ):
                least = other
        if not _before(heap, least, k0, k1, k2, k3, label):
            break
        for column in range(5):
            heap[hole, column] = heap[least, column]
        hole = least
    heap[hole, 0], heap[hole, 1], heap[hole, 2], heap[hole, 3], heap[hole, 4] = k0, k1, k2, k3, label


@uncounted()
def _beaten(laws: Laws, run: Run, row: Ints) -> bool:
    """Whether whatever a label can become is covered, or out of reach of the money."""
    ticks, place = row[TICK] - run.told[FIRST_TICK], row[PLACE]
    if place == SAFE:
        return covered(run, row[RISK], ticks, row[MONEY], row[DOUBT])
    least = run.bounds[row[LAYER], place]
    if least[0] >= FAR or (run.told[BUDGET] >= 0 and row[SPENT] + least[2] > most_euros(laws, run, row)):
        return True
    return covered(run, row[RISK] + least[0], ticks + least[1], row[MONEY] + least[4], row[DOUBT] + least[3])


@uncounted()
def _imitated(laws: Laws, run: Run, row: Ints) -> bool:
    """Whether an expanded label of the place can do whatever of use this one can."""
    first, tick, last, looked = run.slices[row[PLACE], 0], row[TICK], row[LAST], False
    run.counts[LOOKED_AT] += 1
    for n in range(first, first + run.slices[row[PLACE], 1]):
        kept = run.pool[n]
        if kept[0] > row[RISK] or kept[1] > row[TICK] or kept[2] > row[MONEY] or kept[3] > row[DOUBT]:
            continue
        if not run.over[kept[6], row[LAYER]]:
            continue  # it lacks papers, or applications, that this one has
        if kept[5] + (tick - kept[1]) // 4 < last:
            if not looked:
                last, looked = last_of_use(laws, run, row), True
            if kept[5] + (tick - kept[1]) // 4 < last:
                continue  # its stay is too short whatever may be left to do
        if imitates(laws, run, run.labels[kept[4]], row, last, run.told[EXACT] > 0):
            # what answered is likely to answer again: it moves half the way to the front of the scan
            nearer = run.pool[(first + n) >> 1]
            for column in range(7):
                kept[column], nearer[column] = nearer[column], kept[column]
            return True
    return False


@uncounted()
def _keep(laws: Laws, run: Run, label: int) -> bool:
    """Add a label to those expanded at its place; False if the pool is too small."""
    row = run.labels[label]
    own = run.slices[row[PLACE]]
    if own[1] == own[2]:
        larger = max(8, 2 * own[2])
        moved = run.counts[POOL]
        if moved + larger > run.pool.shape[0]:
            return False
        for n in range(own[1]):
            for column in range(7):
                run.pool[moved + n, column] = run.pool[own[0] + n, column]
        own[0], own[2] = moved, larger
        run.counts[POOL] += larger
    at = own[0] + own[1]
    run.pool[at, 0], run.pool[at, 1], run.pool[at, 2] = row[RISK], row[TICK], row[MONEY]
    run.pool[at, 3], run.pool[at, 4], run.pool[at, 5] = row[DOUBT], label, row[LAST]
    run.pool[at, 6] = row[LAYER]
    today = row[TICK] // 4
    least = run.needs[laws.spots[row[PLACE], ZONE], 0] + max(0, laws.scalars[LAST_EVENT] - today)
    if row[LAST] - today - 1 >= least:
        run.pool[at, 5] = FAR
    own[1] += 1
    return True


@uncounted()
def _line_up(run: Run, row: Ints, label: int) -> None:
    """Put a label in line by the least whole cost it can come to."""
    risk, ticks, money, doubt = row[RISK], row[TICK] - run.told[FIRST_TICK], row[MONEY], row[DOUBT]
    if row[PLACE] != SAFE:
        least = run.bounds[row[LAYER], row[PLACE]]
        risk, ticks, money, doubt = risk + least[0], ticks + least[1], money + least[4], doubt + least[3]
    size = run.counts[HEAP]
    if run.told[ORDER] == BY_DANGER:
        _push(run.heap, size, risk, ticks, money, doubt, label)
    elif run.told[ORDER] == BY_MONEY:
        _push(run.heap, size, money, risk, ticks, doubt, label)
    else:
        _push(run.heap, size, risk + doubt, risk, ticks, money, label)
    run.counts[HEAP] += 1


@uncounted()
def _reach(run: Run, row: Ints, label: int) -> None:
    """Note a way to safety; those it beats are dropped and leave the line."""
    risk, ticks, money, doubt = row[RISK], row[TICK] - run.told[FIRST_TICK], row[MONEY], row[DOUBT]
    kept = 0
    for n in range(run.counts[FOUND]):
        old = run.found[n]
        if risk <= old[0] and ticks <= old[1] and money <= old[2] and doubt <= old[3]:
            if old[4] >= 0:
                run.labels[old[4], ALIVE] = 0
        else:
            for column in range(5):
                run.found[kept, column] = old[column]
            kept += 1
    new = run.found[kept]
    new[0], new[1], new[2], new[3], new[4] = risk, ticks, money, doubt, label
    run.counts[FOUND] = kept + 1


@uncounted()
def _try(laws: Laws, run: Run, label: int, act: int, start: int) -> bool:
    """Do an act at a tick; what it leads to is put in line, unless something known is as good. False: the layer of its
    papers has no bounds yet."""
    row, number = run.labels[label], run.counts[LABELS]
    out = run.labels[number]
    if not attempt(laws, run, row, label, act, start, out):
        return True
    if out[PLACE] == SAFE and laws.scalars[GOAL] & ~out[PINNED]:
        return True
    if out[APPLIED] > row[APPLIED]:
        out[LAYER] = _layer_of(laws, run, out)
        if out[LAYER] < 0:
            return False
    if _beaten(laws, run, out):
        return True
    if out[PLACE] == SAFE:
        _reach(run, out, number)
    else:
        remember_stay(laws, run, row, act, start, out)
        if _imitated(laws, run, out):
            run.counts[PAST_STAYS] -= 1 if out[PAST] != row[PAST] else 0
            return True
    run.counts[LABELS] += 1
    _line_up(run, out, number)
    return True


@uncounted()
def _layer_of(laws: Laws, run: Run, row: Ints) -> int:
    """The layer of a label's papers; -1, and what is wanted, if it is new."""
    wanted = run.wanted
    wanted[0] = max(0, min(2, laws.scalars[MOST_PAPERS] - row[APPLIED]))
    for word in range(1, wanted.size):
        wanted[word] = row[PINNED + word]
    for layer in range(run.layers.shape[0]):
        same = True
        for word in range(wanted.size):
            same = same and run.layers[layer, word] == wanted[word]
        if same:
            return layer
    return -1


@uncounted()
def _expand(laws: Laws, run: Run, label: int, first: int) -> int:
    """Try every act of a label from number `first` on; the act before which room ran out, or -1."""
    row = run.labels[label]
    place, now, ticks = row[PLACE], row[TICK], row[TICK] - run.told[FIRST_TICK]
    opens_later = laws.scalars[LAST_EVENT] > now // 4
    earning = laws.scalars[INCOME] > 0 and row[EARNED] < 0
    for act in range(first, laws.first_act[place + 1]):
        if run.closed[act] or _hopeless(laws, run, row, act, ticks):
            continue
        dated = opens_later or earning or (laws.acts[act, NEW_ZONE] and row[PAST] >= 0)
        dated = dated or laws.acts[act, DEPARTS] | laws.acts[act, ALIGNED] != 0
        room = MOST_STARTS if dated else 1
        if run.counts[LABELS] + room > run.labels.shape[0] or run.counts[HEAP] + room > run.heap.shape[0]:
            return act
        if (
            run.counts[PAST_STAYS] + room > run.stays.shape[0]
            or run.counts[FOUND] + room > run.found.shape[0]
        ):
            return act
        known = True
        if not dated:
            known = _try(laws, run, label, act, now)
        else:
            mark_starts(laws, run, row, act)
            for start in range(now, min(run.marks[LATEST], MOST_STARTS - 1) + 1):
                if run.marks[start]:
                    run.marks[start] = 0
                    known = known and _try(laws, run, label, act, start)
        if not known:
            run.counts[MISSING] = 1
            return act
    return -1


@uncounted()
def _hopeless(laws: Laws, run: Run, row: Ints, act: int, ticks: int) -> bool:
    """Whether every way that goes on with an act is covered or too dear; of an application only its own cost counts."""
    least, target = run.least[act], laws.acts[act, TARGET]
    risk, time, euros, doubt = least[0], least[1], least[2], least[3]
    if target == SAFE:
        if not run.told[LEAST_RANK] <= laws.acts[act, RANK] <= run.told[MOST_RANK]:
            return True
    elif laws.acts[act, GAINS] >= 0:
        if row[APPLIED] >= laws.scalars[MOST_PAPERS]:
            return True
    else:
        after = run.bounds[row[LAYER], target]
        if after[0] >= FAR:
            return True
        risk, time, euros, doubt = risk + after[0], time + after[1], euros + after[2], doubt + after[3]
    if run.told[BUDGET] >= 0 and row[SPENT] + euros > most_euros(laws, run, row):
        return True
    unit = laws.scalars[MONEY_UNIT]
    return covered(
        run, row[RISK] + risk, ticks + time, row[MONEY] + (euros + unit - 1) // unit, row[DOUBT] + doubt
    )


@uncounted()
def _take(laws: Laws, run: Run) -> int:
    """Take the next label out of line: its number if it is to be expanded, else EMPTY, SKIPPED, NO_ROOM or SAFELY."""
    if run.counts[HEAP] == 0:
        return EMPTY
    label = run.heap[0, 4]
    row = run.labels[label]
    if row[PLACE] != SAFE and row[ALIVE]:
        if _beaten(laws, run, row) or _imitated(laws, run, row):
            row[ALIVE] = 0
        elif not _keep(laws, run, label):
            return NO_ROOM
    _drop_least(run.heap, run.counts[HEAP])
    run.counts[HEAP] -= 1
    run.counts[POPS] += 1
    if not row[ALIVE]:
        return SKIPPED
    if row[PLACE] == SAFE:
        run.counts[DONE] = label
        return SAFELY
    return label


def records() -> tuple[Any, Any]:
    """The types of `Laws` and `Run` as kernels take them."""
    ints, rows, floats, deep = int64[::1], int64[:, ::1], float64[:, ::1], int64[:, :, ::1]
    figures = {"figures", "way_figures", "spot_figures"}
    single = {"first_act", "first_mask", "masks", "first_way", "first_limit", "events", "years", "scalars"}
    single |= {"closed", "told", "marks", "counts", "wanted"}
    deep_ones = {"bounds", "back"}
    laws, run = (
        numba.types.NamedTuple(  # type: ignore[no-untyped-call]
            [
                floats if name in figures else ints if name in single else deep if name in deep_ones else rows
                for name in made._fields
            ],
            made,
        )
        for made in (Laws, Run)
    )
    return laws, run


def _kernel(sources: int) -> Callable[[Laws, Run, int], int]:
    """Compile or load the kernel; it closes over the checksum of the other files it is made of."""

    @uncounted(int64(*records(), int64))
    def advance(laws: Laws, run: Run, pops: int) -> int:
        """Run at most `pops` steps; EXHAUSTED, PAUSED, FULL, or ARRIVED with the way's label in counts[DONE]."""
        if sources < 0:
            return EXHAUSTED  # never: a checksum is not negative; it is named here so that the cache depends on it
        for _ in range(pops):
            label, act = run.counts[RESUME_LABEL], run.counts[RESUME_ACT]
            if label < 0:
                label = _take(laws, run)
                if label == EMPTY:
                    return EXHAUSTED
                if label == NO_ROOM:
                    return FULL
                if label == SAFELY:
                    return ARRIVED
                if label == SKIPPED:
                    continue
                act = laws.first_act[run.labels[label, PLACE]]
            stopped = _expand(laws, run, label, act)
            if stopped >= 0:
                run.counts[RESUME_LABEL], run.counts[RESUME_ACT] = label, stopped
                if run.counts[MISSING]:
                    run.counts[MISSING] = 0
                    return NEW_LAYER
                return FULL
            run.counts[RESUME_LABEL] = -1
        return PAUSED

    return advance


_SOURCES = (_kernel_acts.__file__, _kernel_covering.__file__, _kernel_imitation.__file__)
advance = _kernel(zlib.crc32(b"".join(Path(file).read_bytes() for file in _SOURCES)))
