"""Padding: every page fills its size class to the byte, and the filler does not compress."""

from __future__ import annotations

import zlib

from hypothesis import given
from hypothesis import strategies as st

from tropa.drop.form_token import dedupe_tag, from_text, to_text
from tropa.drop.languages import PageLanguage, accepted
from tropa.drop.size_class import SIZE_CLASS, filler, padded


@given(st.integers(0, 3 * SIZE_CLASS), st.integers(0, 3 * SIZE_CLASS))
def test_a_padded_page_is_whole_classes_and_begins_with_the_page(length: int, at_least: int) -> None:
    page = b"x" * length
    result = padded(page, at_least=at_least)
    assert len(result) % SIZE_CLASS == 0
    assert result.startswith(page)
    assert max(length, at_least) <= len(result) < max(length + 8, at_least) + SIZE_CLASS


def test_the_filler_does_not_compress_to_nothing() -> None:
    assert len(zlib.compress(padded(b""))) > SIZE_CLASS // 2


def test_the_filler_is_drawn_anew_each_time_and_as_long_as_asked() -> None:
    first, second = filler(24_000), filler(24_000)
    assert len(first) == len(second) == 24_000
    assert len(zlib.compress(first + second)) > 48_000


def test_the_filler_cannot_end_the_comment_early() -> None:
    assert padded(b"").count(b"--") == 2


@given(st.binary(min_size=16, max_size=32))
def test_text_of_bytes_reads_back(raw: bytes) -> None:
    assert from_text(to_text(raw), len(raw)) == raw


@given(st.text(max_size=60))
def test_any_text_is_bytes_or_none(text: str) -> None:
    raw = from_text(text, 32)
    assert raw is None or len(raw) == 32


@given(st.lists(st.binary(max_size=8), max_size=4), st.lists(st.binary(max_size=8), max_size=4))
def test_two_tags_are_one_only_for_the_same_parts(one: list[bytes], other: list[bytes]) -> None:
    tags = [dedupe_tag(entropy=bytes(12), nonce=b"n", parts=parts) for parts in (one, other)]
    assert (tags[0] == tags[1]) is (one == other)


@given(st.text(max_size=200))
def test_any_language_header_gives_a_language(header: str) -> None:
    assert accepted(header) in PageLanguage
