"""The journal of an account whose service forgets a message by giving it: sealed lines in files of their own.

Kept true: what `add` returned from is on the disk, sealed under the gateway's key and bound to its place, before
anybody acts on it; what was forgotten goes with its file; a record that was torn in the writing was never acted on. A
record that somebody changed is given as None, so that the account says so. A crash between storing and forgetting
gives lines again, which the unique tags absorb.
"""

from __future__ import annotations

import os
import secrets
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tropa.envelope import CannotOpen, Context, SymmetricKey, unwrap, wrap
from tropa.gateway.accounts import folder
from tropa.gateway.credential import GatewayKeys

SUFFIX = ".journal"
LENGTH = 4
LARGEST = 64 * 1024 * 1024
MOST_IN_FILE = 500


def journal_of(account: str, keys: GatewayKeys) -> SealedJournal:
    """The journal of this account on this machine."""
    return SealedJournal(folder() / f"{account}{SUFFIX}", keys.seed.subkey("journal"), account)


@dataclass(slots=True)
class _File:
    number: int
    written: int  # how many records it ever took: the place of the next
    left: int  # how many of them are not forgotten


class SealedJournal:
    """Files of at most 500 records each, numbered; the oldest goes when all of its records are forgotten, and no life
    writes into a file of an earlier one, whose last record may be torn.
    """

    def __init__(self, directory: Path, key: SymmetricKey, account: str) -> None:
        self._directory, self._key, self._account = directory, key, account
        self._lock = threading.Lock()
        self._files: deque[_File] = deque()
        self._current: _File | None = None

    def kept(self) -> Iterator[bytes | None]:
        """Everything not forgotten, oldest first; asked for once, before anything is added. Raises OSError."""
        lines: list[bytes | None] = []
        with self._lock:
            for number in self._numbers():
                records = list(self._records(number))
                lines += records
                if records:
                    self._files.append(_File(number, len(records), len(records)))
                else:
                    self._path(number).unlink()
        return iter(lines)

    def add(self, lines: Sequence[bytes]) -> None:
        """One durable write for all of them, or none. Raises OSError."""
        with self._lock:
            file = self._current
            if file is None or file.written >= MOST_IN_FILE:
                file = self._current = self._begin()
            records = (self._record(file.number, file.written + at, line) for at, line in enumerate(lines))
            _append(self._path(file.number), b"".join(records))
            file.written += len(lines)
            file.left += len(lines)

    def forget(self, count: int) -> None:
        """The oldest `count` are stored elsewhere."""
        with self._lock:
            while count and self._files:
                file = self._files[0]
                gone = min(count, file.left)
                file.left -= gone
                count -= gone
                if file.left:
                    return
                self._path(file.number).unlink(missing_ok=True)
                self._files.popleft()
                if file is self._current:
                    self._current = None

    def _begin(self) -> _File:
        """An empty file with a number that none had before it."""
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        last = max([*self._numbers(), *(each.number for each in self._files)], default=0)
        file = _File(last + 1, 0, 0)
        os.close(os.open(self._path(file.number), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        directory = os.open(self._directory, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
        self._files.append(file)
        return file

    def _numbers(self) -> list[int]:
        if not self._directory.is_dir():
            return []
        return sorted(int(path.name) for path in self._directory.iterdir() if path.name.isdecimal())

    def _path(self, number: int) -> Path:
        return self._directory / f"{number:08d}"

    def _place(self, number: int, at: int) -> Context:
        return Context("channel journal", 1, "channels", "journal", f"{self._account} {number} {at}")

    def _record(self, number: int, at: int, line: bytes) -> bytes:
        sealed = wrap(self._key, self._place(number, at), line, random=secrets.token_bytes)
        return len(sealed).to_bytes(LENGTH, "big") + sealed

    def _records(self, number: int) -> Iterator[bytes | None]:
        content = self._path(number).read_bytes()
        at = begin = 0
        while begin + LENGTH <= len(content):
            size = int.from_bytes(content[begin : begin + LENGTH], "big")
            begin += LENGTH
            if begin + size > len(content):
                if size > LARGEST:
                    yield None  # no record is as long: somebody changed it, and what follows is lost with it
                return
            try:
                yield unwrap(self._key, self._place(number, at), content[begin : begin + size])
            except CannotOpen:
                yield None
            begin, at = begin + size, at + 1


def _append(path: Path, records: bytes) -> None:
    """All of it, durably, or nothing of it. Raises OSError."""
    target = os.open(path, os.O_WRONLY | os.O_APPEND)
    whole = os.fstat(target).st_size
    try:
        left = memoryview(records)
        while left:
            left = left[os.write(target, left) :]
        os.fsync(target)
    except OSError:
        os.ftruncate(target, whole)
        raise
    finally:
        os.close(target)
