"""The search would notice: a text planted in any of these forms is found, and one that is not there is not."""

import base64
import json
import urllib.parse
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.stores import empty_store
from tropa.rehearsal.traces import search
from tropa.seizure.store import Store

TEXT = "У меня повестка на 3 декабря, загранпаспорта нет, что делать?"
FORMS: dict[str, Callable[[str], bytes]] = {
    "utf-8": str.encode,
    "utf-16": lambda text: text.encode("utf-16-le"),
    "cp1251": lambda text: text.encode("cp1251"),
    "json": lambda text: json.dumps(text).encode(),
    "address": lambda text: urllib.parse.quote_plus(text).encode(),
    "hexadecimal": lambda text: text.encode().hex().encode(),
    "base64": lambda text: base64.b64encode(text.encode()),
    "base64, one byte in": lambda text: base64.b64encode(b"{" + text.encode()),
    "base64, two bytes in": lambda text: base64.b64encode(b"{'" + text.encode()),
    "three words of it": lambda text: " ".join(text.split()[2:5]).encode(),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_planted_text_is_found(form: str, tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "down"
    folder.mkdir(parents=True)
    (folder / "page").write_bytes(b"\0" * 4096 + FORMS[form](TEXT) + b"\xff" * 100)
    assert search(Store(tmp_path), [TEXT]).found == ("deep/down/page",)


def test_what_is_not_there_is_not_found(tmp_path: Path) -> None:
    (tmp_path / "page").write_text("Совсем другое письмо о погоде и урожае яблок. " * 50)
    looked = search(Store(tmp_path), [TEXT])
    assert looked.found == ()
    assert looked.places == 1
    assert looked.size == (tmp_path / "page").stat().st_size + len("\npage")


def test_a_planted_text_is_found_in_a_row_and_named_by_its_column(tmp_path: Path) -> None:
    store = empty_store(tmp_path)
    store.change("CREATE TABLE letters (id INTEGER, words TEXT)")
    store.change("INSERT INTO letters VALUES (1, ?)", TEXT)
    assert "letters.words" in search(store, [TEXT]).found
