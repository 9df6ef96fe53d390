"""How long a question may take, and how its parts share that time.

Kept true: asked for a share of the time, it says whether that share is over; what one part leaves over is there for the
next. The clock is an argument: wall time where somebody waits behind a pipe, computing time on a terminal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Stop = Callable[[float], bool]
"""Whether this share (0 to 1) of the time is over."""


@dataclass(frozen=True, slots=True)
class TimeAllowed:
    """`seconds` from `begun` on `clock`; a `Stop`."""

    seconds: float
    clock: Callable[[], float]
    begun: float

    @classmethod
    def of(cls, seconds: float, clock: Callable[[], float]) -> TimeAllowed:
        """So many seconds from now."""
        return cls(seconds, clock, clock())

    def __call__(self, share: float) -> bool:
        return self.clock() - self.begun >= self.seconds * share


def part_of(stop: Stop, number: int, parts: int) -> Stop:
    """The time of one of several parts that are done in turn, each as long as the others at most."""
    return lambda share: stop((number + share) / parts)
