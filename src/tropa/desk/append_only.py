"""A file outside the database to which lines are added and never taken away, so that whoever writes to the database
cannot undo what it says. Desk and drop append to it.

A line is a digest of something's random id and of what was settled about it: 128 bits that tell nothing to whoever
does not have the row. Lines are flushed to the disk before `add` returns; what other processes append is read when
it is asked for.
"""

from __future__ import annotations

import hashlib
import os
import threading
from dataclasses import dataclass, field
from functools import cache
from io import FileIO
from pathlib import Path

from tropa.desk.conf import conf

DIGEST_BYTES = 16


def book(name: str) -> Book:
    """The book of this name in the pinned directory."""
    return _book(conf.pinned / name)


def line_of(label: bytes, row_id: str) -> bytes:
    """The line that says `label` of a row."""
    return hashlib.sha256(label + b" " + row_id.encode()).hexdigest()[: 2 * DIGEST_BYTES].encode()


@dataclass(slots=True)
class Book:
    """The file as far as this process has read it; what other processes append is read when it is asked for."""

    path: Path
    lines: set[bytes] = field(default_factory=set)
    read: int = 0  # bytes, up to the end of a whole line
    inode: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def known(self) -> set[bytes]:
        """Every digest in the file now."""
        with self.lock:
            try:
                stat = self.path.stat()
            except FileNotFoundError:
                self.lines, self.read = set(), 0
                return self.lines
            if stat.st_ino != self.inode or stat.st_size < self.read:  # put in its place from elsewhere
                self.lines, self.read, self.inode = set(), 0, stat.st_ino
            if stat.st_size > self.read:
                self._read_on()
            return self.lines

    def add(self, lines: list[bytes]) -> None:
        """Append what is new. An empty line goes before: a line somebody's crash left torn harms only itself."""
        known = self.known()
        fresh = [line for line in dict.fromkeys(lines) if line not in known]
        if not fresh:
            return
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        created = not self.path.exists()
        with open(self.path, "ab", buffering=0, opener=_private) as file:  # Path.open takes no opener
            _append(file, b"\n" + b"\n".join(fresh) + b"\n")
        if created:
            _flush_folder(self.path.parent)

    def _read_on(self) -> None:
        with self.path.open("rb") as file:
            file.seek(self.read)
            content = file.read()
        whole = content[: content.rfind(b"\n") + 1]
        self.lines.update(line for line in whole.split(b"\n") if len(line) == 2 * DIGEST_BYTES)
        self.read += len(whole)


@cache
def _book(path: Path) -> Book:
    return Book(path)


def _append(file: FileIO, text: bytes) -> None:
    """All of it on the disk, or none of it: what a full disk took is taken back. Raises OSError.

    Lines others append meanwhile stand behind ours; then nothing is taken back, for it would be theirs.
    """
    end = os.fstat(file.fileno()).st_size
    written = file.write(text) or 0  # nothing at all raises
    if written == len(text):
        os.fsync(file.fileno())
        return
    if os.fstat(file.fileno()).st_size == end + written:
        os.ftruncate(file.fileno(), end)
    raise OSError("the disk took not all of it")


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
