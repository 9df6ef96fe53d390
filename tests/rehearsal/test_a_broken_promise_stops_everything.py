"""A promise that does not hold is an error at once; one that holds is said."""

from pathlib import Path

import pytest

from tests.stores import empty_store
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
    store = empty_store(tmp_path)
    store.change("CREATE TABLE line (id TEXT, author TEXT, approver TEXT CHECK (approver <> author))")
    store.change("INSERT INTO line VALUES ('1', 'a', 'b')")
    database = Database(store)
    with database.changed("line", "author", "1", "c"):
        assert database.value("SELECT author FROM line WHERE id = ?", "1") == "c"
    assert database.value("SELECT author FROM line") == "a"
    assert database.refuses("UPDATE line SET approver = author")
    assert not database.refuses("UPDATE line SET approver = 'd'")
    assert database.value("SELECT approver FROM line") == "b"


def test_a_flipped_blob_differs_in_one_bit() -> None:
    before = bytes(range(100))
    after = flipped(before)
    assert sum((a ^ b).bit_count() for a, b in zip(before, after, strict=True)) == 1
