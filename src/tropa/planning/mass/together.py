"""Searches for many people of few kinds, which share what a search has to know beforehand.

Graphs and lower bounds are made once for everybody of a *kind*: alike in class, papers in hand, whether they start at
home, and what they wish for; wishes against something and the least end state may differ. Within a kind most fronts
are those of a wider question, which is asked once (`kinds`). Kept true: everybody's front is what a search of their own
finds. Only a few kinds are kept at a time.
"""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date

from tropa.planning.compiling import Compilations
from tropa.planning.mass.kinds import Kept, Kind, choosing_wishes
from tropa.planning.mass.stored import Front
from tropa.planning.person import PersonFacts

MOST_KEPT = 4
MOST_LABELS = 60_000
"""Several times what nearly everybody needs. Some searches would take minutes: they end here, and say so."""


class Together:
    """Fronts of many people on one day, as lines."""

    def __init__(self, compilations: Compilations, on: date, *, most_labels: int = MOST_LABELS) -> None:
        self.compilations, self.on, self.most_labels = compilations, on, most_labels
        self._known: dict[Hashable, Kind] = {}
        self.labels_made = 0

    def front(self, person: PersonFacts, kept: Kept | None = None) -> Front:
        """A person's front, as far as it is found with `most_labels`: the same labels on every machine."""
        kind = self._kind(person)
        made = kind.labels_made
        found = kind.front(person, self.most_labels, kept)
        self.labels_made += kind.labels_made - made
        return found

    def key(self, person: PersonFacts) -> Hashable:
        """What makes people of one kind."""
        atlas = self.compilations.atlas
        at_home = atlas.places[person.place].value.country == person.members[0].citizenship
        papers = tuple(frozenset(held.paper for held in member.papers) for member in person.members)
        return self.compilations.key(person), papers, at_home, choosing_wishes(person)

    def _kind(self, person: PersonFacts) -> Kind:
        key = self.key(person)
        found = self._known.pop(key, None) or Kind(self.compilations, person, self.on)
        self._known[key] = found
        if len(self._known) > MOST_KEPT:
            del self._known[next(iter(self._known))]
        return found
