"""The gateway's process on a real mail server, killed at every named point and at seeded moments."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from tests.channels.killing import killed_at_every_named_point, killed_at_seeded_moments
from tests.channels.mail_people import Partners
from tests.channels.mail_rig import MailRig

if TYPE_CHECKING:
    from tests.desk.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.enable_socket]


class Account:
    """An account on the server. Nothing of it can be lost: the server keeps what was not stored."""

    def __init__(self, rig: MailRig) -> None:
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
def opened(mail_partners: Partners) -> Callable[[], AbstractAsyncContextManager[Account]]:
    @asynccontextmanager
    async def account() -> AsyncIterator[Account]:
        rig = MailRig(mail_partners)
        rig.wire.imap, rig.wire.smtp = rig.server.imap, rig.server.smtp  # faults are the other tests'
        await rig.begin()
        yield Account(rig)

    return account


def test_killed_at_every_named_point(
    world: World, opened: Callable[[], AbstractAsyncContextManager[Account]]
) -> None:
    killed_at_every_named_point(world, "mail", opened)


def test_killed_at_seeded_moments(
    world: World, opened: Callable[[], AbstractAsyncContextManager[Account]], kills: int
) -> None:
    killed_at_seeded_moments(world, "mail", opened, kills)
