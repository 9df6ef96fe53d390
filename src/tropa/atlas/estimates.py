"""Intervals for what was counted: shares of decisions, and rates of rare events by Gamma and Poisson.

Kept true: a count of nought is no proof of nought; every estimate has an interval, and the less was counted
the wider it is.
"""

from __future__ import annotations

import math
from typing import Final

_95: Final = 1.959963984540054


def wilson(positive: int, decided: int) -> tuple[float, float]:
    """The 95 % interval of a share (E. B. Wilson, 1927, doi 10.1080/01621459.1927.10502953).

    (0, 1) where nothing was decided. ValueError for counts that cannot be.
    """
    if not 0 <= positive <= decided:
        raise ValueError(f"{positive} of {decided} cannot be")
    if not decided:
        return 0.0, 1.0
    share, square = positive / decided, _95**2 / decided
    middle = (share + square / 2) / (1 + square)
    half = _95 / (1 + square) * math.sqrt(share * (1 - share) / decided + square / (4 * decided))
    return max(0.0, middle - half), min(1.0, middle + half)
