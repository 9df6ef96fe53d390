"""What tests of channels do on the desk's side, and ask the database: each callable from a thread of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tests.channels.rig import PATIENCE

if TYPE_CHECKING:
    from tests.desk.world import World
    from tropa.desk.cases.models import Case
    from tropa.desk.messengers.models import Outgoing
    from tropa.desk.talk.models import Entry, Thread
    from tropa.desk.talk.queries import OpenEntry


def run(scene: Coroutine[Any, Any, None], *, seconds: float = 300.0) -> None:
    """Play a scene, and give up on one that takes far longer than a busy machine does."""
    asyncio.run(asyncio.wait_for(scene, seconds))


async def until(ask: Any, wanted: object) -> None:
    """Ask again until the answer is the one wanted."""
    async with asyncio.timeout(PATIENCE):
        while await ask() != wanted:
            await asyncio.sleep(0.02)


def read_as_boris(world: World) -> list[OpenEntry]:
    """Every entry of every thread, as somebody on duty reads them, in the order they came."""
    from tropa.desk.talk.models import Thread
    from tropa.desk.talk.queries import thread_entries

    reader = world.boris.reader()
    return [
        entry
        for thread in Thread.objects.order_by("pk")
        for entry in thread_entries(reader=reader, thread=thread)
    ]


def taken(world: World) -> tuple[Thread, Case]:
    """The one thread there is, taken by Boris."""
    from tropa.desk.talk.models import Thread
    from tropa.desk.talk.services import take

    thread = Thread.objects.get()
    case = take(reader=world.boris.reader(), thread=thread, second=world.anna.member)
    thread.refresh_from_db()
    return thread, case


def answer(world: World, text: str) -> Entry:
    """Boris answers in the one thread there is. Called in a thread of its own, as a request is."""
    from django.db import connection

    from tropa.desk.talk.models import Thread
    from tropa.desk.talk.services import reply

    try:
        thread = Thread.objects.get()
        if thread.case_id is None:
            thread, _case = taken(world)
        return reply(reader=world.boris.reader(datetime.now(UTC)), thread=thread, text=text)
    finally:
        connection.close()


def answer_all(world: World, text: str) -> None:
    """Boris takes whatever nobody has, and answers everybody. Called in a thread of its own."""
    from django.db import connection

    from tropa.desk.talk.models import Thread
    from tropa.desk.talk.services import reply, take

    try:
        for thread in Thread.objects.order_by("pk"):
            if thread.case_id is None:
                take(reader=world.boris.reader(), thread=thread, second=world.anna.member)
                thread.refresh_from_db()
            reply(reader=world.boris.reader(datetime.now(UTC)), thread=thread, text=text)
    finally:
        connection.close()


def outgoing() -> list[Outgoing]:
    """What people wrote, on its way or ended."""
    from tropa.desk.messengers.models import Outgoing

    return list(Outgoing.objects.exclude(kind="automatic").order_by("pk"))


def states() -> list[str]:
    """Where it stands."""
    return [row.state for row in outgoing()]


def ended() -> bool:
    """Whether nothing of it is still to go; asked from another thread."""
    from django.db import connection

    try:
        return not {"queued", "sending"} & set(states())
    finally:
        connection.close()


def standing() -> str | None:
    """What the account's process says about itself."""
    from django.db import connection

    from tropa.desk.messengers.models import ChannelHealth

    try:
        return ChannelHealth.objects.values_list("standing", flat=True).first()
    finally:
        connection.close()


def entries() -> int:
    """How many entries are stored."""
    from django.db import connection

    from tropa.desk.talk.models import Entry

    try:
        return Entry.objects.count()
    finally:
        connection.close()


def whole_database() -> bytes:
    """Every byte of every table, as rows are given back."""
    from django.db import connection

    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  names of our own tables
            rows = cursor.fetchall()
            found.append(table.encode())
            found += [
                bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                for row in rows
                for value in row
            ]
    return b"\n".join(found)


def whole_disk() -> bytes:
    """Every byte of every file of the data directory, and of a probe that has to be found."""
    from tropa.desk.conf import conf

    (conf.data / "probe").write_bytes(b"probe in clear")
    try:
        return b"\n".join(path.read_bytes() for path in conf.data.rglob("*") if path.is_file())
    finally:
        (conf.data / "probe").unlink()
