"""A seeded stream of numbers for invented worlds and people: the same for ever, on every machine and Python.

SplitMix64 (G. L. Steele, D. Lea, C. H. Flood, 2014, doi 10.1145/2660193.2660195). No source of randomness: nothing
secret may ever be drawn from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import TypeVar

T = TypeVar("T")

_MASK = (1 << 64) - 1


class Dice:
    """The stream of one seed."""

    def __init__(self, seed: int) -> None:
        self._state = seed & _MASK

    def _next(self) -> int:
        self._state = (self._state + 0x9E3779B97F4A7C15) & _MASK
        mixed = self._state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
        return mixed ^ (mixed >> 31)

    def random(self) -> float:
        """A number of at least 0 and below 1."""
        return (self._next() >> 11) / (1 << 53)

    def uniform(self, low: float, high: float) -> float:
        """A number between the two."""
        return low + (high - low) * self.random()

    def randint(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + int(self.random() * (high - low + 1))

    def choice(self, items: Sequence[T]) -> T:
        """One of the items."""
        return items[int(self.random() * len(items))]

    def choices(self, items: Sequence[T], weights: Sequence[float], k: int = 1) -> list[T]:
        """`k` items, each drawn anew by weight."""
        sums = list(accumulate(weights))
        found = []
        for _ in range(k):
            at = self.random() * sums[-1]
            found.append(items[next(n for n, whole in enumerate(sums) if at < whole)])
        return found

    def sample(self, items: Sequence[T], k: int) -> list[T]:
        """`k` different items in the order drawn."""
        left = list(items)
        return [left.pop(int(self.random() * len(left))) for _ in range(k)]
