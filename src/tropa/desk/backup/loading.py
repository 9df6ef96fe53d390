"""Puts a backup's tables into an empty PostgreSQL database: made by the very migrations that made them, then filled."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from tropa.desk.backup.errors import NotABackup
from tropa.desk.backup.manifest import TABLES
from tropa.desk.backup.snapshots import quoted
from tropa.desk.backup.unpacking import Unpacked

PIECE = 1 << 20


def known_migrations() -> set[tuple[str, str]]:
    """The migrations this version of Tropa has."""
    # without a connection, for SQLite makes a file of whatever it is asked about
    return set(MigrationLoader(None).disk_migrations)


def load_tables(unpacked: Unpacked) -> None:
    """Make and fill the tables, within the caller's transaction. Raises NotABackup."""
    manifest = unpacked.manifest
    latest: dict[str, str] = {}
    for app, name in manifest.migrations:
        latest[app] = max(name, latest.get(app, ""))
    MigrationExecutor(connection).migrate(list(latest.items()))
    made = set(connection.introspection.table_names())
    if not set(manifest.tables) <= made:
        raise NotABackup
    wrapper: Any = connection  # what is special to PostgreSQL is not in the type all engines share
    try:
        with wrapper.connection.cursor() as cursor:
            # migrations made some constraints immediate; rows come table by table and refer to later ones
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            cursor.execute("DELETE FROM django_migrations")
            for table, columns in manifest.tables.items():
                _fill(cursor, quoted(table, columns), unpacked.folder / TABLES / table)
            for name, value in manifest.sequences.items():
                if value:
                    cursor.execute("SELECT setval(%s, %s)", (connection.ops.quote_name(name), value))
    except (DatabaseError, wrapper.Database.Error, FileNotFoundError) as failed:
        raise NotABackup from failed


def _fill(cursor: Any, target: str, path: Path) -> None:
    with path.open("rb") as file, cursor.copy(f"COPY {target} FROM STDIN (FORMAT BINARY)") as rows:
        while piece := file.read(PIECE):
            rows.write(piece)
