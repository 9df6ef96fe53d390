"""Reminders to rest: quiet, on Today alone, computed in this process's memory and kept nowhere.

Said when somebody has been signed in for many hours, when it is deep night in the middle of Europe, and when the last
threads they opened were all of people in danger. Nobody else sees it, nothing is hindered by it, and it is put aside
with one press for two hours. A process that starts anew remembers nothing of it.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

LONG = timedelta(hours=6)
NIGHT = frozenset({22, 23, 0, 1, 2, 3})
"""Hours of UTC: from 23 or midnight to 5 or 6 in the morning between Berlin and Moscow."""
DANGEROUS_IN_A_ROW = 5
ASIDE = timedelta(hours=2)
FORGET = timedelta(hours=8)
MOST_PEOPLE = 2000


class Reason(StrEnum):
    """Why somebody should rest."""

    LONG = "long"
    NIGHT = "night"
    DANGER = "danger"


@dataclass(slots=True)
class _Day:
    """What this process has seen of somebody: the last threads, each once, and until when they want no reminder."""

    opened: deque[tuple[str, bool, datetime]] = field(
        default_factory=lambda: deque(maxlen=DANGEROUS_IN_A_ROW)
    )
    aside_until: datetime | None = None


_days: dict[str, _Day] = {}
_lock = threading.Lock()


def note_opened(*, member_id: str, thread_id: str, danger: bool, now: datetime) -> None:
    """Remember that somebody looks at this thread, and whether its person is in danger."""
    with _lock:
        day = _day(member_id)
        others = [one for one in day.opened if one[0] != thread_id]
        day.opened = deque([*others, (thread_id, danger, now)], maxlen=DANGEROUS_IN_A_ROW)


def put_aside(*, member_id: str, now: datetime) -> None:
    """No reminder for two hours, and those threads count no more."""
    with _lock:
        day = _day(member_id)
        day.aside_until = now + ASIDE
        day.opened.clear()


def reasons_to_rest(*, member_id: str, began: datetime, now: datetime) -> tuple[Reason, ...]:
    """Why somebody who signed in at `began` should rest now; none when nothing speaks for it."""
    with _lock:
        day = _days.get(member_id, _Day())
        if day.aside_until is not None and now < day.aside_until:
            return ()
        lately = [danger for _thread, danger, at in day.opened if now - at < FORGET]
    found = []
    if now - began >= LONG:
        found.append(Reason.LONG)
    if len(lately) == DANGEROUS_IN_A_ROW and all(lately):
        found.append(Reason.DANGER)
    if now.hour in NIGHT and now - began >= timedelta(hours=1):
        found.append(Reason.NIGHT)
    return tuple(found)


def _day(member_id: str) -> _Day:
    """What is known of somebody; whoever calls holds the lock."""
    if member_id not in _days and len(_days) >= MOST_PEOPLE:
        _days.clear()
    return _days.setdefault(member_id, _Day())
