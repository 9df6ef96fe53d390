"""The process of streams over real sockets and the test's own database: an open page hears "changed", nothing else, and
only while its visit is unlocked and its ticket good.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.stores import store_of_this_test
from tropa.cli.live import LOOK_EVERY, MOST_OF_VISIT, Eye, Live
from tropa.desk.live.tickets import ticket
from tropa.desk.staff.visit_ids import visit_id

if TYPE_CHECKING:
    from tests.desk.world import Person, World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.enable_socket]
KEY = bytes(range(32))
DESK = "http://localhost:8401"
PATIENCE = 180.0


@dataclass
class Page:
    """An open page, as its browser reads the stream."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def line(self) -> str:
        """The next line of events that is not empty and no comment; "" at the end."""
        async with asyncio.timeout(PATIENCE):
            while raw := await self.reader.readline():
                line = raw.decode().strip()
                if line and not line.startswith((":", "retry", "data")):
                    return line
        return ""


class Server:
    """The streams, looked after by hand so that nothing here depends on how fast a machine is."""

    def __init__(self, live: Live, port: int) -> None:
        self.live, self.port = live, port
        self._writers: list[asyncio.StreamWriter] = []

    async def connect(self) -> Page:
        """A connection, closed with the server."""
        reader, writer = await asyncio.open_connection("localhost", self.port)
        self._writers.append(writer)
        return Page(reader, writer)

    async def close(self) -> None:
        """Everybody leaves, and every stream has ended."""
        for stream in list(self.live.streams):
            stream.end()
        for writer in self._writers:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()
        while self.live.streams:
            await asyncio.sleep(0.01)

    async def open(
        self,
        topic: str,
        token: str,
        *,
        silent: bool = False,
        key: bytes = KEY,
        origin: str = DESK,
        of: str = "",
    ) -> Page:
        """Ask for a stream; the head of the answer is still to be read."""
        given = ticket(key, visit=visit_id(of or token), topic=topic, silent=silent)
        page = await self.connect()
        lines = (
            f"GET /stream/?on={topic}&ticket={given} HTTP/1.1",
            "Host: localhost",
            f"Origin: {origin}",
            f"Cookie: other=1; __Host-tropa-desk={token}",
        )
        page.writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        return page

    async def follow(self, topic: str, token: str, *, silent: bool = False) -> Page:
        """An open stream whose first state is known."""
        page = await self.open(topic, token, silent=silent)
        assert (await page.line()).startswith("HTTP/1.1 200")
        while await page.reader.readline() != b"\r\n":
            pass
        await self.look()
        return page

    async def look(self) -> None:
        await asyncio.to_thread(self.live.look)


@asynccontextmanager
async def serving() -> AsyncIterator[Server]:
    store = store_of_this_test()
    live = Live(key=KEY, origin=DESK, eye=Eye(store.address, store.data / store.name))
    server = await asyncio.start_server(live.answer, "localhost", 0)
    streams = Server(live, server.sockets[0].getsockname()[1])
    try:
        yield streams
    finally:
        await streams.close()
        server.close()
        await server.wait_closed()
        live._eye.close()


def visit(person: Person, token: str) -> str:
    """A visit of this person, unlocked; its token."""
    from tropa.desk.staff.models import Visit

    later = datetime.now(UTC) + timedelta(minutes=15)
    Visit.objects.create(
        id=visit_id(token), member=person.member, sealed_seed=b"sealed", idle_after=later, ends_after=later
    )
    return token


async def in_thread(work: Callable[[], object]) -> None:
    """Do something in the database as a request does, in a thread of its own."""
    from django.db import connection

    def done() -> None:
        try:
            work()
        finally:
            connection.close()

    await asyncio.to_thread(done)


def play(scene: Callable[[Server], Awaitable[None]]) -> None:
    async def whole() -> None:
        async with serving() as server:
            await asyncio.wait_for(scene(server), 60)

    asyncio.run(whole())


def test_a_message_is_heard_of_in_the_inbox_and_on_today_and_nothing_of_it_is_said(world: World) -> None:
    token = visit(world.boris, "t" * 43)

    async def scene(server: Server) -> None:
        pages = [await server.follow(topic, token) for topic in ("inbox", "today")]
        await in_thread(lambda: world.write_in("Пришла повестка"))
        await server.look()
        for page in pages:
            assert await page.line() == "event: changed"
            assert await page.reader.readline() == b"data: 1\n"

    play(scene)


def test_who_looks_at_a_thread_is_heard_of_in_it_and_in_the_inbox(world: World) -> None:
    from tropa.desk.talk.services import claim

    token, thread = visit(world.boris, "t" * 43), world.write_in().thread

    async def scene(server: Server) -> None:
        inbox = await server.follow("inbox", token)
        there = await server.follow(f"thread:{thread.pk}", token)
        await in_thread(lambda: claim(reader=world.vera.reader(), thread=thread))
        await server.look()
        assert (await inbox.line(), await there.line()) == ("event: busy", "event: changed")

    play(scene)


@pytest.mark.parametrize("how", ["locked", "revoked", "idle"])
def test_a_stream_ends_with_its_visit(world: World, how: str) -> None:
    from tropa.desk.staff.models import Visit

    token = visit(world.boris, "t" * 43)

    def end() -> None:
        rows = Visit.objects.filter(pk=visit_id(token))
        match how:
            case "locked":
                rows.update(sealed_seed=None)
            case "revoked":
                rows.delete()
            case _:
                rows.update(idle_after=datetime.now(UTC) - timedelta(minutes=1))

    async def scene(server: Server) -> None:
        page = await server.follow("inbox", token)
        await in_thread(end)
        await in_thread(lambda: world.write_in("Этого уже не слышно"))
        await server.look()
        assert await page.line() == "event: ended"
        assert await page.line() == ""
        assert server.live.streams == set()

    play(scene)


def test_a_ticket_for_silence_hears_nothing_and_looks_like_any_other(world: World) -> None:
    token = visit(world.boris, "t" * 43)

    async def scene(server: Server) -> None:
        quiet, loud = await server.follow("inbox", token, silent=True), await server.follow("inbox", token)
        await in_thread(world.write_in)
        await server.look()
        assert await loud.line() == "event: changed"
        for stream in list(server.live.streams):
            stream.end()
        assert await quiet.line() == ""

    play(scene)


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"key": bytes(32)}, 403),
        ({"of": "s" * 43}, 403),
        ({"origin": "http://localhost:9999"}, 403),
        ({"topic": "everything"}, 403),
        ({"topic": "thread:' OR 1=1 --"}, 404),
        ({"topic": "thread:" + "A" * 32}, 403),
    ],
)
def test_whoever_has_no_good_ticket_hears_nothing(world: World, asked: dict[str, str], status: int) -> None:
    token = visit(world.boris, "t" * 43)

    async def scene(server: Server) -> None:
        page = await server.open(**{"topic": "inbox", "token": token, **asked})  # type: ignore[arg-type]
        assert (await page.line()).startswith(f"HTTP/1.1 {status}")
        assert server.live.streams == set()

    play(scene)


@pytest.mark.parametrize(
    "words", [b"", b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\r\n\r\n", b"POST /stream/ HTTP/1.1\r\n\r\n"]
)
def test_whatever_is_said_to_the_port_nothing_breaks(world: World, words: bytes) -> None:
    async def scene(server: Server) -> None:
        page = await server.connect()
        page.writer.write(words)
        page.writer.write_eof()
        assert (await page.reader.read())[:12] in {b"", b"HTTP/1.1 404"}

    play(scene)


def test_one_visit_keeps_no_more_streams_than_a_person_has_pages(world: World) -> None:
    token = visit(world.boris, "t" * 43)

    async def scene(server: Server) -> None:
        for _page in range(MOST_OF_VISIT):
            await server.follow("inbox", token)
        assert (await (await server.open("inbox", token)).line()).startswith("HTTP/1.1 503")

    play(scene)


def test_it_looks_once_a_second_without_being_asked(world: World) -> None:
    token = visit(world.boris, "t" * 43)
    assert LOOK_EVERY == 1.0

    async def scene(server: Server) -> None:
        watching = asyncio.create_task(server.live.watch())
        page = await server.follow("inbox", token)
        await in_thread(world.write_in)
        assert await page.line() == "event: changed"
        watching.cancel()

    play(scene)
