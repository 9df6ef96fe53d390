"""The gateway's process on Telegram's double, killed at every named point and at seeded moments."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from tests.channels.killing import killed_at_every_named_point, killed_at_seeded_moments
from tests.channels.telegram_double import TOKEN, BotApiDouble

if TYPE_CHECKING:
    from tests.desk.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.enable_socket]


class Bot:
    """A bot on the double."""

    def __init__(self, double: BotApiDouble) -> None:
        self._double = double

    def settings(self) -> Mapping[str, str]:
        return {"token": TOKEN, "server": self._double.url}

    def write(self, person: str, text: str) -> object:
        return self._double.write(int(person), text)

    def texts_to(self, person: str) -> list[str]:
        return self._double.texts_to(int(person))

    def waiting(self) -> int:
        return len(self._double.updates)

    async def restart(self) -> None:
        self._double.down = True
        self._double._wake.set()
        await asyncio.sleep(0.3)
        self._double.down = False

    def may_be_lost(self) -> set[str]:
        return set()  # an update is given until it is acknowledged


@asynccontextmanager
async def bot() -> AsyncIterator[Bot]:
    async with BotApiDouble() as double:
        yield Bot(double)


def test_killed_at_every_named_point(world: World) -> None:
    killed_at_every_named_point(world, "telegram", bot)


def test_killed_at_seeded_moments(world: World, kills: int) -> None:
    killed_at_seeded_moments(world, "telegram", bot, kills)
