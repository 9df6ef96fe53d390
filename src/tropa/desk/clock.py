"""The time of day, and the day facts are judged on. `TROPA_AS_OF` pins only the second; everything else is
real.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from tropa.desk.conf import conf


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def said_in_utc(value: Any) -> Any:
    """A value of a written-out query: SQLite gives moments as it stores them, in UTC without saying so."""
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value


def facts_day(at: datetime | None = None) -> date:
    """The day on which facts and permissions are judged: the pinned one, or the day of `at` (the present)."""
    return conf.as_of or (at or now()).date()


def whole_hour(at: datetime) -> datetime:
    """The hour `at` lies in: what may stand in clear while a thread waits."""
    return at.replace(minute=0, second=0, microsecond=0)


def next_hour(at: datetime) -> datetime:
    """The first whole hour not before `at`."""
    hour = whole_hour(at)
    return hour if hour == at else hour + timedelta(hours=1)


def next_minute(at: datetime) -> datetime:
    """The first whole minute not before `at`."""
    minute = at.replace(second=0, microsecond=0)
    return minute if minute == at else minute + timedelta(minutes=1)
