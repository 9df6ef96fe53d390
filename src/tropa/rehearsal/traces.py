"""Searches every byte of directory and database for what was written, in each form it could lie there in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tropa.seizure.places import everything_written
from tropa.seizure.search import search as search_places
from tropa.seizure.shapes import fragments, sought
from tropa.seizure.store import Store


@dataclass(frozen=True, slots=True)
class Search:
    """How much was looked through (files, and columns of tables), and where something was found."""

    places: int
    size: int
    found: tuple[str, ...]


def search(store: Store, texts: Iterable[str]) -> Search:
    """Look for the texts, and for each few words of them, in every file and every row of an installation."""
    parts = {part: part for text in texts for part in fragments(text)}
    looked = search_places(everything_written(store), sought(parts))
    return Search(looked.places, looked.size, tuple(sorted({hit.place for hit in looked.hits})))
