"""The gateway's process is killed with SIGKILL, at every named point and at seeded moments, while people write and are
answered: nothing is lost, nothing is shown or sent twice, and every outcome nobody knows is seen.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.channels.scenes import answer_all, outgoing, read_as_boris, run_long
from tests.channels.telegram_double import TOKEN, BotApiDouble
from tropa.gateway.process import POINTS

if TYPE_CHECKING:
    from tests.desk.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.enable_socket]
PEOPLE = range(100, 102)
PATIENCE = 60.0


class Lives:
    """The same account, one process after another."""

    def __init__(self, double: BotApiDouble, mother: asyncio.subprocess.Process) -> None:
        self.double, self._mother = double, mother

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
                while self.double.updates or await asyncio.to_thread(_waits):
                    await asyncio.sleep(0.05)
        finally:
            os.kill(process, signal.SIGTERM)
        assert await self.end() == 0


@asynccontextmanager
async def crashing() -> AsyncIterator[Lives]:
    """An account on a running double."""
    from django.db import connection

    from tropa.gateway.accounts import Account, add_account
    from tropa.gateway.credential import GatewayKeys, write_keys

    async with BotApiDouble() as double:
        keys = GatewayKeys.generate()
        write_keys(keys)
        settings = {"token": TOKEN, "server": double.url}
        add_account(Account("crashing", "telegram", settings), keys)
        command = ("-m", "tests.channels.life", str(connection.settings_dict["NAME"]), "crashing")
        pipe = asyncio.subprocess.PIPE
        mother = await asyncio.create_subprocess_exec(sys.executable, *command, stdin=pipe, stdout=pipe)
        try:
            yield Lives(double, mother)
        finally:
            mother.kill()
            await mother.wait()


@pytest.fixture(autouse=True)
def _no_account_left() -> object:
    """Key and account go with the test."""
    yield
    from tropa.desk.conf import conf

    for path in (conf.gateway_key, Path(conf.data) / "channels" / "crashing.account"):
        path.unlink(missing_ok=True)


def test_killed_at_every_named_point(world: World) -> None:
    async def scene() -> None:
        async with crashing() as lives:
            written = 0
            for point in POINTS:
                for person in PEOPLE:
                    written += 1
                    lives.double.write(person, f"сообщение {written}")
                if written > len(PEOPLE):
                    await asyncio.to_thread(answer_all, world, f"ответ {point}")
                await lives.begin(point)
                assert await lives.end() == -signal.SIGKILL, point
            await lives.until_nothing_waits()
            await asyncio.to_thread(answer_all, world, "последний ответ")
            await lives.until_nothing_waits()
            judge(lives.double, written)

    run_long(scene())
    judged_rows(world, len(POINTS) * len(PEOPLE))


def test_killed_at_seeded_moments(world: World, kills: int) -> None:
    chance = random.Random(20261122)  # noqa: S311  the same moments each time
    written = 0

    async def scene() -> None:
        nonlocal written
        async with crashing() as lives:
            for number in range(kills):
                for person in PEOPLE:
                    written += 1
                    lives.double.write(person, f"сообщение {written}")
                process = await lives.begin()
                if number % 2:
                    await asyncio.to_thread(answer_all, world, f"ответ {number}")
                await asyncio.sleep(chance.uniform(0.0, 1.5))
                os.kill(process, signal.SIGKILL)
                assert await lives.end() == -signal.SIGKILL
            await asyncio.to_thread(answer_all, world, "последний ответ")
            await lives.until_nothing_waits()
            judge(lives.double, written)

    run_long(scene(), seconds=60.0 + 10.0 * kills)
    judged_rows(world, written)


def judge(double: BotApiDouble, written: int) -> None:
    """What people's devices show: nothing twice."""
    assert written
    for person in PEOPLE:
        answers = [text for text in double.texts_to(person) if "ответ" in text and "Прежде" not in text]
        bare = [text.rsplit("\n", 1)[-1] for text in answers]
        assert len(bare) == len(set(bare)), bare


def judged_rows(world: World, written: int) -> None:
    """What the desk shows: every message once, every answer ended, nobody left in doubt unseen."""
    texts = [entry.text for entry in read_as_boris(world) if entry.kind == "applicant"]
    assert sorted(texts) == sorted(f"сообщение {number}" for number in range(1, written + 1))
    states = {row.state for row in outgoing()}
    assert states <= {"sent", "unknown"}
    assert "sent" in states


def _waits() -> bool:
    from django.db import connection

    from tropa.desk.messengers.models import Outgoing

    try:
        return Outgoing.objects.filter(state__in=["queued", "sending"]).exists()
    finally:
        connection.close()
