"""On a PostgreSQL server a rehearsal plays in a database that is made for it and goes with it."""

import os
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from tropa.cli.own_database import DatabaseRefused, name_for, own_database
from tropa.seizure.store import Store

SERVER = os.environ.get("TROPA_DATABASE_URL")


def databases(data: Path) -> list[str]:
    """The names of all databases of the server; none on SQLite."""
    return [name for (name,) in Store(data, SERVER).ask("SELECT datname FROM pg_database")] if SERVER else []


def test_it_is_named_after_its_directory_and_told_for_an_example(tmp_path: Path) -> None:
    assert name_for(tmp_path) == name_for(tmp_path)
    assert name_for(tmp_path) != name_for(tmp_path / "other")
    assert name_for(tmp_path).endswith("_example")


def test_it_is_made_on_the_server_and_goes_unless_it_is_kept(tmp_path: Path) -> None:
    for keep in (True, True, False):
        with own_database(SERVER, tmp_path, keep=keep) as address:
            assert (address is None) is (SERVER is None)
            if address:
                assert Store(tmp_path, address).ask("SELECT current_database()") == [(name_for(tmp_path),)]
        assert (name_for(tmp_path) in databases(tmp_path)) is (keep and SERVER is not None)


@pytest.mark.enable_socket
def test_a_server_that_does_not_answer_is_said_without_its_address(tmp_path: Path) -> None:
    nowhere = f"postgresql://tropa:secret@/tropa?host={tmp_path}"
    with pytest.raises(DatabaseRefused) as refused, own_database(nowhere, tmp_path, keep=False):
        pass
    assert "secret" not in str(refused.value)


def test_a_user_who_may_not_create_one_is_told_what_to_do(tmp_path: Path) -> None:
    if SERVER is None:
        with own_database(None, tmp_path, keep=False) as address:
            assert address is None
        return
    Store(tmp_path, SERVER).change("CREATE ROLE narrow LOGIN")
    as_narrow = urlunsplit(urlsplit(SERVER)._replace(netloc="narrow@"))
    try:
        with pytest.raises(DatabaseRefused, match="CREATEDB"), own_database(as_narrow, tmp_path, keep=False):
            pass
    finally:
        Store(tmp_path, SERVER).change("DROP ROLE narrow")
