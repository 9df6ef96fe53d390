"""The name of a content: equal facts have equal digests, whatever files they came from.

Kept true: a key the format gained later counts only where it is given, so old packs keep their names for ever.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any, Final

from tropa.atlas.basics import PartialDate, Source
from tropa.atlas.kinds import Value
from tropa.atlas.model import Fact
from tropa.atlas.terms import Answer

LATER: Final = frozenset(
    "recorded classes subjects months carrier lists extendable quota procedure proof exclusion synthetic "
    "departures".split()
)
"""Keys the format gained after the first packs; left out, they leave no trace in the name."""


def digest(meta: Any, facts: Iterable[Fact[Value]]) -> str:
    """SHA-256 over the pack's description and its facts in the order of ids, 64 hex digits."""
    parts = [_CANONICAL(plain(meta)), *(_text(fact) for fact in sorted(facts, key=lambda fact: fact.id))]
    return hashlib.sha256(f"tropa atlas 1\n[{','.join(parts)}]".encode()).hexdigest()


_CANONICAL: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode

_MOST: Final = 50_000
_texts: Final[dict[int, tuple[Fact[Any], str]]] = {}
"""What each fact says, by its identity: a change of one fact leaves all others the very objects they were. Held with
the fact, so that no other can take its place; at most so many.
"""


def _text(fact: Fact[Any]) -> str:
    known = _texts.get(id(fact))
    if known is not None:
        return known[1]
    found = _CANONICAL(plain(fact))
    if len(_texts) >= _MOST:
        _texts.clear()
    _texts[id(fact)] = (fact, found)
    return found


def plain(value: Any) -> Any:
    if value is None or type(value) in (str, int, float, bool):
        return value
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, tuple):
        return [plain(member) for member in value]
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, PartialDate):
        return value.text
    if isinstance(value, Source):
        return _plain_source(value)
    return {
        name: plain(getattr(value, name))
        for name in _names(value.__class__)
        if name not in LATER
        or ((member := getattr(value, name)) not in (None, (), Answer.UNKNOWN) and member is not False)
    }


@lru_cache(maxsize=4096)
def _plain_source(source: Source) -> Mapping[str, Any]:
    """Many facts cite the same few sources."""
    return {name: plain(getattr(source, name)) for name in _names(Source)}


@cache
def _names(shape: Any) -> tuple[str, ...]:
    return tuple(one.name for one in dataclasses.fields(shape))
