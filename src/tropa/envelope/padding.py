"""Padding before sealing, so that a stored size says little about a text.

Padme (Nikitin, Barman, Lueks, Underwood, Hubaux, Ford: "Reducing Metadata Leakage from Encrypted Files and
Communication with PURBs", PoPETS 2019(4), section 4) leaks O(log log n) bits of a length and adds at most 12
%. Below a few hundred bytes Padme hides next to nothing, so bodies under `FLOOR` all become `FLOOR`: "yes"
and "no" and a seed are one size. A body is followed by one byte 0x80 and zeros (ISO/IEC 7816-4). Only the one
canonical padding of a body is accepted back.
"""

from tropa.envelope.errors import CannotOpen

FLOOR = 256
"""Bytes; the smallest padded length."""

_END = 0x80


def padme_length(n: int) -> int:
    """The Padme length for `n` bytes: the least L >= n of which few leading bits are not zero."""
    if n < 0:
        raise ValueError("a length is not negative")
    if n < 2:
        return n
    exponent = n.bit_length() - 1
    low_bits = exponent - exponent.bit_length()
    mask = (1 << low_bits) - 1
    return (n + mask) & ~mask


def padded_length(n: int) -> int:
    """The length in which a body of `n` bytes is sealed."""
    return padme_length(max(n + 1, FLOOR))


def pad(body: bytes) -> bytes:
    """`body`, the end mark, and zeros up to `padded_length(len(body))`."""
    return (body + bytes((_END,))).ljust(padded_length(len(body)), b"\0")


def unpad(padded: bytes) -> bytes:
    """The body inside `padded`; CannotOpen unless `padded` is exactly what `pad` makes of it."""
    marked = padded.rstrip(b"\0")
    if not marked or marked[-1] != _END or padded_length(len(marked) - 1) != len(padded):
        raise CannotOpen
    return marked[:-1]
