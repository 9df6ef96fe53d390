"""The small store of wrapping keys: one for each case, in a file of its own outside the database and its history.

A key is destroyed where it lies: its record is overwritten and the disk has it before the call returns, so there is
never an older copy of the file to go after. Kept true: a record is there whole or not at all, whatever was killed
(a torn one does not fit its check); nobody keeps a key in memory past one look; writers take turns by a lock on the
file. The file knows no case: a record is found by a digest of the case's random id.

Format 1: records of 64 bytes: 16 of the digest, 32 of the key, 16 of SHA-256 over these. Zeros are a free record.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tropa.envelope import SymmetricKey

LABEL = b"tropa wrapping key 1 "
DIGEST_BYTES = 16
KEY_BYTES = 32
RECORD_BYTES = 2 * DIGEST_BYTES + KEY_BYTES
FREE = bytes(RECORD_BYTES)


@dataclass(slots=True)
class KeyStore:
    """The store in one file. `places` remembers where records lie, never what they hold."""

    path: Path
    places: dict[bytes, int] = field(default_factory=dict, repr=False)

    def keys(self, case_ids: Iterable[str]) -> dict[str, SymmetricKey]:
        """The keys of these cases, as they lie there now; cases without one are left out. Raises OSError."""
        wanted = {case_id: digest_of(case_id) for case_id in case_ids}
        found: dict[str, SymmetricKey] = {}
        with self._opened(os.O_RDONLY) as file:
            if file is None:
                return {}
            missing = [each for each in wanted if not self._read(file, wanted[each], each, found)]
            if missing:
                self._look_again(file)
                for each in missing:
                    self._read(file, wanted[each], each, found)
        return found

    def add(self, case_id: str, key: SymmetricKey) -> None:
        """Store a key; on the disk when this returns. Raises OSError, FileExistsError for a case that has one."""
        digest = digest_of(case_id)
        with self._locked() as file:
            self._look_again(file)
            if digest in self.places:
                raise FileExistsError
            place = _free_place(file)
            try:
                _put(file, place, _record(digest, key.raw))
            except OSError:
                _put_back(file, place)
                raise
            self.places[digest] = place

    def destroy(self, case_ids: Iterable[str]) -> int:
        """Overwrite the keys of these cases; the disk has it when this returns. How many there were. Raises OSError."""
        if not self.path.exists():
            return 0
        gone = 0
        with self._locked() as file:
            self._look_again(file)
            for case_id in case_ids:
                place = self.places.pop(digest_of(case_id), None)
                if place is not None:
                    os.pwrite(file, FREE, place)
                    gone += 1
            os.fsync(file)
        return gone

    def content(self) -> bytes:
        """The whole file, between two writers, for a backup. Raises OSError."""
        if not self.path.exists():
            return b""
        with self._locked() as file:
            return os.pread(file, os.fstat(file).st_size, 0)

    def _read(self, file: int, digest: bytes, case_id: str, found: dict[str, SymmetricKey]) -> bool:
        place = self.places.get(digest)
        if place is None:
            return False
        key = _key_in(os.pread(file, RECORD_BYTES, place), digest)
        if key is None:
            self.places.pop(digest, None)
            return False
        found[case_id] = key
        return True

    def _look_again(self, file: int) -> None:
        content = os.pread(file, os.fstat(file).st_size, 0)
        self.places = {record[:DIGEST_BYTES]: place for place, record in records(content)}

    @contextmanager
    def _opened(self, flags: int) -> Iterator[int | None]:
        try:
            file = os.open(self.path, flags | os.O_CLOEXEC)
        except FileNotFoundError:
            yield None
            return
        try:
            yield file
        finally:
            os.close(file)

    @contextmanager
    def _locked(self) -> Iterator[int]:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        created = not self.path.exists()
        file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file
        finally:
            os.close(file)
        if created:
            _flush_folder(self.path.parent)


def digest_of(case_id: str) -> bytes:
    """What a case's record is found by."""
    return hashlib.sha256(LABEL + case_id.encode()).digest()[:DIGEST_BYTES]


def records(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Every whole record of a store's content, with its place."""
    for place in range(0, len(content) - RECORD_BYTES + 1, RECORD_BYTES):
        record = content[place : place + RECORD_BYTES]
        if record != FREE and _fits(record):
            yield place, record


def put_records(path: Path, content: bytes, *, without: Callable[[bytes], bool]) -> list[bytes]:
    """Add the records of a store's content that are not here yet, but for some digests; the digests that came.

    Raises OSError, after which none of them came.
    """
    store, came = KeyStore(path), list[bytes]()
    with store._locked() as file:  # noqa: SLF001  # the same module's
        store._look_again(file)  # noqa: SLF001
        size = os.fstat(file).st_size
        fresh = [record for _place, record in records(content)]
        fresh = [r for r in fresh if r[:DIGEST_BYTES] not in store.places and not without(r[:DIGEST_BYTES])]
        end = -(-size // RECORD_BYTES) * RECORD_BYTES
        try:
            _put(file, end, b"".join(fresh))
        except OSError:
            os.ftruncate(file, size)
            raise
        came += [record[:DIGEST_BYTES] for record in fresh]
    return came


def take_records(path: Path, digests: Iterable[bytes]) -> None:
    """Overwrite the records of these digests."""
    store = KeyStore(path)
    with store._locked() as file:  # noqa: SLF001  # the same module's
        store._look_again(file)  # noqa: SLF001
        for digest in digests:
            if digest in store.places:
                os.pwrite(file, FREE, store.places[digest])
        os.fsync(file)


def _record(digest: bytes, key: bytes) -> bytes:
    return digest + key + hashlib.sha256(digest + key).digest()[:DIGEST_BYTES]


def _fits(record: bytes) -> bool:
    told = record[: DIGEST_BYTES + KEY_BYTES]
    return hashlib.sha256(told).digest()[:DIGEST_BYTES] == record[len(told) :]


def _key_in(record: bytes, digest: bytes) -> SymmetricKey | None:
    if len(record) != RECORD_BYTES or record[:DIGEST_BYTES] != digest or not _fits(record):
        return None
    return SymmetricKey(record[DIGEST_BYTES : DIGEST_BYTES + KEY_BYTES])


def _free_place(file: int) -> int:
    """The first place no whole record lies in: a free one, a torn one, or the end."""
    content = os.pread(file, os.fstat(file).st_size, 0)
    taken = {place for place, _record in records(content)}
    return next(place for place in range(0, len(content) + RECORD_BYTES, RECORD_BYTES) if place not in taken)


def _put(file: int, place: int, content: bytes) -> None:
    """Write it whole and wait for the disk. OSError when it took less."""
    if os.pwrite(file, content, place) != len(content):
        raise OSError("the disk took not all of it")
    os.fsync(file)


def _put_back(file: int, place: int) -> None:
    """What a failed write left of a record is no key."""
    size = os.fstat(file).st_size
    if size > place:
        os.pwrite(file, bytes(min(RECORD_BYTES, size - place)), place)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
