"""A sealed column that no key was tried against is named: as not tried where it holds something, as empty elsewhere."""

from __future__ import annotations

from tropa.seizure.attempts import BY_PASSPHRASE
from tropa.seizure.columns import Column, empty, untried

FIELDS = {
    "a_row.sealed": "a.row.sealed",
    "a_row.sealed_reason": "a.row.sealed_reason",
    "a_row.totp_sealed": "a.row.totp_sealed",
    "a_row.slot_one": "a.row.slot_one",
    "a_row.day": "a.row.day",
}


def column(name: str, *, sealed: bool = True) -> Column:
    return Column("a_row", name, 1, sealed, 0, None)


def test_what_holds_something_and_was_not_tried_is_not_called_empty() -> None:
    kept = [column("sealed"), column("sealed_reason"), column("day", sealed=False), column("slot_one")]
    assert untried(kept, {"a_row.sealed"}, BY_PASSPHRASE) == ["a_row.sealed_reason"]
    assert empty(kept, FIELDS, BY_PASSPHRASE) == ["a_row.totp_sealed"]


def test_what_opens_by_a_passphrase_is_tried_otherwise_and_nothing_else_is_left_out() -> None:
    assert empty([], FIELDS, BY_PASSPHRASE) == ["a_row.sealed", "a_row.sealed_reason", "a_row.totp_sealed"]
    assert empty([], FIELDS, ()) == sorted(FIELDS.keys() - {"a_row.day"})
    assert untried([column("slot_one")], (), ()) == ["a_row.slot_one"]
