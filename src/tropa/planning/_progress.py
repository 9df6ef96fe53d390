"""What the compiled search and its plain-Python twin have in common: one interface, one set of outcomes.

Keeps true: both engines give the same front, the same paths and the same proof for the same question.
"""

from enum import StrEnum
from typing import Protocol

from tropa.planning._network import Ints


class Progress(StrEnum):
    """How a slice of a search ended."""

    COMPLETE = "complete"  # nothing left: the front is the whole front
    PAUSED = "paused"  # the slice is used up
    MEMORY = "memory"  # the next step would pass the memory cap


class Run(Protocol):
    """A search under way. Every front point it names is final."""

    @property
    def pops(self) -> int:
        """Steps taken so far."""

    def advance(self, pops: int) -> Progress:
        """Take at most `pops` (> 0) further steps."""

    def front(self) -> Ints:
        """Points found so far, int64 [p, k], C order, lexicographic."""

    def paths(self) -> list[Ints]:
        """Arc numbers of one simple path for each point of `front()`."""

    def next_vector(self) -> tuple[int, ...] | None:
        """Lexicographically least lower bound of what is still open; None when nothing is."""

    def open_vectors(self) -> Ints:
        """Non-dominated lower bounds [q, k] of all that may be missing; the front covers none of them."""
