"""The bytes a text or a key may lie on a disk as: encodings, escapes, cases, base64 at each of its three offsets."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, quote_plus

SHORTEST = 8
"""Bytes below which a shape could lie there by chance."""


@dataclass(frozen=True, slots=True)
class Sought:
    """One shape of something that must lie nowhere."""

    what: str
    shape: str
    pattern: bytes = field(repr=False)


def sought(words: Mapping[str, str], keys: Mapping[str, bytes] | None = None) -> list[Sought]:
    """Every shape of these texts and keys, by their names."""
    found = [Sought(what, *one) for what, word in words.items() for one in shapes_of_word(word).items()]
    found += [
        Sought(what, *one) for what, key in (keys or {}).items() for one in shapes_of_bytes(key).items()
    ]
    return found


def shapes_of_word(word: str) -> dict[str, bytes]:
    """A text as UTF-8 and UTF-16, in an old encoding, escaped, in other cases, and its bytes in other alphabets."""
    shapes = {
        "utf-16 little-endian": word.encode("utf-16-le"),
        "utf-16 big-endian": word.encode("utf-16-be"),
        "json": json.dumps(word)[1:-1].encode(),
        "address": quote(word).encode(),
        "form": quote_plus(word).encode(),
        "windows-1251": word.encode("cp1251", "replace"),
        "lower case": word.lower().encode(),
        "upper case": word.upper().encode(),
    }
    return {name: shape for name, shape in shapes.items() if len(shape) >= SHORTEST} | shapes_of_bytes(
        word.encode()
    )


def shapes_of_bytes(value: bytes) -> dict[str, bytes]:
    """Bytes as they are, as hex, and as base64 at each of the three offsets a longer text may put them at."""
    shapes = {"as it is": value, "hex": value.hex().encode(), "upper hex": value.hex().upper().encode()}
    for offset in range(3):
        inner = _base64_within(value, offset)
        shapes[f"base64 at {offset}"] = inner
        shapes[f"base64 for addresses at {offset}"] = inner.replace(b"+", b"-").replace(b"/", b"_")
    return {name: shape for name, shape in shapes.items() if len(shape) >= SHORTEST}


def _base64_within(value: bytes, offset: int) -> bytes:
    encoded = base64.b64encode(b"\0" * offset + value)
    # letters that also depend on what stands before or after are left away
    return encoded[-(-offset * 4 // 3) : len(encoded) - (4 if (offset + len(value)) % 3 else 0)]


def fragments(text: str, *, words: int = 3, shortest: int = 12) -> Iterator[str]:
    """The text, and each run of a few words of it that is long enough to be no chance."""
    parts = text.split()
    runs = [" ".join(parts[start : start + words]) for start in range(max(1, len(parts) - words + 1))]
    for fragment in {text, *runs}:
        if len(fragment) >= shortest:
            yield fragment
