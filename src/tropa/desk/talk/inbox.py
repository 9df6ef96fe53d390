"""The inbox: who waits, by danger and then by waiting time, with the first words where the reader may open
them.

A page costs the same handful of queries whatever lies in the database: the order is an index's, the entries
of a page come in one query, and what was opened once is kept wrapped. Threads somebody else holds are not
listed: to see that a case exists is already to know something.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from django.db.models import Q, QuerySet

from tropa.desk.cases.models import Lane, Urgency
from tropa.desk.staff.models import Claim
from tropa.desk.staff.reader import Reader
from tropa.desk.talk.body import decode
from tropa.desk.talk.errors import BadBody
from tropa.desk.talk.keys import ThreadKeys, keep_wrapped, opened_body
from tropa.desk.talk.models import Entry, EntryKind, Thread
from tropa.desk.talk.pseudonyms import Pseudonym, name_from
from tropa.desk.vault.services import held_case_ids, open_case_seeds, open_duty_seeds
from tropa.envelope import CannotOpen, Seed

PAGE = 50
FIRST_WORDS = 160
SECONDS_IN_HOUR = 3600
SHOWN_COLUMNS = (
    "id", "name", "urgency", "urgency_rank", "lane", "waiting", "waiting_since", "last_heard",
    "duty_epoch_id", "case__lead__pseudonym",
)  # fmt: skip


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
    """The next rows. Six queries, and one write when something is opened for the first time."""
    duty = open_duty_seeds(reader=reader)
    threads = list(_ordered(_listed(reader, filters, list(duty)), filters, after)[:size])
    keys = _keys(reader, duty, threads)
    latest = _latest(threads)
    claims = _claims(reader, threads)
    rows = [_row(reader, thread, latest.get(thread.pk), keys, claims) for thread in threads]
    fresh = {id(found): found for found in keys.values()}.values()
    keep_wrapped([entry for found in fresh for entry in found.opened])
    return rows


def waiting_count(*, reader: Reader) -> int:
    """How many threads wait that the reader may open, at most 1000. Two queries."""
    epochs = list(reader.member.duty_grants.values_list("epoch_id", flat=True))
    return _listed(reader, InboxFilters(), epochs).order_by()[:1000].count()


def _listed(reader: Reader, filters: InboxFilters, epochs: Sequence[str]) -> QuerySet[Thread]:
    untaken, held = Q(duty_epoch_id__in=epochs), Q(case_id__in=held_case_ids(reader=reader))
    match filters.queue:
        case Queue.OPEN:
            threads = Thread.objects.filter(untaken | held, waiting=True)
        case Queue.MINE:
            threads = Thread.objects.filter(held)
        case Queue.UNTAKEN:
            threads = Thread.objects.filter(untaken, waiting=True)
        case _:
            assert_never(filters.queue)
    if filters.lane is not None:
        threads = threads.filter(lane=filters.lane)
    if filters.urgency is not None:
        threads = threads.filter(urgency=filters.urgency)
    return threads


def _ordered(threads: QuerySet[Thread], filters: InboxFilters, after: InboxPlace | None) -> QuerySet[Thread]:
    """Waiting first, then danger, then the longest waiting, as the index `inbox_order` has them."""
    mixed = filters.queue is Queue.MINE
    order = ["-waiting"] if mixed else []
    rows = threads.select_related("case__lead").order_by(*order, "urgency_rank", "waiting_since", "id")
    rows = rows.only(*SHOWN_COLUMNS)
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


def _keys(reader: Reader, duty: Mapping[str, Seed], threads: Sequence[Thread]) -> dict[str, ThreadKeys]:
    """Keys by duty epoch or case id, for the threads of a page."""
    held = open_case_seeds(reader=reader, case_ids={thread.case_id for thread in threads if thread.case_id})
    keys = {case_id: ThreadKeys.of_case(found.seed) for case_id, found in held.items()}
    for epoch_id, seed in duty.items():
        keys[epoch_id] = ThreadKeys.of_duty(seed)
    return keys


def _latest(threads: Sequence[Thread]) -> dict[str, Entry]:
    """The applicant's latest entry of each thread, in one query."""
    wanted = Q()
    for thread in threads:
        wanted |= Q(thread_id=thread.pk, sequence=thread.last_heard)
    if not threads:
        return {}
    rows = Entry.objects.filter(wanted).only("id", "thread_id", "sequence", "kind", "sealed", "wrapped")
    return {entry.thread_id: entry for entry in rows}


def _claims(reader: Reader, threads: Sequence[Thread]) -> dict[str, str]:
    claims = Claim.objects.filter(thread_id__in=[thread.pk for thread in threads], lapses__gt=reader.now)
    others = claims.exclude(member_id=reader.member.id)
    return dict(others.values_list("thread_id", "member__pseudonym"))


def _row(
    reader: Reader,
    thread: Thread,
    entry: Entry | None,
    keys: Mapping[str, ThreadKeys],
    claims: Mapping[str, str],
) -> InboxRow:
    words, language, channel, broken = _words(entry, keys.get(thread.case_id or thread.duty_epoch_id or ""))
    since = thread.waiting_since
    lead = thread.case.lead if thread.case else None
    return InboxRow(
        id=thread.pk,
        name=name_from(thread.name),
        urgency=Urgency(thread.urgency),
        lane=Lane(thread.lane),
        hours=int((reader.now - since).total_seconds()) // SECONDS_IN_HOUR if since else None,
        words=words,
        kind=EntryKind(entry.kind) if entry else EntryKind.APPLICANT,
        language=language,
        channel=channel,
        holder=lead.pseudonym if lead else "",
        mine=lead is not None and lead.pk == reader.member.pk,
        claimed_by=claims.get(thread.pk, ""),
        broken=broken,
        place=InboxPlace(answered=not thread.waiting, rank=thread.urgency_rank, since=since, id=thread.pk),
    )


def _words(entry: Entry | None, keys: ThreadKeys | None) -> tuple[str, str, str, bool]:
    """First words, language, channel, and whether the entry is broken."""
    if entry is None or keys is None:
        return "", "", "", entry is not None
    try:
        body = decode(opened_body(entry, keys))
    except (CannotOpen, BadBody):
        return "", "", "", True
    return " ".join(body.text[: 2 * FIRST_WORDS].split())[:FIRST_WORDS], body.language, body.channel, False
