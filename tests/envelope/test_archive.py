"""An archive opens whole, for its recipients alone, or not at all."""

import io
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tropa.envelope import CannotOpen, PassphraseProfile, Seed, WrongPassphrase
from tropa.envelope.archive import (
    CHUNK,
    TAG,
    ArchiveReader,
    ArchiveWriter,
    Recipients,
    key_by_holder,
    key_by_passphrase,
    read_head,
)

SEED = Seed(bytes(range(32)))
EITHER = Recipients(SEED.sealing().public, "тёплый хлеб", PassphraseProfile.CHEAP)


def written(content: bytes, recipients: Recipients = EITHER, step: int = CHUNK) -> bytes:
    sink = io.BytesIO()
    writer = ArchiveWriter(sink, recipients, random=os.urandom)
    for at in range(0, len(content), step):
        writer.write(content[at : at + step])
    writer.finish()
    return sink.getvalue()


def opened(archive: bytes, *, seed: Seed = SEED, step: int = CHUNK) -> bytes:
    source = io.BytesIO(archive)
    head = read_head(source)
    reader = ArchiveReader(source, head, key_by_holder(head, seed.sealing()))
    content = b""
    while part := reader.read(step):
        content += part
    reader.finish()
    return content


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 7])
@pytest.mark.parametrize("step", [CHUNK, 300_007])
def test_content_of_any_length_comes_back(size: int, step: int) -> None:
    content = os.urandom(size)
    assert opened(written(content, step=step), step=step) == content


def test_a_passphrase_opens_what_the_key_opens() -> None:
    source = io.BytesIO(written(b"content"))
    head = read_head(source)
    key = key_by_passphrase(head, "тёплый хлеб", weakest=PassphraseProfile.CHEAP)
    assert ArchiveReader(source, head, key).read(100) == b"content"
    with pytest.raises(WrongPassphrase):
        key_by_passphrase(head, "холодный хлеб", weakest=PassphraseProfile.CHEAP)


def test_others_open_nothing() -> None:
    archive = written(b"content")
    with pytest.raises(CannotOpen):
        opened(archive, seed=Seed(b"s" * 32))
    head = read_head(io.BytesIO(written(b"content", Recipients(SEED.sealing().public))))
    with pytest.raises(CannotOpen):
        key_by_passphrase(head, "тёплый хлеб", weakest=PassphraseProfile.CHEAP)
    with pytest.raises(ValueError, match="nobody opens"):
        Recipients()


THREE = written(b"a" * CHUNK + b"b" * CHUNK + b"c" * 100)
BODY = len(read_head(io.BytesIO(THREE)).raw)
SEALED_CHUNK = CHUNK + TAG


@settings(max_examples=40)
@given(st.integers(0, len(THREE) - 1), st.integers(1, 255))
def test_a_changed_byte_anywhere_is_found(at: int, mask: int) -> None:
    changed = bytearray(THREE)
    changed[at] ^= mask
    try:
        content = opened(bytes(changed))
    except CannotOpen:
        return
    raise AssertionError(f"opened {len(content)} bytes")


@settings(max_examples=40)
@given(st.integers(0, len(THREE) - 1))
def test_an_archive_cut_anywhere_is_found(length: int) -> None:
    with pytest.raises(CannotOpen):
        opened(THREE[:length])


@pytest.mark.parametrize("cut", [0, 1, 2])
def test_one_cut_between_two_chunks_is_found(cut: int) -> None:
    with pytest.raises(CannotOpen):
        opened(THREE[: BODY + cut * SEALED_CHUNK])


def test_chunks_swapped_repeated_or_added_are_found() -> None:
    head, one, two = THREE[:BODY], THREE[BODY:][:SEALED_CHUNK], THREE[BODY + SEALED_CHUNK :][:SEALED_CHUNK]
    last = THREE[BODY + 2 * SEALED_CHUNK :]
    for chunks in (
        [two, one, last],
        [one, one, last],
        [one, last],
        [one, two, last, last],
        [one, two, last + b"x"],
    ):
        with pytest.raises(CannotOpen):
            opened(head + b"".join(chunks))


def test_chunks_of_another_archive_do_not_fit() -> None:
    other = written(b"a" * CHUNK + b"b" * CHUNK + b"c" * 100)
    with pytest.raises(CannotOpen):
        opened(THREE[:BODY] + other[BODY:])
