"""What is on its way and too large for memory lies sealed in a file without a name.

The key lives in this object alone, so nothing that lies there can be read by anybody, and it is gone when the
request ends. The file lies in the data directory: free space is watched there, and a temporary directory may
itself be memory.

The disk is given what is written in small portions and each is waited for. Left to the system, hundreds of megabytes
of large uploads reach the disk in one go, and a sentence that is to be made durable meanwhile waits for seconds.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from io import RawIOBase
from pathlib import Path
from typing import IO

from tropa.envelope import Context, SymmetricKey, unwrap, wrap

IN_MEMORY = 128 * 1024
PORTION = 2 * 1024 * 1024
CONTEXT = Context("upload on its way", 1, "request", "piece", "-")


class Spool:
    """Pieces sealed under a key nobody else has, given back in order. The first `in_memory` bytes touch no disk."""

    def __init__(self, directory: Path | None = None, *, in_memory: int = IN_MEMORY) -> None:
        self._key = SymmetricKey.generate(os.urandom)
        self._directory = directory
        self._in_memory = in_memory
        self._held: list[bytes] = []
        self._lengths: list[int] = []
        self._file: IO[bytes] | None = None
        self._unsettled = 0

    def add(self, piece: bytes) -> None:
        """Seal and set aside one piece. Raises OSError when the disk is full; what was added before stays."""
        sealed = wrap(self._key, CONTEXT, piece, random=os.urandom)
        if self._file is None and sum(map(len, self._held)) + len(sealed) <= self._in_memory:
            self._held.append(sealed)
            return
        if self._file is None:
            self._file = tempfile.TemporaryFile(dir=self._directory, buffering=0)  # noqa: SIM115  lives as long as we
        write_at(self._file.fileno(), sealed, sum(self._lengths))
        self._lengths.append(len(sealed))
        self._unsettled += len(sealed)
        if self._unsettled >= PORTION:
            os.fdatasync(self._file.fileno())
            self._unsettled = 0

    def pieces(self) -> Iterator[bytes]:
        """The pieces, opened one at a time."""
        for sealed in self._sealed():
            yield unwrap(self._key, CONTEXT, sealed)

    def _sealed(self) -> Iterator[bytes]:
        yield from self._held
        start = 0
        for length in self._lengths:
            assert self._file is not None
            yield os.pread(self._file.fileno(), length, start)
            start += length

    def shorten(self, most: int) -> int:
        """Let go of all but the first pieces, as many as make up at most `most` bytes; returns how many bytes are
        left.
        """
        kept = count = 0
        for piece in self.pieces():
            if kept + len(piece) > most:
                break
            kept += len(piece)
            count += 1
        in_file = max(0, count - len(self._held))
        del self._held[count:], self._lengths[in_file:]
        if self._file is not None:
            self._file.truncate(sum(self._lengths))
        return kept

    def close(self) -> None:
        """Let the sealed pieces go."""
        self._held.clear()
        self._lengths.clear()
        if self._file is not None:
            self._file.close()


def write_at(descriptor: int, content: bytes, start: int) -> None:
    """All of `content` from `start` on. Raises OSError."""
    written = 0
    while written < len(content):
        written += os.pwrite(descriptor, content[written:], start + written)


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
