"""The inbox: who waits, by danger and then by waiting time, with the first words where the reader may open
them.

A page costs the same handful of queries whatever lies in the database: the order is an index's, the entries
of a page come in one query, and what was opened once is kept wrapped. Threads somebody else holds are not
listed: to see that a case exists is already to know something.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple

from tropa.desk.cases.models import Lane, Urgency
from tropa.desk.staff.reader import Reader
from tropa.desk.talk.applicants import OWN_KINDS
from tropa.desk.talk.body import EntryBody, decode
from tropa.desk.talk.errors import BadBody
from tropa.desk.talk.inbox_rows import (
    DROP,
    OTHER,
    SPOKEN,
    InboxFilters,
    InboxPlace,
    Listed,
    Queue,
    Standing,
    counted,
    listed,
    standing,
)
from tropa.desk.talk.keys import ThreadKeys, keep_wrapped, opened_body
from tropa.desk.talk.known import kind_of, lane_of, urgency_of
from tropa.desk.talk.models import Entry, EntryKind
from tropa.desk.talk.pseudonyms import Pseudonym, name_from
from tropa.desk.talk.seals import entry_place
from tropa.desk.vault.errors import BeforeGrant
from tropa.desk.vault.services import open_case_seeds, open_duty_seeds
from tropa.envelope import CannotOpen, EnvelopeError, Seed, unwrap

__all__ = [
    "PAGE",
    "InboxFilters",
    "InboxPlace",
    "InboxRow",
    "Listing",
    "Queue",
    "inbox_listing",
    "inbox_page",
    "narrowed_page",
    "waiting_count",
]

PAGE = 50
LOOKED_AT, LOOKED_AT_ONCE = 400, 100
"""Threads opened at most for a page of one language or channel, and how many in one go: both lie sealed."""
FIRST_WORDS = 120
SECONDS_IN_HOUR = 3600
MOST_COUNTED = 1000


class _Said(NamedTuple):
    """The kind of an entry and its body; no body: it does not open."""

    kind: EntryKind
    body: EntryBody | None


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
    remarks: tuple[str, ...]  # codes of how it came
    place: InboxPlace


def inbox_page(
    *, reader: Reader, filters: InboxFilters, after: InboxPlace | None = None, size: int = PAGE
) -> list[InboxRow]:
    """The next rows. Three queries, whatever lies in the database; two more when something is
    opened first.
    """
    return _rows(reader, open_duty_seeds(reader=reader), filters, after, size)


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, and where the list goes on; None at its end. `looked_at`: how many were opened, where few of them fit."""

    rows: Sequence[InboxRow]
    following: InboxPlace | None
    looked_at: int = 0


def narrowed_page(*, reader: Reader, filters: InboxFilters, after: InboxPlace | None = None) -> Page:
    """The next rows of one language or channel, which stand in no column: threads are opened in order until a page is
    full or as many were looked at as one page may. Twelve queries at most beside those of first openings.
    """
    if not (filters.language or filters.channel):
        rows = inbox_page(reader=reader, filters=filters, after=after)
        return Page(rows, rows[-1].place if len(rows) == PAGE else None)
    found: list[InboxRow] = []
    for _turn in range(LOOKED_AT // LOOKED_AT_ONCE):
        rows = inbox_page(reader=reader, filters=filters, after=after, size=LOOKED_AT_ONCE)
        found += [row for row in rows if _fits(row, filters)]
        if len(found) > PAGE:
            return Page(found[:PAGE], found[PAGE - 1].place)
        if len(rows) < LOOKED_AT_ONCE:
            return Page(found, None)
        after = rows[-1].place
    return Page(found, after, LOOKED_AT)


def _fits(row: InboxRow, filters: InboxFilters) -> bool:
    """Whether it is of the wanted language and channel. What does not open is kept: nobody is hidden by damage."""
    if row.broken:
        return True
    language = row.language if row.language in SPOKEN else OTHER
    return filters.language in {"", language} and filters.channel in {"", row.channel or DROP}


@dataclass(frozen=True, slots=True)
class Listing:
    """The first threads that wait, in order, before anything of them is opened."""

    reader: Reader
    duty: Mapping[str, Seed] = field(repr=False)
    threads: Sequence[Standing] = field(repr=False)

    @property
    def mark(self) -> str:
        """The same as long as the same people wait and none of them has written or deleted anything."""
        listed_now = "".join(f"{one.id}{one.last_heard}{one.urgency}" for one in self.threads)
        return hashlib.sha256(listed_now.encode()).hexdigest()

    def rows(self, only: Collection[str] | None = None) -> list[InboxRow]:
        """The threads opened, or only those of these ids; who was taken or answered since it was listed is left out.
        Two queries, as for a page.
        """
        wanted = [one.id for one in self.threads] if only is None else only
        return _rows(self.reader, self.duty, InboxFilters(), None, len(self.threads), wanted)


def inbox_listing(*, reader: Reader, size: int) -> Listing:
    """The first threads that wait and that the reader may open; two queries."""
    duty = open_duty_seeds(reader=reader)
    return Listing(
        reader, duty, standing(reader=reader, filters=InboxFilters(), size=size, on_duty=bool(duty))
    )


def _rows(
    reader: Reader,
    duty: Mapping[str, Seed],
    filters: InboxFilters,
    after: InboxPlace | None,
    size: int,
    only: Collection[str] | None = None,
) -> list[InboxRow]:
    threads = listed(reader=reader, filters=filters, after=after, size=size, on_duty=bool(duty), only=only)
    latest = _latest(threads, _keys(reader, duty, threads))
    return [_row(reader, thread, latest.get(thread.id)) for thread in threads]


def waiting_count(*, reader: Reader) -> int:
    """How many threads wait that the reader may open, counted up to 1000. One query."""
    return counted(reader=reader, most=MOST_COUNTED)


def _keys(reader: Reader, duty: Mapping[str, Seed], threads: Sequence[Listed]) -> dict[str, ThreadKeys]:
    """Keys by duty epoch or case id, for the threads of a page."""
    held = open_case_seeds(reader=reader, case_ids={thread.case_id for thread in threads if thread.case_id})
    keys = {case_id: ThreadKeys.of_case(found) for case_id, found in held.items()}
    on_duty = ThreadKeys.of_duty(duty)
    return keys | dict.fromkeys(duty, on_duty)


def _latest(threads: Sequence[Listed], keys: Mapping[str, ThreadKeys]) -> dict[str, _Said]:
    """What the applicant said last in each thread; rows are loaded whole only to be opened for
    the first time.
    """
    owners = {thread.id: keys.get(thread.case_id or thread.duty_epoch_id or "") for thread in threads}
    said: dict[str, _Said] = {}
    unopened: list[str] = []
    for thread in threads:
        owner = owners[thread.id]
        if thread.entry_id is None or thread.sequence is None:
            continue
        kind = kind_of(thread.kind or "")
        said[thread.id] = _Said(kind, None)
        if owner is None:
            continue
        place = entry_place(
            "wrapped", thread_id=thread.id, sequence=thread.sequence, entry_id=thread.entry_id
        )
        try:
            own = owner.at(thread.entry_duty_id or thread.entry_epoch)
            body = decode(unwrap(own.wrapping, place, bytes(thread.wrapped or b"")))
        except BeforeGrant:
            continue
        except (CannotOpen, BadBody):
            unopened.append(thread.entry_id)
        else:
            said[thread.id] = _said(kind, body)
    if unopened:
        _open_first(unopened, owners, said)
    return said


def _open_first(
    entry_ids: list[str], owners: Mapping[str, ThreadKeys | None], said: dict[str, _Said]
) -> None:
    """Open with key pairs what was never opened, and keep it wrapped for the next time."""
    for entry in Entry.objects.filter(pk__in=entry_ids).select_related("thread"):
        owner = owners[entry.thread_id]
        if owner is not None:
            with suppress(EnvelopeError, BadBody):
                said[entry.thread_id] = _said(kind_of(entry.kind), decode(opened_body(entry, owner)))
    distinct = {id(owner): owner for owner in owners.values() if owner is not None}
    keep_wrapped([entry for owner in distinct.values() for entry in owner.opened])


def _said(kind: EntryKind, body: EntryBody) -> _Said:
    """What the person said; words of anybody else in their place are not shown."""
    return _Said(kind, body if body.kind == kind and kind in OWN_KINDS else None)


def _row(reader: Reader, thread: Listed, said: _Said | None) -> InboxRow:
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
        urgency=urgency_of(thread.urgency),
        lane=lane_of(thread.lane),
        hours=int((reader.now - since).total_seconds()) // SECONDS_IN_HOUR if since else None,
        words=" ".join(body.text[: 2 * FIRST_WORDS].split())[:FIRST_WORDS] if body else "",
        kind=said.kind if said else EntryKind.APPLICANT,
        language=body.language if body else "",
        channel=body.channel if body else "",
        holder=thread.lead or "",
        mine=thread.lead_id == reader.member.id,
        claimed_by=str(thread.claimant) if claimed else "",
        broken=said is not None and body is None,
        remarks=body.remarks if body else (),
        place=InboxPlace(answered=not thread.waiting, rank=thread.urgency_rank, since=since, id=thread.id),
    )
