"""News about our addresses, for those who asked for it: one account's share of the notice in force.

Kept true: only a notice that verifies at this moment is told, and the sender verifies it again before each message; a
person gets it once, whatever rows say, for that stands in the book outside the database; few lie in the outbox at a
time, behind every answer, so neither an answer nor anything else people are told waits for them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from tropa.desk.contacts.notice_in_force import NoticeInForce, notice_in_force
from tropa.desk.contacts.notice_progress import PER_MINUTE, say_progress
from tropa.desk.messengers.addresses import sealed_addresses, version_of, versions
from tropa.desk.messengers.models import Outgoing, OutgoingState
from tropa.envelope import CannotOpen
from tropa.gateway.addresses import AddressBook, Reached
from tropa.gateway.automatic import Automatic
from tropa.gateway.database import Database
from tropa.gateway.sent_book import Attempt, SentBook

EVERY: Final = 20.0
AT_A_TIME: Final = int(PER_MINUTE * EVERY / 60)
MOST_NEXT: Final = 200
SLICE: Final = 1000
"""Addresses looked at before whatever else waits for the database has its turn."""


@dataclass(slots=True)
class _Seen:
    """What is known of addresses, by the version of each: the key of the notice's row for those who want it here."""

    notice: str = ""
    wanting: dict[bytes, str] = field(default_factory=dict, repr=False)
    others: set[bytes] = field(default_factory=set, repr=False)


@dataclass(slots=True)
class _Round:
    """What one look at all addresses found."""

    seen: _Seen
    people: int = 0
    left: int = 0
    next: list[tuple[str, str]] = field(default_factory=list, repr=False)  # thread and key


@dataclass(frozen=True, slots=True)
class News:
    """Queues the notice for one account."""

    account: str
    book: AddressBook
    automatic: Automatic
    sent: SentBook
    database: Database
    clock: Callable[[], datetime]
    _seen: list[_Seen] = field(default_factory=list, repr=False)

    async def run(self) -> None:
        """Until cancelled. Raises what the database raises."""
        while True:
            await self.tell()
            await asyncio.sleep(EVERY)

    async def tell(self) -> int:
        """Queue the next few, if a notice is in force; returns how many."""
        found = await self.database.do(notice_in_force, now=self.clock())
        if found is None:
            self._seen.clear()
            return 0
        looked, after = _Round(_Seen(found.id)), ""
        while True:
            last = await self.database.do(self._look, found, looked, after)
            if not last:
                break
            after = last
        self._seen[:] = [looked.seen]
        return await self.database.do(self._queue, found, looked)

    def _look(self, found: NoticeInForce, looked: _Round, after: str) -> str:
        """Look at the addresses behind `after`; returns the last of them, "" at the end. Only those are opened that
        were not there, or were others, at the last look.
        """
        rows = versions(after=after, limit=SLICE)
        self._learn(found, looked.seen, rows)
        for thread_id, version in rows:
            key = looked.seen.wanting.get(version)
            if key is None:
                continue
            looked.people += 1
            if self.sent.standing(key, found.notice.made)[0] is Attempt.FREE:
                looked.left += 1
                if len(looked.next) < MOST_NEXT:
                    looked.next.append((thread_id, key))
        return rows[-1][0] if len(rows) == SLICE else ""

    def _learn(self, found: NoticeInForce, seen: _Seen, rows: list[tuple[str, bytes]]) -> None:
        before = next((one for one in self._seen if one.notice == found.id), _Seen())
        unknown = []
        for thread_id, version in rows:
            if version in before.others:
                seen.others.add(version)
            elif (key := before.wanting.get(version)) is not None:
                seen.wanting[version] = key
            else:
                unknown.append(thread_id)
        for thread_id, sealed in sealed_addresses(unknown):
            reached = self._wanting(thread_id, sealed)
            if reached is None:
                seen.others.add(version_of(sealed))
            else:
                key = self.automatic.news_key(reached.handle, found.notice.number)
                seen.wanting[version_of(sealed)] = key

    def _wanting(self, thread_id: str, sealed: bytes) -> Reached | None:
        """The address of somebody who wants the news, and by this account."""
        try:
            reached = self.book.open(thread_id, sealed)
        except CannotOpen:
            return None
        return reached if reached.account == self.account and reached.news else None

    def _queue(self, found: NoticeInForce, looked: _Round) -> int:
        there = dict(
            Outgoing.objects.filter(key__in=[key for _thread, key in looked.next]).values_list("key", "state")
        )
        waiting = sum(state in (OutgoingState.QUEUED, OutgoingState.SENDING) for state in there.values())
        fresh = [thread_id for thread_id, key in looked.next if key not in there]
        queued = 0
        for thread_id, sealed in sealed_addresses(fresh[: max(0, AT_A_TIME - waiting)]):
            reached = self._wanting(thread_id, sealed)
            if reached is not None:
                self.automatic.queue_news(reached, thread_id, found.notice)
                queued += 1
        say_progress(notice_id=found.id, account=self.account, people=looked.people, left=looked.left)
        return queued
