"""Files that come with a message: sealed in chunks under a key of their own, which stands in the entry's
sealed body.

A chunk is bound to its file, its place and the number of chunks, so a file cannot be shortened or put
together anew. Nothing here looks into a file; a cleaned copy is made before anybody opens the original.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tropa.desk.identifiers import new_id
from tropa.desk.talk.body import FileNote
from tropa.desk.talk.errors import BadBody, FileTooLarge
from tropa.desk.talk.models import Attachment, Chunk, Entry
from tropa.envelope import Context, SymmetricKey, padme_length, unwrap, wrap

LARGEST_FILE = 25 * 1024 * 1024
CHUNK_BYTES = 256 * 1024
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """A file as it was sent. Raises FileTooLarge past 25 MB."""

    name: str
    type: str
    content: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.content) > LARGEST_FILE:
            raise FileTooLarge


@dataclass(frozen=True, slots=True)
class SealedFile:
    """A file ready to be stored with its entry, and the note of it for the entry's body."""

    note: FileNote
    chunks: tuple[bytes, ...]


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
    Chunk.objects.bulk_create(
        (
            Chunk(attachment_id=file.note.id, index=index, sealed=sealed)
            for file in files
            for index, sealed in enumerate(file.chunks)
        ),
        batch_size=16,
    )


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
    key = SymmetricKey.generate(secrets.token_bytes)
    identifier = new_id()
    count = _count(len(file.content))
    parts = (
        file.content[start : start + CHUNK_BYTES] for start in range(0, count * CHUNK_BYTES, CHUNK_BYTES)
    )
    note = FileNote(
        id=identifier,
        name=file.name[:LONGEST_NAME],
        size=len(file.content),
        type=file.type[:LONGEST_NAME],
        key=key.raw.hex(),
    )
    return SealedFile(
        note=note,
        chunks=tuple(
            wrap(key, _context(identifier, index, count), part, random=secrets.token_bytes)
            for index, part in enumerate(parts)
        ),
    )


def _count(size: int) -> int:
    return max(1, -(-size // CHUNK_BYTES))


def _context(identifier: str, index: int, count: int) -> Context:
    return Context("file chunk", 1, "talk_chunk", "sealed", f"{identifier}.{index}.{count}")
