"""Sealing to a public key: anyone may, only the holder opens, and only in the place it was sealed for.

HPKE base mode (RFC 9180), X-Wing + HKDF-SHA256 + ChaCha20-Poly1305, from `cryptography`; the context is
HPKE's `info`. A seal says nothing about who made it: what must be known to come from somebody is signed as
well.

Format 1: byte 0x01, then 1120 bytes encapsulation and the ciphertext of the padded body. Format numbers are
only added to; format 1 opens for ever.
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from tropa.envelope.context import Context
from tropa.envelope.encoding import join
from tropa.envelope.errors import BadKey, CannotOpen
from tropa.envelope.keys import SealingKey, SealingPublicKey
from tropa.envelope.padding import pad, unpad

FORMAT = b"\x01"
_LABEL = join((b"tropa seal 1",))
_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


def seal(public: SealingPublicKey, context: Context, body: bytes) -> bytes:
    """`body`, padded and sealed to `public` for `context`. BadKey if `public` is no key.

    Draws on the system's generator inside the library: two seals of one body differ.
    """
    try:
        return FORMAT + _SUITE.encrypt(pad(body), public.loaded(), info=_LABEL + context.info())
    except ValueError:  # an X25519 point of small order, planted to fix the shared secret
        raise BadKey("not an X-Wing public key") from None


def open_sealed(key: SealingKey, context: Context, blob: bytes) -> bytes:
    """The body of `blob`; CannotOpen if it is damaged, for another key, or from another place."""
    if blob[:1] != FORMAT:
        raise CannotOpen
    try:
        padded = _SUITE.decrypt(blob[1:], key.private, info=_LABEL + context.info())
    except (InvalidTag, ValueError):
        raise CannotOpen from None
    return unpad(padded)
