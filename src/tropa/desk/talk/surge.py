"""Whether more people wait than the shift can answer, and how long somebody who writes now has to wait.

Everything is counted anew from rows the inbox needs anyway: nothing is stored, and no number of a day stays on the
disk. What the drop tells is rounded up to a few steps, so that nobody outside counts the desk's queue by asking.
How the queue drains is remembered in this process's memory alone.
"""

from __future__ import annotations

import math
import threading
from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count, Q

from tropa.desk.conf import conf
from tropa.desk.staff.models import Member, Role
from tropa.desk.talk.models import Thread
from tropa.desk.vault.models import Shift

STEPS = (6, 12, 24, 36, 48, 72, 96, 120, 168, 240, 336, 504, 720)
"""Hours people may be told. What is longer is told as the last one."""
DAY = 24
KEPT_FOR = timedelta(hours=12)
APART = timedelta(minutes=10)
FRESH = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Load:
    """How many wait, `danger` of them in danger, how many people are on shift, and what each answers in a day."""

    danger: int
    others: int
    people: int
    each_a_day: int

    @property
    def waiting(self) -> int:
        """Everybody who waits for an answer."""
        return self.danger + self.others

    @property
    def hours(self) -> int:
        """Whole hours until somebody who writes now is answered, if nobody else comes; at most the last step."""
        if self.people == 0:
            return STEPS[-1]
        needed = (self.waiting + 1) * DAY / (self.people * self.each_a_day)
        return min(math.ceil(needed), STEPS[-1])

    @property
    def told_hours(self) -> int:
        """The same as it may be told outside: rounded up to a step."""
        return next(step for step in STEPS if step >= self.hours)

    @property
    def surge(self) -> bool:
        """Whether more wait than the shift can answer in the time after which waiting alarms."""
        return self.hours > conf.unanswered_hours


def load(*, now: datetime) -> Load:
    """The load of this moment. Three queries, over an index that holds who waits alone."""
    waiting = Thread.objects.filter(waiting=True)
    counted = waiting.aggregate(danger=Count("id", filter=Q(urgency_rank=0)), all=Count("id"))
    return Load(
        danger=counted["danger"],
        others=counted["all"] - counted["danger"],
        people=_people(now),
        each_a_day=conf.answers_a_day,
    )


def _people(now: datetime) -> int:
    """Who answers today: whoever has a shift, or where nobody has one, whoever may be on duty."""
    today = now.date()
    working = Member.objects.filter(active=True, on_duty=True).exclude(role=Role.RESEARCHER)
    shifted = Shift.objects.filter(first_day__lte=today, last_day__gte=today).values("member_id")
    on_shift = working.filter(pk__in=shifted).count()
    return on_shift or working.count()


@dataclass(frozen=True, slots=True)
class Draining:
    """How many waited at a moment before, and how many wait now."""

    since: datetime
    before: int
    now: int


class Watch:
    """The load as it was last counted, and the queue's length over the last hours; in memory."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: deque[tuple[datetime, int]] = deque()
        self._last: tuple[datetime, str, Load] | None = None

    def load(self, *, now: datetime) -> Load:
        """The load, counted at most once a minute for each database."""
        name = str(connection.settings_dict["NAME"])
        with self._lock:
            last = self._last
        if last is not None and last[1] == name and timedelta(0) <= now - last[0] < FRESH:
            return last[2]
        counted = load(now=now)
        with self._lock:
            self._last = (now, name, counted)
            self._note(now, counted.waiting)
        return counted

    def draining(self, *, now: datetime) -> Draining | None:
        """How the queue has changed since the oldest count of the last twelve hours; None without one."""
        with self._lock:
            if len(self._seen) < 2:
                return None
            (since, before), (_at, waiting) = self._seen[0], self._seen[-1]
        return Draining(since, before, waiting) if now - since >= APART else None

    def forget(self) -> None:
        """As after a restart."""
        with self._lock:
            self._seen.clear()
            self._last = None

    def _note(self, now: datetime, waiting: int) -> None:
        while self._seen and now - self._seen[0][0] > KEPT_FOR:
            self._seen.popleft()
        if len(self._seen) < 2 or now - self._seen[-2][0] >= APART:
            self._seen.append((now, waiting))
        else:
            self._seen[-1] = (now, waiting)


WATCH = Watch()


def hours_to_tell(*, now: datetime, promised: int) -> tuple[int, bool]:
    """How many hours somebody who writes now is told to wait, never fewer than `promised`; and whether that is more
    than usual.
    """
    expected = WATCH.load(now=now).told_hours
    return (expected, True) if expected > promised else (promised, False)
