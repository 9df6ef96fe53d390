"""One sealed file of any length: an archive key sealed to its recipients, then the content in chunks.

The key is sealed to a public key (hybrid, post-quantum), locked under a passphrase, or both; either opens it. The
content is cut into chunks of 1 MiB, each under ChaCha20-Poly1305 with a nonce that counts and tells the last one. That
is STREAM (Hoang, Reyhanitabar, Rogaway, Vizar: "Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance",
CRYPTO 2015): a chunk changed, left out, swapped, repeated, or an end cut off does not open. The chunks' key follows
from the archive key and the whole head, so that a head of another archive does not fit.

Format 1: `tropa archive 1` and a line feed, four bytes length, the head (16 bytes id, seal or nothing, lock or nothing,
each with its length), then the chunks. Nothing is padded: the length of the content shows. Format 1 opens for ever.
"""

import hashlib
from dataclasses import dataclass, field
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tropa.envelope.context import Context
from tropa.envelope.encoding import LENGTH_BYTES, join, split
from tropa.envelope.errors import CannotOpen
from tropa.envelope.keys import SealingKey, SealingPublicKey
from tropa.envelope.passphrase import PassphraseProfile, lock_seed, unlock_seed
from tropa.envelope.seal import open_sealed, seal
from tropa.envelope.secret import Random, draw
from tropa.envelope.seed import Seed

MAGIC = b"tropa archive 1\n"
CHUNK = 1 << 20
"""Bytes of content in every chunk but the last."""
TAG = 16
ID_BYTES = 16
LONGEST_HEAD = 8192
_SALT = b"tropa archive 1"


class Source(Protocol):
    """Where bytes are read from."""

    def read(self, count: int, /) -> bytes: ...


class Sink(Protocol):
    """Where bytes are written to."""

    def write(self, content: bytes, /) -> object: ...


@dataclass(frozen=True, slots=True)
class Recipients:
    """Who opens an archive: the holder of a key, whoever knows a passphrase, or either."""

    public: SealingPublicKey | None = None
    passphrase: str | None = field(default=None, repr=False)
    profile: PassphraseProfile = PassphraseProfile.PRODUCTION

    def __post_init__(self) -> None:
        if self.public is None and not self.passphrase:
            raise ValueError("an archive that nobody opens is not made")


@dataclass(frozen=True, slots=True)
class ArchiveHead:
    """What stands before the chunks, as bytes and in its parts; an absent seal or lock is empty."""

    raw: bytes
    identifier: bytes
    sealed: bytes
    locked: bytes


class ArchiveWriter:
    """Takes content and writes chunks; nothing counts until `finish`."""

    def __init__(self, sink: Sink, recipients: Recipients, *, random: Random) -> None:
        identifier, key = draw(random, ID_BYTES), Seed.generate(random)
        sealed = seal(recipients.public, _place(identifier), key.raw) if recipients.public else b""
        locked = (
            lock_seed(key, recipients.passphrase, recipients.profile, random, _place(identifier))
            if recipients.passphrase
            else b""
        )
        head = _framed(join((identifier, sealed, locked)))
        self._sink, self._cipher = sink, _cipher(key, head)
        self._waiting = bytearray()
        self._count = 0
        sink.write(head)

    def write(self, content: bytes) -> int:
        """Take some content; how much, which is all of it."""
        self._waiting += content
        while len(self._waiting) > CHUNK:  # one that is full waits: it may be the last
            self._put(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]
        return len(content)

    def finish(self) -> None:
        """Write the last chunk, which says that it is the last."""
        self._put(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _put(self, chunk: bytes, *, last: bool) -> None:
        self._sink.write(self._cipher.encrypt(_nonce(self._count, last=last), chunk, None))
        self._count += 1


class ArchiveReader:
    """Gives the content of an archive again, chunk by verified chunk. Content is whole only once `finish` returned."""

    def __init__(self, source: Source, head: ArchiveHead, key: Seed) -> None:
        self._source, self._cipher = source, _cipher(key, head.raw)
        self._next = source.read(CHUNK + TAG)
        self._ready = b""
        self._count = 0
        self._ended = False

    def read(self, count: int) -> bytes:
        """At most `count` bytes, fewer only at the end. Raises CannotOpen."""
        parts: list[bytes] = []
        while count > 0 and (self._ready or not self._ended):
            if not self._ready:
                self._open_one()
            parts.append(self._ready[:count])
            self._ready = self._ready[count:]
            count -= len(parts[-1])
        return b"".join(parts)

    def finish(self) -> None:
        """Return once everything was verified to the end. Raises CannotOpen."""
        while not self._ended:
            self._open_one()

    def _open_one(self) -> None:
        chunk, self._next = self._next, self._source.read(CHUNK + TAG)
        self._ended = not self._next
        try:
            self._ready = self._cipher.decrypt(_nonce(self._count, last=self._ended), chunk, None)
        except InvalidTag:
            raise CannotOpen from None
        self._count += 1


def read_head(source: Source) -> ArchiveHead:
    """The head of an archive. Raises CannotOpen for anything else."""
    start = source.read(len(MAGIC) + LENGTH_BYTES)
    length = int.from_bytes(start[len(MAGIC) :], "big")
    if start[: len(MAGIC)] != MAGIC or not 0 < length <= LONGEST_HEAD:
        raise CannotOpen
    body = source.read(length)
    try:
        identifier, sealed, locked = split(body, 3)
    except ValueError:
        raise CannotOpen from None
    if len(identifier) != ID_BYTES:
        raise CannotOpen
    return ArchiveHead(start + body, identifier, sealed, locked)


def key_by_holder(head: ArchiveHead, key: SealingKey) -> Seed:
    """The archive key, for the holder of the key it is sealed to. Raises CannotOpen."""
    try:
        return Seed(open_sealed(key, _place(head.identifier), head.sealed))
    except ValueError:
        raise CannotOpen from None


def key_by_passphrase(
    head: ArchiveHead, passphrase: str, *, weakest: PassphraseProfile = PassphraseProfile.PRODUCTION
) -> Seed:
    """The archive key, for whoever knows the passphrase. Raises WrongPassphrase, WeakLock; CannotOpen when the archive
    is locked under none.
    """
    if not head.locked:
        raise CannotOpen
    return unlock_seed(head.locked, passphrase, _place(head.identifier), weakest=weakest)


def _place(identifier: bytes) -> Context:
    return Context("archive key", 1, "archive", "key", identifier.hex())


def _framed(body: bytes) -> bytes:
    return MAGIC + len(body).to_bytes(LENGTH_BYTES, "big") + body


def _cipher(key: Seed, head: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(HKDF(SHA256(), 32, _SALT, hashlib.sha256(head).digest()).derive(key.raw))


def _nonce(count: int, *, last: bool) -> bytes:
    return count.to_bytes(11, "big") + bytes([last])
