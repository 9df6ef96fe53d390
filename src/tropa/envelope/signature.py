"""Signatures: who said it, and of which stored value.

Ed25519 (RFC 8032) over a fixed label, the context and the message, each with its length: a signature made for
one place is none for another. Format 1: byte 0x01, then the 64 bytes.
"""

from cryptography.exceptions import InvalidSignature

from tropa.envelope.context import Context
from tropa.envelope.encoding import join
from tropa.envelope.errors import BadKey, BadSignature
from tropa.envelope.keys import SigningKey, SigningPublicKey

FORMAT = b"\x01"
_LABEL = b"tropa signature 1"


def _signed_bytes(context: Context, message: bytes) -> bytes:
    return join((_LABEL, context.info(), message))


def sign(key: SigningKey, context: Context, message: bytes) -> bytes:
    """A signature, 65 bytes, of `message` as the value of `context`; the same again for the same input."""
    return FORMAT + key.private.sign(_signed_bytes(context, message))


def verify(public: SigningPublicKey, context: Context, message: bytes, signature: bytes) -> None:
    """Return if `signature` is `public`'s over `message` in `context`; raise BadSignature otherwise."""
    if signature[:1] != FORMAT:
        raise BadSignature
    try:
        public.loaded().verify(signature[1:], _signed_bytes(context, message))
    except (InvalidSignature, BadKey):
        raise BadSignature from None
