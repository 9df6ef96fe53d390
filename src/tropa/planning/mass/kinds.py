"""What people of one kind share: a graph laid out once, its lower bounds, and fronts of wider questions.

A *wider question* is somebody's own without what can only close ways to them: the deadline, wishes against something,
the least end state, the last day of a paper, days already used, days already spent where they are. Kept true: whatever
somebody can do, the wider question does as well or better; so what they can walk of its front, for the same cost, is of
their own front, and where they can walk all of it, it is their whole front, or as much of it as was found: each way a
search gives back is final, also where the search ended with its effort. Stays and dates are only left out where
nothing opens later, nobody waits for income and no border is surer for whoever is let in for a shorter time:
elsewhere more days are not plainly better.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tropa.planning.building import build, for_party, touched
from tropa.planning.columns import RANK
from tropa.planning.compiled import Compiled
from tropa.planning.compiling import Compilations
from tropa.planning.graph import SafetyGraph
from tropa.planning.mass.open_plans import Act, Vector
from tropa.planning.mass.stored import Front, Line
from tropa.planning.needs import Needs
from tropa.planning.person import HeldPaper, PersonFacts, Wish, WishKind, WishVerdict
from tropa.planning.search import Search, Trace
from tropa.planning.setting import Setting

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class _Answer:
    """What a question came to: ways by the numbers of the kind's acts, and the same as lines."""

    traces: tuple[Trace, ...]
    front: Front


@dataclass(frozen=True, slots=True)
class Kept:
    """What is proven of somebody's front before it is searched: `lines` are all of it that ends above the rank
    `highest`. Who shares the costs of these lines shares the wider question of what else there is."""

    lines: tuple[Line, ...]
    highest: int

    @property
    def costs(self) -> tuple[tuple[Vector, int], ...]:
        """Cost and rank of each line."""
        return tuple((line.cost, line.rank) for line in self.lines)

    def beside(self, found: Front) -> Front:
        """The front of these lines and of what else was found."""
        lines = sorted((*self.lines, *found.lines), key=lambda line: line.cost)
        return Front(tuple(lines), found.whole)


class Kind:
    """People of one class with the same papers, all at home or all abroad, and the same wishes but for those that only
    close acts. `labels_made` counts the work."""

    def __init__(self, compilations: Compilations, person: PersonFacts, on: date) -> None:
        self._graph = build(compilations, _dateless(person), on, Setting())
        self._search = Search(self._graph)
        self._needs = Needs(self._graph)
        counts_years = bool(compilations.key(person)[1])
        self._nothing_later = (
            not self._graph.events and not counts_years and equally_sure(self._graph.compiled)
        )
        self._answers: dict[tuple[PersonFacts, Hashable], _Answer] = {}
        self._shut: dict[object, Flags] = {}
        self._touched: dict[tuple[WishKind, str], Flags] = {}
        self._acts: dict[int, Act] = {}
        self.labels_made = 0

    def front(self, person: PersonFacts, most_labels: int, kept: Kept | None = None) -> Front:
        """Somebody's front, as far as it is found with so many labels."""
        found = self._else(person, most_labels, kept)
        return kept.beside(found) if kept else found

    def _else(self, person: PersonFacts, most_labels: int, kept: Kept | None) -> Front:
        """What there is in somebody's front beside the lines that are kept."""
        wide = self._wider(person)
        asked_before = wide, (kept.costs, kept.highest) if kept else None
        if asked_before not in self._answers:
            self._answers[asked_before] = self._found(*self._searching(wide, most_labels), (), kept)
        answer = self._answers[asked_before]
        if wide == person:
            return answer.front
        search, graph = self._searching(person, most_labels)
        asked = [n for n, trace in enumerate(answer.traces) if trace.rank >= least_rank(person)]
        assert graph.start is not None
        traces = [answer.traces[n] for n in asked]
        stands = search.standing(graph.start, traces, budget=person.money_euros)
        if not all(stands):
            known = [trace for trace, stood in zip(traces, stands, strict=True) if stood]
            highest = max(trace.rank for trace, stood in zip(traces, stands, strict=True) if not stood)
            return self._found(search, graph, known, kept, highest if answer.front.whole else None).front
        if len(asked) == len(answer.traces):
            return answer.front
        return Front(tuple(answer.front.lines[n] for n in asked), answer.front.whole)

    def _found(
        self,
        search: Search,
        graph: SafetyGraph,
        known: Sequence[Trace],
        kept: Kept | None,
        highest: int | None = None,
    ) -> _Answer:
        """What a search comes to. `highest`: the rank of the best end state of the wider front that cannot be reached;
        whatever ends better is among what is `known` or `kept`, or worse than some of it."""
        assert graph.start is not None
        budget = graph.person.money_euros
        if highest is None and kept:
            highest = kept.highest
        beside = kept.lines if kept else ()
        traces, whole = search.traces(graph.start, budget=budget, known=known, highest=highest, beside=beside)
        self.labels_made += search.labels_made
        return _Answer(traces, Front(tuple(map(self._line, traces)), whole))

    def _searching(self, person: PersonFacts, most_labels: int) -> tuple[Search, SafetyGraph]:
        """A search for somebody of this kind over the acts all of them share."""
        shut = self._shut_to(person)
        graph = for_party(self._graph, person, self._needs, shut)
        search = Search(graph, wider=self._search, shut=shut, stop=lambda: search.labels_made > most_labels)
        return search, graph

    def _shut_to(self, person: PersonFacts) -> Flags:
        """The acts of the graph that are closed to somebody by wishes and by the least end state [act]."""
        never = sorted({(w.kind, w.about) for w in person.wishes if w.verdict is WishVerdict.NEVER})
        key = (tuple(never), least_rank(person))
        if key not in self._shut:
            compiled, rows = self._graph.compiled, self._graph.numbers
            ranks = compiled.columns.acts[rows, RANK]
            shut = (ranks > 0) & (ranks < least_rank(person))
            for wish in never:
                if wish not in self._touched:
                    self._touched[wish] = touched(compiled, [wish])[rows]
                shut |= self._touched[wish]
            self._shut[key] = shut
        return self._shut[key]

    def _line(self, trace: Trace) -> Line:
        """A way as it is kept: its acts by fact and place."""
        return Line(tuple(map(self._act, trace.acts)), trace.starts, trace.cost, trace.rank)

    def _act(self, number: int) -> Act:
        """An act of the graph, all people of the kind having the same; few of them lie on any front."""
        found = self._acts.get(number)
        if found is None:
            graph = self._graph
            place = graph.spots[int(graph.origins[number])].id
            found = self._acts[number] = (graph.compiled.id_of(int(graph.numbers[number])), place)
        return found

    def _wider(self, person: PersonFacts) -> PersonFacts:
        """The wider question of somebody of this kind."""
        wishes, on = choosing_wishes(person), self._graph.on
        held = [*person.papers, *(held for one in person.companions for held in one.papers)]
        if (
            not self._nothing_later
            or person.income_euros
            or any(one.valid_from and one.valid_from > on for one in held)
        ):
            return replace(person, wishes=wishes, least_haven=None, deadline=None)
        return replace(
            person,
            wishes=wishes,
            least_haven=None,
            deadline=None,
            papers=_lasting(person.papers, on),
            companions=tuple(replace(one, papers=_lasting(one.papers, on)) for one in person.companions),
            past_stays=(),
            entered=on if person.entered else None,
        )


def choosing_wishes(person: PersonFacts) -> tuple[Wish, ...]:
    """The wishes of a person that do more than close acts."""
    return tuple(wish for wish in person.wishes if wish.verdict is not WishVerdict.NEVER)


def least_rank(person: PersonFacts) -> int:
    """The least rank of an end state somebody accepts."""
    return person.least_haven.rank if person.least_haven else 0


def equally_sure(compiled: Compiled) -> bool:
    """Whether at each border every way in is refused with the same chance, however long it lets anybody stay."""
    first, doubts = compiled.shared.ways.first.tolist(), compiled.shared.way_figures[:, 0].tolist()
    return all(len(set(doubts[a:b])) <= 1 for a, b in pairwise(first))


def _dateless(person: PersonFacts) -> PersonFacts:
    """The person as all of the kind are: with the papers, and nothing that is theirs alone."""
    papers = tuple(HeldPaper(held.paper) for held in person.papers)
    companions = tuple(
        replace(one, papers=tuple(HeldPaper(held.paper) for held in one.papers)) for one in person.companions
    )
    return replace(
        person,
        wishes=choosing_wishes(person),
        least_haven=None,
        papers=papers,
        companions=companions,
        deadline=None,
    )


def _lasting(papers: tuple[HeldPaper, ...], on: date) -> tuple[HeldPaper, ...]:
    """Papers that are good today, without their last day."""
    return tuple(
        replace(held, valid_until=None) if held.valid_until and held.valid_until >= on else held
        for held in papers
    )
