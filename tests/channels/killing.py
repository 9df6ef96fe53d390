"""A gateway's process killed with SIGKILL while people write and are answered, for any messenger: nothing is lost,
nothing is shown or sent twice, and every outcome nobody knows is seen.

A messenger's test module gives an account on its running server and calls the two scenes.
"""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from tests.channels.scenes import answer_all, outgoing, read_as_boris, run
from tropa.gateway.process import POINTS

if TYPE_CHECKING:
    from tests.desk.world import World

ACCOUNT = "crashing"
PEOPLE = ("100", "101")
PATIENCE = 180.0
RESTARTED_EVERY = 4
"""At one life in so many the server is started anew while it lives."""


class Service(Protocol):
    """The server of a messenger, or its double, with people on the other side."""

    def settings(self) -> Mapping[str, str]:
        """What an account on it is told."""

    def write(self, person: str, text: str) -> object:
        """A person writes."""

    def texts_to(self, person: str) -> list[str]:
        """What a person's device shows."""

    def waiting(self) -> int:
        """How many messages it still keeps for us."""

    async def restart(self) -> None:
        """The server ends in the midst of everything and comes back; at least every connection to it breaks."""

    def may_be_lost(self) -> set[str]:
        """What a service that forgets a message by giving it gave in the very moment its reader died."""


Opened = Callable[[], AbstractAsyncContextManager[Service]]


class Lives:
    """The same account, one process after another."""

    def __init__(self, service: Service, mother: asyncio.subprocess.Process) -> None:
        self.service, self._mother = service, mother

    async def begin(self, point: str = "") -> int:
        """A new life, which ends itself at `point`; its process's number."""
        assert self._mother.stdin is not None
        self._mother.stdin.write(f"{point}\n".encode())
        words = {await self._line(), await self._line()}
        words.discard("up")
        return int(words.pop())

    async def end(self) -> int:
        """How the life ended."""
        line = await self._line()
        assert line.startswith("ended "), line
        return int(line.removeprefix("ended "))

    async def _line(self) -> str:
        assert self._mother.stdout is not None
        async with asyncio.timeout(PATIENCE):
            return (await self._mother.stdout.readline()).decode().strip()

    async def until_nothing_waits(self) -> None:
        """A life that ends when everything is in and out."""
        process = await self.begin()
        try:
            async with asyncio.timeout(PATIENCE):
                while self.service.waiting() or _journalled() or await asyncio.to_thread(_waits):
                    await asyncio.sleep(0.05)
        finally:
            os.kill(process, signal.SIGTERM)
        assert await self.end() == 0


@asynccontextmanager
async def crashing(channel: str, opened: Opened) -> AsyncIterator[Lives]:
    """An account on a running service."""
    from django.db import connection

    from tropa.gateway.accounts import Account, add_account
    from tropa.gateway.credential import GatewayKeys, write_keys

    async with opened() as service:
        keys = GatewayKeys.generate()
        write_keys(keys)
        add_account(Account(ACCOUNT, channel, service.settings()), keys)
        command = ("-m", "tests.channels.life", str(connection.settings_dict["NAME"]), ACCOUNT)
        pipe = asyncio.subprocess.PIPE
        mother = await asyncio.create_subprocess_exec(sys.executable, *command, stdin=pipe, stdout=pipe)
        try:
            yield Lives(service, mother)
        finally:
            mother.kill()
            await mother.wait()
            forget_account()


def forget_account() -> None:
    """Key, account and journal go with the test."""
    from tropa.desk.conf import conf

    for path in (conf.gateway_key, _folder() / f"{ACCOUNT}.account"):
        path.unlink(missing_ok=True)
    shutil.rmtree(_folder() / f"{ACCOUNT}.journal", ignore_errors=True)


def killed_at_every_named_point(world: World, channel: str, opened: Opened) -> None:
    """Each point once, with messages on the way at each."""

    unread: set[str] = set()

    async def scene() -> None:
        async with crashing(channel, opened) as lives:
            written = 0
            for point in POINTS:
                for person in PEOPLE:
                    written += 1
                    lives.service.write(person, f"сообщение {written}")
                if written > len(PEOPLE):
                    await asyncio.to_thread(answer_all, world, f"ответ {point}")
                await lives.begin(point)
                assert await lives.end() == -signal.SIGKILL, point
            await lives.until_nothing_waits()
            await asyncio.to_thread(answer_all, world, "последний ответ")
            await lives.until_nothing_waits()
            _judge_devices(lives.service, written)
            unread.update(lives.service.may_be_lost())

    run(scene())
    _judge_rows(len(POINTS) * len(PEOPLE), world, unread)


def killed_at_seeded_moments(world: World, channel: str, opened: Opened, kills: int) -> None:
    """So many lives, each ended from outside; the server is restarted in between."""
    chance = random.Random(20261122)  # noqa: S311  the same moments each time
    written, unread = 0, set[str]()

    async def scene() -> None:
        nonlocal written
        async with crashing(channel, opened) as lives:
            for person in PEOPLE:  # somebody known, who is answered while processes die
                written += 1
                lives.service.write(person, f"сообщение {written}")
            await lives.until_nothing_waits()
            for number in range(kills):
                for person in PEOPLE:
                    written += 1
                    lives.service.write(person, f"сообщение {written}")
                process = await lives.begin()
                if number % RESTARTED_EVERY == 1:
                    await lives.service.restart()
                if number % 2:
                    await asyncio.to_thread(answer_all, world, f"ответ {number}")
                await asyncio.sleep(chance.uniform(0.0, 1.5))
                os.kill(process, signal.SIGKILL)
                assert await lives.end() == -signal.SIGKILL
            await asyncio.to_thread(answer_all, world, "последний ответ")
            await lives.until_nothing_waits()
            _judge_devices(lives.service, written)
            unread.update(lives.service.may_be_lost())

    run(scene(), seconds=300.0 + 10.0 * kills)
    _judge_rows(written, world, unread)


def _judge_devices(service: Service, written: int) -> None:
    """What people's devices show: nothing twice."""
    assert written
    for person in PEOPLE:
        answers = [text for text in service.texts_to(person) if "ответ" in text and "Прежде" not in text]
        bare = [text.rsplit("\n", 1)[-1] for text in answers]
        assert len(bare) == len(set(bare)), bare


def _judge_rows(written: int, world: World, unread: set[str]) -> None:
    """What the desk shows: every message once, every answer ended, nobody left in doubt unseen."""
    texts = [entry.text for entry in read_as_boris(world) if entry.kind == "applicant"]
    assert len(texts) == len(set(texts))
    assert {f"сообщение {number}" for number in range(1, written + 1)} - set(texts) <= unread
    states = {row.state for row in outgoing()}
    assert states <= {"sent", "unknown"}
    assert "sent" in states


def _folder() -> Path:
    from tropa.gateway.accounts import folder

    return folder()


def _journalled() -> bool:
    """Whether a journal holds anything that is not stored."""
    return any((_folder() / f"{ACCOUNT}.journal").glob("*"))


def _waits() -> bool:
    from django.db import connection

    from tropa.desk.messengers.models import Outgoing

    try:
        return Outgoing.objects.filter(state__in=["queued", "sending"]).exists()
    finally:
        connection.close()
