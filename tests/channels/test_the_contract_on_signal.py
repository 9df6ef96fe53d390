"""The contract, on the double of signal-cli's daemon over a real unix socket."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.channels.contract import Contract
from tests.channels.signal_double import ACCOUNT, SignalDouble
from tropa.channels.catalogue import about, open_channel
from tropa.channels.protocol import Channel
from tropa.gateway.credential import GatewayKeys
from tropa.gateway.journal import SealedJournal

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.enable_socket]


class SignalRig:
    """The double, as the contract uses it; the journal is the account's, through all of its lives."""

    def __init__(self, directory: Path) -> None:
        self.about = about("signal")
        self.double = SignalDouble(directory)
        self.absent: dict[str, str] = {}
        self.key = GatewayKeys.generate().seed.subkey("journal")
        self.journalled = 0

    @property
    def settings(self) -> dict[str, str]:
        directory = self.double.directory
        return {"account": ACCOUNT, "socket": str(self.double.socket), "directory": str(directory)}

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async with self.double:
            yield

    def journal(self) -> SealedJournal:
        from tropa.desk.conf import conf

        return _Counting(self, conf.data / "channels" / "test.journal", self.key, "test")

    def channel(self) -> Channel:
        return open_channel("signal", self.settings, self.journal())

    async def write(self, person: str, text: str = "", *, file: tuple[str, bytes] | None = None) -> None:
        self.double.write(person, text, file=file)

    async def write_lying_file(self, person: str, content: bytes, *, announced: int) -> None:
        file = self.double.keep("big", content) | {"size": announced}
        self.double.write(person, attachments=[file])

    async def write_unreadable(self, person: str) -> None:
        envelope = self.double.envelope(person, len(self.double.calls) + len(self.double.queue) + 1)
        self.double.push({"envelope": envelope, "exception": {"type": "ProtocolInvalidMessageException"}})

    def texts_to(self, person: str) -> list[str]:
        return self.double.texts_to(person)

    def waiting(self) -> int:
        return len(self.double.queue) + sum(1 for _line in self.journal().kept())

    def on_its_way(self) -> bool:
        return self.journalled < self.double.given

    def limit_next(self, seconds: float) -> None:
        self.double.limit_next = seconds

    def lose_next_reply(self) -> None:
        self.double.lose_next_reply = True

    def block(self, person: str) -> None:
        self.double.gone.add(person)

    async def set_down(self, *, down: bool) -> None:
        await self.double.set_down(down=down)


class _Counting(SealedJournal):
    """A journal that tells its rig how many lines it was given."""

    def __init__(self, rig: SignalRig, *place: Any) -> None:
        super().__init__(*place)
        self._rig = rig

    def add(self, lines: Sequence[bytes]) -> None:
        super().add(lines)
        self._rig.journalled += len(lines)


@pytest.fixture
def rig() -> Iterator[SignalRig]:
    from tropa.desk.conf import conf

    directory = Path(tempfile.mkdtemp(prefix="signal"))  # a socket's path is short
    yield SignalRig(directory)
    shutil.rmtree(directory)
    shutil.rmtree(conf.data / "channels" / "test.journal", ignore_errors=True)


class TestOnSignal(Contract):
    """Every promise, on the double."""
