"""Reading is an act: whoever opens a case leaves a record in the log, once an hour and case, and reading that is
unusual says so in it.

Unusual is: many cases within an hour, many that one neither leads nor seconds, somebody else's or an untaken one on a
day of others' shifts, and many searches. The count is kept in this process's memory alone, so no row tells who reads
how much; a process that starts anew counts anew. The record is written before anything is shown: reading that
cannot be written down does not happen.
"""

from __future__ import annotations

import threading
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from tropa.desk.audit.acts import Act
from tropa.desk.audit.services import record
from tropa.desk.cases.models import Case
from tropa.desk.clock import whole_hour
from tropa.desk.staff.models import Role
from tropa.desk.staff.reader import Reader
from tropa.desk.vault.models import Shift

UNUSUAL = "unusual"
"""The word of a record's detail under which the kinds stand, separated by spaces."""
MANY_CASES = 40
MANY_OF_OTHERS = 10
MANY_SEARCHES = 30
"""Within one hour."""
MOST_PEOPLE = 2000


class Unusual(StrEnum):
    """Why coordinators should look at somebody's reading. Names are stored, sealed: never renamed."""

    MANY = "many"
    OTHERS = "others"
    OFF_SHIFT = "off-shift"
    SEARCHES = "searches"


@dataclass(slots=True)
class _Hour:
    """What somebody has read in one hour, by id, and what has been said about it."""

    hour: datetime
    read: set[str] = field(default_factory=set)
    others: set[str] = field(default_factory=set)
    searches: int = 0
    said: set[Unusual] = field(default_factory=set)


_hours: dict[str, _Hour] = {}
_lock = threading.Lock()


def note_reading(*, reader: Reader, held: Case | None, thread_id: str = "") -> None:
    """Write that the reader opens this case they hold, or this thread nobody has taken; once an hour.

    Raises ClockSetBack, and DatabaseError when it cannot be written: then nothing is to be shown.
    """
    subject = held.pk if held is not None else thread_id
    own = held is not None and reader.member.pk in {held.lead_id, held.second_id}
    others = held is not None and not own
    with _lock:
        before = _hour(reader)
        if subject in before.read:
            return
        told = set(before.said)
        read, of_others = len(before.read) + 1, len(before.others) + others
    unusual = set[Unusual]()
    if read >= MANY_CASES:
        unusual.add(Unusual.MANY)
    if of_others >= MANY_OF_OTHERS:
        unusual.add(Unusual.OTHERS)
    if not own and Unusual.OFF_SHIFT not in told and _off_shift(reader):
        unusual.add(Unusual.OFF_SHIFT)
    fresh = unusual - told
    detail = {"case": subject} if held is not None else {"thread": subject}
    record(reader=reader, act=Act.OPENED, detail=detail | _said(fresh), now=reader.now)

    def remember() -> None:
        with _lock:
            now = _hour(reader)
            now.read.add(subject)
            now.said |= fresh
            if others:
                now.others.add(subject)

    transaction.on_commit(remember)


def note_search(*, reader: Reader) -> None:
    """Write that the reader searches, never for what. Raises as `note_reading`."""
    with _lock:
        hour = _hour(reader)
        hour.searches += 1
        fresh = {Unusual.SEARCHES} - hour.said if hour.searches >= MANY_SEARCHES else set[Unusual]()
        hour.said |= fresh
    record(reader=reader, act=Act.SEARCHED, detail=_said(fresh), now=reader.now)


def _hour(reader: Reader) -> _Hour:
    """This hour of the reader's; whoever calls holds the lock."""
    hour = whole_hour(reader.now)
    found = _hours.get(reader.member.pk)
    if found is None or found.hour != hour:
        if len(_hours) >= MOST_PEOPLE:
            _hours.clear()
        found = _hours[reader.member.pk] = _Hour(hour)
    return found


def _said(unusual: Collection[Unusual]) -> dict[str, str]:
    return {UNUSUAL: " ".join(sorted(unusual))} if unusual else {}


def _off_shift(reader: Reader) -> bool:
    """Whether others have a shift today and the reader has none. Coordinators are on every roster."""
    if reader.member.role == Role.COORDINATOR:
        return False
    day = reader.now.date()
    on_shift = set(
        Shift.objects.filter(first_day__lte=day, last_day__gte=day).values_list("member_id", flat=True)
    )
    return bool(on_shift) and reader.member.pk not in on_shift
