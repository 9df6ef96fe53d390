"""Opening many values of one column gives what opening each gives, and refuses what that refuses."""

from __future__ import annotations

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tropa.envelope import CannotOpen, ColumnOpener, Context, Seed, unwrap, wrap

KEY = Seed(bytes(range(32))).subkey("content")


def place(row: str, column: str = "wrapped") -> Context:
    return Context("entry", 1, "talk_entry", column, row)


OPENER = ColumnOpener(KEY, place("any"))


@given(
    body=some.binary(max_size=700),
    row=some.text(min_size=1, max_size=40).filter(lambda row: row.isprintable()),
)
def test_it_opens_what_unwrap_opens(body: bytes, row: str) -> None:
    blob = wrap(KEY, place(row), body, random=secrets.token_bytes)
    assert OPENER.open_padded(row, blob)[: len(body)] == unwrap(KEY, place(row), blob) == body


@pytest.mark.parametrize("change", ["row", "column", "key", "flip", "cut", "format", "empty"])
def test_it_refuses_what_unwrap_refuses(change: str) -> None:
    key, context, row = KEY, place("a"), "a"
    match change:
        case "row":
            row = "b"
        case "column":
            context = place("a", "other")
        case "key":
            key = Seed(bytes(32)).subkey("content")
    blob = wrap(key, context, b"said", random=secrets.token_bytes)
    match change:
        case "flip":
            blob = blob[:-1] + bytes([blob[-1] ^ 1])
        case "cut":
            blob = blob[:-1]
        case "format":
            blob = b"\x02" + blob[1:]
        case "empty":
            blob = b""
    with pytest.raises(CannotOpen):
        OPENER.open_padded(row, blob)
