"""The secret of the first form: everything about a new conversation follows from it, and nothing of it is
stored.

A form posted twice carries the same token, so it gives the same nine words and the same entry. Another text
from the same form comes under the same words. Whoever has the page has the token, and the page is never
cached.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Iterable

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tropa.envelope.codename import ENTROPY_BYTES
from tropa.envelope.secret import Random, Secret

SALT = b"tropa drop form 1"
TAG_BYTES = 16
NONCE_BYTES = 16


class FormToken(Secret):
    """32 random bytes in a hidden field of the first form."""

    __slots__ = ()
    length = 32

    @classmethod
    def generate(cls, random: Random) -> FormToken:
        """A new one."""
        return cls(random(cls.length))

    @classmethod
    def parse(cls, text: str) -> FormToken | None:
        """The token `text` carries, or None if it carries none."""
        raw = from_text(text, cls.length)
        return None if raw is None else cls(raw)

    @property
    def text(self) -> str:
        """As it stands in the form: 43 letters."""
        return to_text(self.raw)

    def entropy(self) -> bytes:
        """The codename's entropy."""
        return HKDF(SHA256(), ENTROPY_BYTES, SALT, b"codename").derive(self.raw)


def dedupe_tag(*, entropy: bytes, nonce: bytes, parts: Iterable[bytes]) -> str:
    """What two posts of one form share: 32 hexadecimal digits, which say nothing to whoever lacks the
    codename.

    `nonce` belongs to the form as it was shown, `parts` are what was sent in it.
    """
    key = HKDF(SHA256(), 32, SALT, b"posted twice").derive(entropy)
    tag = HMAC(key, SHA256())
    for part in (nonce, *parts):
        tag.update(len(part).to_bytes(8, "big") + part)
    return tag.finalize()[:TAG_BYTES].hex()


def to_text(raw: bytes) -> str:
    """URL-safe base64 without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def from_text(text: str, length: int) -> bytes | None:
    """The `length` bytes that `to_text` made `text` of, else None."""
    if not text.isascii() or len(text) != -(-length * 4 // 3):
        return None
    try:
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except NotBase64:
        return None
    return raw if len(raw) == length else None
