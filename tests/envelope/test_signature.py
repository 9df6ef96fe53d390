"""A signature holds for one key, one place and one message."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.envelope.world import PLACE, Spoil, bodies, boris, contexts, damage, stranger
from tropa.envelope import BadSignature, Context, SigningPublicKey, sign, verify

KEY = boris.signing()
SIGNATURE = sign(KEY, PLACE, b"message")


@given(contexts, bodies)
def test_it_holds_where_it_was_made(context: Context, message: bytes) -> None:
    signature = sign(KEY, context, message)
    verify(KEY.public, context, message, signature)
    assert len(signature) == 65
    assert signature == sign(KEY, context, message)


@given(contexts, bodies)
def test_it_does_not_hold_for_another_place_or_message(context: Context, message: bytes) -> None:
    assume((context, message) != (PLACE, b"message"))
    with pytest.raises(BadSignature):
        verify(KEY.public, context, message, SIGNATURE)


@given(damage())
def test_a_damaged_one_does_not_hold(spoil: Spoil) -> None:
    spoiled = spoil(SIGNATURE)
    assume(spoiled != SIGNATURE)
    with pytest.raises(BadSignature):
        verify(KEY.public, PLACE, b"message", spoiled)


def test_it_does_not_hold_for_another_key_or_for_bytes_that_are_none() -> None:
    for raw in (stranger.signing().public.raw, bytes(32), b"\xff" * 32):
        with pytest.raises(BadSignature):
            verify(SigningPublicKey(raw), PLACE, b"message", SIGNATURE)


@given(st.sampled_from([b"", b"\x00" * 65, b"\x01" * 65, b"\x01" + bytes(64)]))
def test_what_is_no_signature_does_not_hold(signature: bytes) -> None:
    with pytest.raises(BadSignature):
        verify(KEY.public, PLACE, b"message", signature)


def test_letters_do_not_move_from_the_place_into_the_message() -> None:
    shorter = replace(PLACE, row="1")
    with pytest.raises(BadSignature):
        verify(KEY.public, shorter, b"7message", SIGNATURE)
