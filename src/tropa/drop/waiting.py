"""Lengths of time in words: how long an answer takes, what is left of a step's time, when what is kept here
goes.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, timedelta, timezone

from django.db import DatabaseError
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from tropa.desk import clock
from tropa.desk.conf import conf
from tropa.desk.talk.surge import hours_to_tell
from tropa.drop.conf import DAY, drop_conf

MOSCOW = timezone(timedelta(hours=3))
"""Times are told in Moscow time, and say so: where a person is, we do not ask."""


def within() -> str:
    """How soon an answer comes: as the organisation has set it, or, while more people wait than can be answered in that
    time, as long as it will take, and why.
    """
    hours, crowded = drop_conf.answer_hours, False
    with suppress(DatabaseError):  # the page is shown whatever the database does
        hours, crowded = hours_to_tell(now=clock.now(), promised=hours)
    time = _within(hours)
    return _("%(within)s (very many people are writing just now)") % {"within": time} if crowded else time


def _within(hours: int) -> str:
    if hours == DAY:
        return _("within a day")
    if hours % DAY == 0:
        days = hours // DAY
        return ngettext("within %(days)d day", "within %(days)d days", days) % {"days": days}
    return ngettext("within %(hours)d hour", "within %(hours)d hours", hours) % {"hours": hours}


def kept_for() -> tuple[str, str]:
    """For how long an answered thread stays, and a closed case."""
    return _days(conf.answered_days), _days(conf.closed_days)


def _days(days: int) -> str:
    return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}


def left(until: datetime, now: datetime) -> str:
    """What is left until then: whole days, or whole hours on the last, never rounded up."""
    rest = until - now
    if rest <= timedelta(0):
        return _("The time is over")
    if rest.days >= 1:
        return _days(rest.days)
    hours = int(rest.total_seconds() // 3600)
    if hours:
        return ngettext("%(hours)d hour", "%(hours)d hours", hours) % {"hours": hours}
    return _("Less than an hour")


def moment(at: datetime) -> str:
    """Day, month and time, in Moscow."""
    there = at.astimezone(MOSCOW)
    return _("%(day)s, %(time)s Moscow time") % {"day": day_and_month(there.date()), "time": f"{there:%H:%M}"}


def day_and_month(day: date) -> str:
    """22 November, 22 ноября."""
    return date_format(day, "j\N{NO-BREAK SPACE}E" if get_language() == "ru" else "j\N{NO-BREAK SPACE}F")


def grouped(number: int) -> str:
    """20,000; 20 000 with no-break spaces."""
    return f"{number:,}".replace(",", "," if get_language() == "en" else "\N{NO-BREAK SPACE}")
