"""Alike questions of those who wait: grouped in the request of somebody who may open them, and kept nowhere.

Kept true: nobody sees a question here whose thread they may not open; whoever is in danger, says that it is urgent or
asked to talk stands in no group that can be answered together. Words are content: they live as long as the request.
Which threads stand together is remembered by ids alone, in memory, for as long as the list of who waits stays the same.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from tropa.counsel.grouping import Group, Question, group, rising
from tropa.desk.cases.models import Urgency
from tropa.desk.staff.reader import Reader
from tropa.desk.talk.inbox import InboxRow, Listing, inbox_listing
from tropa.desk.talk.models import EntryKind
from tropa.desk.talk.recognised import heard_in

LOOKED_AT: Final = 1_500
"""Who waits, at most; the most urgent first, then who waits longest."""
LOOKED_AT_TODAY: Final = 300
"""The same for Today, which everybody draws all the time."""
MOST_TOGETHER: Final = 30
"""Threads that are answered in one request."""
RISING: Final = 3
"""Topics named on Today."""


@dataclass(frozen=True, slots=True)
class AlikeGroup:
    """Alike questions: `middle` is the one all others resemble. `rows` may be answered together, the others are
    `urgent` and answered one by one. `today`: how many came today, when that is clearly more than before; else 0.
    """

    middle: InboxRow
    rows: tuple[InboxRow, ...] = field(repr=False)
    urgent: int
    today: int

    @property
    def size(self) -> int:
        """All who ask."""
        return len(self.rows) + self.urgent


def alike_now(reader: Reader) -> tuple[AlikeGroup, ...]:
    """Groups of those who wait and whom the reader may open, rising ones first, then the largest."""
    return _Waiting.now(reader).all()


Grouping = Callable[[Iterable[InboxRow], Reader], tuple[AlikeGroup, ...]]
"""Groups of opened rows, in order."""


@dataclass(frozen=True, slots=True)
class AlikeLine:
    """A group as the list of them names it; `together`: some of them may be answered together."""

    middle: InboxRow
    size: int
    together: bool
    urgent: int
    today: int


def alike_lines(reader: Reader, most: int) -> tuple[tuple[AlikeLine, ...], int]:
    """The first groups, and how many there are: of each its middle alone is opened, once they are grouped."""
    waiting = _Waiting.now(reader)
    shown = waiting.named[:most]
    by_id = waiting.opened({one.middle for one in shown})
    lines = tuple(
        AlikeLine(by_id[one.middle], len(one.rows) + one.urgent, bool(one.rows), one.urgent, one.today)
        for one in shown
        if one.middle in by_id
    )
    return lines, len(waiting.named)


def rising_now(reader: Reader) -> tuple[AlikeGroup, ...]:
    """The topics asked about clearly more today than in the days before, among those who wait. As long as nobody came,
    wrote or was answered, only the named threads are opened again: which they are is remembered, never what they say.
    """
    listing = inbox_listing(reader=reader, size=LOOKED_AT_TODAY)
    return _Waiting.of(reader, listing, _NAMED, _rising_in).all()


def _alike_in(rows: Iterable[InboxRow], reader: Reader) -> tuple[AlikeGroup, ...]:
    groups, by_id = _groups_of(rows)
    grown = _rising(groups, by_id, reader)
    return _in_order(_group(one, by_id, grown.get(one.middle, 0)) for one in groups)


def _rising_in(rows: Iterable[InboxRow], reader: Reader) -> tuple[AlikeGroup, ...]:
    groups, by_id = _groups_of(rows)
    grown = _rising(groups, by_id, reader)
    # who may be answered together is asked of the few that are named: hearing danger costs more than all the rest
    found = _in_order(_group(one, by_id, grown[one.middle]) for one in groups if grown.get(one.middle))
    return found[:RISING]


@dataclass(frozen=True, slots=True)
class _Named:
    """A rising group by the ids of its threads."""

    middle: str
    rows: tuple[str, ...]
    urgent: int
    today: int

    @classmethod
    def of(cls, one: AlikeGroup) -> _Named:
        return cls(one.middle.id, tuple(row.id for row in one.rows), one.urgent, one.today)

    def opened(self, by_id: dict[str, InboxRow]) -> AlikeGroup | None:
        """As it stands now; None when its middle was taken or answered since it was listed."""
        if self.middle not in by_id:
            return None
        rows = tuple(by_id[one] for one in self.rows if one in by_id)
        return AlikeGroup(by_id[self.middle], rows, self.urgent, self.today)


class _Remembered:
    """The last lists people looked at, by person, day and mark of the list; in memory, the oldest forgotten first."""

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, threading.Lock()
        self._kept: OrderedDict[tuple[str, date, str], tuple[_Named, ...]] = OrderedDict()

    def get(self, key: tuple[str, date, str]) -> tuple[_Named, ...] | None:
        with self._lock:
            return self._kept.get(key)

    def put(self, key: tuple[str, date, str], named: tuple[_Named, ...]) -> None:
        with self._lock:
            self._kept[key] = named
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)


_NAMED = _Remembered(most=200)
_GROUPED = _Remembered(most=20)  # a hundred bytes for each of those who wait


@dataclass(frozen=True, slots=True)
class _Waiting:
    """Those who wait, and their groups by the ids of their threads."""

    listing: Listing
    named: tuple[_Named, ...]

    @classmethod
    def now(cls, reader: Reader) -> _Waiting:
        listing = inbox_listing(reader=reader, size=LOOKED_AT)
        return cls.of(reader, listing, _GROUPED, _alike_in)

    @classmethod
    def of(cls, reader: Reader, listing: Listing, kept: _Remembered, groups: Grouping) -> _Waiting:
        """As remembered, or else grouped now."""
        key = (reader.member.pk, reader.now.date(), listing.mark)
        named = kept.get(key)
        if named is None:
            named = tuple(_Named.of(one) for one in groups(listing.rows(), reader))
            kept.put(key, named)
        return cls(listing, named)

    def opened(self, ids: set[str]) -> dict[str, InboxRow]:
        return {row.id: row for row in self.listing.rows(only=ids)} if ids else {}

    def all(self) -> tuple[AlikeGroup, ...]:
        by_id = self.opened({one for group in self.named for one in (group.middle, *group.rows)})
        return tuple(found for group in self.named if (found := group.opened(by_id)) is not None)


def group_of(reader: Reader, thread_id: str) -> AlikeGroup | None:
    """The group a thread stands in now; None when it stands in none, or the reader may not open it."""
    waiting = _Waiting.now(reader)
    for one in waiting.named:
        if thread_id == one.middle or thread_id in one.rows:
            return one.opened(waiting.opened({one.middle, *one.rows}))
    return None


def may_be_together(row: InboxRow) -> bool:
    """Whether an answer for many may be for this one; in doubt it may not."""
    calm = row.urgency not in {Urgency.NOW, Urgency.DAY} and row.kind is EntryKind.APPLICANT
    return (
        calm and not row.broken and not heard_in(row.words, Urgency.UNSORTED).dangerous and not _warned(row)
    )


def _groups_of(rows: Iterable[InboxRow]) -> tuple[list[Group], dict[str, InboxRow]]:
    by_id = {row.id: row for row in rows if row.words}
    return list(group(Question(row.id, row.words) for row in by_id.values())), by_id


def _in_order(found: Iterable[AlikeGroup]) -> tuple[AlikeGroup, ...]:
    return tuple(sorted(found, key=lambda one: (-one.today, -one.size, one.middle.id)))


def _warned(row: InboxRow) -> bool:
    return any(code.startswith("danger.") for code in row.remarks)


def _group(one: Group, by_id: dict[str, InboxRow], today: int) -> AlikeGroup:
    members = [by_id[member] for member in one.members]
    rows = tuple(row for row in members if may_be_together(row))
    return AlikeGroup(by_id[one.middle], rows, len(members) - len(rows), today)


def _rising(groups: Sequence[Group], by_id: dict[str, InboxRow], reader: Reader) -> dict[str, int]:
    """How many came today, by middle, of the groups that rise."""
    today = reader.now.date()
    days = {row.id: row.place.since.date() if row.place.since else today for row in by_id.values()}
    return {one.group.middle: one.today for one in rising(groups, days, on=today)}
