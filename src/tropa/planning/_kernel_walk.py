"""Compiled walking of lines that are known: whether a party can do them as they stand, for the very same cost.

Keeps true: every act is done by `_kernel_acts.attempt`, as the search does it; nothing is put in line, nothing is
compared. Kept on disk like the kernel of `_kernel_ways`, and like it closes over the checksum of the file it calls.
"""

import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from numba import boolean, int64

from tropa.planning import _kernel_acts
from tropa.planning._kernel_acts import (
    DOUBT,
    GOAL,
    MONEY,
    PAST_STAYS,
    PINNED,
    PLACE,
    RISK,
    SAFE,
    TICK,
    Ints,
    Laws,
    Run,
    attempt,
    remember_stay,
)
from tropa.planning._kernel_cache import uncounted
from tropa.planning._kernel_ways import records


@uncounted()
def _walked(laws: Laws, run: Run, acts: Ints, starts: Ints, first: int, end: int) -> int:
    """The label a line ends in when it is walked from label 0, or -1 where an act cannot be done as it stands."""
    here = 0
    for n in range(first, end):
        row, out = run.labels[here], run.labels[1 + n % 2]
        if row[PLACE] == SAFE or starts[n] < row[TICK] or run.closed[acts[n]]:
            return -1
        if not laws.first_act[row[PLACE]] <= acts[n] < laws.first_act[row[PLACE] + 1]:
            return -1
        if not attempt(laws, run, row, here, acts[n], starts[n], out):
            return -1
        if out[PLACE] != SAFE:
            remember_stay(laws, run, row, acts[n], starts[n], out)
        here = 1 + n % 2
    return here


def _kernel(sources: int) -> Callable[..., int]:
    """Compile or load the kernel; it closes over the checksum of the other file it is made of."""
    ints: Any = int64[::1]

    @uncounted(int64(*records(), ints, ints, ints, int64[:, ::1], boolean[::1]))
    def walk(laws: Laws, run: Run, acts: Ints, starts: Ints, first: Ints, costs: Ints, stands: Any) -> int:
        """Write for each line whether it can be walked for its cost; how many can. Lines end to end: `first` [n + 1].

        `run.labels[0]` is where everybody starts; three rows are enough, and as many stays as the longest line has acts
        beyond those in it.
        """
        if sources < 0:
            return 0  # never: a checksum is not negative; it is named here so that the cache depends on it
        stays, begun, count = run.counts[PAST_STAYS], run.labels[0, TICK], 0
        for line in range(costs.shape[0]):
            run.counts[PAST_STAYS] = stays
            end = _walked(laws, run, acts, starts, first[line], first[line + 1])
            stands[line] = False
            if end >= 0:
                row = run.labels[end]
                stands[line] = (
                    row[PLACE] == SAFE
                    and laws.scalars[GOAL] & ~row[PINNED] == 0
                    and row[RISK] == costs[line, 0]
                    and row[TICK] - begun == costs[line, 1]
                    and row[MONEY] == costs[line, 2]
                    and row[DOUBT] == costs[line, 3]
                )
            count += stands[line]
        run.counts[PAST_STAYS] = stays
        return count

    return walk


walk = _kernel(zlib.crc32(Path(_kernel_acts.__file__).read_bytes()))
