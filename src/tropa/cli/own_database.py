"""A database of its own on the operator's PostgreSQL server, for a world that is only played.

Kept true: the operator's database is never opened; the new one is named after its directory, ends in `example`,
and goes at the end unless it is kept with the directory. Errors never repeat the address, which may hold a
password.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from tropa.cli.language import gettext as _


class DatabaseRefused(Exception):
    """The server gave no database of its own; the sentence says why and what to do."""


@contextmanager
def own_database(server: str | None, data: Path, *, keep: bool) -> Iterator[str | None]:
    """The address of a database for the world in `data`, on the server of the address `server`; None for None.

    One that is kept is found again by the same directory. Raises DatabaseRefused.
    """
    if server is None:
        yield None
        return
    name = name_for(data)
    _create(server, name)
    try:
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    finally:
        if not keep:
            _on(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def name_for(data: Path) -> str:
    """What the database of this directory is called."""
    return f"tropa_{hashlib.sha256(str(data.absolute()).encode()).hexdigest()[:16]}_example"


def _create(server: str, name: str) -> None:
    import psycopg

    try:
        _on(server, f'CREATE DATABASE "{name}"')
    except psycopg.errors.DuplicateDatabase:
        return
    except psycopg.errors.InsufficientPrivilege:
        raise DatabaseRefused(
            _(
                "the server does not let this user create a database to play in: give it CREATEDB, or play on SQLite "
                "with TROPA_DATABASE_URL unset"
            )
        ) from None
    except psycopg.OperationalError:
        raise DatabaseRefused(_("the server named in TROPA_DATABASE_URL does not answer")) from None


def _on(server: str, command: str) -> None:
    """Carry out a command of ours on the server of this address."""
    try:
        import psycopg
    except ModuleNotFoundError:
        raise DatabaseRefused(
            _("PostgreSQL needs Tropa's extra `postgres`, which is not installed")
        ) from None
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(command.encode())
