"""The integer units searches count in, and the three worlds a range is read in.

Kept true: one action is rounded once, upwards, after its parts were added in fine units; a rate per day is never
rounded. Time is counted in quarters of a day and money in whole euros, and these are also what people are shown,
so that a limit means the same in the search and on the page. Risk is searched in thousandths of a nat and shown
exactly.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, timedelta
from enum import IntEnum

from tropa.atlas import Range

TICKS_A_DAY = 4
HOURS_A_TICK = 24 // TICKS_A_DAY
RISK_UNIT = 0.001
DOUBT_UNIT = 0.01
DUST = 1e-9
"""Floating dust that does not make a unit."""


class World(IntEnum):
    """Which end of every range counts. Plans are searched in the pessimistic world; the others show what is at
    stake.
    """

    OPTIMISTIC = 0
    POINT = 1
    PESSIMISTIC = 2


def read(numbers: Range, world: World) -> float:
    """The end of a range that counts in a world (of a cost: low is good)."""
    return (numbers.low, numbers.point, numbers.high)[world]


def in_each_world(figure: Callable[[World], float]) -> tuple[float, float, float]:
    """A figure worked out in the three worlds, optimistic first."""
    return figure(World.OPTIMISTIC), figure(World.POINT), figure(World.PESSIMISTIC)


def nats(chance: float) -> float:
    """A chance as -ln(1 - chance), so that independent dangers add up. One is infinite."""
    return math.inf if chance >= 1 else -math.log1p(-chance)


def chance(nats_: float) -> float:
    """The chance these nats stand for."""
    return -math.expm1(-nats_)


def up(amount: float, unit: float = 1.0) -> int:
    """Whole units that hold the amount, rounded up; floating dust does not make a unit."""
    return math.ceil(amount / unit - DUST)


def ticks(*, days: float = 0.0, hours: float = 0.0) -> int:
    """Quarters of a day that hold this time, rounded up once."""
    return up(days * TICKS_A_DAY + hours / HOURS_A_TICK)


def day_of(tick: int) -> int:
    """The day a tick lies in, counted from the day of planning (0)."""
    return tick // TICKS_A_DAY


def date_of(tick: int, on: date) -> date:
    """The calendar day of a tick."""
    return on + timedelta(days=day_of(tick))
