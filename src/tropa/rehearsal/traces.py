"""Searches every byte of directory and database for what was written, in each form it could lie there in."""

from __future__ import annotations

import base64
import json
import urllib.parse
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tropa.seizure.places import everything_written
from tropa.seizure.store import Store

SHORTEST = 12
"""Letters below which a fragment could lie there by chance."""

WORDS = 3


@dataclass(frozen=True, slots=True)
class Search:
    """How much was looked through (files, and columns of tables), and where something was found."""

    places: int
    size: int
    found: tuple[str, ...]


def search(store: Store, texts: Iterable[str]) -> Search:
    """Look for the texts, and for each few words of them, in every file and every row of an installation."""
    sought = sorted({form for text in texts for part in fragments(text) for form in forms(part)})
    places, size, found = set(), 0, set()
    for place, content in everything_written(store):
        places.add(place)
        size += len(content)
        if any(form in content for form in sought):
            found.add(place)
    return Search(len(places), size, tuple(sorted(found)))


def fragments(text: str) -> Iterator[str]:
    """The text, and each run of a few words of it that is long enough to be no chance."""
    words = text.split()
    runs = [" ".join(words[start : start + WORDS]) for start in range(max(1, len(words) - WORDS + 1))]
    for fragment in {text, *runs}:
        if len(fragment) >= SHORTEST:
            yield fragment


def forms(fragment: str) -> Iterator[bytes]:
    """The bytes a fragment could lie there as."""
    plain = fragment.encode()
    yield plain
    yield fragment.encode("utf-16-le")
    yield json.dumps(fragment).strip('"').encode()
    yield urllib.parse.quote_plus(fragment).encode()
    yield plain.hex().encode()
    if fragment.encode("cp1251", "ignore") != plain:
        yield fragment.encode("cp1251", "replace")
    # base64 looks different for each place in a group of three; the ends depend on what stands around
    for place in range(3):
        yield base64.b64encode(b"\0" * place + plain)[4 if place else 0 : -4]
