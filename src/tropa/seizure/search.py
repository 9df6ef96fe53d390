"""Searches places for what must lie nowhere, through every wrapping."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tropa.seizure.places import Place
from tropa.seizure.shapes import Sought
from tropa.seizure.streams import unfolded


@dataclass(frozen=True, slots=True, order=True)
class Hit:
    """Something lies readable: what, in which shape, where (with its wrappings)."""

    what: str
    shape: str
    where: str

    @property
    def place(self) -> str:
        """Where, without its wrappings."""
        return self.where.partition(" > ")[0]


@dataclass(frozen=True, slots=True)
class Searched:
    """What was found, and how much was looked through."""

    hits: tuple[Hit, ...]
    places: int
    size: int


def search(places: Iterable[Place], patterns: Sequence[Sought]) -> Searched:
    """Look everywhere."""
    hits: set[Hit] = set()
    named: set[str] = set()
    size = 0
    for where, content in places:
        named.add(where)
        size += len(content)
        for wrapped, piece in unfolded(content):
            hits |= {Hit(one.what, one.shape, where + wrapped) for one in patterns if one.pattern in piece}
    return Searched(tuple(sorted(hits)), len(named), size)
