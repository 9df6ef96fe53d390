"""Alike questions of those who wait: grouped in the request of somebody who may open them, and kept nowhere.

Kept true: nobody sees a question here whose thread they may not open; whoever is in danger, says that it is urgent or
asked to talk stands in no group that can be answered together. Words and groups are content: they live as long as the
request.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from tropa.counsel.grouping import Group, Question, group, rising
from tropa.desk.cases.models import Urgency
from tropa.desk.staff.reader import Reader
from tropa.desk.talk.inbox import InboxFilters, InboxRow, inbox_page
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


def alike_now(reader: Reader, *, looked_at: int = LOOKED_AT) -> tuple[AlikeGroup, ...]:
    """Groups of those who wait and whom the reader may open, rising ones first, then the largest."""
    groups, by_id = _grouped(reader, looked_at)
    grown = _rising(groups, by_id, reader)
    return _in_order(_group(one, by_id, grown.get(one.middle, 0)) for one in groups)


def rising_now(reader: Reader) -> tuple[AlikeGroup, ...]:
    """The topics asked about clearly more today than in the days before, among those who wait."""
    groups, by_id = _grouped(reader, LOOKED_AT_TODAY)
    grown = _rising(groups, by_id, reader)
    # who may be answered together is asked of the few that are named: hearing danger costs more than all the rest
    found = _in_order(_group(one, by_id, grown[one.middle]) for one in groups if grown.get(one.middle))
    return found[:RISING]


def group_of(reader: Reader, thread_id: str) -> AlikeGroup | None:
    """The group a thread stands in now; None when it stands in none, or the reader may not open it."""
    for one in alike_now(reader):
        if thread_id == one.middle.id or any(row.id == thread_id for row in one.rows):
            return one
    return None


def may_be_together(row: InboxRow) -> bool:
    """Whether an answer for many may be for this one; in doubt it may not."""
    calm = row.urgency not in {Urgency.NOW, Urgency.DAY} and row.kind is EntryKind.APPLICANT
    return (
        calm and not row.broken and not heard_in(row.words, Urgency.UNSORTED).dangerous and not _warned(row)
    )


def _grouped(reader: Reader, looked_at: int) -> tuple[list[Group], dict[str, InboxRow]]:
    """The groups by size, and the rows they are made of."""
    rows = inbox_page(reader=reader, filters=InboxFilters(), size=looked_at)
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
