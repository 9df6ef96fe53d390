"""While a file is on its way, what lies on a disk is sealed; and it comes out as it went in."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tropa.desk.talk.spool import PORTION, Spool
from tropa.drop.uploads import CAP, MOST_FILES, PIECE, ArrivedFile, SealingUploadHandler

CANARY = b"canary in the mine " * 20_000


@given(st.lists(st.binary(min_size=1, max_size=2_000), max_size=20))
def test_pieces_come_out_as_they_went_in(pieces: list[bytes]) -> None:
    spool = Spool()
    for piece in pieces:
        spool.add(piece)
    assert list(spool.pieces()) == pieces
    spool.close()


@given(
    st.lists(st.binary(max_size=300), max_size=20),
    st.integers(0, 3000),
    st.integers(0, 3000),
    st.binary(max_size=9),
)
def test_what_is_left_of_a_shortened_one_is_its_beginning(
    pieces: list[bytes], most: int, in_memory: int, more: bytes
) -> None:
    spool = Spool(in_memory=in_memory)
    for piece in pieces:
        spool.add(piece)
    kept = spool.shorten(most)
    left = list(spool.pieces())
    assert left == pieces[: len(left)]
    assert sum(map(len, left)) == kept <= most
    assert len(left) == len(pieces) or kept + len(pieces[len(left)]) > most
    spool.add(more)
    assert list(spool.pieces()) == [*left, more]
    spool.close()


def test_a_full_disk_leaves_what_was_there(monkeypatch: pytest.MonkeyPatch) -> None:
    full, write = False, os.pwrite

    def fills_up(descriptor: int, content: bytes, start: int) -> int:
        if full:
            write(descriptor, content[:10], start)
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(descriptor, content[:1000], start)

    monkeypatch.setattr(os, "pwrite", fills_up)
    spool = Spool(in_memory=0)
    spool.add(CANARY)
    full = True
    with pytest.raises(OSError, match="No space"):
        spool.add(CANARY)
    full = False
    spool.add(b"end")
    assert list(spool.pieces()) == [CANARY, b"end"]
    spool.close()


def test_the_disk_is_given_a_file_in_portions_each_of_which_is_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settled: list[int] = []
    monkeypatch.setattr(os, "fdatasync", lambda descriptor: settled.append(os.fstat(descriptor).st_size))
    spool = Spool(in_memory=0)
    for _each in range(20):
        spool.add(CANARY)
    steps = [after - before for before, after in zip([0, *settled], settled, strict=False)]
    assert len(settled) >= 20 * len(CANARY) // PORTION - 1
    assert max(steps) < PORTION + 2 * len(CANARY)
    spool.close()


def link_of(path: Path) -> str:
    """Where a link leads; "" when it is gone meanwhile."""
    try:
        return str(path.readlink())
    except OSError:
        return ""


def test_what_lies_on_the_disk_is_sealed_and_has_no_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    spool = Spool()
    for _each in range(10):
        spool.add(CANARY)
    ours = [
        link
        for link in Path("/proc/self/fd").iterdir()
        if link.is_symlink() and str(tmp_path) in link_of(link)
    ]
    assert list(tmp_path.iterdir()) == []
    assert len(ours) == 1
    lying = ours[0].read_bytes()
    assert len(lying) > 9 * len(CANARY)
    assert b"canary" not in lying
    spool.close()


def take(handler: SealingUploadHandler, name: str, pieces: list[bytes]) -> None:
    """Hand a file over as Django's parser does."""
    handler.new_file("files", name, "image/jpeg", None)
    start = 0
    for piece in pieces:
        handler.receive_data_chunk(piece, start)
        start += len(piece)
    handler.file_complete(start)


def test_a_file_past_the_cap_is_let_go_while_it_arrives() -> None:
    handler = SealingUploadHandler()
    take(handler, "large", [bytes(PIECE)] * (CAP // PIECE + 1))
    take(handler, "small", [b"small"])
    assert [file.name for file in handler.refused] == ["large"]
    assert [b"".join(file.pieces()) for file in handler.arrived] == [b"small"]
    handler.close()


def test_no_more_files_than_allowed_are_taken() -> None:
    handler = SealingUploadHandler()
    for number in range(MOST_FILES + 2):
        take(handler, str(number), [b"x"])
    assert (len(handler.arrived), len(handler.refused)) == (MOST_FILES, 2)
    handler.close()


def test_a_file_shows_neither_name_nor_content() -> None:
    handler = SealingUploadHandler()
    take(handler, "secret name.jpg", [b"secret content"])
    file: ArrivedFile = handler.arrived[0]
    assert "secret" not in repr(file)
    handler.close()
