"""The control of the seizure test: a leak planted in each kind of place and wrapping is found, and nothing else is."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import zlib
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from tests.stores import empty_store
from tropa.seizure.columns import Reason, columns, reads_as_text, reasons
from tropa.seizure.examination import Seized
from tropa.seizure.places import everything_written
from tropa.seizure.search import search
from tropa.seizure.shapes import shapes_of_bytes, sought
from tropa.seizure.store import Store
from tropa.seizure.streams import MOST_BYTES, unfolded

CANARY = "щегол-канарейкин лежит под ковром 5521"
AROUND = "перед этим, ".encode(), " и после".encode()
WRAPPINGS: dict[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "hex": lambda value: value.hex().encode(),
    "upper hex": lambda value: value.hex().upper().encode(),
    "base64": base64.b64encode,
    "base64, one byte in": lambda value: base64.b64encode(b"x" + value),
    "base64, two bytes in": lambda value: base64.b64encode(b"xx" + value),
    "base64 for addresses": base64.urlsafe_b64encode,
    "gzip": gzip.compress,
    "zlib": zlib.compress,
    "zlib, quick": lambda value: zlib.compress(value, 1),
    "zlib, thorough": lambda value: zlib.compress(value, 9),
    "a cut gzip": lambda value: gzip.compress(value + bytes(range(256)) * 40)[:-300],
    "gzip in gzip": lambda value: gzip.compress(gzip.compress(value)),
    "gzip in base64": lambda value: base64.b64encode(gzip.compress(value)),
    "zlib in hex": lambda value: zlib.compress(value).hex().encode(),
    "base64 in gzip": lambda value: gzip.compress(base64.b64encode(b"x" + value)),
    "base64 in base64": lambda value: base64.b64encode(base64.b64encode(value)),
    "hex in zlib in base64": lambda value: base64.b64encode(zlib.compress(value.hex().encode())),
}
ENCODINGS: dict[str, Callable[[str], bytes]] = {
    "utf-8": str.encode,
    "utf-16 little-endian": lambda text: text.encode("utf-16-le"),
    "utf-16 big-endian": lambda text: text.encode("utf-16-be"),
    "windows-1251": lambda text: text.encode("cp1251"),
    "json": lambda text: json.dumps(text).encode(),
    "an address": lambda text: quote(text).encode(),
    "a form": lambda text: quote_plus(text).encode(),
    "upper case": lambda text: text.upper().encode(),
}
PLACES = (
    "data/tropa.sqlite3-wal",
    "data/spool/tmpfile",
    "data/credentials/something",
    "data/backups/old.tar",
    "temporary/upload.tmp",
    "printed/errors",
)


def places(folder: Path) -> Seized:
    return Seized(Store(folder / "data"), (folder / "temporary", folder / "printed"))


def hits(folder: Path) -> set[str]:
    looked = search(places(folder).places(), sought({"canary": CANARY}))
    return {hit.place for hit in looked.hits}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An installation's folders, with something harmless in each."""
    for place in PLACES:
        path = tmp_path / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes("Письмо о погоде и урожае яблок. ".encode() * 40 + bytes(range(256)))
    return tmp_path


def test_nothing_is_found_where_nothing_lies(folder: Path) -> None:
    assert hits(folder) == set()


@pytest.mark.parametrize("place", PLACES)
def test_a_leak_is_found_in_each_kind_of_file(place: str, folder: Path) -> None:
    path = folder / place
    path.write_bytes(bytes(4096) + path.read_bytes() + CANARY.encode())
    assert hits(folder) == {place.removeprefix("data/")}


@pytest.mark.parametrize("wrapping", WRAPPINGS)
def test_a_leak_is_found_in_each_wrapping(wrapping: str, folder: Path) -> None:
    leak = WRAPPINGS[wrapping](AROUND[0] + CANARY.encode() + AROUND[1])
    (folder / "data" / "page").write_bytes(b"\0" * 513 + leak + b"\xff" * 77)
    assert hits(folder) == {"page"}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("wrapping", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_a_leak_is_found_in_each_encoding(
    encoding: str, wrapping: Callable[[bytes], bytes], folder: Path
) -> None:
    (folder / "data" / "page").write_bytes(b"\0" * 513 + wrapping(ENCODINGS[encoding](CANARY)) + b"\xff" * 77)
    assert hits(folder) == {"page"}


def test_a_leak_in_the_name_of_a_file_is_found(folder: Path) -> None:
    (folder / "data" / f"{CANARY}.txt").touch()
    assert hits(folder) == {f"{CANARY}.txt"}


def test_a_key_is_found_in_each_shape(folder: Path) -> None:
    key = hashlib.sha256(b"a key").digest()
    for name, shape in shapes_of_bytes(key).items():
        (folder / "data" / "page").write_bytes(b"before" + shape + b"after")
        looked = search(places(folder).places(), sought({}, {"key": key}))
        assert {hit.place for hit in looked.hits} == {"page"}, name


def test_what_swells_is_opened_up_to_a_bound() -> None:
    bomb = gzip.compress(gzip.compress(bytes(64 * 1024**2)))
    assert max(len(piece) for _wrapped, piece in unfolded(bomb)) <= MOST_BYTES + 4096 * 1100


def test_a_leak_in_a_row_is_named_by_its_column(tmp_path: Path) -> None:
    store = empty_store(tmp_path)
    store.change("CREATE TABLE letters (id INTEGER, words TEXT, wrapped TEXT)")
    store.change(
        "INSERT INTO letters VALUES (1, ?, ?)", "nothing", base64.b64encode(CANARY.encode()).decode()
    )
    looked = search(everything_written(store), sought({"canary": CANARY}))
    assert "letters.wrapped" in {hit.where for hit in looked.hits}
    assert "letters.words" not in {hit.where for hit in looked.hits}


def test_a_clear_column_outside_the_table_is_found(tmp_path: Path) -> None:
    store = empty_store(tmp_path)
    store.change("CREATE TABLE staff_team (id TEXT, name TEXT, home TEXT, empty TEXT, sealed_note TEXT)")
    store.change(
        "INSERT INTO staff_team VALUES ('1', 'Первая', 'Канарейкино', NULL, 'and this reads as text')"
    )
    known = {"staff_team.id": "staff.team.id", "staff_team.name": "staff.team.name"}
    known["staff_team.sealed_note"] = "staff.team.sealed_note"
    why = {"staff.team.id": Reason("a", "b", "c"), "staff.team.name": Reason("a", "b", "c")}
    found = {column.name: column for column in columns(store, why, known)}
    assert {name: column.as_it_should for name, column in found.items()} == {
        "id": True,
        "name": True,
        "home": False,
        "sealed_note": False,
    }
    assert found["home"].reason is None
    assert found["sealed_note"].readable == 1


def test_sealed_bytes_do_not_read_as_text() -> None:
    assert reads_as_text("двенадцать слов".encode())
    assert reads_as_text(b"a sentence before " + bytes(range(128, 200)))
    assert reads_as_text(bytes(range(128, 200)) + "и слова за ними, много".encode())
    assert not reads_as_text(b"\x01" + bytes(range(128, 250)))


def test_the_table_of_the_threat_model_is_read_with_its_reasons(checkout: Path) -> None:
    table = reasons(checkout / "docs" / "threat-model.md")
    assert table["staff.member.pseudonym"].lifetime == "while on staff"
    assert len(table) > 60
    assert all(reason.why and reason.precision and reason.lifetime for reason in table.values())
