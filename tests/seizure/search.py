"""Searches every byte written anywhere for words and keys, as they are and in the shapes
software gives them.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from django.apps import apps
from django.db import connection

from tropa.desk.conf import conf

SHORTEST = 6  # shorter pieces of a shape occur by chance


def shapes_of_word(word: str) -> dict[str, bytes]:
    """A text in UTF-8 and UTF-16, escaped as in JSON and addresses, and all that its UTF-8
    bytes may become.
    """
    shapes = {
        "utf-16 little-endian": word.encode("utf-16-le"),
        "utf-16 big-endian": word.encode("utf-16-be"),
        "json": json.dumps(word)[1:-1].encode(),
        "address": quote(word).encode(),
        "lower case": word.lower().encode(),
        "upper case": word.upper().encode(),
    }
    return shapes | shapes_of_bytes(word.encode())


def shapes_of_bytes(value: bytes) -> dict[str, bytes]:
    """Bytes as they are, as hex, and as base64 at each of the three offsets a longer text may put them at."""
    shapes = {"as it is": value, "hex": value.hex().encode(), "upper hex": value.hex().upper().encode()}
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + value)
        # letters that also depend on what stands before or after are left away
        inner = encoded[-(-offset * 4 // 3) : len(encoded) - (4 if (offset + len(value)) % 3 else 0)]
        shapes[f"base64 at {offset}"] = inner
        shapes[f"base64 for addresses at {offset}"] = inner.replace(b"+", b"-").replace(b"/", b"_")
    return {name: shape for name, shape in shapes.items() if len(shape) >= SHORTEST}


def everything_written() -> Iterator[tuple[str, bytes]]:
    """Every file under the data directory and, on PostgreSQL, the server's; and every value of every row."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("CHECKPOINT")
            cursor.execute("SHOW data_directory")
            yield from _files(Path(cursor.fetchone()[0]))
    yield from _files(conf.data)
    yield from _rows()


def found(
    words: dict[str, str], keys: dict[str, bytes], also: dict[str, bytes] | None = None
) -> set[tuple[str, str, str]]:
    """(what, shape, where) of everything that was found. `also`: more to look through, such as
    what was printed.
    """
    shapes = [
        (f"word: {name}", shape, pattern)
        for name, word in words.items()
        for shape, pattern in shapes_of_word(word).items()
    ]
    shapes += [
        (f"key: {name}", shape, pattern)
        for name, key in keys.items()
        for shape, pattern in shapes_of_bytes(key).items()
    ]
    hits: set[tuple[str, str, str]] = set()
    for where, content in (*everything_written(), *(also or {}).items()):
        hits |= {(what, shape, where) for what, shape, pattern in shapes if pattern in content}
    return hits


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield str(path.relative_to(folder)), path.read_bytes() + path.name.encode()


def _rows() -> Iterator[tuple[str, bytes]]:
    for model in apps.get_models(include_auto_created=True):
        for row in model._default_manager.values():
            for column, value in row.items():
                content = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                yield f"{model._meta.db_table}.{column}", content
