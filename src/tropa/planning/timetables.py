"""Legs that leave on fixed days of the week: when one may be boarded, and where waiting for one may pay.

A week is a number of 28 bits, a bit for each quarter of a day, counted from the day of planning. Kept true: whoever
stands at a place when a quarter begins catches what leaves in it, and arrives no earlier than by the latest departure
of any quarter. Waiting is dangerous, so where one waits for a departure is a choice: `waits_worth_trying` gives, for
each act, every quarter at which beginning it may lead to a departure without a further wait. Refused: counting on a
departure of the day of planning, which may have left (`standing` opens such legs on the next day).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import overload

import numpy as np
from numpy.typing import NDArray

from tropa.atlas import Departure
from tropa.planning.units import HOURS_A_TICK, TICKS_A_DAY

Ints = NDArray[np.int64]

WEEK = 7 * TICKS_A_DAY
_FULL = (1 << WEEK) - 1
_MINUTES_A_TICK = 60 * HOURS_A_TICK


def boarding(departures: Sequence[str], on: date) -> int:
    """The quarters of a week in which something leaves, counted from the day `on`; 0 where there is no timetable."""
    week = 0
    for departure in map(Departure.parse, departures):
        week |= (
            1 << (departure.weekday - on.weekday()) % 7 * TICKS_A_DAY + departure.minute // _MINUTES_A_TICK
        )
    return week


def hours_into_quarter(departures: Sequence[str]) -> float:
    """How late in its quarter the latest departure is, in hours."""
    return max((Departure.parse(one).minute % _MINUTES_A_TICK for one in departures), default=0) / 60


def boarded(departures: Sequence[str], start: int, on: date) -> Departure:
    """What leaves in the quarter `start`, counted from the day `on`; the first if several do."""
    found = [one for one in departures if boarding((one,), on) >> start % WEEK & 1]
    return min(map(Departure.parse, found))


def in_week(week: int, start: int) -> Iterator[int]:
    """The ticks of the seven days from `start` on whose quarter is marked."""
    return (tick for tick in range(start, start + WEEK) if week >> tick % WEEK & 1)


@overload
def earlier(week: int, ticks: int) -> int: ...


@overload
def earlier(week: Ints, ticks: Ints | int) -> Ints: ...


def earlier(week: Ints | int, ticks: Ints | int) -> Ints | int:
    """Weeks as they look so many ticks later: every quarter marked comes so much sooner."""
    moved = ticks % WEEK
    return (week >> moved | week << (WEEK - moved)) & _FULL


def waits_worth_trying(places: int, origins: Ints, targets: Ints, ticks: Ints, departs: Ints) -> Ints:
    """For each act the quarters at which it leads, without a further wait, to where and when something leaves [act].

    `targets` below 0 lead nowhere; `ticks`: how long each act takes. 0 for an act of a timetable, which is begun when
    it leaves, and everywhere where there is no timetable.
    """
    worth: Ints = np.zeros(len(origins), np.int64)
    if not departs.any():
        return worth
    at_place = np.zeros(places, np.int64)
    np.bitwise_or.at(at_place, origins, departs)
    free = np.flatnonzero((departs == 0) & (targets >= 0))
    while True:
        worth[free] = earlier(at_place[targets[free]], ticks[free])
        before = at_place.copy()
        np.bitwise_or.at(at_place, origins[free], worth[free])
        if np.array_equal(before, at_place):
            return worth
