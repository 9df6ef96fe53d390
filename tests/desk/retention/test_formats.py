"""Formats of destroying open for ever: the key store, and what a receipt is signed over."""

from datetime import date
from pathlib import Path

import pytest

from tropa.desk.receipts import Destroyed, facts_id, line
from tropa.desk.vault.key_store import KeyStore, digest_of, records
from tropa.envelope import SymmetricKey

GOLDEN = Path(__file__).parent.parent / "golden" / "key_store_1.hex"
CASE, KEY = "c" * 32, SymmetricKey(bytes(range(32)))


def test_a_key_store_opens_for_ever(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    KeyStore(path).add("d" * 32, SymmetricKey(bytes(32)))
    KeyStore(path).add(CASE, KEY)
    KeyStore(path).destroy(["d" * 32])
    golden = bytes.fromhex(GOLDEN.read_text())
    assert path.read_bytes() == golden
    (tmp_path / "golden").write_bytes(golden)
    assert KeyStore(tmp_path / "golden").keys([CASE, "d" * 32]) == {CASE: KEY}


def test_a_store_changed_in_any_byte_gives_no_key() -> None:
    golden = bytes.fromhex(GOLDEN.read_text())
    start = golden.index(digest_of(CASE))
    for place in range(start, len(golden)):
        changed = golden[:place] + bytes([golden[place] ^ 1]) + golden[place + 1 :]
        assert list(records(changed)) == []


def test_lines_of_what_was_destroyed_never_change() -> None:
    assert [line(kind, "a" * 32).decode() for kind in Destroyed] == [
        "bbc0b5ae57fb76c7911888d55d49b715",
        "230d2e726dd1564c265e22c3e593035f",
        "239f0c410d46ac2b50e3b2b720387694",
        "83332a9db489aa1865534472b4b8972c",
        "13289b10c8c37a29ed2b2fa6cf079980",
    ]
    assert facts_id("a", b"b") == "a.3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d"


@pytest.mark.django_db
def test_a_receipt_is_signed_over_the_same_bytes_for_ever() -> None:
    from tropa.desk.retention.models import Receipt
    from tropa.desk.retention.writing_receipts import _statement

    receipt = Receipt(
        pk=7, what="case", cause="applicant", day=date(2026, 11, 22), last_backup_day=date(2026, 11, 29),
        digest="ab" * 16, entries=8, files=1, plans=2, keys=1,
    )  # fmt: skip
    assert _statement(receipt) == (
        b'{"cause":"applicant","day":"2026-11-22","digest":"abababababababababababababababab","entries":"8",'
        b'"files":"1","id":"7","keys":"1","last_backup_day":"2026-11-29","plans":"2","what":"case"}'
    )
