"""Databases of installations under test: a file in their directory on SQLite; with `--database postgres` a fresh
database of each one's own on the test's server.

A directory and its database belong together: asked again for the same directory, the same database is named.
"""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from tropa.seizure.store import FILE, Store

_ADDRESSES: dict[Path, str] = {}


def address_for(data: Path, *, example: bool = False) -> str | None:
    """What TROPA_DATABASE_URL is to be for the installation in `data`; None on SQLite."""
    server = os.environ.get("TROPA_DATABASE_URL")
    if not server:
        return None
    if data not in _ADDRESSES:
        # the example's database is known by the end of its name
        _ADDRESSES[data] = _made(server, f"tropa_{secrets.token_hex(8)}{'_example' if example else ''}")
    return _ADDRESSES[data]


def told_of(data: Path, *, example: bool = False) -> dict[str, str]:
    """The same as an environment; empty on SQLite."""
    address = address_for(data, example=example)
    return {"TROPA_DATABASE_URL": address} if address else {}


def store_of(data: Path) -> Store:
    """The database of the installation in `data`, past the desk."""
    return Store(data, _ADDRESSES.get(data))


def store_of_this_test() -> Store:
    """The database of the running test itself, past Django."""
    from django.db import connection

    from tropa.desk.conf import conf

    name = str(connection.settings_dict["NAME"])
    server = os.environ.get("TROPA_DATABASE_URL")
    if not server:
        return Store(conf.data, None, Path(name).name)
    return Store(conf.data, urlunsplit(urlsplit(server)._replace(path=f"/{name}")))


def empty_store(data: Path) -> Store:
    """A database without a table."""
    if address_for(data) is None:
        (data / FILE).touch()
    return store_of(data)


def copy_world(source: Path, target: Path) -> None:
    """The directory and the database of an installation that stands still, once more elsewhere."""
    shutil.copytree(source, target)
    if source in _ADDRESSES:
        _ADDRESSES[target] = copy_database(_ADDRESSES[source], f"tropa_{secrets.token_hex(8)}")


def copy_database(address: str, name: str) -> str:
    """A database of this name like the one at `address`, instead of any that had it; its address."""
    of = urlsplit(address).path.lstrip("/")
    _on(address, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    return _made(address, name, f' TEMPLATE "{of}"')


def _made(server: str, name: str, more: str = "") -> str:
    _on(server, f'CREATE DATABASE "{name}"{more}')
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


def _on(server: str, command: str) -> None:
    import psycopg

    parts = urlsplit(server)
    with psycopg.connect(urlunsplit(parts._replace(path="/postgres")), autocommit=True) as connection:
        connection.execute(command.encode())
