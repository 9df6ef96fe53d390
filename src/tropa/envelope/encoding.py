"""How parts become bytes: every part with its length, so that no two lists of parts share an encoding.

A part is its length as four bytes, big-endian, then its bytes. `split` accepts exactly what `join` wrote: a
short, long or surplus part is refused, so an encoding has one reading and a reading has one encoding.
"""

from collections.abc import Iterable

LENGTH_BYTES = 4


def join(parts: Iterable[bytes]) -> bytes:
    """Encode `parts` one after another, each with its length."""
    return b"".join(len(part).to_bytes(LENGTH_BYTES, "big") + part for part in parts)


def split(encoded: bytes, count: int) -> tuple[bytes, ...]:
    """Decode exactly `count` parts; raise ValueError if `encoded` is not what `join` makes of that many."""
    parts = []
    position = 0
    for _ in range(count):
        start = position + LENGTH_BYTES
        end = start + int.from_bytes(encoded[position:start], "big")
        if end > len(encoded) or start > len(encoded):
            raise ValueError("an encoded part is cut short")
        parts.append(encoded[start:end])
        position = end
    if position != len(encoded):
        raise ValueError("bytes follow the last encoded part")
    return tuple(parts)
