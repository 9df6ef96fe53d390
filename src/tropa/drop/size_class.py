"""Pages of one size: whoever watches the line cannot tell a right code from a wrong one by the bytes.

The filler is random, so a proxy that compresses in spite of `no-transform` learns nothing from the result
either.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable

SIZE_CLASS = 32 * 1024
"""Bytes of a page, or of each page when there is more to show."""

OPENS, CLOSES = b"<!--", b"-->\n"


def padded(page: bytes, random: Callable[[int], bytes], *, at_least: int = 0) -> bytes:
    """`page` followed by a comment up to the next multiple of `SIZE_CLASS` that is not below `at_least`."""
    short = max(len(page) + len(OPENS) + len(CLOSES), at_least)
    room = short + -short % SIZE_CLASS - len(page) - len(OPENS) - len(CLOSES)
    filler = b64encode(random(room * 3 // 4 + 3))[:room]
    return b"".join((page, OPENS, filler, CLOSES))
