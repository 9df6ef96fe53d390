"""The gateway's process on the double of Signal's daemon, killed at every named point and at seeded moments.

What the daemon wrote into the socket and nobody read is lost, and no journal can close that gap (the guide says so).
The double counts a message as possibly unread when it was written less than 100 ms before the process died; everything
else has to be there, once.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.channels.killing import killed_at_every_named_point, killed_at_seeded_moments
from tests.channels.signal_double import ACCOUNT, SignalDouble

if TYPE_CHECKING:
    from tests.desk.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.enable_socket]


class Number:
    """An account on the double."""

    def __init__(self, double: SignalDouble) -> None:
        self._double = double

    def settings(self) -> Mapping[str, str]:
        directory = str(self._double.directory)
        return {"account": ACCOUNT, "socket": str(self._double.socket), "directory": directory, "link": ""}

    def write(self, person: str, text: str) -> object:
        return self._double.write(person, text)

    def texts_to(self, person: str) -> list[str]:
        return self._double.texts_to(person)

    def waiting(self) -> int:
        return len(self._double.queue)

    async def restart(self) -> None:
        await self._double.set_down(down=True)
        await self._double.set_down(down=False)

    def may_be_lost(self) -> set[str]:
        return self._double.lost_in_the_socket


@asynccontextmanager
async def number() -> AsyncIterator[Number]:
    directory = Path(tempfile.mkdtemp(prefix="signal"))  # a socket's path is short
    try:
        async with SignalDouble(directory) as double:
            yield Number(double)
    finally:
        shutil.rmtree(directory)


def test_killed_at_every_named_point(world: World) -> None:
    killed_at_every_named_point(world, "signal", number)


def test_killed_at_seeded_moments(world: World, kills: int) -> None:
    killed_at_seeded_moments(world, "signal", number, kills)
