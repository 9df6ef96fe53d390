"""The gateway's process on a real mail server, killed at every named point and at seeded moments."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from tests.channels.deltachat_people import People
from tests.channels.deltachat_rig import DeltaChatRig
from tests.channels.killing import killed_at_every_named_point, killed_at_seeded_moments

if TYPE_CHECKING:
    from tests.desk.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.enable_socket]


class Account:
    """An account on the server. Nothing of it can be lost: a mail lies there until its message is stored."""

    def __init__(self, rig: DeltaChatRig) -> None:
        self._rig = rig

    def settings(self) -> Mapping[str, str]:
        return self._rig.settings

    def write(self, person: str, text: str) -> object:
        return self._rig.write_now(person, text)

    def texts_to(self, person: str) -> list[str]:
        return self._rig.texts_to(person)

    def waiting(self) -> int:
        return int(self._rig.on_its_way())

    async def restart(self) -> None:
        await asyncio.to_thread(self._rig.server.restart)

    def may_be_lost(self) -> set[str]:
        return set()


@pytest.fixture
def opened(deltachat_people: People) -> Callable[[], AbstractAsyncContextManager[Account]]:
    @asynccontextmanager
    async def account() -> AsyncIterator[Account]:
        rig = DeltaChatRig(deltachat_people)
        try:
            async with rig.running():
                yield Account(rig)
        finally:
            rig.close()

    return account


def test_killed_at_every_named_point(
    world: World, opened: Callable[[], AbstractAsyncContextManager[Account]]
) -> None:
    killed_at_every_named_point(world, "deltachat", opened)


def test_killed_at_seeded_moments(
    world: World, opened: Callable[[], AbstractAsyncContextManager[Account]], kills: int
) -> None:
    killed_at_seeded_moments(world, "deltachat", opened, kills)
