"""Bodies on their way in: bounded in memory, disk and time, with room for every text."""

from __future__ import annotations

import asyncio
import dataclasses
import itertools
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tropa.cli.arriving import HEAD, KIB, MIB, Arrivals, Body, Terms, all_can_be_whole
from tropa.drop.came import Came

pytestmark = pytest.mark.enable_socket  # an event loop wakes itself through one

TEXT = bytes(range(256)) * 160  # forty kilobytes
FILE = bytes(range(256)) * 4 * KIB  # a megabyte


@pytest.fixture
def terms(tmp_path: Path) -> Terms:
    return Terms(tmp_path, most_kept=4 * MIB, most_read=8 * MIB, reserve=0, wait_for_room=0.0)


def received(terms: Terms, take: Callable[[Arrivals], Awaitable[Any]]) -> Any:
    """What `take` makes of the arrivals of a site; they are let go afterwards."""

    async def taken(arrivals: Arrivals) -> Any:
        try:
            return await take(arrivals)
        finally:
            for body in list(arrivals._bodies):
                arrivals.let_go(body)

    with ThreadPoolExecutor(2) as disk:
        return asyncio.run(taken(Arrivals(terms, disk)))


async def chunks(content: bytes, size: int = 60_000) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]
        await asyncio.sleep(0)


async def stops_after(content: bytes) -> AsyncIterator[bytes]:
    yield content
    await asyncio.Event().wait()


@pytest.mark.parametrize("content", [b"", b"x", TEXT, FILE, FILE * 3 + b"end"])
def test_a_body_comes_out_as_it_went_in(terms: Terms, content: bytes) -> None:
    async def take(arrivals: Arrivals) -> tuple[Came, bytes]:
        body = await arrivals.receive(chunks(content), len(content))
        return body.came, body.reader().read()

    assert received(terms, take) == (Came.WHOLE, content)


def test_of_a_large_body_little_stands_in_memory(terms: Terms, tmp_path: Path) -> None:
    content = FILE * 3

    async def take(arrivals: Arrivals) -> int:
        body = await arrivals.receive(chunks(content), len(content))
        return len(body.pending)

    assert received(terms, take) < 2 * 64 * KIB
    assert list(tmp_path.iterdir()) == []  # and what lies on the disk has no name


@pytest.mark.parametrize("came_first", [b"", TEXT])
def test_one_that_stops_is_broken_and_what_came_is_there(terms: Terms, came_first: bytes) -> None:
    terms = dataclasses.replace(terms, stalled_after=0.01)

    async def take(arrivals: Arrivals) -> tuple[Came, bytes]:
        body = await arrivals.receive(stops_after(came_first), 1_000_000)
        return body.came, body.reader().read()

    assert received(terms, take) == (Came.BROKEN, came_first)


def test_one_that_drips_is_given_up(terms: Terms) -> None:
    terms = dataclasses.replace(terms, window=0.0)

    async def drips() -> AsyncIterator[bytes]:
        while True:
            yield b"x"
            await asyncio.sleep(0)

    async def take(arrivals: Arrivals) -> Body:
        return await arrivals.receive(drips(), 100_000)

    body = received(terms, take)
    assert body.came is Came.BROKEN
    assert body.arrived < 100


@pytest.mark.parametrize(
    "change",
    [{"most_kept": HEAD}, {"reserve": 2**62}, {"on_disk": HEAD}, {"directory": Path("/nowhere/at/all")}],
    ids=["too large", "the disk is full", "much is on its way", "no disk at all"],
)
def test_without_room_the_head_is_kept_and_the_rest_let_go(terms: Terms, change: dict[str, Any]) -> None:
    async def take(arrivals: Arrivals) -> tuple[Came, int, bytes]:
        body = await arrivals.receive(chunks(TEXT + FILE), len(TEXT + FILE))
        return body.came, body.arrived, body.reader().read()

    came, arrived, kept = received(dataclasses.replace(terms, **change), take)
    assert (came, arrived) == (Came.CUT, len(TEXT + FILE))
    assert len(TEXT) < len(kept) <= HEAD
    assert (TEXT + FILE).startswith(kept)


def test_a_body_past_what_is_read_at_all_is_cut_off(terms: Terms) -> None:
    async def take(arrivals: Arrivals) -> Body:
        return await arrivals.receive(chunks(FILE * 10), len(FILE) * 10)

    body = received(terms, take)
    assert body.came is Came.CUT
    assert body.arrived < len(FILE) * 10


@pytest.mark.parametrize("change", [{"reserve": 2**62}, {"on_disk": 0}, {"in_memory": 0}])
def test_texts_are_taken_whatever_else_is_not(terms: Terms, change: dict[str, int]) -> None:
    async def take(arrivals: Arrivals) -> list[tuple[Came, bytes]]:
        bodies = await asyncio.gather(
            *(arrivals.receive(chunks(TEXT, 900), len(TEXT)) for _each in range(50))
        )
        return [(body.came, body.reader().read()) for body in bodies]

    assert received(dataclasses.replace(terms, **change), take) == [(Came.WHOLE, TEXT)] * 50


def test_when_room_is_short_whoever_brings_nothing_makes_way(terms: Terms) -> None:
    async def take(arrivals: Arrivals) -> tuple[Came, Came]:
        idle = asyncio.create_task(arrivals.receive(stops_after(FILE), 3 * MIB))
        await asyncio.sleep(0.2)
        for each in arrivals._bodies:
            each.in_window = 0
        honest = await arrivals.receive(chunks(FILE), len(FILE))
        (other,) = arrivals._bodies - {honest}
        idle.cancel()
        return honest.came, other.came

    assert received(dataclasses.replace(terms, on_disk=len(FILE) + HEAD), take) == (Came.WHOLE, Came.CUT)


def test_what_was_let_go_leaves_room(terms: Terms) -> None:
    async def take(arrivals: Arrivals) -> list[Came]:
        came = []
        for _each in range(3):
            body = await arrivals.receive(chunks(FILE), len(FILE))
            came.append(body.came)
            arrivals.let_go(body)
        return came

    assert received(dataclasses.replace(terms, on_disk=len(FILE) + HEAD), take) == [Came.WHOLE] * 3


def test_those_who_together_want_more_than_there_is_are_whole_one_after_another(terms: Terms) -> None:
    terms = dataclasses.replace(terms, on_disk=3 * MIB, wait_for_room=600.0)

    async def one(arrivals: Arrivals) -> Came:
        body = await arrivals.receive(chunks(FILE * 2), len(FILE) * 2)
        arrivals.let_go(body)
        return body.came

    async def take(arrivals: Arrivals) -> list[Came]:
        return await asyncio.gather(*(one(arrivals) for _each in range(5)))

    assert received(terms, take) == [Came.WHOLE] * 5


@pytest.mark.parametrize("seed", range(40))
def test_room_is_given_exactly_when_some_order_lets_everybody_be_whole(seed: int) -> None:
    drawn = random.Random(seed)  # noqa: S311  a drawn world, seeded
    room = 8 * HEAD
    bodies = [Body(began=0, length=drawn.randint(HEAD + 1, room)) for _each in range(drawn.randint(1, 5))]
    for body in bodies:
        body.stored = drawn.randint(0, min(body.length, room // len(bodies)))
    growing = bodies[0]
    growing.pending = bytearray(drawn.randint(0, growing.length - growing.stored))

    def goes_on(order: tuple[Body, ...]) -> bool:
        free = room - sum(body.stored for body in bodies) - len(growing.pending)
        for body in order:
            stored = body.stored + (len(growing.pending) if body is growing else 0)
            if body.length - stored > free or free < 0:
                return False
            free += stored
        return True

    assert all_can_be_whole(bodies, growing, room) == any(map(goes_on, itertools.permutations(bodies)))
