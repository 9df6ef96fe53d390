"""Sends what waits: verified each time, marked before it leaves, ended as the service answered.

The order is kept whatever happens: the row is taken up in the database, the attempt is written down outside it, and
only then is the service called, once and with a deadline. What may have gone out is never sent again by this program
unless the channel makes one message of two; it ends as unknown, and a person decides. While nothing can be heard from
the service nothing is tried either: what waits is judged, so that what is old ends, and uses up no attempt.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from django.db import transaction

from tropa.channels.protocol import Channel
from tropa.channels.texts import parts_of
from tropa.channels.values import Failed, Handle, Limits, Outgoing, Retry, SendResult, Sent, Unknown
from tropa.desk.contacts.notice_progress import count_sent
from tropa.desk.messengers import delivery
from tropa.desk.messengers.addresses import Change, rewrite, sealed_addresses
from tropa.desk.messengers.channel_state import note_traffic
from tropa.desk.messengers.delivery import Outcome
from tropa.desk.messengers.models import Outgoing as Row
from tropa.desk.messengers.models import OutgoingKind, OutgoingState
from tropa.envelope import CannotOpen
from tropa.gateway.addresses import AddressBook
from tropa.gateway.backing_off import BackOff
from tropa.gateway.database import Database
from tropa.gateway.gathering import Gathering
from tropa.gateway.schedule import Schedule, Waiting
from tropa.gateway.sealed_state import SealedState
from tropa.gateway.verifying import NOT_OURS, Over, Ready, Verifier

AT_ONCE = 24
LINE = 512
"""Rows of a kind held in line; the others wait in the database."""
LOOK_EVERY = 0.5
LOOK_WHILE_SENDING = 0.25
"""Seconds: an answer goes before whatever stands in line, so it is to be found soon."""
LOOK_BACK_EVERY = 30.0
CALL_WITHIN = 60.0
FINISH_WITHIN = 4.0
PART_AGAIN = 3
FALLBACK_WAIT = 2.0
LONGEST_WAIT = 120.0
LOOK_WHILE_AWAY = 2.0
AWAY: Final = "away"
RATE_LIMITED = "rate_limited"
ENDED_TOGETHER = 16
ENDED_WITHIN = 0.2
"""Seconds within which what became of automatic messages is written down together. Until then the book says that they
were tried, so none goes twice; an answer's end is written down at once.
"""


@dataclass(frozen=True, slots=True)
class Called:
    """A message that was handed to the service, and what it said."""

    row: Row
    ready: Ready
    result: SendResult


@dataclass(slots=True)
class Sender:
    """The outbox of one account, while its process runs."""

    account: str
    channel: Channel
    verifier: Verifier
    book: AddressBook
    state: SealedState
    database: Database
    clock: Callable[[], datetime]
    limits: Limits
    reached: Callable[[str], None]
    away: Callable[[], bool]
    """Whether nothing is to be heard from the service now."""
    schedule: Schedule = field(init=False)
    _seen: dict[bool, int] = field(default_factory=lambda: {True: 0, False: 0})
    _others: set[int] = field(default_factory=set)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _woken: asyncio.Event = field(default_factory=asyncio.Event)
    _failure: BaseException | None = None
    _look_at: float = 0.0
    _ended: Gathering[Called] = field(init=False)
    _back_off: BackOff = field(default_factory=lambda: BackOff(FALLBACK_WAIT, LONGEST_WAIT))

    def __post_init__(self) -> None:
        self.schedule = Schedule(self.limits, 0.0)
        self._ended = Gathering(self._settle_together, ENDED_TOGETHER, ENDED_WITHIN)

    async def recover(self) -> None:
        """Settle what an earlier process was sending when it ended."""
        await self.database.do(self._settle_left_behind)

    async def run(self) -> None:
        """Until cancelled. Raises what the database raises."""
        loop = asyncio.get_running_loop()
        self.schedule = Schedule(self.limits, loop.time())
        looked_back = loop.time()
        try:
            while True:
                if (
                    loop.time() - looked_back > LOOK_BACK_EVERY
                ):  # rows may be stored out of the order of their numbers
                    self._seen, looked_back = {True: 0, False: 0}, loop.time()
                if loop.time() >= self._look_at:
                    self._look_at = loop.time() + (LOOK_WHILE_SENDING if len(self.schedule) else LOOK_EVERY)
                    await self._fill()
                self._start(loop.time())
                await self._pause(loop.time())
        finally:
            await self._finish()

    async def _finish(self) -> None:
        """Let calls that are under way end, so that nobody is left in doubt about them; not for ever."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=FINISH_WITHIN)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def wake(self) -> None:
        """Something may wait."""
        self._look_at = 0.0
        self._woken.set()

    def look_again(self) -> None:
        """Rows of others may be ours now."""
        self._others.clear()
        self._seen = {True: 0, False: 0}
        self._look_at = 0.0

    def held(self) -> float:
        """Seconds for which the service wants nothing from this account."""
        return self.schedule.held(asyncio.get_running_loop().time())

    def waiting(self) -> int:
        """How many rows wait here, for all that is known; asked in the database's thread."""
        return delivery.waiting_count(but=self._others)

    async def _fill(self) -> None:
        """Answers always find room in line, however many automatic messages wait."""
        for answers, room in ((True, 2 * LINE), (False, LINE)):
            free = room - len(self.schedule)
            if free <= 0:
                continue
            after = self._seen[answers]
            found = await self.database.do(delivery.waiting, answers=answers, after=after, limit=free)
            if not found:
                continue
            self._seen[answers] = found[-1][0]
            if answers:
                await self._add_automatic_before({person for _number, person in found})
            self._add(found, answers=answers)

    async def _add_automatic_before(self, people: set[str]) -> None:
        """Whoever gets an answer is told first what they are to know, however many others wait to be told."""
        self._add(await self.database.do(delivery.automatic_before, people), answers=False)

    def _add(self, found: list[tuple[int, str]], *, answers: bool) -> None:
        for number, person in found:
            if number not in self._others:
                self.schedule.add(Waiting(number, person, answers))

    def _start(self, now: float) -> None:
        if len(self._tasks) >= AT_ONCE:
            return
        for waiting in self.schedule.due(now):
            task = asyncio.create_task(self._send(waiting))
            self._tasks.add(task)
            task.add_done_callback(self._finished)
            if len(self._tasks) >= AT_ONCE:
                return

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (failure := task.exception()) is not None:
            self._failure = failure
        self._woken.set()

    async def _pause(self, now: float) -> None:
        """Until something is due, a call is over, or it is time to look for new rows."""
        if self._failure is not None:
            raise self._failure
        due = self.schedule.wait(now) if len(self._tasks) < AT_ONCE else None
        look = max(0.0, self._look_at - now)
        pause = look if due is None else min(look, due)
        with suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await self._woken.wait()
        self._woken.clear()

    async def _send(self, waiting: Waiting) -> None:
        loop = asyncio.get_running_loop()
        taken = await self.database.do(self._take_up, waiting.number)
        if taken is None:
            self.schedule.forget(waiting, loop.time())
            return
        if taken == AWAY:
            self.schedule.again(waiting, loop.time() + LOOK_WHILE_AWAY, everybody=True)
            return
        row, ready = taken
        self.reached("noted")
        result = await self._call(row, ready)
        if isinstance(result, Unknown) and self.channel.caps.idempotent_send:
            wait = min(LONGEST_WAIT, FALLBACK_WAIT * 2 ** (ready.number - 1))
            result = Retry(wait, result.code, whole_account=False)  # the same key makes one message of two
        self.reached("sent")
        called = Called(row, ready, result)
        if row.kind == OutgoingKind.AUTOMATIC:
            await self._ended.add(called)
        else:
            await self.database.do(self._settle, called)
        self.reached("ended")
        if isinstance(result, Retry):
            wait = self._wait(result, loop.time())
            self.schedule.again(waiting, loop.time() + wait, everybody=result.whole_account)
        else:
            self._back_off.worked()
            self.schedule.over(waiting, loop.time())

    def _wait(self, refused: Retry, now: float) -> float:
        """Seconds; a limit is what the service says, and whoever does not answer is asked ever less often."""
        if refused.code == RATE_LIMITED or not refused.whole_account:
            return max(refused.after, 0.0)
        return self._back_off.failed(now, at_least=refused.after)

    def _take_up(self, number: int) -> tuple[Row, Ready] | Literal["away"] | None:
        """The row, ready to leave and marked as leaving; None when it must not, or is not ours."""
        row = delivery.row_to_send(number)
        if row is None:
            return None
        now = self.clock()
        verdict = self.verifier.judge(row, now)
        if verdict == NOT_OURS:
            self._others.add(number)
            return None
        if isinstance(verdict, Over):
            outcome = Outcome(verdict.state, verdict.code, now)
            refused = verdict.state == OutgoingState.REFUSED
            (delivery.refuse_row if refused else delivery.end)(row, outcome)
            return None
        assert isinstance(verdict, Ready)
        if self.away():
            return AWAY
        if not delivery.take_up(row):
            return None
        self.reached("taken-up")
        self.verifier.sent.try_now(verdict.mark, verdict.made, verdict.number)
        return row, verdict

    async def _call(self, row: Row, ready: Ready) -> SendResult:
        """One attempt for the whole message. A long one leaves in parts; after the first it is partly out."""
        parts = parts_of(ready.text, self.channel.caps.text_max)
        remote: list[str] = []
        state: dict[str, bytes | None] = {}
        for index, part in enumerate(parts):
            key = row.key if len(parts) == 1 else f"{row.key}.{index}"
            out = Outgoing(key, Handle(ready.handle), ready.route, part)
            result = await self._part(out, first=index == 0)
            if not isinstance(result, Sent):
                return result if index == 0 else Unknown("partly_sent")
            remote.append(result.remote_id)
            state |= result.state
        return Sent(" ".join(remote), state)

    async def _part(self, out: Outgoing, *, first: bool) -> SendResult:
        for _again in range(1 if first else PART_AGAIN):
            if not first:
                await asyncio.sleep(1.0 / self.limits.per_person)
            result = await self._attempt(out)
            if first or not isinstance(result, Retry):
                return result
            await asyncio.sleep(min(result.after, CALL_WITHIN))
        return Unknown("partly_sent")

    async def _attempt(self, out: Outgoing) -> SendResult:
        try:
            async with asyncio.timeout(CALL_WITHIN):
                return await self.channel.send(out)
        except TimeoutError:
            return Unknown("timed_out")
        except Exception:  # noqa: BLE001  whatever broke, it may have gone out
            return Unknown("unexpected")

    def _settle(self, called: Called) -> None:
        """What became of what somebody here wrote."""
        now, row, ready = self.clock(), called.row, called.ready
        if self._to_go_again([called]):
            return
        self.verifier.sent.close([(ready.mark, ready.made)])
        match called.result:
            case Failed():
                delivery.end(row, Outcome(OutgoingState.FAILED, called.result.code, now))
            case Unknown():
                delivery.end(row, Outcome(OutgoingState.UNKNOWN, called.result.code, now))
            case Sent():
                with transaction.atomic():
                    self.state.store(called.result.state)
                    remote = self.book.seal_remote(row.key, called.result.remote_id)
                    delivery.end(row, Outcome(OutgoingState.SENT, "", now), remote=remote)
                    note_traffic(account=self.account, came=False, now=now)

    async def _settle_together(self, called: list[Called]) -> None:
        await self.database.do(self._settle_automatic, called)

    def _settle_automatic(self, called: Sequence[Called]) -> None:
        """What became of automatic messages: nothing stays of them, however they ended."""
        again = self._to_go_again(called)
        over = [each for each in called if each.row.pk not in again]
        if not over:
            return
        self.verifier.sent.close([(each.ready.mark, each.ready.made) for each in over])
        out = [(each, each.result) for each in over if isinstance(each.result, Sent)]
        with transaction.atomic():
            for each, result in out:
                self.state.store(result.state)
                if each.ready.notice:
                    count_sent(number=each.ready.notice, account=self.account)
            self._told([each.row for each, _result in out if each.ready.first_word])
            delivery.forget_automatic([each.row for each in over])
            if out:
                note_traffic(account=self.account, came=False, now=self.clock())

    def _to_go_again(self, called: Iterable[Called]) -> set[int]:
        """Put back what surely did not go out; the numbers of these rows."""
        again = [each for each in called if isinstance(each.result, Retry)]
        for each in again:
            self.verifier.sent.was_not_sent(each.ready.mark, each.ready.made, each.ready.number)
            delivery.put_back(each.row)
        return {each.row.pk for each in again}

    def _told(self, rows: Sequence[Row]) -> None:
        """From now on these people's answers need no preface."""
        changes = []
        for thread_id, before in sealed_addresses(row.thread_id for row in rows if row.thread_id):
            with suppress(CannotOpen):
                reached = self.book.open(thread_id, before)
                if reached.account != self.account:
                    continue  # the conversation has moved, and of where it is now nothing was told
                sealed = self.book.seal(thread_id, dataclasses.replace(reached, told=True))
                changes.append(Change(thread_id, before, sealed))
        rewrite(changes)

    def _settle_left_behind(self) -> None:
        for row in delivery.left_behind():
            now = self.clock()
            tried = self.verifier.was_tried(row, now)
            if tried == NOT_OURS:
                continue
            if not tried or self.channel.caps.idempotent_send:
                delivery.put_back(row)
            else:
                delivery.end(row, Outcome(OutgoingState.UNKNOWN, "process_ended", now))
