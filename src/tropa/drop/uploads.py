"""Files on their way in: sealed piece by piece as they arrive, so no readable byte of them ever lies on a
disk.

A file is sealed under a key that lives in this request alone; what does not fit into a little memory lies
sealed in a file without a name, gone when the request ends. A file past the cap, past the number of files, or
cut off in the middle is refused by itself: what was written beside it is kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadhandler import FileUploadHandler

from tropa.desk.conf import conf
from tropa.desk.talk.spool import Spool

CAP = 25 * 1024 * 1024
MOST_FILES = 5
PIECE = 256 * 1024


@dataclass(frozen=True, slots=True)
class ArrivedFile:
    """A whole file within the cap. `name` is what the sender's machine called it, `digest` SHA-256 of its
    bytes.
    """

    name: str = field(repr=False)
    media_type: str = field(repr=False)
    size: int
    digest: bytes = field(repr=False)
    spool: Spool = field(repr=False)

    def pieces(self) -> Iterator[bytes]:
        """Its bytes, a piece at a time."""
        return self.spool.pieces()


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file that was not taken."""

    name: str = field(repr=False)


class SealingUploadHandler(FileUploadHandler):
    """Django's parser hands over pieces, sealed at once. Past the cap the rest is read and let go."""

    chunk_size = PIECE

    def __init__(self) -> None:
        super().__init__()
        self.arrived: list[ArrivedFile] = []
        self.refused: list[RefusedFile] = []
        self.begun = 0
        self.no_room = False
        self._spools: list[Spool] = []
        self._spool: Spool | None = None
        self._digest = hashlib.sha256()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file; one too many gets nowhere to go."""
        super().new_file(*args, **kwargs)
        self._digest = hashlib.sha256()
        self._spool = None
        self.begun += 1
        if len(self.arrived) < MOST_FILES:
            self._spool = Spool(conf.data)
            self._spools.append(self._spool)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Seal a piece, or let it go."""
        if self._spool is None:
            return
        if start + len(raw_data) > CAP:
            self._spool.close()
            self._spool = None
            return
        self._digest.update(raw_data)
        try:
            self._spool.add(bytes(raw_data))
        except OSError:  # the disk is full: without this file the text still has a chance
            self._spool.close()
            self._spool = None
            self.no_room = True

    def file_complete(self, file_size: int) -> None:
        """Note what became of the file. Nothing is given to Django: it would want a file of its own kind."""
        name = self.file_name or ""
        if self._spool is None:
            self.refused.append(RefusedFile(name))
            return
        media_type = self.content_type or "application/octet-stream"
        self.arrived.append(ArrivedFile(name, media_type, file_size, self._digest.digest(), self._spool))

    def close(self) -> None:
        """Let everything go, also what broke off in the middle."""
        for spool in self._spools:
            spool.close()
