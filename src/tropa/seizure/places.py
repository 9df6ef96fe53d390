"""Everything an installation wrote, place by place: its files and its rows.

On SQLite the database's files lie in the directory, log included; rows are read all the same, so that what is found
is named by table and column. Nothing is left out but what is no file: sockets, links and pipes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tropa.seizure.store import Store

Place = tuple[str, bytes]
"""Where it lies (a path beneath its folder, or `table.column`), and the bytes."""


def everything_written(store: Store) -> Iterator[Place]:
    """Every file of the directory and every value of every row: what is always ours to look at."""
    yield from files(store.data)
    yield from rows(store)


def server_files(store: Store) -> Iterator[Place] | None:
    """The server's own files for this database, its log of changes included; None where they cannot be read."""
    folder = store.server_folder()
    if folder is None:
        return None
    ((own,),) = store.ask("SELECT oid FROM pg_database WHERE datname = current_database()")
    return _of_one_database(folder, str(own))


def _of_one_database(folder: Path, own: str) -> Iterator[Place]:
    for path, content in files(folder):
        parts = Path(path).parts
        if parts[0] != "base" or len(parts) < 2 or parts[1] == own:
            yield f"server/{path}", content.rstrip(b"\0")  # a log's segment is mostly room that is kept


def files(folder: Path) -> Iterator[Place]:
    """Every file beneath a folder, its name included: names can leak too."""
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        try:
            content = path.read_bytes()
        except FileNotFoundError:  # journals come and go
            continue
        yield str(path.relative_to(folder)), content + b"\n" + path.name.encode()


def rows(store: Store) -> Iterator[Place]:
    """Every value of every row, named by its table and column."""
    for table, columns in store.columns().items():
        for row in store.rows(table, columns):
            for column, value in zip(columns, row, strict=True):
                if value is not None:
                    yield f"{table}.{column}", as_bytes(value)


def as_bytes(value: object) -> bytes:
    """A value as its bytes: what is text becomes UTF-8, and so does what is a number or a moment."""
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
