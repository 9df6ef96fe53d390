"""The gateway's process on a real Prosody, killed at every named point and at seeded moments."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from tests.channels.killing import killed_at_every_named_point, killed_at_seeded_moments
from tests.channels.xmpp_people import People
from tests.channels.xmpp_rig import XmppRig

if TYPE_CHECKING:
    from tests.desk.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.enable_socket]


class Account:
    """An account on the server. Nothing of it can be lost: the archive keeps what was not stored."""

    def __init__(self, rig: XmppRig) -> None:
        self._rig = rig

    def settings(self) -> Mapping[str, str]:
        return self._rig.settings

    def write(self, person: str, text: str) -> object:
        return self._rig.do("say", person, text)

    def texts_to(self, person: str) -> list[str]:
        return self._rig.texts_to(person)

    def waiting(self) -> int:
        return self._rig.waiting()

    async def restart(self) -> None:
        self._rig.wire.cut()  # the server stays: people's apps in these tests do not come back by themselves

    def may_be_lost(self) -> set[str]:
        return set()


@pytest.fixture
def opened(xmpp_people: People) -> Callable[[], AbstractAsyncContextManager[Account]]:
    @asynccontextmanager
    async def account() -> AsyncIterator[Account]:
        rig = XmppRig(xmpp_people)
        async with rig.running():
            yield Account(rig)

    return account


def test_killed_at_every_named_point(
    world: World, opened: Callable[[], AbstractAsyncContextManager[Account]]
) -> None:
    killed_at_every_named_point(world, "xmpp", opened)


def test_killed_at_seeded_moments(
    world: World, opened: Callable[[], AbstractAsyncContextManager[Account]], kills: int
) -> None:
    killed_at_seeded_moments(world, "xmpp", opened, kills)
