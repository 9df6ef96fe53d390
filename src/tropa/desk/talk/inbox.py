"""The inbox: who waits, by danger and then by waiting time, with the first words where the reader may open
them.

A page costs the same handful of queries whatever lies in the database: the order is an index's, the entries
of a page come in one query, and what was opened once is kept wrapped. Threads somebody else holds are not
listed: to see that a case exists is already to know something.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, assert_never

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import In

from tropa.desk.cases.models import Lane, Urgency
from tropa.desk.staff.reader import Reader
from tropa.desk.talk.body import EntryBody, decode
from tropa.desk.talk.errors import BadBody
from tropa.desk.talk.keys import ThreadKeys, keep_wrapped, opened_body
from tropa.desk.talk.models import Entry, EntryKind, Thread
from tropa.desk.talk.pseudonyms import Pseudonym, name_from
from tropa.desk.talk.seals import entry_place
from tropa.desk.vault.models import CaseGrant
from tropa.desk.vault.services import held_case_ids, open_case_seeds, open_duty_seeds
from tropa.envelope import CannotOpen, Seed, unwrap

PAGE = 50
FIRST_WORDS = 160
SECONDS_IN_HOUR = 3600
THREAD_COLUMNS = (
    "id", "name", "urgency", "urgency_rank", "lane", "waiting", "waiting_since", "duty_epoch_id", "case_id",
    "case__lead_id", "case__lead__pseudonym", "claim__member_id", "claim__member__pseudonym", "claim__lapses",
)  # fmt: skip
ENTRY_COLUMNS = ("id", "thread_id", "sequence", "kind", "wrapped")


class _Listed(NamedTuple):
    """A thread as the list needs it; values instead of rows, which cost more than opening what they hold."""

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


class _Said(NamedTuple):
    """The kind of an entry and its body; no body: it does not open."""

    kind: EntryKind
    body: EntryBody | None


class Queue(StrEnum):
    """Which threads."""

    OPEN = "open"  # everything the reader may open that waits for an answer
    MINE = "mine"  # of cases the reader leads or seconds, answered or not
    UNTAKEN = "untaken"


@dataclass(frozen=True, slots=True)
class InboxFilters:
    """What to list."""

    queue: Queue = Queue.OPEN
    lane: Lane | None = None
    urgency: Urgency | None = None


@dataclass(frozen=True, slots=True)
class InboxPlace:
    """The last row of a page, to go on after."""

    answered: bool
    rank: int
    since: datetime | None
    id: str


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One thread. `words` is empty when nothing opens (`broken`) or nothing is left; `hours` of
    waiting, or None.
    """

    id: str
    name: Pseudonym
    urgency: Urgency
    lane: Lane
    hours: int | None
    words: str = field(repr=False)
    kind: EntryKind
    language: str
    channel: str
    holder: str
    mine: bool
    claimed_by: str
    broken: bool
    place: InboxPlace


def inbox_page(
    *, reader: Reader, filters: InboxFilters, after: InboxPlace | None = None, size: int = PAGE
) -> list[InboxRow]:
    """The next rows. Four queries, whatever lies in the database; two more when something is opened first."""
    duty = open_duty_seeds(reader=reader)
    listed = _ordered(_listed(reader, filters, list(duty)), filters, after)
    threads = [_Listed(*row) for row in listed.values_list(*THREAD_COLUMNS)[:size]]
    keys = _keys(reader, duty, threads)
    latest = _latest(threads, keys)
    return [_row(reader, thread, latest.get(thread.id)) for thread in threads]


def waiting_count(*, reader: Reader) -> int:
    """How many threads wait that the reader may open, at most 1000. Two queries."""
    epochs = list(reader.member.duty_grants.values_list("epoch_id", flat=True))
    return _listed(reader, InboxFilters(), epochs).order_by()[:1000].count()


def _listed(reader: Reader, filters: InboxFilters, epochs: Sequence[str]) -> QuerySet[Thread]:
    held = held_case_ids(reader=reader)
    threads: QuerySet[Thread]
    match filters.queue:
        case Queue.OPEN if epochs:
            threads = Thread.objects.filter(
                _within("duty_epoch_id", epochs) | _within("case_id", held), waiting=True
            )
        case Queue.OPEN:
            threads = Thread.objects.filter(case_id__in=held, waiting=True)
        case Queue.MINE:
            threads = Thread.objects.filter(case_id__in=held)
        case Queue.UNTAKEN:
            threads = Thread.objects.filter(_within("duty_epoch_id", epochs), waiting=True)
        case _:
            assert_never(filters.queue)
    if filters.lane is not None:
        threads = threads.filter(lane=filters.lane)
    if filters.urgency is not None:
        threads = threads.filter(urgency=filters.urgency)
    return threads


def _within(column: str, ids: Sequence[str] | QuerySet[CaseGrant, str]) -> Q:
    """That a column is among these, said so that its own index is not used.

    The database would otherwise gather every readable row by its foreign keys and sort them all; walking
    `inbox_order` it finds a page at once, for most of what waits is the shift's.
    """
    return Q(In(Coalesce(column, Value("")), ids))


def _ordered(threads: QuerySet[Thread], filters: InboxFilters, after: InboxPlace | None) -> QuerySet[Thread]:
    """Waiting first, then danger, then the longest waiting, as the index `inbox_order` has them."""
    mixed = filters.queue is Queue.MINE
    order = ["-waiting"] if mixed else []
    rows = threads.order_by(*order, "urgency_rank", "waiting_since", "id")
    if after is None:
        return rows
    later = Q(urgency_rank__gt=after.rank)
    if after.since is not None:
        later |= Q(urgency_rank=after.rank, waiting_since__gt=after.since)
    later |= Q(urgency_rank=after.rank, waiting_since=after.since, id__gt=after.id)
    if not mixed:
        return rows.filter(later)
    return (
        rows.filter(later, waiting=False)
        if after.answered
        else rows.filter((Q(waiting=True) & later) | Q(waiting=False))
    )


def _keys(reader: Reader, duty: Mapping[str, Seed], threads: Sequence[_Listed]) -> dict[str, ThreadKeys]:
    """Keys by duty epoch or case id, for the threads of a page."""
    held = open_case_seeds(reader=reader, case_ids={thread.case_id for thread in threads if thread.case_id})
    keys = {case_id: ThreadKeys.of_case(found.seed) for case_id, found in held.items()}
    return keys | {epoch_id: ThreadKeys.of_duty(seed) for epoch_id, seed in duty.items()}


def _latest(threads: Sequence[_Listed], keys: Mapping[str, ThreadKeys]) -> dict[str, _Said]:
    """What the applicant said last in each thread; rows are loaded whole only to be opened for
    the first time.
    """
    if not threads:
        return {}
    owners = {thread.id: keys.get(thread.case_id or thread.duty_epoch_id or "") for thread in threads}
    rows = Entry.objects.filter(thread_id__in=list(owners), sequence=F("thread__last_heard"))
    said: dict[str, _Said] = {}
    unopened: list[str] = []
    for entry_id, thread_id, sequence, kind, wrapped in rows.values_list(*ENTRY_COLUMNS):
        owner = owners[thread_id]
        said[thread_id] = _Said(EntryKind(kind), None)
        if owner is None:
            continue
        place = entry_place("wrapped", thread_id=thread_id, sequence=sequence, entry_id=entry_id)
        try:
            said[thread_id] = _Said(
                EntryKind(kind), decode(unwrap(owner.wrapping, place, bytes(wrapped or b"")))
            )
        except (CannotOpen, BadBody):
            unopened.append(entry_id)
    if unopened:
        _open_first(unopened, owners, said)
    return said


def _open_first(
    entry_ids: list[str], owners: Mapping[str, ThreadKeys | None], said: dict[str, _Said]
) -> None:
    """Open with key pairs what was never opened, and keep it wrapped for the next time."""
    for entry in Entry.objects.filter(pk__in=entry_ids):
        owner = owners[entry.thread_id]
        if owner is not None:
            with suppress(CannotOpen, BadBody):
                said[entry.thread_id] = _Said(EntryKind(entry.kind), decode(opened_body(entry, owner)))
    distinct = {id(owner): owner for owner in owners.values() if owner is not None}
    keep_wrapped([entry for owner in distinct.values() for entry in owner.opened])


def _row(reader: Reader, thread: _Listed, said: _Said | None) -> InboxRow:
    body = said.body if said else None
    claimed = (
        thread.claimant
        and thread.claimant_id != reader.member.id
        and thread.lapses
        and thread.lapses > reader.now
    )
    since = thread.waiting_since
    return InboxRow(
        id=thread.id,
        name=name_from(thread.name),
        urgency=Urgency(thread.urgency),
        lane=Lane(thread.lane),
        hours=int((reader.now - since).total_seconds()) // SECONDS_IN_HOUR if since else None,
        words=" ".join(body.text[: 2 * FIRST_WORDS].split())[:FIRST_WORDS] if body else "",
        kind=said.kind if said else EntryKind.APPLICANT,
        language=body.language if body else "",
        channel=body.channel if body else "",
        holder=thread.lead or "",
        mine=thread.lead_id == reader.member.id,
        claimed_by=str(thread.claimant) if claimed else "",
        broken=said is not None and body is None,
        place=InboxPlace(answered=not thread.waiting, rank=thread.urgency_rank, since=since, id=thread.id),
    )
