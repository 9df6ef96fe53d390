"""A file is stored in short transactions and belongs to its message all at once; what is left half-way is swept out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection
from django.db.backends.base.base import BaseDatabaseWrapper

from tests.desk.world import World, Written, build_world
from tropa.desk.housekeeping import keep_house
from tropa.desk.talk import files
from tropa.desk.talk.arrivals import Received, receive_first, receive_more
from tropa.desk.talk.body import EntryBody
from tropa.desk.talk.errors import FilesGone
from tropa.desk.talk.files import AT_ONCE, CHUNK_BYTES, IncomingFile, open_file
from tropa.desk.talk.models import Attachment, Chunk, Entry, Thread
from tropa.desk.talk.queries import thread_entries

MOST_IN_A_TRANSACTION = AT_ONCE * CHUNK_BYTES + 64 * 1024
CONTENT = bytes(range(256)) * (9 * CHUNK_BYTES // 256) + b"end"
TAG = "f" * 32


@pytest.fixture
def world(transactional_db: None) -> World:
    return build_world()


def incoming(count: int = 2) -> list[IncomingFile]:
    return [IncomingFile(f"{number}.jpg", "image/jpeg", CONTENT) for number in range(count)]


def send(world: World, written: Written, *, tag: str = TAG, count: int = 2) -> Received:
    body = EntryBody(text="снимки", at=world.now)
    return receive_more(
        thread=written.thread,
        signing=written.signing,
        body=body,
        files=incoming(count),
        dedupe_tag=tag,
        now=world.now,
    )


def weight(sent: Any) -> int:
    """Bytes in parameters, as each database's driver wraps them."""
    if isinstance(sent, list | tuple):
        return sum(weight(part) for part in sent)
    content = getattr(sent, "obj", sent)
    return len(content) if isinstance(content, bytes) else 0


@contextmanager
def weighed() -> Iterator[list[int]]:
    """How many bytes each transaction within it brought to the database."""
    weights: list[int] = [0]

    turn_over = BaseDatabaseWrapper.set_autocommit

    def weigh(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        weights[-1] += weight(params)
        return execute(sql, params, many, context)

    def begin_or_end(self: BaseDatabaseWrapper, autocommit: bool, *others: Any, **more: Any) -> None:
        weights.append(0)
        turn_over(self, autocommit, *others, **more)

    with pytest.MonkeyPatch.context() as patched, connection.execute_wrapper(weigh):
        patched.setattr(BaseDatabaseWrapper, "set_autocommit", begin_or_end)
        yield weights


def test_no_transaction_carries_more_than_a_few_chunks(world: World) -> None:
    written = world.write_in()
    with weighed() as weights:
        send(world, written)
    assert sum(weights) > 2 * len(CONTENT)
    assert max(weights) <= MOST_IN_A_TRANSACTION


def test_a_first_message_brings_its_files_along(world: World) -> None:
    keys = world.write_in().keys
    Thread.objects.all().delete()
    with weighed() as weights:
        received = receive_first(
            public=keys.public,
            signing=keys.seed.signing(),
            look_up_tag=keys.look_up_tag,
            body=EntryBody(text="снимки", at=world.now),
            files=incoming(),
            dedupe_tag=TAG,
            now=world.now,
        )
    assert max(weights) <= MOST_IN_A_TRANSACTION
    [entry] = thread_entries(reader=world.boris.reader(), thread=received.thread)
    assert [b"".join(open_file(note)) for note in entry.files] == [CONTENT, CONTENT]
    assert not Attachment.objects.filter(entry=None).exists()


def test_until_all_of_it_is_there_nobody_sees_any_of_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = world.write_in()
    seen: list[tuple[int, int]] = []
    lay = files._store_chunks

    def look(identifier: str, some: Any) -> None:
        lay(identifier, some)
        seen.append(
            (
                Entry.objects.filter(thread=written.thread).count(),
                Attachment.objects.exclude(entry=None).count(),
            )
        )

    monkeypatch.setattr(files, "_store_chunks", look)
    send(world, written)
    assert len(seen) == 2 * 5
    assert set(seen) == {(1, 0)}
    assert (
        Entry.objects.filter(thread=written.thread).count(),
        Attachment.objects.exclude(entry=None).count(),
    ) == (
        2,
        2,
    )


def test_a_message_that_cannot_be_stored_leaves_nothing_of_its_files(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = world.write_in()

    def full(*_told: object) -> None:
        raise DatabaseError("disk full")

    with monkeypatch.context() as patched:
        patched.setattr("tropa.desk.talk.arrivals.attach", full)
        with pytest.raises(DatabaseError):
            send(world, written)
    assert (Attachment.objects.count(), Chunk.objects.count(), Entry.objects.count()) == (0, 0, 1)


def test_posted_twice_a_file_is_stored_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether the twin is noticed before its files are stored, or only when the message is."""
    written = world.write_in()
    first = send(world, written)
    assert send(world, written).entry == first.entry
    before = Chunk.objects.count()
    told = iter([None, first])
    monkeypatch.setattr("tropa.desk.talk.arrivals._received_before", lambda _tag: next(told))
    assert send(world, written).duplicate is False
    assert (Attachment.objects.count(), Chunk.objects.count()) == (2, before)


def test_a_message_whose_files_were_taken_away_is_not_stored(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = world.write_in()
    attach = files.attach

    def too_late(entry: Entry, sealed: Any) -> None:
        Chunk.objects.filter(attachment_id=sealed[0].note.id, index=1).delete()
        attach(entry, sealed)

    monkeypatch.setattr("tropa.desk.talk.arrivals.attach", too_late)
    with pytest.raises(FilesGone):
        send(world, written)
    assert (Attachment.objects.count(), Chunk.objects.count(), Entry.objects.count()) == (0, 0, 1)


def test_what_a_crash_left_is_swept_out_when_no_upload_can_still_run(world: World) -> None:
    kept = send(world, world.write_in()).entry
    [sealed] = files.seal_files(incoming(1))
    files._lay_down([sealed], world.now.date())
    keep_house(now=world.now + timedelta(days=1))
    assert Attachment.objects.filter(entry=None).count() == 1
    with weighed() as weights:
        swept = keep_house(now=world.now + timedelta(days=2))
    assert swept.unfinished_files == 1
    assert set(Attachment.objects.values_list("entry", flat=True)) == {kept.pk}
    assert Chunk.objects.count() == 2 * 10
    assert len(weights) > 10 // AT_ONCE


def test_a_file_is_an_entrys_or_says_since_when_it_is_not(world: World) -> None:
    entry = world.write_in().entry
    for told in (
        {"entry": None, "unfinished_day": None},
        {"entry": entry, "unfinished_day": world.now.date()},
    ):
        with pytest.raises(IntegrityError):
            Attachment.objects.create(size_class=1, **told)
