"""What nobody may undo by writing to the database: which plans and steps are over, and which steps nobody waits
for any more. It lies in one file outside the database, `pinned/ended-steps`, which desk and drop append to.

A line is a digest of a row's random id and of what was settled about it: 128 bits that tell nothing to whoever
does not have the row. Lines are added and flushed to the disk, never changed and never taken away. Written
after the database has committed: whoever looks in between finds the row itself ended.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from tropa.desk.conf import conf

FILE = "ended-steps"
DIGEST_BYTES = 16
OVER = b"over"
SETTLED = b"settled"


@dataclass(frozen=True, slots=True)
class Ending:
    """Ids of plans and releases that are over, never to be shown or acted on again; and of releases whose
    check-in was answered, withdrawn, or never asked for.
    """

    over: tuple[str, ...] = ()
    settled: tuple[str, ...] = ()


def write_down(ending: Ending) -> None:
    """Append what is not there yet, and wait until the disk has it. Raises OSError: the database then says
    more than the file.
    """
    over = [_digest(OVER, each) for each in ending.over]
    _book(conf.pinned / FILE).add([*over, *(_digest(SETTLED, each) for each in ending.settled)])


def is_over(row_id: str) -> bool:
    """Whether this plan or release has ended. Raises OSError when the file cannot be read."""
    return _digest(OVER, row_id) in _book(conf.pinned / FILE).known()


def unsettled(release_ids: Iterable[str]) -> list[str]:
    """Those of the releases whose check-in may still be awaited. Raises OSError."""
    known = _book(conf.pinned / FILE).known()
    return [each for each in release_ids if _digest(SETTLED, each) not in known]


@dataclass(slots=True)
class _Book:
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
        with open(self.path, "ab", opener=_private) as file:  # Path.open takes no opener
            file.write(b"\n" + b"\n".join(fresh) + b"\n")
            file.flush()
            os.fsync(file.fileno())
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
def _book(path: Path) -> _Book:
    return _Book(path)


def _digest(said: bytes, row_id: str) -> bytes:
    whole = hashlib.sha256(b"tropa ended step 1 " + said + b" " + row_id.encode())
    return whole.hexdigest()[: 2 * DIGEST_BYTES].encode()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
