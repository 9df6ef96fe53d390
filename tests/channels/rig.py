"""What the contract asks of a messenger under test: its service with a person on the other side, faults, and the
desk.

A rig starts the real server, or its double, and opens as many channels to it as there are lives of the gateway; it
never looks inside an adapter.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from tropa.channels.catalogue import About
from tropa.channels.protocol import Channel
from tropa.desk.conf import conf
from tropa.gateway.accounts import Account
from tropa.gateway.credential import GatewayKeys
from tropa.gateway.process import Gateway, Surroundings

PATIENCE = 90.0
"""Seconds until a test gives up; far more than a busy machine takes."""


class Killed(BaseException):
    """Stands for a process that ended at a named point."""


class Nothing:
    """No state and no journal yet; a channel that can acknowledge has no use for one."""

    async def get(self, _name: str) -> bytes | None:
        return None

    def kept(self) -> Iterator[bytes | None]:
        return iter(())

    def add(self, _lines: Sequence[bytes]) -> None:
        raise AssertionError("nothing needs a journal here")

    def forget(self, _count: int) -> None:
        raise AssertionError("nothing was kept")


class Rig(Protocol):
    """One messenger under test."""

    about: About
    absent: dict[str, str]
    """Faults this messenger cannot have, by the name of the test, and why."""

    def running(self) -> AbstractAsyncContextManager[None]:
        """The service, up."""

    def channel(self) -> Channel:
        """A channel to it, as a new process opens one."""

    async def write(self, person: str, text: str = "", *, file: tuple[str, bytes] | None = None) -> None:
        """A person writes."""

    async def write_lying_file(self, person: str, content: bytes, *, announced: int) -> None:
        """A person sends a file that is announced with another size."""

    async def write_unreadable(self, person: str) -> None:
        """Something comes that the adapter cannot read."""

    def texts_to(self, person: str) -> list[str]:
        """What a person's device shows, oldest first."""

    def waiting(self) -> int:
        """How much the service still keeps for us."""

    def on_its_way(self) -> bool:
        """Whether the service gave something that has not reached us yet."""

    def limit_next(self, seconds: float) -> None:
        """The next message is refused: come again after so many seconds."""

    def lose_next_reply(self) -> None:
        """The next message is taken and its answer lost."""

    def block(self, person: str) -> None:
        """A person no longer wants to hear from us."""

    async def set_down(self, *, down: bool) -> None:
        """The service is away, or back."""


@dataclass(slots=True)
class Desk:
    """The gateway of one account, through as many lives as a test wants."""

    rig: Rig
    keys: GatewayKeys
    account: Account
    ahead: timedelta = timedelta()
    """How far the gateway's clock runs ahead of the desk's."""
    answers: bool = False
    """Whether a life has lasted so long that it looks for answers from its first message on."""

    @classmethod
    def of(cls, rig: Rig) -> Desk:
        """A fresh account on this messenger."""
        return cls(rig, GatewayKeys.generate(), Account("test", rig.about.name, {}))

    def gateway(self, reached: Callable[[str], None] = lambda _point: None) -> Gateway:
        """A new life."""
        around = Surroundings(lambda: datetime.now(UTC) + self.ahead, conf.data, reached, wait=0.05)
        return Gateway(self.account, self.rig.about, self.rig.channel(), self.keys, around)

    async def take_in(self, *, reached: Callable[[str], None] = lambda _point: None) -> int:
        """A life that takes in what there is, and ends; how many messages were new."""
        gateway, new = self.gateway(reached), 0
        try:
            await gateway._channel.start(gateway.state)
            if self.answers:
                await gateway.database.do(gateway.answering.make_ready)
            while (came := await gateway.take_in_once(0.05)) is not None or self.rig.on_its_way():
                new += came or 0
        finally:
            await gateway._end()
        return new

    async def live(
        self,
        until: Callable[[], Awaitable[bool] | bool],
        *,
        reached: Callable[[str], None] = lambda _point: None,
    ) -> None:
        """A life that takes in and sends until `until` holds; fails when it never does."""
        gateway, stop = self.gateway(reached), asyncio.Event()
        running = asyncio.create_task(gateway.run(stop))
        try:
            async with asyncio.timeout(PATIENCE):
                while not running.done():
                    holds = until()
                    if holds if isinstance(holds, bool) else await holds:
                        break
                    await asyncio.sleep(0.01)
        finally:
            stop.set()
            await running
