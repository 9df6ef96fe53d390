"""Writes into the database past every service, as somebody would who has taken the server over."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

PATIENCE = 30.0


class Database:
    """The database's file, opened anew for each look."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def value(self, question: str, *told: Any) -> Any:
        """The first column of the first row, None when there is no row."""
        with self._open() as connection:
            row = connection.execute(question, told).fetchone()
        return None if row is None else row[0]

    def refuses(self, change: str, *told: Any) -> bool:
        """Whether a constraint stops this change; it is undone in any case."""
        with self._open() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                connection.execute(change, told)
            except sqlite3.IntegrityError:
                return True
            finally:
                connection.rollback()
        return False

    @contextmanager
    def changed(self, table: str, column: str, row: str, value: Any) -> Iterator[None]:
        """Within it, a column of a row is what somebody wrote there; afterwards what it was.

        `table` and `column` are the rehearsal's own words, never anybody's input.
        """
        before = self.value(f"SELECT {column} FROM {table} WHERE id = ?", row)  # noqa: S608
        self._write(table, column, row, value)
        try:
            yield
        finally:
            self._write(table, column, row, before)

    def _write(self, table: str, column: str, row: str, value: Any) -> None:
        with self._open() as connection:
            connection.execute(f"UPDATE {table} SET {column} = ? WHERE id = ?", (value, row))  # noqa: S608

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self._path, timeout=PATIENCE, isolation_level=None)
        with closing(connection):
            yield connection


def flipped(blob: bytes) -> bytes:
    """The same bytes with one bit of the middle turned."""
    middle = len(blob) // 2
    return blob[:middle] + bytes([blob[middle] ^ 1]) + blob[middle + 1 :]
