"""Settings are read once, typed, and refused by name when they are wrong."""

from pathlib import Path

import pytest
from django.db import connection

from tropa.desk.conf import NAMES, ConfError, read
from tropa.desk.databases import DatabaseUrlError, database


def test_nothing_set_gives_the_defaults() -> None:
    conf = read({})
    assert (conf.port, conf.desk_port, conf.passphrase_profile) == (8400, 8401, "production")
    assert (conf.drop_url, conf.desk_url) == ("http://127.0.0.1:8400", "http://localhost:8401")
    assert not conf.example
    assert conf.as_of is None
    assert conf.service_key == conf.data / "credentials" / "desk.key"
    assert conf.pinned == conf.data / "pinned"


def test_pinned_files_may_lie_apart_from_the_data_and_never_for_the_example_world(tmp_path: Path) -> None:
    apart = {"TROPA_DATA": str(tmp_path / "data"), "TROPA_PINNED": str(tmp_path / "apart")}
    assert read(apart).pinned == tmp_path / "apart"
    assert read({**apart, "TROPA_EXAMPLE": "1"}).pinned == tmp_path / "data" / "pinned"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TROPA_PORT", "seventy"),
        ("TROPA_PORT", "0"),
        ("TROPA_PORT", "65536"),
        ("TROPA_PORT", "-1"),
        ("TROPA_DESK_PORT", "８４０１"),
        ("TROPA_AS_OF", "2026-13-01"),
        ("TROPA_AS_OF", "yesterday"),
        ("TROPA_EXAMPLE", "yes"),
        ("TROPA_PASSPHRASE_PROFILE", "quick"),
        ("TROPA_IDLE_MINUTES", "0"),
        ("TROPA_VISIT_HOURS", "25"),
    ],
)
def test_a_wrong_value_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(ConfError, match=name):
        read({name: value})


def test_the_cheap_profile_is_refused_outside_tests() -> None:
    for environment in ({}, {"TROPA_EXAMPLE": "1"}, {"TROPA_TESTING": "0"}):
        with pytest.raises(ConfError, match="protects nothing"):
            read({"TROPA_PASSPHRASE_PROFILE": "cheap", **environment})
    assert read({"TROPA_PASSPHRASE_PROFILE": "cheap", "TROPA_TESTING": "1"}).passphrase_profile == "cheap"


def test_every_name_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    class Watched(dict[str, str]):
        asked: set[str] = set()

        def get(self, name: str, default: object = None) -> str | None:  # type: ignore[override]
            self.asked.add(name)
            return None

    read(Watched())
    assert Watched.asked == set(NAMES)


def test_sqlite_is_opened_so_that_what_was_acknowledged_survives(db: None) -> None:
    wanted = {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "temp_store": 2, "mmap_size": 0}
    with connection.cursor() as cursor:
        for name, value in wanted.items():
            cursor.execute(f"PRAGMA {name}")
            assert cursor.fetchone() == (value,), name
    assert connection.transaction_mode == "IMMEDIATE"


def test_an_address_of_postgresql_is_taken_apart() -> None:
    found = database("postgresql://tropa:p%40ss@db.internal:5433/desk?sslmode=require", Path("/data"))
    assert (found["NAME"], found["USER"], found["PASSWORD"]) == ("desk", "tropa", "p@ss")
    assert (found["HOST"], found["PORT"], found["OPTIONS"]) == ("db.internal", "5433", {"sslmode": "require"})


@pytest.mark.parametrize("url", ["mysql://x/y", "postgresql://host", "tropa.sqlite3"])
def test_another_address_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(DatabaseUrlError) as refused:
        database(url, Path("/data"))
    assert url not in str(refused.value)
