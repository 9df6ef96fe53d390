"""While nothing is to be heard from a service nothing is tried, so an hour without network uses up no attempt; what is
old ends meanwhile, and the rest leaves when the service is back.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.channels.rig import Desk
from tests.channels.scenes import answer, entries, outgoing, run, standing, states, until
from tests.channels.test_the_contract_in_memory import FakeRig
from tropa.gateway.sent_book import LASTS

if TYPE_CHECKING:
    from tests.desk.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def in_a_thread() -> list[str]:
    """Where what people wrote stands, asked from a thread of its own."""
    from django.db import connection

    try:
        return states()
    finally:
        connection.close()


def test_nothing_is_tried_while_it_is_away_and_everything_goes_when_it_is_back(world: World) -> None:
    rig = FakeRig()
    desk, noted = Desk.of(rig), list[str]()

    async def scene() -> None:
        rig.service.write("7", "Вопрос")
        await desk.live(lambda: len(rig.texts_to("7")) == 1)  # they were told what they are to know
        gateway, stop = desk.gateway(noted.append), asyncio.Event()
        running = asyncio.create_task(gateway.run(stop))
        rig.service.write("7", "Ещё вопрос")
        await until(lambda: asyncio.to_thread(entries), 2)
        await rig.set_down(down=True)
        await until(lambda: asyncio.to_thread(standing), "down")
        noted.clear()
        calls = rig.service.calls
        await asyncio.to_thread(answer, world, "Ответ")
        while not gateway.sender.held():  # it was looked at, and is held
            await asyncio.sleep(0.01)
        assert rig.service.calls == calls
        assert "taken-up" not in noted
        assert await asyncio.to_thread(in_a_thread) == ["queued"]
        await rig.set_down(down=False)
        await until(lambda: asyncio.to_thread(in_a_thread), ["sent"])
        stop.set()
        await running

    run(scene())
    assert rig.texts_to("7")[1:] == ["Ответ"] or rig.texts_to("7")[1].endswith("Ответ")
    assert len(outgoing()) == 1


def test_what_grew_too_old_meanwhile_ends_without_being_tried(world: World) -> None:
    rig = FakeRig()
    desk = Desk.of(rig)

    async def scene() -> None:
        rig.service.write("7", "Вопрос")
        await desk.live(lambda: len(rig.texts_to("7")) == 1)
        gateway, stop = desk.gateway(), asyncio.Event()
        running = asyncio.create_task(gateway.run(stop))
        rig.service.write("7", "Ещё вопрос")
        await until(lambda: asyncio.to_thread(entries), 2)
        await rig.set_down(down=True)
        await until(lambda: asyncio.to_thread(standing), "down")
        await asyncio.to_thread(answer, world, "Ответ")
        desk.ahead = LASTS + timedelta(hours=1)
        await until(lambda: asyncio.to_thread(in_a_thread), ["expired"])
        stop.set()
        await running

    run(scene())
    assert len(rig.texts_to("7")) == 1
