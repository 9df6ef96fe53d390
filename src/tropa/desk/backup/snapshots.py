"""A consistent copy of the database while the desk runs: SQLite by its online backup, PostgreSQL by COPY in one
transaction that sees one moment.

The copy lies in a private folder beside the data for as long as the archive is written. It holds what the database
holds, sealed as there, and goes with the folder, also after a failure.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from tropa.desk.backup.manifest import DATABASE, TABLES, Manifest

PAGES_AT_ONCE = 4096
READ_AT_ONCE = 1 << 20


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was copied: the manifest, and the members of the archive with the files they are in."""

    manifest: Manifest
    members: tuple[tuple[str, Path], ...]


def take_snapshot(folder: Path, *, now: datetime) -> Snapshot:
    """Copy the database as of this moment into `folder`. OSError or the database's own error when it cannot be."""
    if connection.vendor == "sqlite":
        return _of_sqlite(folder, now)
    return _of_postgres(folder, now)


def _of_sqlite(folder: Path, now: datetime) -> Snapshot:
    target = folder / DATABASE
    connection.ensure_connection()
    with closing(sqlite3.connect(target)) as copy:
        copy.execute("PRAGMA synchronous=OFF")  # it is read once and thrown away
        # a reader of its own: the desk's writers are not held up, and what they add meanwhile is not in it
        source = f"{Path(connection.settings_dict['NAME']).absolute().as_uri()}?mode=rw"
        with closing(sqlite3.connect(source, uri=True, timeout=30)) as original:
            original.execute("BEGIN")
            applied = original.execute("SELECT app, name FROM django_migrations ORDER BY id").fetchall()
            original.backup(copy, pages=-1)
        copy.execute("PRAGMA journal_mode=DELETE")
    return Snapshot(Manifest("sqlite", now, tuple(applied), {}, {}), ((DATABASE, target),))


def _of_postgres(folder: Path, now: datetime) -> Snapshot:
    members: list[tuple[str, Path]] = []
    raw = _own_connection()
    with closing(raw), raw.cursor() as cursor:
        cursor.execute("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns c JOIN information_schema.tables t "
            "USING (table_schema, table_name) WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' "
            "ORDER BY table_name, ordinal_position"
        )
        tables: dict[str, tuple[str, ...]] = {}
        for table, column in cursor.fetchall():
            tables[table] = (*tables.get(table, ()), column)
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY id")
        applied = tuple(cursor.fetchall())
        sequences = dict(_sequences(cursor))
        for table, columns in tables.items():
            path = folder / table
            _copy_out(cursor, table, columns, path)
            members.append((f"{TABLES}{table}", path))
    return Snapshot(Manifest("postgresql", now, applied, tables, sequences), tuple(members))


def _own_connection() -> Any:
    """Another connection to Django's database: the copy must not be in anybody's transaction."""
    wrapper: Any = connection  # what is special to PostgreSQL is not in the type all engines share
    return wrapper.Database.connect(**wrapper.get_connection_params() | {"autocommit": True})


def _sequences(cursor: Any) -> Iterator[tuple[str, int]]:
    cursor.execute(
        "SELECT sequencename, COALESCE(last_value, 0) FROM pg_sequences WHERE schemaname = current_schema()"
    )
    yield from cursor.fetchall()


def _copy_out(cursor: Any, table: str, columns: tuple[str, ...], path: Path) -> None:
    with (
        path.open("xb") as file,
        cursor.copy(f"COPY {quoted(table, columns)} TO STDOUT (FORMAT BINARY)") as rows,
    ):
        for block in rows:
            file.write(block)


def quoted(table: str, columns: tuple[str, ...]) -> str:
    """The table with its columns, as SQL names them. The names come from the database or a checked manifest."""
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    return f"{connection.ops.quote_name(table)} ({names})"


def applied_migrations() -> set[tuple[str, str]]:
    """What has been applied to Django's database."""
    return set(MigrationRecorder(connection).applied_migrations())
