"""Intervals for what was counted: shares of decisions, and rates of rare events by Gamma and Poisson.

Kept true: a count of nought is no proof of nought; every estimate has an interval, and the less was counted
the wider it is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from tropa.atlas.basics import Range

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


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate per unit of exposure: the middle of what the count leaves possible, with its 95 % interval."""

    low: float
    point: float
    high: float

    def chance(self) -> tuple[float, float, float]:
        """The chance of at least one event in one unit, low, point and high; each below one."""
        low, point, high = (-math.expm1(-rate) for rate in (self.low, self.point, self.high))
        return low, point, high


def event_rate(incidents: int, exposure: float, *, shape: float = 0.5, rate: float = 0.0) -> Rate:
    """Gamma and Poisson: `incidents` seen in `exposure` units, prior Gamma(`shape`, `rate`); Jeffreys' prior
    where none is given (H. Jeffreys, 1946, doi 10.1098/rspa.1946.0056). The point is the posterior mean.

    Incidents nobody heard of are not in the count: the interval covers chance alone, never silence. ValueError
    for an exposure of nought (then there is no estimate) or counts that cannot be.
    """
    if incidents < 0 or not math.isfinite(exposure) or exposure <= 0 or shape <= 0 or rate < 0:
        raise ValueError(f"no rate from {incidents} incidents in {exposure} units, prior {shape}, {rate}")
    posterior, scale = shape + incidents, rate + exposure
    low, high = (_gamma_quantile(posterior, share) for share in (0.025, 0.975))
    return Rate(low / scale, posterior / scale, high / scale)


def contradicts(stated: Range, incidents: int, exposure: float) -> bool:
    """Whether so many incidents or more are less than one in forty under the upper end of a stated chance:
    the fact is then flagged until looked at. An incident never makes a hazard look smaller.
    """
    if incidents == 0:
        return False
    expected = -math.log1p(-stated.high) * exposure
    return gamma_share(incidents, expected) < 0.025


def gamma_share(shape: float, value: float) -> float:
    """The regularised lower incomplete gamma function P(shape, value), by series or continued fraction
    (Numerical Recipes, 3rd edition, 6.2); good to 1e-12.
    """
    if value <= 0:
        return 0.0
    front = math.exp(shape * math.log(value) - value - math.lgamma(shape))
    if value < shape + 1:
        term = total = 1 / shape
        divisor = shape
        while abs(term) > abs(total) * 1e-16:
            divisor += 1
            term *= value / divisor
            total += term
        return min(1.0, front * total)
    return max(0.0, 1.0 - front * _continued_fraction(shape, value))


def _continued_fraction(shape: float, value: float) -> float:
    """Lentz's method; `value` is above `shape` + 1, where it converges fast."""
    tiny = 1e-300
    divisor = value + 1 - shape
    upper, lower = 1 / tiny, 1 / divisor
    result = lower
    for step in range(1, 100_000):
        numerator = -step * (step - shape)
        divisor += 2
        lower = 1 / (numerator * lower + divisor or tiny)
        upper = divisor + numerator / upper or tiny
        change = upper * lower
        result *= change
        if abs(change - 1) < 1e-15:
            break
    return result


def _gamma_quantile(shape: float, share: float) -> float:
    """The value below which `share` of a Gamma(shape, 1) lies, by bisection: 200 halvings, no guess to go wrong."""
    low, high = 0.0, shape + 20 * math.sqrt(shape) + 40
    for _step in range(200):
        middle = (low + high) / 2
        if gamma_share(shape, middle) < share:
            low = middle
        else:
            high = middle
    return high
