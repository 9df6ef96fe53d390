"""Files that come with a message: sealed in chunks under a key of their own, which stands in the entry's
sealed body.

A chunk is bound to its file, its place and the number of chunks, so a file cannot be shortened or put
together anew. Nothing here looks into a file; a cleaned copy is made before anybody opens the original. A file
is never held whole: it is sealed chunk by chunk while it is stored.

Chunks are stored in transactions of at most `AT_ONCE` chunks, under attachments that belong to no entry yet, and become
an entry's all at once when it is stored. What a crash left half-way belongs to nobody, cannot be opened by anybody (its
key stood in an entry that was never stored) and is swept out a day later.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from itertools import islice
from typing import Protocol

from django.db import DatabaseError
from django.db.models import QuerySet

from tropa.desk.identifiers import new_id
from tropa.desk.talk.body import FileNote
from tropa.desk.talk.errors import BadBody, FilesGone, FileTooLarge
from tropa.desk.talk.models import Attachment, Chunk, Entry
from tropa.desk.talk.turns import store
from tropa.envelope import Context, SymmetricKey, padme_length, unwrap, wrap

LARGEST_FILE = 25 * 1024 * 1024
CHUNK_BYTES = 256 * 1024
LONGEST_NAME = 200
AT_ONCE = 2
"""Chunks of a file held in memory together, and stored or destroyed in one transaction."""
UNFINISHED_FOR = timedelta(days=1)
"""Longer than the longest upload takes to be stored."""


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


@contextmanager
def laid_down(files: Sequence[SealedFile], day: date) -> Iterator[None]:
    """Within it the chunks are on the disk, for `attach`. What was not attached is gone afterwards."""
    if not files:
        yield
        return
    try:
        _lay_down(files, day)
        yield
    finally:
        with suppress(DatabaseError):  # housekeeping comes by
            _destroy(
                _of_nobody().filter(pk__in=[file.note.id for file in files]).values_list("pk", flat=True)
            )


def attach(entry: Entry, files: Sequence[SealedFile]) -> None:
    """Make what was laid down this entry's, in the transaction that stores it. Raises FilesGone if a piece of it is not
    there any more.
    """
    if not files:
        return
    ids = [file.note.id for file in files]
    attached = _of_nobody().filter(pk__in=ids).update(entry=entry, unfinished_day=None)
    chunks = Chunk.objects.filter(attachment_id__in=ids).count()
    if attached != len(ids) or chunks != sum(_count(file.note.size) for file in files):
        raise FilesGone


def sweep_unfinished(*, today: date) -> int:
    """Destroy what no message was stored for. Returns how many files went."""
    due = _of_nobody().filter(unfinished_day__lt=today - UNFINISHED_FOR)
    return _destroy(due.values_list("pk", flat=True))


def _of_nobody() -> QuerySet[Attachment]:
    return Attachment.objects.filter(entry=None)


def _lay_down(files: Sequence[SealedFile], day: date) -> None:
    for file in files:
        size_class = padme_length(file.note.size)
        store(partial(Attachment.objects.create, id=file.note.id, unfinished_day=day, size_class=size_class))
        chunks = enumerate(file.chunks())
        while some := list(islice(chunks, AT_ONCE)):
            store(
                partial(_store_chunks, file.note.id, some), size=sum(len(sealed) for _index, sealed in some)
            )


def _store_chunks(identifier: str, some: Sequence[tuple[int, bytes]]) -> None:
    Chunk.objects.bulk_create(
        Chunk(attachment_id=identifier, index=index, sealed=sealed) for index, sealed in some
    )


def _destroy(identifiers: Iterable[str]) -> int:
    """Take away files that are nobody's, a few chunks at a time: they are overwritten, and others want to write."""
    gone = 0
    for identifier in list(identifiers):
        chunks = Chunk.objects.filter(attachment_id=identifier, attachment__entry=None)
        while some := list(chunks.values_list("pk", flat=True)[:AT_ONCE]):
            store(chunks.filter(pk__in=some).delete, size=AT_ONCE * CHUNK_BYTES)
        gone += store(_of_nobody().filter(pk=identifier).delete)[0]
    return gone


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
        sha256=_sha256(file),
    )
    return SealedFile(note, file)


def _sha256(file: IncomingFile) -> str:
    """Of the original, hex."""
    digest = hashlib.sha256()
    for piece in file.pieces():
        digest.update(piece)
    return digest.hexdigest()


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
