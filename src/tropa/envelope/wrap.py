"""Wrapping under a symmetric key: what is opened often, re-wrapped after its first opening.

ChaCha20-Poly1305 (RFC 8439) under an HKDF-SHA256 subkey of the context's family (all but the row), with the
whole context as associated data. A subkey is shared by one column, so its cipher is kept beside the key and a
record costs microseconds; a random 96-bit nonce allows 2**32 wraps a column and key.

Format 1: byte 0x01, 12 bytes nonce, ciphertext of the padded body with its tag. Format 1 opens for ever.
"""

from cryptography.exceptions import InvalidTag

from tropa.envelope.context import Context, with_row
from tropa.envelope.errors import CannotOpen
from tropa.envelope.keys import SymmetricKey
from tropa.envelope.padding import pad, unpad
from tropa.envelope.secret import Random, draw

FORMAT = b"\x01"
NONCE_BYTES = 12
_HEAD_BYTES = len(FORMAT) + NONCE_BYTES


def wrap(key: SymmetricKey, context: Context, body: bytes, *, random: Random) -> bytes:
    """`body`, padded and encrypted under `key` for `context`; `random` gives the nonce."""
    nonce = draw(random, NONCE_BYTES)
    return FORMAT + nonce + key.cipher(context.family()).encrypt(nonce, pad(body), FORMAT + context.info())


def unwrap(key: SymmetricKey, context: Context, blob: bytes) -> bytes:
    """The body of `blob`; CannotOpen if it is damaged, under another key, or from another place."""
    if blob[:1] != FORMAT or len(blob) <= _HEAD_BYTES:
        raise CannotOpen
    nonce = blob[len(FORMAT) : _HEAD_BYTES]
    try:
        padded = key.cipher(context.family()).decrypt(nonce, blob[_HEAD_BYTES:], FORMAT + context.info())
    except InvalidTag:
        raise CannotOpen from None
    return unpad(padded)


class ColumnOpener:
    """Opens many blobs of one column under one key, each with its padding: for looking through thousands at once.

    Of `context` only the family counts; every blob names its own row.
    """

    __slots__ = ("_decrypt", "_family", "context")

    def __init__(self, key: SymmetricKey, context: Context) -> None:
        self.context = context
        self._family = FORMAT + context.family()
        self._decrypt = key.cipher(context.family()).decrypt

    def open_padded(self, row: str, blob: bytes) -> bytes:
        """What `unwrap` gives, with the padding behind it; CannotOpen as there."""
        if blob[:1] != FORMAT or len(blob) <= _HEAD_BYTES:
            raise CannotOpen
        try:
            return self._decrypt(blob[1:_HEAD_BYTES], blob[_HEAD_BYTES:], with_row(self._family, row))
        except InvalidTag:
            raise CannotOpen from None
