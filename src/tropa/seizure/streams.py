"""Takes apart what is wrapped: gzip and zlib streams anywhere in some bytes, runs of base64 and hex, and whatever lies
in these again.

Bounded: so many layers, and so many bytes of one stream, that nothing made to swell can fill the memory.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Iterator

MOST_LAYERS = 4
MOST_BYTES = 16 * 1024**2
LEAST_BYTES = 8
"""A stream that gives less was none."""

_STREAM = re.compile(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]")
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{24,}")
_HEX = re.compile(rb"(?:[0-9a-f]{2}){24,}|(?:[0-9A-F]{2}){24,}")

Layer = tuple[str, bytes]
"""How it was wrapped (` > gzip > base64`; empty for the bytes themselves), and the bytes."""


def unfolded(content: bytes, *, layers: int = MOST_LAYERS) -> Iterator[Layer]:
    """The bytes themselves, and everything that is wrapped in them."""
    yield "", content
    if not layers:
        return
    for kind, inner in (*_streams(content), *_alphabets(content)):
        for deeper, piece in unfolded(inner, layers=layers - 1):
            yield f" > {kind}{deeper}", piece


def _streams(content: bytes) -> Iterator[Layer]:
    whole = memoryview(content)  # a slice of bytes would copy the rest for each of many false beginnings
    for found in _STREAM.finditer(content):
        gzip = content[found.start()] == 0x1F
        inner = _inflated(whole[found.start() :], 31 if gzip else 15)
        if len(inner) >= LEAST_BYTES:
            yield "gzip" if gzip else "zlib", inner


def _inflated(stream: memoryview, window: int) -> bytes:
    """What comes out before it ends or breaks; a stream that was cut still tells its beginning."""
    machine = zlib.decompressobj(window)
    written = b""
    try:
        for start in range(0, len(stream), 4096):
            written += machine.decompress(stream[start : start + 4096], MOST_BYTES)
            if machine.eof or len(written) >= MOST_BYTES:
                break
    except zlib.error:
        pass
    return written


def _alphabets(content: bytes) -> Iterator[Layer]:
    for run in _HEX.findall(content):
        yield "hex", bytes.fromhex(run.decode())
    for run in _BASE64.findall(content):
        for start in range(4):  # where a group begins is not told
            whole = run[start:].replace(b"-", b"+").replace(b"_", b"/")
            whole = whole[: len(whole) // 4 * 4]
            try:
                inner = base64.b64decode(whole, validate=True)
            except (binascii.Error, ValueError):
                continue
            # plain text in base64 is sought by its shapes; only what was wrapped before is opened here
            if _STREAM.search(inner) or _BASE64.fullmatch(inner) or _HEX.fullmatch(inner):
                yield "base64", inner
