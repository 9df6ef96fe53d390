"""Searches for many people of few classes, which share what a search has to know beforehand.

Lower bounds are made once for everybody who is alike in what bounds depend on: the class, the papers in hand, whether
they start at home, and what they wish for. Kept true: bounds are made over every act that is open to any of them
(wishes against something and the least end state left aside), so they hold for each; whoever may do an act that is not
among these is searched alone. Only the people of a few classes are kept at a time.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tropa.planning.building import build
from tropa.planning.compiling import Compilations
from tropa.planning.graph import SafetyGraph
from tropa.planning.mass.stored import Front, Line
from tropa.planning.person import PersonFacts, WishVerdict
from tropa.planning.search import Search, Trace
from tropa.planning.setting import Setting

MOST_KEPT = 4
MOST_LABELS = 60_000
"""Several times what nearly everybody needs. Some searches would take minutes: they end here, and say so."""


@dataclass(frozen=True, slots=True, eq=False)
class _Alike:
    """What people share: a search over every act open to any of them, and which acts these are."""

    search: Search
    open_: NDArray[np.bool_]


class Together:
    """Fronts of many people on one day, as lines."""

    def __init__(self, compilations: Compilations, on: date, *, most_labels: int = MOST_LABELS) -> None:
        self.compilations, self.on, self.most_labels = compilations, on, most_labels
        self._known: dict[Hashable, _Alike] = {}
        self.labels_made = 0

    def front(self, person: PersonFacts) -> Front:
        """A person's front, as far as it is found with `most_labels`: the same labels on every machine."""
        graph = build(self.compilations, person, self.on, Setting())
        assert graph.start is not None
        alike = self._alike(person)
        within = bool(alike.open_[graph.numbers].all())
        search = Search(
            graph, wider=alike.search if within else None, stop=lambda: search.labels_made > self.most_labels
        )
        traces, whole = search.traces(graph.start, budget=person.money_euros)
        self.labels_made += search.labels_made
        return Front(tuple(_line(graph, trace) for trace in traces), whole)

    def key(self, person: PersonFacts) -> Hashable:
        """What makes people alike."""
        atlas = self.compilations.atlas
        at_home = atlas.places[person.place].value.country == person.members[0].citizenship
        papers = tuple(frozenset(held.paper for held in member.papers) for member in person.members)
        return self.compilations.key(person), papers, at_home, _kept_wishes(person).wishes

    def _alike(self, person: PersonFacts) -> _Alike:
        key = self.key(person)
        found = self._known.pop(key, None)
        if found is None:
            graph = build(self.compilations, _kept_wishes(person), self.on, Setting())
            open_ = np.zeros(len(graph.compiled.columns.origins), np.bool_)
            open_[graph.numbers] = True
            found = _Alike(Search(graph), open_)
        self._known[key] = found
        if len(self._known) > MOST_KEPT:
            del self._known[next(iter(self._known))]
        return found


def _kept_wishes(person: PersonFacts) -> PersonFacts:
    """The person without what only closes acts."""
    wishes = tuple(wish for wish in person.wishes if wish.verdict is not WishVerdict.NEVER)
    return replace(person, wishes=wishes, least_haven=None)


def _line(graph: SafetyGraph, trace: Trace) -> Line:
    compiled, spots = graph.compiled, graph.spots
    rows, places = graph.numbers[list(trace.acts)].tolist(), graph.origins[list(trace.acts)].tolist()
    acts = tuple((compiled.id_of(row), spots[place].id) for row, place in zip(rows, places, strict=True))
    return Line(acts, trace.starts, trace.cost, trace.rank)
