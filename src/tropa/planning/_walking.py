"""Ways that one search found, tried over the same acts by somebody else: the arrays the kernel of `_kernel_walk` reads.

Keeps true: see there. Loaded by mass work alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from tropa.planning import _kernel_acts as at
from tropa.planning._kernel_walk import walk
from tropa.planning.search import Trace

Ints = NDArray[np.int64]

_ROW, _ROWS, _DEEP = np.zeros(0, np.int64), np.zeros((0, 1), np.int64), np.zeros((0, 1, 5), np.int64)


def standing(
    laws: at.Laws, closed: Ints, told: Ints, labels: Ints, past: Ints, traces: Sequence[Trace]
) -> Sequence[bool]:
    """Which ways can be walked for their cost from the label in row 0 of `labels` [3, width]; `past`: stays behind it;
    `told`: as a run is told."""
    longest = max((len(trace.acts) for trace in traces), default=0)
    counts = np.zeros(11, np.int64)
    counts[at.PAST_STAYS] = len(past)
    run = at.Run(
        bounds=_DEEP, lasting=_ROWS, layers=_ROWS, over=_ROWS, wanted=_ROW, needs=_ROWS, least=_ROWS, closed=closed,
        told=told, heap=_ROWS, labels=labels, stays=np.vstack([past, np.zeros((longest, 4), np.int64)]), pool=_ROWS,
        slices=_ROWS, found=_ROWS, marks=_ROW, counts=counts, known=_ROWS, back=_DEEP,
    )  # fmt: skip
    stands = np.zeros(len(traces), np.bool_)
    walk(
        laws,
        run,
        np.array([act for trace in traces for act in trace.acts], np.int64),
        np.array([start for trace in traces for start in trace.starts], np.int64),
        np.array([0, *accumulate(len(trace.acts) for trace in traces)], np.int64),
        np.array([trace.cost for trace in traces], np.int64).reshape(-1, 4),
        stands,
    )
    found: list[bool] = stands.tolist()
    return found
