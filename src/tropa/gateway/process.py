"""The process of one account: takes in, sends out, says how it does, until it is told to stop.

Kept true: what came is acknowledged only after the transaction that stored it; there is one batch under way; a channel
that fails is asked again ever less often, and nothing is sent meanwhile; a database that fails ends the process, which
starts anew from what is stored.
"""

from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connections

from tropa.channels.catalogue import About
from tropa.channels.errors import AccountRefused, ChannelError, Unreachable
from tropa.channels.protocol import Channel
from tropa.channels.values import Batch, Health, Standing
from tropa.desk.messengers.channel_state import say_health
from tropa.desk.messengers.models import Standing as StoredStanding
from tropa.desk.vault.errors import NoDutyEpoch
from tropa.gateway.accounts import Account, refuse_in_training
from tropa.gateway.addresses import AddressBook
from tropa.gateway.answering import READY_AFTER, Answering
from tropa.gateway.automatic import Automatic
from tropa.gateway.credential import GatewayKeys
from tropa.gateway.database import Database
from tropa.gateway.fetching import Fetched, fetch
from tropa.gateway.intake import Intake
from tropa.gateway.moves import Moves
from tropa.gateway.news import News
from tropa.gateway.questions import Questions
from tropa.gateway.sealed_state import SealedState
from tropa.gateway.sender import Sender
from tropa.gateway.sent_book import SentBook
from tropa.gateway.tags import Tags
from tropa.gateway.verifying import Verifier

WAIT = 25.0
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
STOP_WITHIN = 8.0
HEALTH_EVERY = 20.0
TURN_WHILE_READING = 0.0005
"""Seconds a thread runs before another has its turn, while the library is read."""
POINTS = ("fetched", "sealed", "stored", "acknowledged", "taken-up", "noted", "sent", "ended")
"""The named moments at which a process may be killed and nothing is lost, doubled or hidden."""


def _nothing(_point: str) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a gateway is handed: the time, a place for files on their way, and who is told which point it reached."""

    clock: Callable[[], datetime]
    directory: Path
    reached: Callable[[str], None] = _nothing
    wait: float = WAIT


class Gateway:
    """One account's gateway."""

    def __init__(
        self, account: Account, about: About, channel: Channel, keys: GatewayKeys, around: Surroundings
    ) -> None:
        refuse_in_training()
        self._account, self._about, self._channel, self._around = account, about, channel, around
        self.database = Database()
        tags, book = Tags(keys.index, account.name), AddressBook(keys)
        automatic = Automatic(keys, tags, account.name, about)
        self.state = SealedState(keys, tags, self.database)
        self._sent = SentBook(account.name)
        self.answering = Answering()
        moves = Moves(account.name, about, tags, book, automatic, keys)
        self.intake = Intake(
            account.name, about, tags, book, automatic, self.state, self.answering, moves, Questions()
        )
        self.sender = Sender(
            account=account.name,
            channel=channel,
            verifier=Verifier(account.name, about, book, automatic, self._sent),
            book=book,
            state=self.state,
            database=self.database,
            clock=around.clock,
            limits=about.limits,
            reached=around.reached,
            away=lambda: self._away,
        )
        self.news = News(account.name, book, automatic, self._sent, self.database, around.clock)
        self._trouble: Health | None = None
        self._away = False
        self._said: Health | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set. Raises what the database raises: the process ends, and is started anew."""
        try:
            await self._say(Health(Standing.DOWN, "starting"))
            if not await self._started(stop):
                return
            self._sent.forget_old(self._around.clock())
            await self.sender.recover()
            work = [
                asyncio.create_task(each)
                for each in (
                    self._take_in(),
                    self.sender.run(),
                    self._report(),
                    self._make_ready(),
                    self.news.run(),
                    stop.wait(),
                )
            ]
            done, others = await asyncio.wait(work, return_when=asyncio.FIRST_COMPLETED)
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)
            for task in done:
                task.result()
        finally:
            await self._end()

    async def take_in_once(self, wait: float) -> int | None:
        """One batch, stored and acknowledged: how many messages were new; None when nothing came. Raises ChannelError,
        NoDutyEpoch, and what the database raises.
        """
        batch = await self._channel.next_batch(wait)
        if batch is None:
            return None
        self._around.reached("fetched")
        came = await self._fetched(batch)
        try:
            self._around.reached("sealed")
            new = await self.database.do(self.intake.store, came, batch.state, self._around.clock())
        finally:
            for fetched in came:
                fetched.close()
        self._around.reached("stored")
        if self.intake.moves.take_arrived():
            self.sender.look_again()
        await self._channel.ack(batch)
        self._around.reached("acknowledged")
        self.sender.wake()
        return new

    async def _make_ready(self) -> None:
        """Look for answers from now on; never ends by itself. Messages come and go meanwhile: it is read in a thread of
        its own, which the others interrupt more often than they would.
        """
        await asyncio.sleep(READY_AFTER)
        usual = sys.getswitchinterval()
        sys.setswitchinterval(TURN_WHILE_READING)
        try:
            await asyncio.to_thread(self._read_library)
        finally:
            sys.setswitchinterval(usual)
        await asyncio.Event().wait()

    def _read_library(self) -> None:
        try:
            self.answering.make_ready()
        finally:
            connections.close_all()

    async def _fetched(self, batch: Batch) -> list[Fetched]:
        cap = self._channel.caps.attachment_in_max
        return [await fetch(item, cap=cap, directory=self._around.directory) for item in batch.items]

    async def _take_in(self) -> None:
        pause = FIRST_PAUSE
        while True:
            try:
                await self.take_in_once(self._around.wait)
                self._trouble, self._away, pause = None, False, FIRST_PAUSE
                continue
            except NoDutyEpoch:
                self._trouble, self._away = Health(Standing.NEEDS_PERSON, "no_duty_epoch"), False
            except ChannelError as trouble:
                self._trouble, self._away = _health_of(trouble), True
                pause = max(pause, trouble.after) if isinstance(trouble, Unreachable) else LONGEST_PAUSE
            await self._say(self._trouble)
            await asyncio.sleep(pause * random.uniform(0.8, 1.2))  # noqa: S311  so that accounts do not call in step
            pause = min(LONGEST_PAUSE, pause * 2)

    async def _started(self, stop: asyncio.Event) -> bool:
        """Start the channel, again and again if need be; False when told to stop before it did."""
        pause = FIRST_PAUSE
        while not stop.is_set():
            try:
                await self._channel.start(self.state)
            except ChannelError as trouble:
                await self._say(_health_of(trouble))
            else:
                return True
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await stop.wait()
            pause = min(LONGEST_PAUSE, pause * 2)
        return False

    async def _report(self) -> None:
        while True:
            await self._say(self._trouble or await self._channel.health())
            await asyncio.sleep(HEALTH_EVERY)

    async def _say(self, health: Health) -> None:
        now, held = self._around.clock(), 0.0 if self._away else self.sender.held()

        def write() -> None:
            say_health(
                account=self._account.name,
                channel=self._account.channel,
                standing=StoredStanding(health.standing.value),
                code=health.code,
                waiting_out=self.sender.waiting(),
                now=now,
                held_until=now + timedelta(seconds=held) if held else None,
            )

        await self.database.do(write)

    async def _end(self) -> None:
        with suppress(TimeoutError, ChannelError):
            async with asyncio.timeout(STOP_WITHIN):
                await self._channel.stop()
        await self.database.close()


def _health_of(trouble: ChannelError) -> Health:
    if isinstance(trouble, AccountRefused) or trouble.permanent:
        return Health(Standing.NEEDS_PERSON, trouble.code)
    return Health(Standing.DOWN, trouble.code)
