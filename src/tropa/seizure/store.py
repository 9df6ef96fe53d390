"""The database of an installation, opened past the desk: SQLite's file, or a database on a PostgreSQL server.

It is what somebody has who took the machine over: no service, no model and no check stands between. It is opened
anew for each look, so that nobody is kept waiting, and every change stands at once.
"""

from __future__ import annotations

import importlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FILE = "tropa.sqlite3"
PATIENCE = 30.0

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Store:
    """The database behind the directory `data`; `address` as in TROPA_DATABASE_URL; None for SQLite, where it is
    the file `name`.
    """

    data: Path
    address: str | None = field(default=None, repr=False)
    name: str = FILE

    def ask(self, question: str, *told: Any) -> list[Row]:
        """All rows. Both engines: `?` stands for each value that is told."""
        with self._open() as connection:
            found: list[Row] = connection.execute(self._spoken(question), told).fetchall()
            return found

    def change(self, change: str, *told: Any) -> None:
        """Write past every service."""
        with self._open() as connection:
            connection.execute(self._spoken(change), told)

    def refuses(self, change: str, *told: Any) -> bool:
        """Whether a constraint stops this change; it is undone in any case."""
        with self._open() as connection:
            connection.execute("BEGIN")
            try:
                connection.execute(self._spoken(change), told)
            except self._integrity_error():
                return True
            finally:
                connection.execute("ROLLBACK")
        return False

    def columns(self) -> dict[str, list[str]]:
        """Every table with its columns, in their order."""
        if self.address is None and not (self.data / self.name).exists():
            return {}
        if self.address is None:
            question = (
                "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c "
                "WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid"
            )
        else:
            question = (
                "SELECT table_name, column_name FROM information_schema.columns "
                "WHERE table_schema = current_schema() ORDER BY table_name, ordinal_position"
            )
        tables: dict[str, list[str]] = {}
        for table, column in self.ask(question):
            tables.setdefault(table, []).append(column)
        return tables

    def rows(self, table: str, columns: list[str]) -> list[Row]:
        """A table whole. Names are those `columns` gave, never anybody's input."""
        named = ", ".join(f'"{column}"' for column in columns)
        return self.ask(f'SELECT {named} FROM "{table}"')  # noqa: S608

    def server_folder(self) -> Path | None:
        """Where the server keeps its files, brought up to date; None on SQLite, or where we may not read them."""
        if self.address is None:
            return None
        try:
            self.change("CHECKPOINT")
            ((folder,),) = self.ask("SHOW data_directory")
        except psycopg_module().errors.InsufficientPrivilege:
            return None
        path = Path(folder)
        return path if path.is_dir() and os.access(path, os.R_OK | os.X_OK) else None

    def _spoken(self, question: str) -> str:
        return question if self.address is None else question.replace("?", "%s")

    def _integrity_error(self) -> type[Exception]:
        if self.address is None:
            return sqlite3.IntegrityError
        return psycopg_module().IntegrityError  # type: ignore[no-any-return]

    @contextmanager
    def _open(self) -> Iterator[Any]:
        if self.address is None:
            # a mode that makes no file: to look for a database must not leave one
            place = f"{(self.data / self.name).absolute().as_uri()}?mode=rw"
            connection: Any = sqlite3.connect(place, uri=True, timeout=PATIENCE, isolation_level=None)
        else:
            connection = psycopg_module().connect(self.address, autocommit=True)
        with closing(connection):
            yield connection


def psycopg_module() -> Any:
    """PostgreSQL's driver, which installations on SQLite do without."""
    return importlib.import_module("psycopg")
