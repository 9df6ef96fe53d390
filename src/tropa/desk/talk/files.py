"""Files that come with a message: sealed in chunks under a key of their own, which stands in the entry's
sealed body.

A chunk is bound to its file, its place and the number of chunks, so a file cannot be shortened or put
together anew. Nothing here looks into a file; a cleaned copy is made before anybody opens the original. A file
is never held whole: it is sealed chunk by chunk while it is stored.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Protocol

from tropa.desk.identifiers import new_id
from tropa.desk.talk.body import FileNote
from tropa.desk.talk.errors import BadBody, FileTooLarge
from tropa.desk.talk.models import Attachment, Chunk, Entry
from tropa.envelope import Context, SymmetricKey, padme_length, unwrap, wrap

LARGEST_FILE = 25 * 1024 * 1024
CHUNK_BYTES = 256 * 1024
LONGEST_NAME = 200
AT_ONCE = 4
"""Chunks of a file held in memory together."""


class Pieces(Protocol):
    """A file's bytes in pieces of any length, which can be gone through again."""

    @property
    def size(self) -> int:
        """All bytes together."""

    def pieces(self) -> Iterator[bytes]:
        """The bytes from the beginning."""


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """A file as it was sent, whole or in pieces. Raises FileTooLarge past 25 MB."""

    name: str
    type: str
    content: bytes | Pieces = field(repr=False)

    def __post_init__(self) -> None:
        if self.size > LARGEST_FILE:
            raise FileTooLarge

    @property
    def size(self) -> int:
        """In bytes."""
        return len(self.content) if isinstance(self.content, bytes) else self.content.size

    def pieces(self) -> Iterator[bytes]:
        """Its bytes from the beginning."""
        return iter((self.content,)) if isinstance(self.content, bytes) else self.content.pieces()


@dataclass(frozen=True, slots=True)
class SealedFile:
    """A file that can be stored with its entry, and the note of it for the entry's body."""

    note: FileNote
    _file: IncomingFile

    def chunks(self) -> Iterator[bytes]:
        """The sealed chunks from the beginning, made one at a time."""
        key, count = SymmetricKey(bytes.fromhex(self.note.key)), _count(self.note.size)
        for index, part in enumerate(_even(self._file.pieces())):
            context = _context(self.note.id, index, count)
            yield wrap(key, context, part, random=secrets.token_bytes)


def seal_files(files: Sequence[IncomingFile]) -> tuple[SealedFile, ...]:
    """Each file under a fresh key."""
    return tuple(_sealed(file) for file in files)


def store_files(entry: Entry, files: Sequence[SealedFile]) -> None:
    """Write the chunks, in the caller's transaction."""
    if not files:
        return
    Attachment.objects.bulk_create(
        Attachment(id=file.note.id, entry=entry, size_class=padme_length(file.note.size)) for file in files
    )
    chunks = (
        Chunk(attachment_id=file.note.id, index=index, sealed=sealed)
        for file in files
        for index, sealed in enumerate(file.chunks())
    )
    while some := list(islice(chunks, AT_ONCE)):
        Chunk.objects.bulk_create(some)


def open_file(note: FileNote) -> Iterator[bytes]:
    """The file's content, chunk by chunk. Raises CannotOpen, or BadBody when chunks are missing."""
    key = SymmetricKey(bytes.fromhex(note.key))
    count = _count(note.size)
    stored = Chunk.objects.filter(attachment_id=note.id).order_by("index").iterator(chunk_size=4)
    seen = 0
    for chunk in stored:
        yield unwrap(key, _context(note.id, chunk.index, count), bytes(chunk.sealed))
        seen += 1
    if seen != count:
        raise BadBody("a file with missing parts")


def _sealed(file: IncomingFile) -> SealedFile:
    note = FileNote(
        id=new_id(),
        name=file.name[:LONGEST_NAME],
        size=file.size,
        type=file.type[:LONGEST_NAME],
        key=SymmetricKey.generate(secrets.token_bytes).raw.hex(),
    )
    return SealedFile(note, file)


def _even(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes in chunks of one length, the last one shorter; at least one."""
    held, first = bytearray(), True
    for piece in pieces:
        held += piece
        while len(held) > CHUNK_BYTES:
            yield bytes(held[:CHUNK_BYTES])
            del held[:CHUNK_BYTES]
            first = False
    if held or first:
        yield bytes(held)


def _count(size: int) -> int:
    return max(1, -(-size // CHUNK_BYTES))


def _context(identifier: str, index: int, count: int) -> Context:
    return Context("file chunk", 1, "talk_chunk", "sealed", f"{identifier}.{index}.{count}")
