"""The contract, on Telegram's double over real HTTP on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.channels.contract import Contract
from tests.channels.rig import Nothing
from tests.channels.telegram_double import TOKEN, BotApiDouble
from tropa.channels.catalogue import about, open_channel
from tropa.channels.protocol import Channel

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.enable_socket]


class TelegramRig:
    """The double, as the contract uses it. People are numbers."""

    def __init__(self) -> None:
        self.about = about("telegram")
        self.double = BotApiDouble()
        self.absent: dict[str, str] = {}

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async with self.double:
            yield

    def channel(self) -> Channel:
        return open_channel("telegram", {"token": TOKEN, "server": self.double.url}, Nothing())

    async def write(self, person: str, text: str = "", *, file: tuple[str, bytes] | None = None) -> None:
        self.double.write(int(person), text, file=file)

    async def write_lying_file(self, person: str, content: bytes, *, announced: int) -> None:
        self.double.write(int(person), file=("big", content))
        self.double.updates[-1]["message"]["document"]["file_size"] = announced

    async def write_unreadable(self, person: str) -> None:
        self.double.write(int(person), "")
        message = self.double.updates[-1]["message"]
        del message["text"]
        message["location"] = {"latitude": 1.0, "longitude": 2.0}

    def texts_to(self, person: str) -> list[str]:
        return self.double.texts_to(int(person))

    def waiting(self) -> int:
        return len(self.double.updates)

    def on_its_way(self) -> bool:
        return False  # each batch is asked for and answered

    def limit_next(self, seconds: float) -> None:
        self.double.limit_next = seconds

    def lose_next_reply(self) -> None:
        self.double.lose_next_reply = True

    def block(self, person: str) -> None:
        self.double.blocked.add(int(person))

    async def set_down(self, *, down: bool) -> None:
        self.double.down = down


@pytest.fixture
def rig() -> TelegramRig:
    return TelegramRig()


class TestOnTelegram(Contract):
    """Every promise, on the double."""
