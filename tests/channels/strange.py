"""Malformed envelopes for any messenger: a valid one with some of its values exchanged, left out, or moved."""

from __future__ import annotations

import io
import random
import zipfile
from functools import cache
from typing import Any

STRANGE: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    2**63,
    2**200,
    1.5,
    float("1e308"),
    "",
    "x" * 100_000,
    "\u202eтекст наоборот\u202c",
    "\u200b\u200d\ufeff",
    "\ud800",
    "\x00\x01\x1f",
    "../../../etc/passwd",
    "<script>alert(1)</script>",
    "{{ 7*7 }} %s %(x)s {0}",
    [],
    {},
    [[[[[]]]]],
    {"id": "7"},
    [{"id": number} for number in range(10_000)],
)


MOVED_TO = ("photo", "document", "voice", "attachments", "dataMessage", "edited_message", "quote")


def strange_copy(
    chance: random.Random, valid: dict[str, Any], moved_to: tuple[str, ...] = MOVED_TO
) -> dict[str, Any]:
    """A valid envelope with one to three of its values changed."""
    update = _copy(valid)
    for _change in range(chance.randint(1, 3)):
        place: Any = update
        keys: list[Any] = []
        while isinstance(place, dict) and place and (not keys or chance.random() < 0.7):
            keys.append(chance.choice(sorted(place, key=str)))
            parent, place = place, place[keys[-1]]
        if not keys:
            continue
        match chance.randrange(3):
            case 0:
                parent[keys[-1]] = _copy(chance.choice(STRANGE))
            case 1:
                del parent[keys[-1]]
            case _:
                parent[chance.choice(moved_to)] = place
    return update


@cache
def unpacks_without_end() -> bytes:
    """A zip bomb: 50 kB that unpack to fifty million."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", bytes(50_000_000))
    return packed.getvalue()


def members(count: int = 10_000) -> list[dict[str, Any]]:
    """So many people of a group, however a messenger names them."""
    return [{"id": number, "number": f"+{number}", "user_id": f"@{number}:x"} for number in range(count)]


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copy(each) for key, each in value.items()}
    return [_copy(each) for each in value] if isinstance(value, list) else value
