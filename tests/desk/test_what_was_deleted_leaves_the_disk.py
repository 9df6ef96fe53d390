"""What was deleted is given up by the engine at once, or by the next round of housekeeping, and nobody who writes waits
for that or is changed by it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection, transaction

from tests.desk.world import build_world
from tropa.desk.housekeeping import keep_house
from tropa.desk.scrub import scrub
from tropa.desk.talk.applicant import delete_everything, read_it
from tropa.desk.talk.models import Thread
from tropa.desk.talk.services import reply

pytestmark = pytest.mark.django_db(transaction=True)


def test_somebody_drawing_a_copy_keeps_nobody_for_long_and_nothing_fails() -> None:
    connection.ensure_connection()
    copying = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    try:
        copying.execute("BEGIN")
        copying.execute("SELECT count(*) FROM staff_member").fetchone()
        with connection.cursor() as cursor:
            before = cursor.execute("PRAGMA busy_timeout").fetchone()
            scrub()
            assert cursor.execute("PRAGMA busy_timeout").fetchone() == before
    finally:
        copying.close()


def old_versions() -> int:
    """How much of what was deleted the engine still keeps: rows on PostgreSQL, bytes of SQLite's log."""
    if connection.vendor == "sqlite":
        return Path(f"{connection.settings_dict['NAME']}-wal").stat().st_size
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute(
            "SELECT sum(pg_stat_get_dead_tuples(oid)) FROM pg_class "
            "WHERE relname LIKE ANY (ARRAY['talk%', 'cases%', 'vault%', 'plans%', 'pg_toast_%']) "
            "AND relkind IN ('r', 't') AND oid >= 16384"
        )
        return int(cursor.fetchone()[0])


def test_after_everything_was_erased_the_engine_keeps_no_old_version_of_it() -> None:
    world = build_world()
    written, _case = world.taken("письмо " * 1500)
    reply(reader=world.boris.reader(), thread=written.thread, text="ответ " * 1500)
    scrub()
    written.thread.refresh_from_db()
    reply(reader=world.boris.reader(), thread=written.thread, text="ещё")
    assert old_versions() > 0  # else nothing could be told apart
    delete_everything(thread=written.thread, now=world.now)
    assert old_versions() == 0
    assert not Thread.objects.exists()


def test_what_is_erased_within_a_longer_act_goes_when_that_stands() -> None:
    """As the gateway does, which stores what came and erases what somebody asked it to in one transaction."""
    world = build_world()
    written, _case = world.taken("письмо " * 1500)
    with transaction.atomic():
        delete_everything(thread=written.thread, now=world.now)
    assert old_versions() == 0


def test_what_was_read_goes_in_the_same_way() -> None:
    world = build_world()
    written, _case = world.taken()
    entry = reply(reader=world.boris.reader(), thread=written.thread, text="ответ " * 1500)
    read_it(thread=written.thread, ids=[entry.pk])
    assert old_versions() == 0


def test_while_somebody_reads_an_older_state_the_erasing_stands_and_housekeeping_ends_it() -> None:
    world = build_world()
    written, _case = world.taken("письмо " * 1500)
    with somebody_reading():
        delete_everything(thread=written.thread, now=world.now)
        assert not Thread.objects.exists()
        assert old_versions() > 0
    keep_house(now=world.now)
    assert old_versions() == 0


@contextmanager
def somebody_reading() -> Iterator[None]:
    """Another connection looks at the database as it is now, for so long."""
    connection.ensure_connection()
    other = connection.copy()
    begin = "BEGIN ISOLATION LEVEL REPEATABLE READ" if other.vendor == "postgresql" else "BEGIN DEFERRED"
    try:
        with other.cursor() as cursor:
            cursor.execute(begin)
            cursor.execute("SELECT count(*) FROM talk_thread")
            cursor.fetchall()
            yield
            cursor.execute("ROLLBACK")
    finally:
        other.close()
