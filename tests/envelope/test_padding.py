"""A stored size says little about a text."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.envelope.world import bodies
from tropa.envelope import CannotOpen, padme_length
from tropa.envelope.padding import FLOOR, pad, padded_length, unpad


def padme_as_published(length: int) -> int:
    """Algorithm 1 of the PURBs paper, in its own words."""
    e = math.floor(math.log2(length))
    s = math.floor(math.log2(e)) + 1
    last_bits = e - s
    bit_mask = 2**last_bits - 1
    return int((length + bit_mask) & ~bit_mask)


@given(st.integers(2, 2**40))
def test_lengths_are_those_of_the_paper(length: int) -> None:
    assert padme_length(length) == padme_as_published(length)


def test_known_lengths() -> None:
    assert [padme_length(n) for n in (0, 1, 2, 8, 9, 10, 100, 1000, 1025, 25_000_000)] == [
        0, 1, 2, 8, 10, 10, 104, 1024, 1088, 25_165_824,
    ]  # fmt: skip


@given(st.integers(0, 2**48))
def test_padding_adds_at_most_twelve_per_cent(length: int) -> None:
    assert length <= padme_length(length) <= length * 1.12 + 1


def test_a_negative_length_is_refused() -> None:
    with pytest.raises(ValueError, match="not negative"):
        padme_length(-1)


@given(bodies)
def test_what_was_padded_is_read_back(body: bytes) -> None:
    padded = pad(body)
    assert len(padded) == padded_length(len(body))
    assert unpad(padded) == body


@given(st.binary(max_size=FLOOR - 1))
def test_short_bodies_are_all_of_one_size(body: bytes) -> None:
    assert len(pad(body)) == FLOOR


def test_bodies_that_end_like_padding_survive() -> None:
    for body in (b"\x80", b"\x80\x00", b"\x00", b"\x00" * 500, b"\x80" * 300):
        assert unpad(pad(body)) == body


@pytest.mark.parametrize(
    "padded",
    [
        b"",
        b"\x00" * FLOOR,
        b"a" * FLOOR,
        b"\x80",
        b"a\x80" + b"\x00" * (FLOOR - 3),
        b"a\x80" + b"\x00" * (FLOOR - 1),
        b"a\x80" + b"\x00" * 510,
    ],
    ids=[
        "nothing",
        "no mark",
        "no padding",
        "too short",
        "a byte short",
        "a byte long",
        "another size class",
    ],
)
def test_any_but_the_one_padding_of_a_body_is_refused(padded: bytes) -> None:
    with pytest.raises(CannotOpen):
        unpad(padded)
