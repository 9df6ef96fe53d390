"""How long a person may lawfully stay: per visit, sliding window, calendar year. Days are counted from the day of
planning (day 0); the day of entry and the day of leaving both count.

Kept true: the last lawful day is found by stepping the days, so a window that slides past an old stay, or a
new year, is met exactly where it lies. The longest stay does not grow evenly with a later entry (sixty past days under
90/180 may give thirty days on one day of entry and ninety on the next), so `worthwhile_entries` lists every later day
of entry that gives more than all days before it. Refused: staying where no rule is recorded; there, only the day of
entry itself is lawful.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple, assert_never

from tropa.atlas import StayKind

HORIZON_DAYS = 365
"""No action of a plan starts later than this many days after the day of planning."""

NO_LIMIT = HORIZON_DAYS + 3660
LEAP_YEAR = 366
LOOK_AHEAD = HORIZON_DAYS + 200


class Stay(NamedTuple):
    """A stay that is over, or as far as it has gone: zone, first and last day, both included."""

    zone: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class StayLimit:
    """One rule as the planner counts it; `days` in `window` for SLIDING, in a year for CALENDAR_YEAR. `fact`: its
    id.
    """

    counts: StayKind
    days: int
    window: int
    fact: str


def last_lawful_day(
    limits: tuple[StayLimit, ...], entry: int, past: tuple[tuple[int, int], ...], on: date
) -> int:
    """The last lawful day of a stay that begins on day `entry`; `entry - 1` if not even that day is lawful.

    `limits` hold together; none at all means that no rule is recorded. `past`: days already used in the zone.
    """
    if not limits:
        return entry
    return min(_last_day_under(limit, entry, past, on) for limit in limits)


def shift_free(limits: tuple[StayLimit, ...]) -> tuple[StayLimit, ...]:
    """The limits as they are counted for an entry on the way: a calendar year as any 366 days.

    Stricter than the law (every calendar year lies in such a window), never laxer, and the same on whatever day the
    entry falls. So a plan does not depend on New Year, and labels may be compared as if one had come some days earlier.
    """
    return tuple(
        StayLimit(StayKind.SLIDING, limit.days, LEAP_YEAR, limit.fact)
        if limit.counts is StayKind.CALENDAR_YEAR
        else limit
        for limit in limits
    )


def used_days(limit: StayLimit, entry: int, day: int, past: tuple[tuple[int, int], ...], on: date) -> int:
    """Days that count under a limit at the end of `day`, for a stay that began on `entry`."""
    begins = _counted_from(limit, entry, day, on)
    earlier = sum(max(0, min(last, day) - max(first, begins) + 1) for first, last in past)
    return earlier + day - max(entry, begins) + 1


def _counted_from(limit: StayLimit, entry: int, day: int, on: date) -> int:
    match limit.counts:
        case StayKind.PER_VISIT | StayKind.NOT_LIMITED | StayKind.NOT_RECORDED:
            return entry
        case StayKind.SLIDING:
            return day - limit.window + 1
        case StayKind.CALENDAR_YEAR:
            new_year = date((on + timedelta(days=day)).year, 1, 1)
            return (new_year - on).days
        case _:
            assert_never(limit.counts)


@lru_cache(maxsize=65536)
def _last_day_under(limit: StayLimit, entry: int, past: tuple[tuple[int, int], ...], on: date) -> int:
    match limit.counts:
        case StayKind.NOT_LIMITED:
            return NO_LIMIT
        case StayKind.NOT_RECORDED:
            return entry
        case StayKind.PER_VISIT:
            return entry + limit.days - 1
        case StayKind.SLIDING | StayKind.CALENDAR_YEAR:
            return _step_to_the_end(limit, entry, past, on)
        case _:
            assert_never(limit.counts)


def _step_to_the_end(limit: StayLimit, entry: int, past: tuple[tuple[int, int], ...], on: date) -> int:
    """The day before the first one on which too many days count. A day adds one at most, so with `left` days left
    the next `left` days are lawful and need not be looked at one by one."""
    day = entry
    while day <= entry + LOOK_AHEAD:
        left = limit.days - used_days(limit, entry, day, past, on)
        if left < 0:
            return day - 1
        day += left + 1
    return entry + LOOK_AHEAD


@lru_cache(maxsize=4096)
def worthwhile_entries(
    limits: tuple[StayLimit, ...], earliest: int, past: tuple[tuple[int, int], ...], on: date, need: int
) -> tuple[int, ...]:
    """`earliest`, and every later day of entry within the horizon that allows a longer stay than all days before it.

    Days beyond `need`, the longest stay anything in the zone can ask for, make no stay longer in this sense.
    """
    most = min(need, last_lawful_day(limits, earliest, past, on) - earliest + 1)
    found = [earliest]
    if not any(limit.counts in (StayKind.SLIDING, StayKind.CALENDAR_YEAR) for limit in limits):
        return (earliest,)
    for entry in range(earliest + 1, HORIZON_DAYS + 1):
        if most >= need:
            break
        allowed = min(need, last_lawful_day(limits, entry, past, on) - entry + 1)
        if allowed > most:
            found.append(entry)
            most = allowed
    return tuple(found)
