"""How long to leave alone whoever does not answer: twice as long each time, up to a bound. Pure, on a clock that is
handed in.

Kept true: what fails while a pause lasts is the same trouble, and makes it no longer; one success ends it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class BackOff:
    """The pauses towards one service. Times are seconds on one monotonic clock."""

    first: float
    longest: float
    _pause: float = 0.0
    _ends: float = 0.0

    def failed(self, now: float, *, at_least: float = 0.0) -> float:
        """Seconds from now until the next call may be made; never less than the service itself named."""
        if now >= self._ends:
            self._pause = min(self.longest, max(self.first, 2 * self._pause))
            self._ends = now + max(self._pause, at_least)
        return max(self._ends - now, at_least)

    def worked(self) -> None:
        """It answers again."""
        self._pause = self._ends = 0.0
