"""Finds every way that no other way beats on danger, time, money and doubt, from one state, forward and exactly.

Four objectives, all additive: danger in thousandths of a nat, time in quarters of a day, money in units of EUR 25,
and *doubt*, -ln of the least chance that nobody refuses. Doubt keeps a certain way from being thrown out by one
that looks better only as long as an office says yes.

The rank of the end state counts as well: asylum is never thrown out by a visitor's stay that is reached sooner, so the
front is found once for each rank that is at least asked for.

Two engines do the work and must agree: `_ways_kernel`, compiled, and `_ways_twin`, plain Python, which is the oracle of
the tests and steps in where numba cannot be loaded. Kept true: every way is made of `moves` and carries their cost. A
search that was cut off says so and what it proves; it never passes for a complete one.
"""

from __future__ import annotations

import importlib
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tropa.planning._search import Engine
from tropa.planning.graph import SafetyGraph, State
from tropa.planning.moves import Move, attempt
from tropa.planning.needs import Needs
from tropa.planning.units import TICKS_A_DAY

_log = logging.getLogger(__name__)

Vector = tuple[int, int, int, int]
RISK, TIME, MONEY, DOUBT = range(4)
MONEY_UNIT = 25
MEMORY_CAP = 512 * 2**20
FREELY_CAP = 64 * 2**20
SLICE = 5_000

Order = Callable[[Vector], tuple[int, ...]]
"""What to minimise first; must not fall when any objective grows, so that the first way found is the best one."""


def by_danger(cost: Vector) -> tuple[int, ...]:
    """Least danger, then time, money, doubt."""
    return cost


def by_money(cost: Vector) -> tuple[int, ...]:
    """Least money, then danger."""
    return cost[MONEY], cost[RISK], cost[TIME], cost[DOUBT]


def surest(cost: Vector) -> tuple[int, ...]:
    """Least danger where a refusal weighs a tenth of being caught: used where one way must stand for many."""
    return cost[RISK] + cost[DOUBT], cost[RISK], cost[TIME], cost[MONEY]


def never_worse(one: Vector, other: Vector) -> bool:
    """Whether no figure of `one` is larger."""
    return one[0] <= other[0] and one[1] <= other[1] and one[2] <= other[2] and one[3] <= other[3]


@dataclass(frozen=True, slots=True)
class Way:
    """A way to safety: its cost beyond the state it began in, and its moves in order."""

    cost: Vector
    moves: tuple[Move, ...]

    @property
    def rank(self) -> int:
        """The rank of the end state."""
        return self.moves[-1].action.rank if self.moves else 0

    @property
    def euros(self) -> int:
        """Exact euros, where `cost` may be rounded up in larger units."""
        return sum(move.euros for move in self.moves)

    @property
    def days(self) -> float:
        """Days from the state the way began in."""
        return self.cost[TIME] / TICKS_A_DAY

    @property
    def action_ids(self) -> tuple[str, ...]:
        """The actions in order."""
        return tuple(move.action.id for move in self.moves)


@dataclass(frozen=True, slots=True)
class Trace:
    """A way to safety as an engine found it: its cost, the acts by their number in the graph, when each begins."""

    cost: Vector
    rank: int
    acts: tuple[int, ...]
    starts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What one run looks for: ways from `start` to end states of at least `rank`, in `order`.

    `covering`: costs of ways known already; nothing they are never worse than is looked for. `budget` in euros.
    `only`: every way to a higher rank is covered, so an engine may leave higher ranks out and bound the better.
    `exact`: no label is thrown out by one that is alike in units of money and dearer in euros: the budget may allow
    only the first.
    """

    start: State
    budget: int | None
    without: frozenset[str]
    order: Order
    rank: int
    covering: tuple[Vector, ...] = ()
    only: bool = False
    exact: bool = True


class Costed(Protocol):
    """A way of which no more is told than what it costs and at what rank it ends."""

    @property
    def cost(self) -> Vector:
        """Its cost."""

    @property
    def rank(self) -> int:
        """The rank of its end state."""


class Stopped(Exception):
    """A run was stopped before its end: by its deadline, or by its memory."""


@dataclass(frozen=True, slots=True)
class Lines:
    """A front with its proof. Complete: `open_below` is None. Else no way with less danger than `open_below` (in
    thousandths of a nat, for the rank under search) is missing; ranks below `rank` were not begun."""

    ways: tuple[Way, ...]
    open_below: int | None = None
    rank: int = 0

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing."""
        return self.open_below is None


class Ways(Protocol):
    """An engine: runs over one graph."""

    labels_made: int

    def run(self, question: Question, stop: Callable[[], bool]) -> Iterator[Way]:
        """Ways in order; each is final. Raises `Stopped` where `stop` says so between slices, or memory ends."""

    def traces(self, question: Question, stop: Callable[[], bool]) -> Iterator[Trace]:
        """The same ways, not walked again: for whoever only compares fronts."""

    def standing(self, start: State, traces: Sequence[Trace], budget: int | None) -> Sequence[bool]:
        """Which ways, found in a graph of the same acts, can be walked here as they stand for the very same cost."""

    def open_below(self) -> int:
        """After `Stopped`: the least first component of what the run had not looked at."""


class Search:
    """Searches in one graph; lower bounds are computed once and hold for every set of closed actions.

    `money_unit`: euros the search rounds each price up to; the budget is always held against exact euros. `stop`:
    asked between slices; once true, searches end with what they have. `same_acts`: a search over the same acts on
    another day, whose lower bounds hold here too. `wider`: a search over at least these acts, whose lower bounds hold
    here too; the same for everybody of a class. `shut` [act]: acts of the graph that are not open to this party.
    """

    def __init__(
        self,
        graph: SafetyGraph,
        *,
        money_unit: int = MONEY_UNIT,
        engine: Engine | None = None,
        stop: Callable[[], bool] | None = None,
        memory_cap: int = MEMORY_CAP,
        same_acts: Search | None = None,
        wider: Search | None = None,
        shut: NDArray[np.bool_] | None = None,
    ) -> None:
        self.graph = graph
        self.world = graph.setting.world
        self.money_unit = money_unit
        self.stop = stop or _never
        self._engine, self._shut = engine, shut
        self._ways = _engine(graph, engine, money_unit, memory_cap, same_acts, wider, shut)

    @property
    def labels_made(self) -> int:
        """Labels made so far, all runs together: the measure of work."""
        freely = self.__dict__.get("_freely")
        return self._ways.labels_made + (freely.labels_made if freely else 0)

    def front(
        self, start: State, *, budget: int | None, without: frozenset[str] = frozenset()
    ) -> tuple[Way, ...]:
        """Every cost and rank that no other beats, with one way for each, in order of danger; what was found so far
        where the search was stopped (`lines` says so)."""
        return self.lines(start, budget=budget, without=without).ways

    def whole_front(
        self, start: State, *, budget: int | None, without: frozenset[str] = frozenset()
    ) -> tuple[Way, ...]:
        """The same, for whoever builds on its being whole. Raises Stopped where the search was stopped."""
        if self.stop():
            raise Stopped
        found = self.lines(start, budget=budget, without=without)
        if not found.is_complete:
            raise Stopped
        return found.ways

    def lines(self, start: State, *, budget: int | None, without: frozenset[str] = frozenset()) -> Lines:
        """The front and whether it is complete. Higher ranks first: what they reach covers whatever a lower rank
        reaches no better."""
        found: list[Way] = []
        if self._freely and start.earned is None:
            free = self._freely.lines(replace(start, earned=0), budget=None, without=without)
            walked = [self._again(start, way, budget) for way in free.ways]
            if free.is_complete and all(walked):
                return Lines(_sorted([way for way in walked if way]))
        try:
            for question in self._by_rank(start, budget, without, found):
                found.extend(self._ways.run(question, self.stop))
        except Stopped:
            return Lines(_sorted(found), self._ways.open_below(), question.rank)
        return Lines(_sorted(found))

    @cached_property
    def _freely(self) -> Search | None:
        """The same search where nobody earns anything, for a party that does.

        Where nothing hangs on the day, whoever has money without end never waits. So if everything found without income
        and without a budget can be paid, it is the whole front; and it is found much faster, for nobody stays to earn.
        """
        person = self.graph.person
        if not person.income_euros or not self.graph.shiftable or self.graph.events:
            return None
        graph = replace(self.graph, person=replace(person, income_euros=0))
        graph = replace(graph, needs=Needs(graph).of(graph))
        unit, cap = self.money_unit, FREELY_CAP
        return Search(
            graph,
            money_unit=unit,
            engine=self._engine,
            stop=self._is_over,
            memory_cap=cap,
            same_acts=self,
            shut=self._shut,
        )

    def _is_over(self) -> bool:
        return self.stop()

    def _again(self, start: State, way: Way, budget: int | None) -> Way | None:
        """A way found without income, walked as the party is; None if it cannot pay for it as it goes."""
        state, moves = start, []
        for move in way.moves:
            again = attempt(self.graph, state, move.action, move.start, self.world, budget)
            if again is None:
                return None
            moves.append(again)
            state = again.after
        return Way(way.cost, tuple(moves))

    def traces(
        self,
        start: State,
        *,
        budget: int | None,
        known: Sequence[Trace] = (),
        exact: bool = True,
        highest: int | None = None,
        beside: Sequence[Costed] = (),
    ) -> tuple[tuple[Trace, ...], bool]:
        """The front as the engine found it, in order of danger, none of its ways walked again, and whether it is
        complete. `known`: ways that are surely in it; they are not looked for. `exact`: see `Question`. `highest`:
        no way that is not known, or covered by one that is, ends at a higher rank. `beside`: ways known elsewhere,
        which cover like known ones and are not given back."""
        found = list(known)
        whole = True
        try:
            for question in self._by_rank(start, budget, frozenset(), found, exact=exact, beside=beside):
                if highest is not None and question.rank > highest:
                    continue
                found.extend(self._ways.traces(question, self.stop))
        except Stopped:
            whole = False
        return tuple(sorted(found, key=lambda trace: (trace.cost, trace.acts))), whole

    def standing(self, start: State, traces: Sequence[Trace], *, budget: int | None) -> Sequence[bool]:
        """Which ways, found in a graph of the same acts, can be walked here as they stand for the very same cost."""
        return self._ways.standing(start, traces, budget)

    def _by_rank(
        self,
        start: State,
        budget: int | None,
        without: frozenset[str],
        found: Sequence[Way | Trace],
        *,
        exact: bool = True,
        beside: Sequence[Costed] = (),
    ) -> Iterator[Question]:
        """The runs a front takes, higher ranks first; what was found by then covers what comes."""
        for rank in reversed(self.graph.ranks):
            covering = tuple(way.cost for way in (*beside, *found) if way.rank >= rank)
            yield Question(start, budget, without, by_danger, rank, covering, only=True, exact=exact)

    def best(
        self,
        start: State,
        *,
        budget: int | None,
        without: frozenset[str] = frozenset(),
        order: Order = surest,
    ) -> Way | None:
        """The way that comes first in `order`; None if there is none. Raises `Stopped` where the time or the memory
        was over before that is known."""
        if self._freely and start.earned is None:
            with suppress(Stopped):
                free = self._freely.best(replace(start, earned=0), budget=None, without=without, order=order)
                walked = self._again(start, free, budget) if free else None
                if free is None or walked:
                    return walked
        if self.stop():  # between slices alone, many small searches would never ask
            raise Stopped
        return next(self._ways.run(Question(start, budget, without, order, 1), self.stop), None)


def _sorted(ways: Sequence[Way]) -> tuple[Way, ...]:
    return tuple(sorted(ways, key=lambda way: (way.cost, way.action_ids)))


def _never() -> bool:
    return False


def _engine(
    graph: SafetyGraph,
    engine: Engine | None,
    money_unit: int,
    memory_cap: int,
    same_acts: Search | None,
    wider: Search | None,
    shut: NDArray[np.bool_] | None,
) -> Ways:
    chosen = engine or best_engine()
    if chosen is Engine.KERNEL and not graph.fits_kernel:
        chosen = Engine.TWIN
    name = "_ways_kernel" if chosen is Engine.KERNEL else "_ways_twin"
    module = importlib.import_module(f"tropa.planning.{name}")
    alike = (
        one._ways if one and isinstance(one._ways, module.Engine) else None  # noqa: SLF001 - one of ourselves
        for one in (same_acts, wider)
    )
    made: Ways = module.Engine(graph, money_unit, memory_cap, *alike, shut)
    return made


@cache
def best_engine() -> Engine:
    """Compiled kernels where numba can be loaded, else the twin, with a word in the log."""
    try:
        importlib.import_module("tropa.planning._kernel_ways")
    except ImportError as error:
        _log.warning("plans are searched in plain Python, a hundred times slower: %s", error)
        return Engine.TWIN
    return Engine.KERNEL
