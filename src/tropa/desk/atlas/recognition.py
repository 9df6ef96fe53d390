"""Published decisions on asylum, year by year, laid out as rows: pure geometry, the template draws it.

Up to `MOST_SINGLE` decisions each is one rectangle; more are one bar, cut where the share lies. A share is said
from twenty decisions on, with the interval chance alone would leave it; below, the count stands by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tropa.atlas.estimates import wilson

LEFT, LEFT_OF_PERIODS = 60.0, 104.0
ROW, FIRST = 42.0, 20.0
HIGH = 22.0
STEP, SINGLE = 13.2, 10.0
MOST_SINGLE = 48
LONGEST_BAR = STEP * MOST_SINGLE
LEAST_FOR_A_SHARE = 20


@dataclass(frozen=True, slots=True)
class Decided:
    """Decisions of one period: `positive` of `decided`."""

    period: str
    positive: int
    decided: int


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of the chart; `css` is pos or neg."""

    css: str
    x: float
    wide: float


@dataclass(frozen=True, slots=True)
class Row:
    """One period: its boxes, where its figures stand, and what they are. `share` None: too few to say one."""

    period: str
    y: float
    boxes: tuple[Box, ...]
    said_at: float
    positive: int
    decided: int
    share: float | None
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Recognition:
    """The whole chart; `bars`: at least one row is a bar and not one rectangle a decision."""

    height: float
    rows: tuple[Row, ...]
    bars: bool


def recognition(years: Sequence[Decided]) -> Recognition | None:
    """The chart of these periods in their order; None without decisions."""
    if not any(one.decided for one in years):
        return None
    most = max(one.decided for one in years)
    left = LEFT if all(len(one.period) <= 4 for one in years) else LEFT_OF_PERIODS
    rows = tuple(_row(number, one, most, left) for number, one in enumerate(years))
    return Recognition(
        height=FIRST + ROW * len(rows) + 6, rows=rows, bars=any(one.decided > MOST_SINGLE for one in years)
    )


def _row(number: int, one: Decided, most: int, left: float) -> Row:
    boxes = _singles(one, left) if most <= MOST_SINGLE else _bar(one, most, left)
    low, high = wilson(one.positive, one.decided)
    enough = one.decided >= LEAST_FOR_A_SHARE
    return Row(
        period=one.period,
        y=FIRST + ROW * number,
        boxes=boxes,
        said_at=max((box.x + box.wide for box in boxes), default=left) + 10,
        positive=one.positive,
        decided=one.decided,
        share=one.positive / one.decided if enough else None,
        low=low,
        high=high,
    )


def _singles(one: Decided, left: float) -> tuple[Box, ...]:
    return tuple(
        Box("pos" if place < one.positive else "neg", round(left + STEP * place, 1), SINGLE)
        for place in range(one.decided)
    )


def _bar(one: Decided, most: int, left: float) -> tuple[Box, ...]:
    whole = LONGEST_BAR * one.decided / most
    yes = whole * one.positive / one.decided if one.decided else 0.0
    parts = (Box("pos", left, round(yes, 1)), Box("neg", round(left + yes, 1), round(whole - yes, 1)))
    return tuple(box for box in parts if box.wide > 0)
