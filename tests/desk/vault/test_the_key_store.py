"""The file of wrapping keys: a key is there whole or not at all, and destroyed it is in no byte of the file."""

import resource
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from tropa.desk.vault.key_store import RECORD_BYTES, KeyStore, digest_of, put_records, take_records
from tropa.envelope import SymmetricKey

NO_ROOM = "too large|not all"


def drawn() -> SymmetricKey:
    return SymmetricKey.generate(secrets.token_bytes)


def stored(path: Path, *cases: str) -> dict[str, SymmetricKey]:
    keys = {case: drawn() for case in cases}
    for case, key in keys.items():
        KeyStore(path).add(case, key)
    return keys


@contextmanager
def room(size: int) -> Iterator[None]:
    """No file of this process grows beyond so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_keys_come_back_and_only_their_owner_reads_the_file(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    keys = stored(path, "one", "two", "three")
    assert KeyStore(path).keys(["one", "two", "three", "four"]) == keys
    assert path.stat().st_mode & 0o077 == 0
    assert path.stat().st_size == 3 * RECORD_BYTES
    assert b"one" not in path.read_bytes()
    with pytest.raises(FileExistsError):
        KeyStore(path).add("one", drawn())


def test_a_destroyed_key_is_in_no_byte_of_the_file_and_its_place_is_used_again(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    keys = stored(path, "one", "two", "three")
    remembering = KeyStore(path)
    assert remembering.keys(keys) == keys
    assert KeyStore(path).destroy(["two", "four"]) == 1
    assert keys["two"].raw not in path.read_bytes()
    assert set(remembering.keys(keys)) == {"one", "three"}
    fresh = stored(path, "four")
    assert path.stat().st_size == 3 * RECORD_BYTES
    assert remembering.keys(["two", "four"]) == fresh


def test_a_record_torn_anywhere_is_no_key_and_harms_no_other(tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    keys = stored(whole, "one", "two")
    content = whole.read_bytes()
    for cut in range(RECORD_BYTES):
        torn = tmp_path / f"torn-{cut}"
        torn.write_bytes(content[: RECORD_BYTES + cut])
        assert KeyStore(torn).keys(keys) == {"one": keys["one"]}
        again = stored(torn, "two")
        assert KeyStore(torn).keys(["two"]) == again
        assert torn.stat().st_size == 2 * RECORD_BYTES
        overwritten = tmp_path / f"overwritten-{cut}"
        overwritten.write_bytes(bytes(cut + 1) + content[cut + 1 :])
        assert KeyStore(overwritten).keys(keys) == {"two": keys["two"]}


def test_a_full_disk_takes_no_key_and_loses_none(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    keys = stored(path, "one", "two")
    before = path.read_bytes()
    for size in (2 * RECORD_BYTES, 2 * RECORD_BYTES + 20):
        with room(size), pytest.raises(OSError, match=NO_ROOM):
            KeyStore(path).add("three", drawn())
        assert set(KeyStore(path).keys(["one", "two", "three"])) == set(keys)
        assert path.read_bytes()[: len(before)] == before
        with room(size), pytest.raises(OSError, match=NO_ROOM):
            put_records(path, _of_another(tmp_path, f"another-{size}"), without=lambda _digest: False)
        assert KeyStore(path).keys(["one", "two", "away"]) == keys
    with room(2 * RECORD_BYTES):
        assert KeyStore(path).destroy(["one"]) == 1  # nothing grows: what is overwritten is there


def _of_another(folder: Path, name: str) -> bytes:
    stored(folder / name, "away")
    return (folder / name).read_bytes()


def test_many_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    names = [f"case {number}" for number in range(40)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda name: KeyStore(path).add(name, drawn()), names))
        list(pool.map(lambda name: KeyStore(path).destroy([name]), names[::2]))
    assert set(KeyStore(path).keys(names)) == set(names[1::2])


def test_records_of_a_backup_come_back_but_for_what_is_here_or_not_wanted(tmp_path: Path) -> None:
    here, away = tmp_path / "here", tmp_path / "away"
    keys = stored(away, "one", "two", "three")
    kept = stored(here, "one")
    came = put_records(here, away.read_bytes(), without=lambda digest: digest == digest_of("two"))
    assert came == [digest_of("three")]
    assert KeyStore(here).keys(keys) == kept | {"three": keys["three"]}
    take_records(here, came)
    assert KeyStore(here).keys(keys) == kept
