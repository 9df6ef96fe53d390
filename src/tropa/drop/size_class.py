"""Pages of one size: whoever watches the line cannot tell a right code from a wrong one by the bytes.

The filler is random, so a proxy that compresses in spite of `no-transform` learns nothing from the result
either.
"""

from __future__ import annotations

import os
from base64 import b64encode

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CTR

SIZE_CLASS = 32 * 1024
"""Bytes of a page, or of each page when there is more to show."""

OPENS, CLOSES = b"<!--", b"-->\n"


def filler(length: int) -> bytes:
    """So many bytes that nobody can tell from random ones: the key stream of a cipher under a key drawn for them alone,
    at a fraction of what the system takes for as many of its own.
    """
    drawn = os.urandom(48)
    return Cipher(AES256(drawn[:32]), CTR(drawn[32:])).encryptor().update(bytes(length))


def padded(page: bytes, *, at_least: int = 0) -> bytes:
    """`page` followed by a comment up to the next multiple of `SIZE_CLASS` that is not below `at_least`."""
    short = max(len(page) + len(OPENS) + len(CLOSES), at_least)
    room = short + -short % SIZE_CLASS - len(page) - len(OPENS) - len(CLOSES)
    letters = b64encode(filler(room * 3 // 4 + 3))[:room]
    return b"".join((page, OPENS, letters, CLOSES))
