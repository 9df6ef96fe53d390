"""Writes into the database past every service, as somebody would who has taken the server over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tropa.seizure.store import Store


class Database:
    """The database of an installation, for looks and changes past the desk."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def value(self, question: str, *told: Any) -> Any:
        """The first column of the first row, None when there is no row."""
        rows = self._store.ask(question, *told)
        return rows[0][0] if rows else None

    def refuses(self, change: str, *told: Any) -> bool:
        """Whether a constraint stops this change; it is undone in any case."""
        return self._store.refuses(change, *told)

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
        self._store.change(f"UPDATE {table} SET {column} = ? WHERE id = ?", value, row)  # noqa: S608


def flipped(blob: bytes) -> bytes:
    """The same bytes with one bit of the middle turned."""
    middle = len(blob) // 2
    return blob[:middle] + bytes([blob[middle] ^ 1]) + blob[middle + 1 :]
