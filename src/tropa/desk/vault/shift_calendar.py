"""A week of shifts as it is drawn: who is on duty in which hours, and the hours that nobody covers.

Hours are of UTC, for everybody the same; beside a shift stands what they are where its person lives, if they said so.
Drawn by numbers in attributes of SVG alone: no style, no script; the same stands beneath in words. Pure: rows are
handed in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

HOURS = 24
MINUTES = HOURS * 60
HOUR_WIDTH = 10
ROW = 12
WEEK = 7
FARTHEST = timedelta(weeks=53)


@dataclass(frozen=True, slots=True)
class KeptShift:
    """A shift as it is kept: both days included, hours of each day from `from_hour` to before `until_hour`, UTC."""

    id: str
    member_id: str
    pseudonym: str
    first_day: date
    last_day: date
    from_hour: int = 0
    until_hour: int = HOURS


@dataclass(frozen=True, slots=True)
class Bar:
    """One shift on one day; `local` is empty where nobody said how late it is there."""

    shift_id: str
    pseudonym: str
    hours: str
    local: str
    mine: bool
    x: int
    y: int
    width: int


@dataclass(frozen=True, slots=True)
class Gap:
    """Hours that nobody covers."""

    hours: str
    x: int
    width: int


@dataclass(frozen=True, slots=True)
class Day:
    """One day; `over`: it lies before today, and nothing of it is marked as missing."""

    day: date
    today: bool
    over: bool
    bars: Sequence[Bar]
    gaps: Sequence[Gap]

    @property
    def height(self) -> int:
        """Of the drawing."""
        return max(1, len(self.bars)) * ROW


def monday_of(day: date) -> date:
    """The first day of its week."""
    return day - timedelta(days=day.weekday())


def drawn_week(
    shifts: Iterable[KeptShift], *, monday: date, today: date, zones: Mapping[str, int], reader_id: str
) -> list[Day]:
    """Seven days. `zones`: minutes ahead of UTC by member id, of those whose hours may be told."""
    kept = sorted(shifts, key=lambda one: (one.from_hour, one.pseudonym, one.id))
    days = []
    for day in (monday + timedelta(days=number) for number in range(WEEK)):
        working = [one for one in kept if one.first_day <= day <= one.last_day]
        over = day < today
        bars = [_bar(one, row, zones.get(one.member_id), reader_id) for row, one in enumerate(working)]
        days.append(Day(day, day == today, over, bars, [] if over else gaps(working)))
    return days


def gaps(shifts: Iterable[KeptShift]) -> list[Gap]:
    """The hours of a day that none of these covers, from the first on."""
    covered = {hour for one in shifts for hour in range(one.from_hour, one.until_hour)}
    found: list[Gap] = []
    start: int | None = None
    for hour in range(HOURS + 1):
        free = hour < HOURS and hour not in covered
        if free and start is None:
            start = hour
        elif not free and start is not None:
            found.append(Gap(_hours(start, hour), start * HOUR_WIDTH, (hour - start) * HOUR_WIDTH))
            start = None
    return found


def said_there(hour: int, zone: int) -> str:
    """The time of day where somebody lives, `zone` minutes ahead of UTC."""
    minute = (hour * 60 + zone) % MINUTES
    return f"{minute // 60:02}:{minute % 60:02}"


def _bar(shift: KeptShift, row: int, zone: int | None, reader_id: str) -> Bar:
    whole = shift.until_hour - shift.from_hour == HOURS
    local = "" if zone is None or whole or zone == 0 else _local(shift, zone)
    return Bar(
        shift.id,
        shift.pseudonym,
        _hours(shift.from_hour, shift.until_hour),
        local,
        shift.member_id == reader_id,
        shift.from_hour * HOUR_WIDTH,
        row * ROW,
        (shift.until_hour - shift.from_hour) * HOUR_WIDTH,
    )


def _local(shift: KeptShift, zone: int) -> str:
    return f"{said_there(shift.from_hour, zone)}\N{EN DASH}{said_there(shift.until_hour, zone)}"


def _hours(first: int, last: int) -> str:
    return f"{first:02}:00\N{EN DASH}{last:02}:00"
