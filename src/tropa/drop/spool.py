"""What is on its way and too large for memory lies sealed in a file without a name.

The key lives in this object alone, so nothing that lies there can be read by anybody, and it is gone when the
request ends. The file lies in the data directory: free space is watched there, and a temporary directory may
itself be memory.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from io import RawIOBase
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO

from tropa.envelope import Context, SymmetricKey, unwrap, wrap

IN_MEMORY = 128 * 1024
LENGTH_BYTES = 4
CONTEXT = Context("upload on its way", 1, "request", "piece", "-")


class Spool:
    """Pieces sealed under a key nobody else has, given back in order."""

    def __init__(self, directory: Path | None = None) -> None:
        self._key = SymmetricKey.generate(os.urandom)
        where = None if directory is None else str(directory)
        # it lives as long as the request
        self._file: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY, dir=where)  # noqa: SIM115

    def add(self, piece: bytes) -> None:
        """Seal and set aside one piece. Raises OSError when the disk is full."""
        sealed = wrap(self._key, CONTEXT, piece, random=os.urandom)
        self._file.write(len(sealed).to_bytes(LENGTH_BYTES, "big") + sealed)

    def pieces(self) -> Iterator[bytes]:
        """The pieces, opened one at a time."""
        self._file.seek(0)
        while head := self._file.read(LENGTH_BYTES):
            yield unwrap(self._key, CONTEXT, self._file.read(int.from_bytes(head, "big")))

    def shorten(self, most: int) -> int:
        """Let go of all but the first pieces, as many as make up at most `most` bytes; returns how many bytes are
        left.
        """
        kept = 0
        self._file.seek(0)
        while head := self._file.read(LENGTH_BYTES):
            piece = unwrap(self._key, CONTEXT, self._file.read(int.from_bytes(head, "big")))
            if kept + len(piece) > most:
                self._file.seek(-int.from_bytes(head, "big") - LENGTH_BYTES, os.SEEK_CUR)
                self._file.truncate()
                break
            kept += len(piece)
        return kept

    def close(self) -> None:
        """Let the sealed pieces go."""
        self._file.close()


class SpoolReader(RawIOBase):
    """The pieces of a spool, then `last`, as a file to be read once. Wrap it in a BufferedReader."""

    def __init__(self, spool: Spool, last: bytes) -> None:
        self._pieces = _with_last(spool, last)
        self._piece = memoryview(b"")

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """As of a file."""
        while not self._piece:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._piece = memoryview(piece)
        count = min(len(buffer), len(self._piece))
        buffer[:count] = self._piece[:count]
        self._piece = self._piece[count:]
        return count


def _with_last(spool: Spool, last: bytes) -> Iterator[bytes]:
    yield from spool.pieces()
    yield last
