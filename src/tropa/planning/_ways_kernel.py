"""The compiled search under way: owns its arrays, lets them grow up to a cap, and walks what it finds again.

Keeps true: every way is walked by `moves` from its first state to safety and comes to the very cost the kernel counted;
a difference stops the search, because one of the two would be wrong. A run is a value of its own.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from tropa.planning import _kernel_acts as at
from tropa.planning import _kernel_bounds as least_ways
from tropa.planning._kernel_ways import advance
from tropa.planning._layers import MANY, Acts, Layers, acts_of
from tropa.planning._laying_out import first_label, laws_like, laws_of
from tropa.planning.graph import SafetyGraph, State
from tropa.planning.moves import INCOME_DAYS, Move, attempt
from tropa.planning.roads import VISITOR_RANK
from tropa.planning.search import (
    SLICE,
    Order,
    Question,
    Stopped,
    Trace,
    Vector,
    Way,
    by_danger,
    by_money,
    surest,
)
from tropa.planning.stays import HORIZON_DAYS
from tropa.planning.units import DOUBT_UNIT, RISK_UNIT, up

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_ORDERS: dict[Order, int] = {by_danger: at.BY_DANGER, by_money: at.BY_MONEY, surest: at.SUREST}
MANY_ACTS = 4_000
"""From here on bounds made for one question alone are cheaper than bounds that serve many."""
_GROWING = {"heap": 5, "labels": 0, "stays": 4, "pool": 5, "found": 5}


class Engine:
    """See `search.Ways`."""

    def __init__(
        self,
        graph: SafetyGraph,
        money_unit: int,
        memory_cap: int,
        same_acts: Engine | None = None,
        wider: Engine | None = None,
        shut: Flags | None = None,
    ) -> None:
        self.graph = graph
        self.money_unit = money_unit
        self.memory_cap = memory_cap
        self.origins = graph.origins
        if wider is not None and wider.graph.numbers is graph.numbers:
            laws, least, acts = laws_like(wider.laws, wider.graph, graph), wider.least, wider.acts
        else:
            laws = laws_of(graph, money_unit)
            least = np.ascontiguousarray(graph.compiled.least[graph.setting.world][graph.numbers])
            acts = acts_of(laws, self.origins, least)
        self.laws: at.Laws = laws
        self.least: Ints = least
        self.acts: Acts = acts
        self._shut = shut
        # bounds leave every date aside: those of the same acts on another day are the same
        self.shared_layers: dict[tuple[int, bool], Layers] = same_acts.shared_layers if same_acts else {}
        if wider is not None:
            self.shared_layers = wider.shared_layers
        self._maker = wider or self
        self._back: dict[str, Ints] = self._maker._back if wider else {}  # noqa: SLF001 - one of ourselves
        self._closed: dict[frozenset[str], Ints] = {}
        self._reached: dict[int, Ints] = {}
        self._open_below = 0
        self.labels_made = 0

    def open_below(self) -> int:
        """See `search.Ways`."""
        return self._open_below

    def run(self, question: Question, stop: Callable[[], bool]) -> Iterator[Way]:
        """See `search.Ways`."""
        under_way = _Run(self, question)
        for label in self._arrivals(under_way, stop):
            yield self._walked(under_way, label, question)

    def traces(self, question: Question, stop: Callable[[], bool]) -> Iterator[Trace]:
        """See `search.Ways`."""
        under_way = _Run(self, question)
        for label in self._arrivals(under_way, stop):
            labels = under_way.arrays.labels
            chain = labels[_chain(labels, label)]
            row = labels[label]
            yield Trace(
                _cost_in(row, question.start),
                int(self.laws.acts[row[at.ACT], at.RANK]),
                tuple(chain[:, at.ACT].tolist()),
                tuple(chain[:, at.START].tolist()),
            )

    def standing(self, start: State, traces: Sequence[Trace], budget: int | None) -> Sequence[bool]:
        """See `search.Ways`."""
        walking = importlib.import_module("tropa.planning._walking")  # a kernel which only mass work needs
        told = np.array([-1 if budget is None else budget, 1, at.BY_DANGER, start.tick, at.FAR], np.int64)
        labels = np.zeros((3, at.PINNED + 1 + 2 * self.graph.party), np.int64)
        stays = np.zeros((len(start.past) + 1, 4), np.int64)
        first_label(self.graph, start, labels[0], stays)
        past, closed = stays[: len(start.past)], self.closed(frozenset())
        found: Sequence[bool] = walking.standing(self.laws, closed, told, labels, past, traces)
        return found

    def _arrivals(self, under_way: _Run, stop: Callable[[], bool]) -> Iterator[int]:
        """The labels that arrive in safety, in order; each is final."""
        while True:
            made = under_way.labels_made
            outcome = advance(self.laws, under_way.arrays, SLICE)
            self.labels_made += under_way.labels_made - made
            if outcome == at.EXHAUSTED:
                return
            if outcome == at.ARRIVED:
                yield int(under_way.arrays.counts[at.DONE])
            elif outcome == at.NEW_LAYER:
                under_way.take_layer()
            elif outcome == at.FULL and not under_way.grow():
                self._open_below = under_way.open_below()
                raise Stopped
            if outcome == at.PAUSED and stop():
                self._open_below = under_way.open_below()
                raise Stopped

    @property
    def has_wider(self) -> bool:
        """Whether the bounds are those of a wider search, made once for many people."""
        return self._maker is not self

    def layers(self, rank: int, *, only: bool = False) -> Layers:
        """The lower bounds to end states of at least a rank, or of that one alone."""
        if (rank, only) not in self.shared_layers:
            maker = self._maker
            self.shared_layers[rank, only] = Layers(maker.laws, maker.acts, rank, only=only)
        return self.shared_layers[rank, only]

    def back(self, start: State) -> tuple[list[int], Ints]:
        """The counted zones in which there are stays before the first act is done, and what it takes at least to come
        there from each place [zone, place, 5], whatever papers one has."""
        zones, laws = self.graph.zones, self.laws
        stays = {
            int(laws.spots[start.place, at.ZONE]),
            *(self.graph.zone_number(one.zone) for one in start.past),
        }
        counted = sorted(zone for zone in stays if laws.zones[zone, at.TRACKED])
        for zone in counted:
            if zones[zone] not in self._back:
                self._back[zones[zone]] = to_zone(self, zone)
        rows = [self._back[zones[zone]] for zone in counted]
        return counted, np.array(rows, np.int64).reshape(-1, len(laws.spots), 5)

    def narrowed(self, question: Question) -> Layers:
        """The same for this question alone, without the acts that are hopeless for it: worth its price where a graph is
        large."""
        made = Layers(self.laws, self.acts, question.rank, only=True)
        start = question.start
        if start.place not in self._reached:
            self._reached[start.place] = from_place(self, start.place)
        covering = np.array(question.covering, np.int64).reshape(-1, 4)
        made.narrow(self._reached[start.place], self.most_euros(question), covering)
        return made

    def most_euros(self, question: Question) -> int:
        """The most a question's party can still spend, with all it may earn; FAR for no limit."""
        if question.budget is None:
            return at.FAR
        earned, months = question.start.earned, HORIZON_DAYS // INCOME_DAYS
        income = self.graph.person.income_euros * months if earned is None else earned
        return question.budget + income - question.start.spent

    def closed(self, without: frozenset[str]) -> Ints:
        """Which acts are closed [act]."""
        if without not in self._closed:
            shut = self._shut
            closed = np.zeros(len(self.graph.numbers), np.int64) if shut is None else shut.astype(np.int64)
            closed[list(self.graph.acts_named(without))] = 1
            self._closed[without] = closed
        return self._closed[without]

    def _walked(self, under_way: _Run, label: int, question: Question) -> Way:
        """The way of a label that has arrived, walked again by `moves`."""
        labels, graph, moves = under_way.arrays.labels, self.graph, under_way.walked
        state, walked = question.start, []
        for number in _chain(labels, label):
            if number not in moves:
                act, start = graph.actions[int(labels[number, at.ACT])], int(labels[number, at.START])
                move = attempt(graph, state, act, start, graph.setting.world, question.budget)
                if move is None:
                    raise AssertionError("a way found by the kernel cannot be walked")
                moves[number] = move
            walked.append(moves[number])
            state = walked[-1].after
        row = labels[label]
        cost = _cost_in(row, question.start)
        if cost != cost_of(walked, question.start, self.money_unit) or state.spent != row[at.SPENT]:
            raise AssertionError("a way found by the kernel costs something else when it is walked")
        return Way(cost, tuple(walked))


def _chain(labels: Ints, label: int) -> list[int]:
    """The labels of a way in order, without the first state."""
    chain, number = [], label
    while labels[number, at.PARENT] >= 0:
        chain.append(number)
        number = int(labels[number, at.PARENT])
    return chain[::-1]


def _cost_in(row: Ints, start: State) -> Vector:
    """The cost of a way by its last label."""
    return int(row[at.RISK]), int(row[at.TICK]) - start.tick, int(row[at.MONEY]), int(row[at.DOUBT])


def from_place(engine: Engine, place: int) -> Ints:
    """Least of each objective from a place to every other [place, 4], FAR where it cannot be reached."""
    target = engine.laws.acts[:, at.TARGET]
    used = np.flatnonzero((target != at.SAFE) & (target != engine.origins))
    tails, heads = target[used].astype(np.int32), engine.origins[used].astype(np.int32)
    places = len(engine.laws.spots)
    first = least_ways.first_arcs(places, heads)
    order = least_ways.arcs_by_node(first, heads)
    costs = np.require(engine.least[used], np.int64, ["C", "A", "W", "E"])
    found = least_ways.least_costs(places, first, order, tails, costs, place)
    return np.where(found == least_ways.UNREACHED, at.FAR, found)


def to_zone(engine: Engine, zone: int) -> Ints:
    """Least of each figure of bounds from every place to a zone [place, 5], FAR where it cannot be reached."""
    acts, laws = engine.acts, engine.laws
    there = np.flatnonzero(laws.spots[:, at.ZONE] == zone)
    unit, free = int(laws.scalars[at.MONEY_UNIT]), np.zeros((len(there), 4), np.int64)
    none = np.zeros(len(acts.origins), np.bool_)
    return least_ways.least_onward(
        len(laws.spots), acts.origins, acts.target, acts.least, acts.moves, none, there, free, unit
    )


def cost_of(moves: list[Move], start: State, money_unit: int) -> tuple[int, int, int, int]:
    """The cost of moves in the units of the search."""
    risk = sum(up(move.nats, RISK_UNIT) for move in moves)
    money = sum(up(move.euros, money_unit) for move in moves)
    doubt = sum(up(move.doubt, DOUBT_UNIT) for move in moves)
    return risk, moves[-1].after.tick - start.tick, money, doubt


class _Run:
    """The arrays of one run."""

    def __init__(self, engine: Engine, question: Question) -> None:
        graph = engine.graph
        self.memory_cap = engine.memory_cap
        self.walked: dict[int, Move] = {}  # by label: ways begin alike
        members = graph.party
        narrow = question.only and len(graph.actions) > MANY_ACTS and not engine.has_wider
        self.layers = (
            engine.narrowed(question) if narrow else engine.layers(question.rank, only=question.only)
        )
        begun = self._layer_of(graph, question.start) if self._hopeful(engine, question) else 0
        hopeful = begun > 0
        budget = -1 if question.budget is None else question.budget
        stayed, back = engine.back(question.start)
        known = np.zeros((len(graph.zones), 4), np.int64)
        known[:, 3] = -1
        known[stayed, 3] = range(len(stayed))
        covering, most_rank = question.covering, question.rank if question.only else at.FAR
        self.arrays = at.Run(
            bounds=self.layers.bounds,
            lasting=self.layers.lasting,
            layers=self.layers.keys,
            over=self.layers.over,
            wanted=np.zeros(self.layers.keys.shape[1], np.int64),
            needs=np.ascontiguousarray(graph.needs[:, :, 1 if question.rank > VISITOR_RANK else 0]),
            least=engine.least,
            closed=engine.closed(question.without) | ~self.layers.useful
            if narrow
            else engine.closed(question.without),
            told=np.array(
                [
                    budget,
                    question.rank,
                    _ORDERS[question.order],
                    question.start.tick,
                    most_rank,
                    question.exact and budget >= 0,
                ],
                np.int64,
            ),
            heap=np.empty((4096, 5), np.int64),
            labels=np.empty((4096, at.PINNED + 1 + 2 * members), np.int64),
            stays=np.empty((4096, 4), np.int64),
            pool=np.empty((8192, 7), np.int64),
            slices=np.zeros((len(graph.spots), 3), np.int64),
            found=np.empty((4096, 5), np.int64),
            marks=np.zeros(at.LATEST + 1, np.int64),
            counts=np.zeros(11, np.int64),
            known=known,
            back=back,
        )
        for number, cost in enumerate(covering[: len(self.arrays.found)]):
            self.arrays.found[number] = (*cost, -1)
        counts = self.arrays.counts
        counts[at.FOUND] = min(len(covering), len(self.arrays.found))
        counts[at.RESUME_LABEL] = -1
        if hopeful and self.layers.bounds[begun, question.start.place, 0] < at.FAR:
            self._first_label(graph, question.start, begun)

    def _hopeful(self, engine: Engine, question: Question) -> bool:
        """Whether somebody who held everything within reach could find anything from here."""
        least = self.layers.bounds[0, question.start.place]
        if least[0] >= at.FAR or least[2] > engine.most_euros(question):
            return False
        whole = (int(least[0]), int(least[1]), int(least[4]), int(least[3]))
        return not any(all(a <= b for a, b in zip(cost, whole, strict=True)) for cost in question.covering)

    def _layer_of(self, graph: SafetyGraph, start: State) -> int:
        left = max(0, min(MANY, graph.person.further_papers - start.applied))
        return self.layers.number(np.array([left, *list(graph.words(start.bits))[1:]], np.int64))

    def take_layer(self) -> None:
        """Make the bounds the kernel asked for."""
        self.layers.number(self.arrays.wanted.copy())
        self.arrays = self.arrays._replace(
            bounds=self.layers.bounds, layers=self.layers.keys, over=self.layers.over
        )

    def _first_label(self, graph: SafetyGraph, start: State, layer: int) -> None:
        """Put the label of the first state in line."""
        arrays, counts = self.arrays, self.arrays.counts
        counts[at.PAST_STAYS] = first_label(graph, start, arrays.labels[0], arrays.stays)
        arrays.labels[0, at.LAYER] = layer
        arrays.heap[0] = 0
        counts[at.HEAP] = counts[at.LABELS] = 1

    @property
    def labels_made(self) -> int:
        return int(self.arrays.counts[at.LABELS])

    def open_below(self) -> int:
        counts = self.arrays.counts
        line = int(self.arrays.heap[0, 0]) if counts[at.HEAP] else at.FAR
        if counts[at.RESUME_LABEL] < 0:
            return line
        row = self.arrays.labels[counts[at.RESUME_LABEL]]
        return min(line, int(row[at.RISK] + self.arrays.bounds[row[at.LAYER], row[at.PLACE], 0]))

    def grow(self) -> bool:
        """Double what is nearly full; False when that would pass the cap."""
        arrays, counts = self.arrays, self.arrays.counts
        used = {
            "heap": at.HEAP,
            "labels": at.LABELS,
            "stays": at.PAST_STAYS,
            "pool": at.POOL,
            "found": at.FOUND,
        }
        larger = {}
        for name, counter in used.items():
            old: Ints = getattr(arrays, name)
            spare = len(old) // 2 if name == "pool" else at.MOST_STARTS
            if counts[counter] + spare > len(old):
                new = np.empty((2 * len(old), old.shape[1]), np.int64)
                new[: len(old)] = old
                larger[name] = new
        self.arrays = arrays._replace(**larger)
        held = sum(getattr(self.arrays, name).nbytes for name in used)
        return bool(held <= self.memory_cap)
