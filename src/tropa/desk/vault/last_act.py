"""The hour of the last signed act, in `pinned/last-act`: time never runs below it.

Grants end on days, so a clock set back would open what has ended. Whoever sets it back gets a refusal, before
anything is opened or written, and so does everybody until it is right; the drop goes on taking messages. The file
knows whole hours, and the database cannot change it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tropa.desk.conf import conf
from tropa.desk.growing_number import grow, read
from tropa.desk.vault.errors import ClockSetBack

FILE = "last-act"
SLACK = timedelta(minutes=10)
"""How far the clocks of several machines may be apart."""
HOUR = 3600


def require_time_runs_on(now: datetime) -> None:
    """Return unless `now` lies before the hour of the last signed act. Raises ClockSetBack, which a file that cannot
    be read is as well.
    """
    try:
        last = last_hour()
    except (OSError, ValueError):
        raise ClockSetBack from None
    if now + SLACK < last:
        raise ClockSetBack


def last_hour() -> datetime:
    """The hour of the last signed act. Raises OSError or ValueError when the file cannot be read."""
    return datetime.fromtimestamp(read(conf.pinned / FILE) * HOUR, UTC)


def note_act(now: datetime) -> None:
    """Remember the hour of an act that has been stored. Writes once an hour. Raises OSError."""
    path, hour = conf.pinned / FILE, int(now.timestamp()) // HOUR
    if read(path) < hour:
        grow(path, hour)
