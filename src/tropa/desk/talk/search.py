"""Search over every entry the reader may open: opened in memory, scanned, and forgotten.

Nothing of a search is stored: no index, no list of words, not the query, which travels by POST and reaches no log. What
was opened once lies wrapped under a symmetric key of its case or duty epoch, which the reader's own key opens; of what
never was, a bounded number is opened at each search, and the reader is told how many are left. An entry is
shown only as a thread shows it: it opens in its place, and its author's signature verifies.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from tropa.desk.audit.readings import note_search
from tropa.desk.audit.refusals import refuse
from tropa.desk.staff.reader import Reader
from tropa.desk.talk.body import said_part
from tropa.desk.talk.errors import BadBody
from tropa.desk.talk.inbox_rows import ON_DUTY
from tropa.desk.talk.keys import ThreadKeys, keep_wrapped, opened_body
from tropa.desk.talk.models import Entry, EntryKind
from tropa.desk.talk.pseudonyms import name_of
from tropa.desk.talk.queries import OpenEntry, Problem, shown_entry
from tropa.desk.talk.seals import entry_place
from tropa.desk.talk.search_words import Query
from tropa.desk.vault.case_grants import HELD
from tropa.desk.vault.errors import BeforeGrant
from tropa.desk.vault.services import held_case_ids, open_case_seeds, open_duty_seeds
from tropa.envelope import CannotOpen, ColumnOpener, EnvelopeError

MOST_SHOWN = 20
LOOKED_AT = 3 * MOST_SHOWN
"""Entries that may hold the words, verified to show `MOST_SHOWN` of them."""
OPENED_AT_ONCE = 1000
"""Entries that were never opened before and are opened at one search, a few tenths of a millisecond each."""
BLOCK = 500
OF_DUTY = f"""
SELECT e.id, e.thread_id, e.sequence, e.duty_epoch_id, NULL, CAST(e.day AS TEXT), e.wrapped
FROM talk_entry e WHERE e.wrapped IS NOT NULL AND e.duty_epoch_id IS NOT NULL AND e.duty_epoch_id IN ({ON_DUTY})
"""  # noqa: S608  # put together from literals of our own
OF_CASES = f"""
SELECT e.id, e.thread_id, e.sequence, e.case_epoch, t.case_id, CAST(e.day AS TEXT), e.wrapped
FROM talk_thread t JOIN talk_entry e ON e.thread_id = t.id
WHERE t.case_id IN ({HELD}) AND e.wrapped IS NOT NULL AND e.duty_epoch_id IS NULL
"""  # noqa: S608
NEVER_OPENED = f"""
SELECT CAST(e.day AS TEXT), e.id FROM talk_entry e JOIN talk_thread t ON t.id = e.thread_id
WHERE e.wrapped IS NULL AND (
    COALESCE(e.duty_epoch_id, '') IN ({ON_DUTY})
    OR COALESCE(e.duty_epoch_id, '') = '' AND COALESCE(t.case_id, '') IN ({HELD}))
"""  # noqa: S608
"""The order of columns is that of `Row`. `COALESCE` keeps SQLite on the index of what was never opened."""


@dataclass(frozen=True, slots=True)
class FoundEntry:
    """An entry that holds the words. `who` is its author's pseudonym, or that of the person who wrote in."""

    thread_id: str
    name: str
    who: str
    note: bool
    at: datetime | None
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gave, newest first: `more` than is shown, and how many entries were not looked into yet."""

    entries: tuple[FoundEntry, ...] = ()
    more: bool = False
    left: int = 0


Hit = tuple[str, str]
"""The day of an entry (ISO 8601) and its id."""
Row = tuple[str, str, int, str | int, str | None, str, bytes]
"""Id, thread, number, epoch (of a case, or the id of one of duty), case, day, and the wrapped content of an entry."""


class _Held:
    """Everything the reader holds, and for each epoch what opens its entries quickly."""

    def __init__(self, reader: Reader) -> None:
        held = open_case_seeds(reader=reader, case_ids=set(held_case_ids(reader=reader)))
        self._cases = {case_id: ThreadKeys.of_case(seed) for case_id, seed in held.items()}
        self._duty = ThreadKeys.of_duty(open_duty_seeds(reader=reader))
        self._openers: dict[tuple[str | None, str | int], ColumnOpener | None] = {}

    def keys(self, case_id: str | None) -> ThreadKeys:
        """What opens the entries of a case, or of duty. Raises BeforeGrant."""
        found = self._duty if case_id is None else self._cases.get(case_id)
        if found is None:
            raise BeforeGrant
        return found

    def opener(self, case_id: str | None, epoch: str | int) -> ColumnOpener | None:
        """What opens the wrappings of an epoch of a case, or of a duty epoch; None for what is older than the
        reader's access.
        """
        if (case_id, epoch) not in self._openers:
            self._openers[case_id, epoch] = self._made(case_id, epoch)
        return self._openers[case_id, epoch]

    def _made(self, case_id: str | None, epoch: str | int) -> ColumnOpener | None:
        try:
            wrapping = self.keys(case_id).at(epoch).wrapping
        except BeforeGrant:
            return None
        return ColumnOpener(wrapping, entry_place("wrapped", thread_id="any", sequence=0, entry_id="any"))


@dataclass(slots=True)
class _Scan:
    """What was seen: entries that may hold the words, by day, and entries that were never opened."""

    hits: list[Hit] = field(default_factory=list)
    unopened: list[Hit] = field(default_factory=list)


def search(*, reader: Reader, query: Query) -> Found:
    """The newest entries the reader may open that hold every word. An empty query finds nothing and asks nothing."""
    if not query.words:
        return Found()
    note_search(reader=reader)
    held = _Held(reader)
    scan = _Scan(unopened=_never_opened(reader))
    for block in _blocks(reader):
        _scan(block, held, query, scan)
    opened = heapq.nlargest(OPENED_AT_ONCE, scan.unopened)
    scan.hits += _first_opened([entry_id for _day, entry_id in opened], held, query)
    newest = heapq.nlargest(LOOKED_AT, scan.hits)
    shown = _shown(reader, [entry_id for _day, entry_id in newest], held, query)
    more = len(shown) > MOST_SHOWN or len(scan.hits) > LOOKED_AT
    return Found(tuple(shown[:MOST_SHOWN]), more, len(scan.unopened) - len(opened))


def _blocks(reader: Reader) -> Iterator[list[Row]]:
    """What was opened once, of duty and of cases."""
    today = connection.ops.adapt_datefield_value(reader.now.date())
    for sql, values in ((OF_DUTY, [reader.member.id]), (OF_CASES, [reader.member.id, today])):
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            while block := cursor.fetchmany(BLOCK):
                yield block


def _never_opened(reader: Reader) -> list[Hit]:
    today = connection.ops.adapt_datefield_value(reader.now.date())
    with connection.cursor() as cursor:
        cursor.execute(NEVER_OPENED, [reader.member.id, reader.member.id, today])
        return list(cursor.fetchall())


def _scan(block: Sequence[Row], held: _Held, query: Query, scan: _Scan) -> None:
    """Open a block and look for the words in all of it at once; most blocks hold some of them nowhere."""
    days, contents = [], []
    last, opener = None, None
    for entry_id, thread_id, sequence, epoch, case_id, day, wrapped in block:
        if last != (case_id, epoch):
            last = (case_id, epoch)
            opener = held.opener(case_id, epoch)
        if opener is None:
            continue
        try:
            contents.append(opener.open_padded(f"{thread_id}.{sequence}.{entry_id}", bytes(wrapped)))
        except CannotOpen:
            scan.unopened.append((day, entry_id))
        else:
            days.append((day, entry_id))
    together = b"\n".join(contents)
    if all(word.may_be_in(together) for word in query.words):
        pairs = zip(days, contents, strict=True)
        scan.hits += [hit for hit, content in pairs if _may_fit(content, query)]


def _may_fit(content: bytes, query: Query) -> bool:
    said = said_part(content)
    return all(word.is_likely_in(said) for word in query.words)


def _first_opened(entry_ids: Sequence[str], held: _Held, query: Query) -> list[Hit]:
    """Open with key pairs what was never opened, and keep it wrapped for the next time; what may hold the words."""
    hits = []
    for start in range(0, len(entry_ids), BLOCK):
        fresh = []
        rows = Entry.objects.filter(pk__in=entry_ids[start : start + BLOCK])
        for entry in rows.select_related("thread"):
            with suppress(EnvelopeError, BadBody, BeforeGrant):
                content = opened_body(entry, held.keys(entry.thread.case_id))
                fresh.append(entry)
                if _may_fit(content, query):
                    hits.append((entry.day.isoformat(), entry.pk))
        keep_wrapped(fresh)
    return hits


def _shown(reader: Reader, entry_ids: Sequence[str], held: _Held, query: Query) -> list[FoundEntry]:
    """Those of these entries that verify and hold the words, in this order; one more than is shown at most."""
    rows = Entry.objects.filter(pk__in=entry_ids).select_related("author__issuer", "thread")
    found = {entry.pk: entry for entry in rows}
    shown: list[FoundEntry] = []
    for entry in (found[entry_id] for entry_id in entry_ids if entry_id in found):
        opened = shown_entry(entry, entry.thread, held.keys(entry.thread.case_id))
        if opened.problem not in {None, Problem.BEFORE_GRANT}:
            refuse(table="talk_entry", row=entry.pk, day=reader.now.date())
        elif opened.problem is None and query.fits(_everything_said(opened)):
            shown.append(_found(entry, opened))
        if len(shown) > MOST_SHOWN:
            break
    return shown


def _everything_said(opened: OpenEntry) -> str:
    return "\n".join((opened.text, *(file.name for file in opened.files)))


def _found(entry: Entry, opened: OpenEntry) -> FoundEntry:
    ours = opened.kind in {EntryKind.REPLY, EntryKind.NOTE}
    name = name_of(entry.thread).text
    return FoundEntry(
        thread_id=entry.thread_id,
        name=name,
        who=opened.author.pseudonym if ours and opened.author else name,
        note=opened.kind is EntryKind.NOTE,
        at=opened.at,
        text=_everything_said(opened),
    )
