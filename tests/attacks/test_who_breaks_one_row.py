"""Somebody who writes one row that no page expects, so that nobody sees the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, connection, transaction

from tests.desk.world import signed_in
from tropa.desk.talk.models import Entry, Thread

if TYPE_CHECKING:
    from tests.desk.world import World


def write_past_the_checks(table: str, row: str, column: str, value: object) -> None:
    """What somebody may do who has the database's file, or may change its tables."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no table is changed while checks are put off
            constraints = connection.introspection.get_constraints(cursor, table)
            for name, what in constraints.items():
                if what["check"] and column in what["columns"]:
                    cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        try:
            cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [value, row])  # noqa: S608
        finally:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA ignore_check_constraints = OFF")


@pytest.mark.parametrize("column", ["urgency", "lane"])
def test_the_database_takes_no_unknown_word(world: World, column: str) -> None:
    written = world.write_in()
    with pytest.raises(IntegrityError), transaction.atomic():
        Thread.objects.filter(pk=written.thread.pk).update(**{column: "x"})
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.filter(pk=written.entry.pk).update(kind="x")


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("talk_thread", "urgency", "x"),
        ("talk_thread", "lane", "x"),
        ("talk_thread", "name", 2_000_000_000),
        ("talk_entry", "kind", "x"),
    ],
)
def test_one_broken_row_does_not_hide_the_others(
    world: World, table: str, column: str, value: object
) -> None:
    world.write_in("Первое письмо")
    broken = world.write_in("Второе письмо")
    row = broken.thread.pk if table == "talk_thread" else broken.entry.pk
    write_past_the_checks(table, row, column, value)
    client = signed_in(world.boris)
    client.raise_request_exception = False
    for address in ("/inbox/", "/"):
        page = client.get(address)
        assert page.status_code == 200
        assert "Первое письмо" in page.content.decode()
