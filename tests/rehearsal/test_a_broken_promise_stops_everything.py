"""A promise that does not hold is an error at once; one that holds is said."""

import sqlite3
from pathlib import Path

import pytest

from tropa.rehearsal.promises import Broken, Promises
from tropa.rehearsal.tampering import Database, flipped


def test_a_broken_promise_is_raised_and_not_counted() -> None:
    said: list[str] = []
    promises = Promises(said.append)
    promises.check(True, "one holds")
    with pytest.raises(Broken) as broken:
        promises.check(False, "two does not", "found this")
    assert (broken.value.promise, broken.value.found) == ("two does not", "found this")
    assert said == promises.kept == ["one holds"]


def test_tampering_writes_and_puts_back(tmp_path: Path) -> None:
    path = tmp_path / "world.sqlite3"
    with sqlite3.connect(path) as connection:
        connection.execute(
            "CREATE TABLE row (id TEXT, author TEXT, approver TEXT CHECK (approver <> author))"
        )
        connection.execute("INSERT INTO row VALUES ('1', 'a', 'b')")
    connection.close()
    database = Database(path)
    with database.changed("row", "author", "1", "c"):
        assert database.value("SELECT author FROM row") == "c"
    assert database.value("SELECT author FROM row") == "a"
    assert database.refuses("UPDATE row SET approver = author")
    assert not database.refuses("UPDATE row SET approver = 'd'")
    assert database.value("SELECT approver FROM row") == "b"


def test_a_flipped_blob_differs_in_one_bit() -> None:
    before = bytes(range(100))
    after = flipped(before)
    assert sum((a ^ b).bit_count() for a, b in zip(before, after, strict=True)) == 1
