"""Measures the recogniser of danger on marked texts: what it recognised, which alarms were false, every miss.

Bounds are those of Wilson's score interval at 95 % (E. B. Wilson, Probable Inference, 1927): what the share may be
of all such texts, judged by these.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from tropa.counsel.danger import recognise
from tropa.counsel.marked import Danger, Marked

_DEVIATIONS: Final = 1.959963984540054
"""Standard deviations that hold 95 % of a normal distribution."""


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, and between which bounds the share lies with 95 % confidence."""

    number: int
    of: int

    @property
    def value(self) -> float:
        return self.number / self.of if self.of else math.nan

    @property
    def bounds(self) -> tuple[float, float]:
        """Wilson's lower and upper bound."""
        if not self.of:
            return 0.0, 1.0
        square = _DEVIATIONS**2
        middle = (self.number + square / 2) / (self.of + square)
        spread = math.sqrt(self.number * (self.of - self.number) / self.of + square / 4)
        reach = _DEVIATIONS / (self.of + square) * spread
        return max(0.0, middle - reach), min(1.0, middle + reach)


@dataclass(frozen=True, slots=True)
class Measured:
    """Of the dangerous texts, those recognised; of the harmless ones, those called dangerous all the same."""

    recalled: Share
    alarmed: Share
    by_kind: dict[Danger, Share]
    missed: tuple[Marked, ...]
    false_alarms: tuple[str, ...]


def measure(texts: Iterable[Marked]) -> Measured:
    """Ask the recogniser about every text."""
    judged = [(marked, recognise(marked.text).dangerous) for marked in texts]
    dangerous = [(marked, found) for marked, found in judged if marked.kinds]
    harmless = [(marked, found) for marked, found in judged if not marked.kinds]
    by_kind = {
        kind: Share(
            sum(found for marked, found in dangerous if kind in marked.kinds),
            sum(kind in marked.kinds for marked, _ in dangerous),
        )
        for kind in Danger
    }
    return Measured(
        recalled=Share(sum(found for _, found in dangerous), len(dangerous)),
        alarmed=Share(sum(found for _, found in harmless), len(harmless)),
        by_kind=by_kind,
        missed=tuple(marked for marked, found in dangerous if not found),
        false_alarms=tuple(marked.text for marked, found in harmless if found),
    )
