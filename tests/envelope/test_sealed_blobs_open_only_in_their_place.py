"""Whoever can write to the database cannot move, damage or re-address a sealed or wrapped value unnoticed."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.envelope.world import PLACE, Spoil, bodies, boris, contexts, damage, names, repeatable, stranger
from tropa.envelope import CannotOpen, Context, SymmetricKey, open_sealed, seal, unwrap, wrap

KEY = boris.sealing()
STRANGERS_KEY = stranger.sealing()
WRAPPING = boris.subkey("records")
PARTS = ["label", "version", "table", "column", "row"]


@given(contexts, bodies)
def test_a_seal_opens_in_its_place(context: Context, body: bytes) -> None:
    assert open_sealed(KEY, context, seal(KEY.public, context, body)) == body


@given(contexts, bodies)
def test_a_wrap_opens_in_its_place(context: Context, body: bytes) -> None:
    assert unwrap(WRAPPING, context, wrap(WRAPPING, context, body, random=repeatable("nonce"))) == body


@given(context=contexts, part=st.sampled_from(PARTS), name=names, version=st.integers(0, 2**31 - 1))
def test_a_blob_moved_by_any_part_of_its_place_does_not_open(
    context: Context, part: str, name: str, version: int
) -> None:
    moved = replace(context, **{part: version if part == "version" else name})  # type: ignore[arg-type]
    assume(moved != context)
    sealed = seal(KEY.public, context, b"body")
    wrapped = wrap(WRAPPING, context, b"body", random=repeatable("nonce"))
    with pytest.raises(CannotOpen):
        open_sealed(KEY, moved, sealed)
    with pytest.raises(CannotOpen):
        unwrap(WRAPPING, moved, wrapped)
    assert open_sealed(KEY, context, sealed) == unwrap(WRAPPING, context, wrapped) == b"body"


@given(damage())
def test_a_damaged_seal_does_not_open(spoil: Spoil) -> None:
    blob = seal(KEY.public, PLACE, b"body")
    spoiled = spoil(blob)
    assume(spoiled != blob)
    with pytest.raises(CannotOpen):
        open_sealed(KEY, PLACE, spoiled)


@given(damage())
def test_a_damaged_wrap_does_not_open(spoil: Spoil) -> None:
    blob = wrap(WRAPPING, PLACE, b"body", random=repeatable("nonce"))
    spoiled = spoil(blob)
    assume(spoiled != blob)
    with pytest.raises(CannotOpen):
        unwrap(WRAPPING, PLACE, spoiled)


def test_nobody_elses_key_opens_it() -> None:
    with pytest.raises(CannotOpen):
        open_sealed(STRANGERS_KEY, PLACE, seal(KEY.public, PLACE, b"body"))
    with pytest.raises(CannotOpen):
        unwrap(stranger.subkey("records"), PLACE, wrap(WRAPPING, PLACE, b"body", random=repeatable("n")))
    with pytest.raises(CannotOpen):
        unwrap(boris.subkey("drafts"), PLACE, wrap(WRAPPING, PLACE, b"body", random=repeatable("n")))


def test_an_unknown_format_does_not_open() -> None:
    sealed = seal(KEY.public, PLACE, b"body")
    wrapped = wrap(WRAPPING, PLACE, b"body", random=repeatable("n"))
    for number in (0, 2, 255):
        with pytest.raises(CannotOpen):
            open_sealed(KEY, PLACE, bytes([number]) + sealed[1:])
        with pytest.raises(CannotOpen):
            unwrap(WRAPPING, PLACE, bytes([number]) + wrapped[1:])


def test_a_sealed_size_shows_only_its_class() -> None:
    yes, no, long_no = (
        seal(KEY.public, PLACE, body) for body in (b"yes", b"no", "нет, не могу".encode() * 4)
    )
    assert len(yes) == len(no) == len(long_no) == 1 + 1120 + 256 + 16
    assert len(wrap(WRAPPING, PLACE, b"yes", random=repeatable("n"))) == 1 + 12 + 256 + 16


def test_two_seals_or_wraps_of_one_body_have_nothing_in_common() -> None:
    assert seal(KEY.public, PLACE, b"body")[1:33] != seal(KEY.public, PLACE, b"body")[1:33]
    random = repeatable("nonces")
    one, other = (wrap(WRAPPING, PLACE, b"body", random=random) for _ in range(2))
    assert one[1:13] != other[1:13]
    assert one[13:] != other[13:]


def test_a_source_that_gives_too_few_bytes_wraps_nothing() -> None:
    with pytest.raises(ValueError, match="source of randomness"):
        wrap(WRAPPING, PLACE, b"body", random=lambda length: bytes(length - 1))


def test_a_wrap_by_one_key_object_opens_with_another_of_the_same_bytes() -> None:
    blob = wrap(WRAPPING, PLACE, b"body", random=repeatable("n"))
    assert unwrap(SymmetricKey(WRAPPING.raw), PLACE, blob) == b"body"
