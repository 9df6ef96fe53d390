"""The one query behind a page of the inbox, written out.

Django builds an expression for every part of a query each time it is asked; for this page that costs more
than the database and opening fifty messages together. Everything variable is a parameter; the parts put
together here are literals. The order is that of the partial index `inbox_order`, and `COALESCE` keeps the
database on it: without, it gathers every readable row by its foreign keys and sorts them all.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple, assert_never

from django.db import connection

from tropa.desk.cases.models import Lane, Urgency
from tropa.desk.clock import said_in_utc
from tropa.desk.staff.reader import Reader
from tropa.desk.vault.case_grants import HELD

COLUMNS = """
    t.id, t.name, t.urgency, t.urgency_rank, t.lane, t.waiting, t.waiting_since, t.duty_epoch_id, t.case_id,
    c.lead_id, l.pseudonym, k.member_id, m.pseudonym, k.lapses, e.id, e.sequence, e.kind, e.wrapped,
    e.duty_epoch_id, e.case_epoch
FROM talk_thread t
LEFT JOIN cases_case c ON c.id = t.case_id
LEFT JOIN staff_member l ON l.id = c.lead_id
LEFT JOIN staff_claim k ON k.thread_id = t.id
LEFT JOIN staff_member m ON m.id = k.member_id
LEFT JOIN talk_entry e ON e.thread_id = t.id AND e.sequence = t.last_heard
"""
ORDER = "t.urgency_rank, t.waiting_since, t.id"
ASIDE = (
    "(t.urgency_rank > 0 AND EXISTS (SELECT 1 FROM talk_snooze z WHERE z.thread_id = t.id AND z.until > %s))"
)
ON_DUTY = "SELECT d.epoch_id FROM vault_dutygrant d WHERE d.member_id = %s"
COUNTED = f"""
WITH aside AS (
    SELECT COUNT(*) AS number FROM talk_snooze z CROSS JOIN talk_thread t
    WHERE z.until > %s AND t.id = z.thread_id AND t.urgency_rank > 0 AND t.waiting
    AND (COALESCE(t.duty_epoch_id, '') IN ({ON_DUTY}) OR COALESCE(t.case_id, '') IN ({HELD}))
)
SELECT (
    SELECT COUNT(*) FROM (SELECT 1 AS one FROM talk_thread t WHERE t.waiting AND t.duty_epoch_id IN ({ON_DUTY})
    LIMIT (%s + (SELECT number FROM aside))) on_duty
) + (
    SELECT COUNT(*) FROM (SELECT 1 AS one FROM talk_thread t WHERE t.waiting AND t.case_id IN ({HELD})
    LIMIT (%s + (SELECT number FROM aside))) in_cases
) - (SELECT number FROM aside)
"""  # noqa: S608  # literals of this module; a cross join keeps SQLite on the few rows of the left side


class Queue(StrEnum):
    """Which threads."""

    OPEN = "open"  # everything the reader may open that waits for an answer
    MINE = "mine"  # of cases the reader leads or seconds, answered or not
    UNTAKEN = "untaken"
    SNOOZED = "snoozed"  # put aside until an hour; stands in none of the others


SPOKEN, OTHER = ("ru", "en"), "other"
"""Languages this place speaks, and what stands for all others."""
DROP = "drop"
"""The channel of whoever writes on our own site."""


@dataclass(frozen=True, slots=True)
class InboxFilters:
    """What to list."""

    queue: Queue = Queue.OPEN
    lane: Lane | None = None
    urgency: Urgency | None = None
    language: str = ""  # of what they wrote last, as sealed with it: of SPOKEN, or OTHER; "" for any
    channel: str = ""  # by which they wrote it, likewise


@dataclass(frozen=True, slots=True)
class InboxPlace:
    """The last row of a page, to go on after."""

    answered: bool
    rank: int
    since: datetime | None
    id: str


class Listed(NamedTuple):
    """A thread as the list needs it, with what the applicant said last."""

    id: str
    name: int
    urgency: str
    urgency_rank: int
    lane: str
    waiting: bool
    waiting_since: datetime | None
    duty_epoch_id: str | None
    case_id: str | None
    lead_id: str | None
    lead: str | None
    claimant_id: str | None
    claimant: str | None
    lapses: datetime | None
    entry_id: str | None
    sequence: int | None
    kind: str | None
    wrapped: bytes | None
    entry_duty_id: str | None
    entry_epoch: int | None


class Standing(NamedTuple):
    """A thread in the list: its id, the number of what the applicant said last, its urgency. Read off the thread
    alone, which costs a tenth of a row with what was said.
    """

    id: str
    last_heard: int
    urgency: str


def standing(*, reader: Reader, filters: InboxFilters, size: int, on_duty: bool) -> list[Standing]:
    """The first `size` threads of what `listed` lists, in its order; one query."""
    where, values = _conditions(reader, filters, on_duty=on_duty)
    columns = "t.id, t.last_heard, t.urgency FROM talk_thread t"
    sql = f"SELECT {columns} WHERE {where} ORDER BY {ORDER} LIMIT %s"  # literals of this module
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, size])
        return list(map(Standing._make, cursor.fetchall()))


def listed(
    *,
    reader: Reader,
    filters: InboxFilters,
    after: InboxPlace | None,
    size: int,
    on_duty: bool = True,
    only: Collection[str] | None = None,
) -> list[Listed]:
    """The next `size` threads the reader may open, in order; one query. `on_duty`: whether the reader holds the key of
    any duty; without one only their few cases are gathered, not all who wait looked through. `only`: of these ids.
    """
    where, values = _conditions(reader, filters, on_duty=on_duty)
    if only is not None:
        where, values = f"{where} AND t.id IN ({', '.join(['%s'] * len(only)) or 'NULL'})", [*values, *only]
    order = ORDER
    if filters.queue is Queue.MINE:
        order = f"t.waiting DESC, {order}"
    if after is not None:
        further, more = _after(filters, after)
        where, values = f"{where} AND {further}", [*values, *more]
    sql = f"SELECT {COLUMNS} WHERE {where} ORDER BY {order} LIMIT %s"  # literals of this module
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, size])
        return [_row(row) for row in cursor.fetchall()]


def counted(*, reader: Reader, most: int) -> int:
    """How many threads wait that the reader may open, counted up to `most`; one query.

    Counted along the index of those who wait by duty epoch, so that whoever may open few of many does not walk past
    all others; the few put aside are counted by themselves.
    """
    today = connection.ops.adapt_datefield_value(reader.now.date())
    moment = connection.ops.adapt_datetimefield_value(reader.now)
    duty, held = [reader.member.id], [reader.member.id, today]
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, [moment, *duty, *held, *duty, most, *held, most])
        return min(int(cursor.fetchone()[0]), most)


def _conditions(reader: Reader, filters: InboxFilters, *, on_duty: bool) -> tuple[str, list[Any]]:
    today = connection.ops.adapt_datefield_value(reader.now.date())
    duty, held = [reader.member.id], [reader.member.id, today]
    moment = connection.ops.adapt_datetimefield_value(reader.now)
    values: list[Any]
    match filters.queue:
        case Queue.OPEN | Queue.SNOOZED | Queue.UNTAKEN if not on_duty:
            held = [] if filters.queue is Queue.UNTAKEN else held
            where, values = f"t.waiting AND t.case_id IN ({HELD if held else 'NULL'})", held
        case Queue.OPEN | Queue.SNOOZED:
            either = f"(COALESCE(t.duty_epoch_id, '') IN ({ON_DUTY}) OR COALESCE(t.case_id, '') IN ({HELD}))"
            where, values = f"t.waiting AND {either}", [*duty, *held]
        case Queue.MINE:
            where, values = f"t.case_id IN ({HELD})", held
        case Queue.UNTAKEN:
            where, values = f"t.waiting AND COALESCE(t.duty_epoch_id, '') IN ({ON_DUTY})", list(duty)
        case _:
            assert_never(filters.queue)
    aside = ASIDE if filters.queue is Queue.SNOOZED else f"NOT {ASIDE}"
    where, values = f"{where} AND {aside}", [*values, moment]
    for column, wanted in (("lane", filters.lane), ("urgency", filters.urgency)):
        if wanted is not None:
            where, values = f"{where} AND t.{column} = %s", [*values, wanted.value]
    return where, values


def _after(filters: InboxFilters, after: InboxPlace) -> tuple[str, list[Any]]:
    """What stands behind the last row of the page before."""
    later: str
    values: Sequence[Any]
    if after.since is None:
        later = "(t.urgency_rank > %s OR (t.urgency_rank = %s AND t.id > %s))"
        values = (after.rank, after.rank, after.id)
    else:
        since = connection.ops.adapt_datetimefield_value(after.since)
        later = "(t.urgency_rank, t.waiting_since, t.id) > (%s, %s, %s)"
        values = (after.rank, since, after.id)
    if filters.queue is not Queue.MINE:
        return later, list(values)
    return (f"(NOT t.waiting AND {later})" if after.answered else f"(NOT t.waiting OR {later})"), list(values)


def _row(row: Sequence[Any]) -> Listed:
    values = list(row)  # there may be hundreds: changed in place before, not copied after
    values[_WAITING] = bool(values[_WAITING])
    values[_SINCE], values[_LAPSES] = said_in_utc(values[_SINCE]), said_in_utc(values[_LAPSES])
    return Listed._make(values)


_WAITING, _SINCE, _LAPSES = (Listed._fields.index(name) for name in ("waiting", "waiting_since", "lapses"))
