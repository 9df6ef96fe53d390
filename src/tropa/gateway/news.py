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
from tropa.desk.messengers.models import Address, Outgoing, OutgoingState
from tropa.envelope import CannotOpen
from tropa.gateway.addresses import AddressBook, Reached
from tropa.gateway.automatic import Automatic
from tropa.gateway.database import Database
from tropa.gateway.sent_book import Attempt, SentBook

EVERY: Final = 20.0
AT_A_TIME: Final = int(PER_MINUTE * EVERY / 60)
SLICE: Final = 200


@dataclass(slots=True)
class _Round:
    """What one look at all addresses found."""

    people: int = 0
    left: int = 0
    next: list[tuple[str, Reached]] = field(default_factory=list, repr=False)  # thread and address


@dataclass(frozen=True, slots=True)
class News:
    """Queues the notice for one account."""

    account: str
    book: AddressBook
    automatic: Automatic
    sent: SentBook
    database: Database
    clock: Callable[[], datetime]

    async def run(self) -> None:
        """Until cancelled. Raises what the database raises."""
        while True:
            await self.tell()
            await asyncio.sleep(EVERY)

    async def tell(self) -> int:
        """Queue the next few, if a notice is in force; returns how many."""
        found = await self.database.do(notice_in_force, now=self.clock())
        if found is None:
            return 0
        looked, after = _Round(), ""
        while True:
            last = await self.database.do(self._look, found, looked, after)
            if not last:
                break
            after = last
        return await self.database.do(self._queue, found, looked)

    def _look(self, found: NoticeInForce, looked: _Round, after: str) -> str:
        """Look at the addresses behind `after`; returns the last of them, "" at the end."""
        rows = list(Address.objects.filter(pk__gt=after).order_by("pk")[:SLICE])
        for row in rows:
            try:
                reached = self.book.open(row.thread_id, bytes(row.sealed))
            except CannotOpen:
                continue
            if reached.account != self.account or not reached.news:
                continue
            looked.people += 1
            key = self.automatic.news_key(reached.handle, found.notice.number)
            if self.sent.standing(key, found.notice.made)[0] is Attempt.FREE:
                looked.left += 1
                if len(looked.next) < SLICE:
                    looked.next.append((row.thread_id, reached))
        return rows[-1].thread_id if len(rows) == SLICE else ""

    def _queue(self, found: NoticeInForce, looked: _Round) -> int:
        number = found.notice.number
        keys = [self.automatic.news_key(reached.handle, number) for _thread, reached in looked.next]
        there = dict(Outgoing.objects.filter(key__in=keys).values_list("key", "state"))
        waiting = sum(state in (OutgoingState.QUEUED, OutgoingState.SENDING) for state in there.values())
        fresh = [one for one, key in zip(looked.next, keys, strict=True) if key not in there]
        queued = fresh[: max(0, AT_A_TIME - waiting)]
        for thread_id, reached in queued:
            self.automatic.queue_news(reached, thread_id, found.notice)
        say_progress(notice_id=found.id, account=self.account, people=looked.people, left=looked.left)
        return len(queued)
