"""The contract, on a messenger in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.channels.contract import Contract, pytestmark
from tests.channels.fake import FakeChannel, FakeService, Lying, fake_about
from tropa.channels.protocol import Channel
from tropa.channels.values import IncomingKind

__all__ = ["pytestmark"]


class FakeRig:
    """The messenger in memory, as the contract uses it."""

    def __init__(self, *, idempotent: bool = False, breaks: str = "") -> None:
        self.about = fake_about(idempotent=idempotent)
        self.service = FakeService()
        self.breaks = breaks
        self.absent: dict[str, str] = {}

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        yield

    def channel(self) -> Channel:
        return FakeChannel(self.service, self.about, breaks=self.breaks)

    async def write(self, person: str, text: str = "", *, file: tuple[str, bytes] | None = None) -> None:
        self.service.write(person, text, files=(Lying(*file, len(file[1])),) if file else ())

    async def write_lying_file(self, person: str, content: bytes, *, announced: int) -> None:
        self.service.write(person, "", files=(Lying("big", content, announced),))

    async def write_unreadable(self, person: str) -> None:
        self.service.write(person, "", kind=IncomingKind.UNDECRYPTABLE)

    def texts_to(self, person: str) -> list[str]:
        return self.service.texts_to(person)

    def waiting(self) -> int:
        return len(self.service.waiting)

    def on_its_way(self) -> bool:
        return False

    def limit_next(self, seconds: float) -> None:
        self.service.limit_for = seconds

    def lose_next_reply(self) -> None:
        self.service.lose_next_reply = True

    def block(self, person: str) -> None:
        self.service.block.add(person)

    async def set_down(self, *, down: bool) -> None:
        self.service.down = down


@pytest.fixture(params=[False, True], ids=["sent twice is two", "sent twice is one"])
def rig(request: pytest.FixtureRequest) -> FakeRig:
    return FakeRig(idempotent=request.param)


class TestInMemory(Contract):
    """Every promise, on the messenger in memory."""
