"""The journal of `tropa replan --journal FILE`: what was found so far, so that killed work goes on where it was.

Kept true: a line is on the disk before the next person is begun; a line cut off by the kill is done again, a whole one
is never done twice. A journal is read only for the very question it was written for; lines about files that were
changed since are passed over. It says where people are (their ways begin there), so only its owner may read it, and it
is taken away once everything is answered. Refused: a journal of another question, and a file that is none.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, Final

from tropa.atlas.pack import Folder
from tropa.planning.plan_json import WrongJson, from_json, to_json
from tropa.planning.replanned import PlannedAfter, PlannedBefore, ReplanQuestion

END: Final = b"\n"


class NotThisJournal(Exception):
    """The file is a journal of another question, or none at all; or another process is writing it."""


class Journal:
    """Lines by file name. Without a path nothing is kept."""

    def __init__(self, path: Path | None, question: ReplanQuestion, digests: Mapping[str, str]) -> None:
        """`digests`: of the files of the folder as they are now. Raises NotThisJournal, OSError."""
        self.before: dict[str, PlannedBefore] = {}
        self.after: dict[str, PlannedAfter] = {}
        self._path, self._digests = path, digests
        self._file: BinaryIO | None = None if path is None else open(path, "ab+", opener=_for_its_owner)  # noqa: SIM115 - `close` does
        if self._file is None:
            return
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.close()
            raise NotThisJournal from None
        try:
            self._begin(self._file, question)
        except NotThisJournal:
            self.close()
            raise

    def _begin(self, file: BinaryIO, question: ReplanQuestion) -> None:
        file.seek(0)
        lines = file.read().split(END)[:-1]
        self._take_over(lines, question)
        file.truncate(sum(len(line) + len(END) for line in lines))
        if not lines:
            self._write(question)

    def _take_over(self, lines: Sequence[bytes], question: ReplanQuestion) -> None:
        try:
            if lines and from_json(ReplanQuestion, lines[0]) != question:
                raise NotThisJournal
            for line in lines[1:]:
                self._take(line)
        except WrongJson:
            raise NotThisJournal from None

    def _take(self, line: bytes) -> None:
        try:
            before = from_json(PlannedBefore, line)
        except WrongJson:
            after = from_json(PlannedAfter, line)
            if self._digests.get(after.row.file) == after.digest:
                self.after[after.row.file] = after
        else:
            if self._digests.get(before.file) == before.digest:
                self.before[before.file] = before

    def digest(self, file: str) -> str:
        """Of a file of the folder; empty where no journal is kept."""
        return self._digests.get(file, "")

    def keep(self, found: PlannedBefore | PlannedAfter) -> None:
        """Write a line; it is on the disk when this returns."""
        if isinstance(found, PlannedBefore):
            self.before[found.file] = found
        else:
            self.after[found.row.file] = found
        self._write(found)

    def _write(self, value: object) -> None:
        if self._file is not None:
            self._file.write(to_json(value).encode() + END)
            self._file.flush()
            os.fsync(self._file.fileno())

    def take_away(self) -> None:
        """Everything is answered: the file goes."""
        if self._path is not None:
            self._path.unlink()
        self.close()

    def close(self) -> None:
        """Another process may go on with it."""
        if self._file is not None:
            self._file.close()
            self._file = None


def _for_its_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def digest_of_file(path: Path) -> str:
    """Hex SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def digest_of_pack(folder: Path) -> str:
    """Hex SHA-256 over names and contents of a pack's files."""
    whole = hashlib.sha256()
    for name, content in Folder(folder).items():
        whole.update(f"{name}:{len(content)}:".encode() + content)
    return whole.hexdigest()
