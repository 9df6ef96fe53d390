"""How a stored format is tried: written, read, and refused by name when it is malformed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

BLOBS = 10_000
AT = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Format:
    """How a format is written and read, what the golden file says, and by what it refuses anything else. `module`: the
    one that names it. `fuzzed`: how many malformed blobs it meets in the suite; in `make soak` each meets BLOBS.
    """

    module: str
    write: Callable[[], bytes]
    read: Callable[[bytes], Any]
    says: Any
    errors: tuple[type[Exception], ...]
    fuzzed: int = field(default=BLOBS)


def malformed(genuine: bytes, name: str, count: int) -> Iterator[bytes]:
    """Cut, stretched, bit-flipped, overwritten and random blobs; the same in every run."""
    for number in range(count):
        noise = hashlib.shake_256(f"{name} {number}".encode()).digest(64)
        at = int.from_bytes(noise[:4], "big") % len(genuine)
        match number % 5:
            case 0:
                yield genuine[:at]
            case 1:
                yield genuine + noise[: 1 + at % 63]
            case 2:
                yield genuine[:at] + bytes([genuine[at] ^ 1 << noise[5] % 8]) + genuine[at + 1 :]
            case 3:
                yield (genuine[:at] + noise)[: len(genuine)] + genuine[at + 64 :]
            case _:
                yield genuine[:1] + (noise * (1 + at // 64))[:at]
