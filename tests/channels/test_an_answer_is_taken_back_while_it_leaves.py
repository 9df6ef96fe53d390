"""Taking an answer back in the very moment a gateway takes it up: one of the two wins, and both know which.

The desk and the gateway meet in the database alone, in transactions of two connections, as two processes do.
"""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.channels.rig import PATIENCE, Desk
from tests.channels.scenes import answer, ended, outgoing, run
from tests.channels.test_the_contract_in_memory import FakeRig

if TYPE_CHECKING:
    from tests.desk.world import World
    from tropa.desk.talk.models import Entry

WAITS_FOR_US = """
SELECT COUNT(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))
"""
pytestmark = pytest.mark.django_db(transaction=True)


def began(rig: FakeRig, desk: Desk) -> None:
    """Somebody wrote, and was told what they are to know."""

    async def scene() -> None:
        rig.service.write("7", "Вопрос")
        await desk.live(lambda: len(rig.texts_to("7")) == 1)

    run(scene())


def takes_back(world: World, entry: Entry) -> bool:
    """Boris takes his answer back; whether he could. Called in a thread of its own, as a request is."""
    from django.db import connections

    from tropa.desk.talk.errors import ReadAlready
    from tropa.desk.talk.models import Thread
    from tropa.desk.talk.taking_back import take_back

    try:
        take_back(reader=world.boris.reader(), thread=Thread.objects.get(), entry_id=entry.pk)
    except ReadAlready:
        return False
    else:
        return True
    finally:
        connections.close_all()


def somebody_waits_for_a_lock() -> bool:
    """Whether another connection waits for what we hold. SQLite does not tell: there it is given a moment."""
    from django.db import connection

    if connection.vendor != "postgresql":
        time.sleep(0.2)
        return True
    with connection.cursor() as cursor:
        cursor.execute(WAITS_FOR_US)
        return bool(cursor.fetchone()[0])


def until_somebody_waits() -> None:
    end = time.monotonic() + PATIENCE
    while not somebody_waits_for_a_lock():
        assert time.monotonic() < end
        time.sleep(0.01)


def beside(work: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_what_the_desk_took_back_first_the_gateway_finds_gone(world: World) -> None:
    from django.db import connections, transaction

    from tropa.desk.talk.models import Entry, Thread
    from tropa.desk.talk.taking_back import take_back

    rig = FakeRig()
    desk = Desk.of(rig)
    began(rig, desk)
    sent = answer(world, "Ответ не тому")
    (row,) = outgoing()
    taken: list[object] = []

    def gateway() -> None:
        try:
            taken.append(desk.gateway().sender._take_up(row.pk))
        finally:
            connections.close_all()

    with transaction.atomic():
        take_back(reader=world.boris.reader(), thread=Thread.objects.get(), entry_id=sent.pk)
        other = beside(gateway)
        until_somebody_waits()
        assert not taken
    other.join()
    assert taken == [None]
    assert not Entry.objects.filter(pk=sent.pk).exists()
    assert not outgoing()


def test_what_the_gateway_took_up_first_is_not_taken_back(world: World) -> None:
    from django.db import transaction

    from tropa.desk.talk.models import Entry

    rig = FakeRig()
    desk = Desk.of(rig)
    began(rig, desk)
    sent = answer(world, "Ответ")
    (row,) = outgoing()
    could: list[bool] = []
    with transaction.atomic():
        assert desk.gateway().sender._take_up(row.pk) is not None
        other = beside(lambda: could.append(takes_back(world, sent)))
        until_somebody_waits()
        assert not could
    other.join()
    assert could == [False]
    assert Entry.objects.filter(pk=sent.pk).exists()
    assert [row.state for row in outgoing()] == ["sending"]


def test_in_the_same_moment_it_is_taken_back_or_sent_and_never_both(world: World) -> None:
    chance = random.Random(20261123)  # noqa: S311
    rig = FakeRig()
    desk = Desk.of(rig)
    began(rig, desk)

    for number in range(6):
        text = f"Ответ {number}"
        sent = answer(world, text)
        could: list[bool] = []
        start = threading.Barrier(2)

        def desk_side(
            entry: Entry = sent, start: threading.Barrier = start, could: list[bool] = could
        ) -> None:
            start.wait()
            time.sleep(chance.uniform(0.0, 0.06))
            could.append(takes_back(world, entry))

        other = beside(desk_side)

        async def scene(start: threading.Barrier = start, could: list[bool] = could) -> None:
            gateway, stop = desk.gateway(), asyncio.Event()
            await asyncio.to_thread(start.wait)
            running = asyncio.create_task(gateway.run(stop))
            while not (could and await asyncio.to_thread(ended)):
                await asyncio.sleep(0.01)
            stop.set()
            await running

        run(scene())
        other.join()
        assert could == [not any(shown.endswith(text) for shown in rig.texts_to("7"))]
        assert not [row for row in outgoing() if row.state != "sent"]
