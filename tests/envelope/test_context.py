"""A context has one encoding, and shares it with no other."""

from dataclasses import FrozenInstanceError, astuple, replace

import pytest
from hypothesis import given

from tests.envelope.world import PLACE, contexts
from tropa.envelope import Context
from tropa.envelope.encoding import join, split


def test_the_encoding_names_every_part_with_its_length() -> None:
    assert PLACE.info() == (
        b"\x00\x00\x00\x0ftropa context 1"
        b"\x00\x00\x00\x05entry"
        b"\x00\x00\x00\x04\x00\x00\x00\x01"
        b"\x00\x00\x00\x0atalk entry"
        b"\x00\x00\x00\x04body"
        b"\x00\x00\x00\x0217"
    )


@given(contexts)
def test_every_part_can_be_read_back(context: Context) -> None:
    magic, label, version, table, column, row = split(context.info(), 6)
    assert magic == b"tropa context 1"
    read = Context(
        label.decode(), int.from_bytes(version, "big"), table.decode(), column.decode(), row.decode()
    )
    assert read == context


@given(contexts, contexts)
def test_two_contexts_share_an_encoding_only_if_they_are_the_same(one: Context, other: Context) -> None:
    assert (one.info() == other.info()) == (astuple(one) == astuple(other))


def test_moving_a_letter_from_one_part_to_the_next_is_another_place() -> None:
    assert Context("ab", 1, "c", "d", "e").info() != Context("a", 1, "bc", "d", "e").info()
    assert Context("a", 1, "b", "cd", "e").info() != Context("a", 1, "b", "c", "de").info()


@pytest.mark.parametrize("part", ["label", "table", "column", "row"])
@pytest.mark.parametrize("value", ["", "\ud800", None, 7])
def test_a_part_that_names_nothing_does_not_construct(part: str, value: object) -> None:
    with pytest.raises(ValueError, match=r"part of a context|surrogates"):
        replace(PLACE, **{part: value})  # type: ignore[arg-type]


@pytest.mark.parametrize("version", [-1, 2**31, 1.0, True, "1"])
def test_a_version_that_is_no_small_whole_number_does_not_construct(version: object) -> None:
    with pytest.raises(ValueError, match="version of a context"):
        replace(PLACE, version=version)  # type: ignore[arg-type]


def test_a_context_does_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        PLACE.row = "18"  # type: ignore[misc]


@pytest.mark.parametrize("encoded", [b"", b"\x00\x00\x00\x02a", b"\x00\x00\x00", join([b"a", b"b", b"c"])])
def test_what_join_did_not_write_is_not_split(encoded: bytes) -> None:
    with pytest.raises(ValueError, match=r"cut short|follow the last"):
        split(encoded, 2)
