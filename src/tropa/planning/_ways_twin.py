"""The search of a safety graph in plain Python: the compiled search is held against it, and it steps in where numba is
missing. Its moves are those of `moves`, the one place that knows what an act does.

Kept true (the rules of dominance): label A may delete label B at the same place only if A can do whatever B can do and
never worse: with at least B's papers, no more applications and no more doubt,
* by *waiting*: it is there no later, is not more dangerous nor dearer after paying for the wait until B's time, and its
  stay lasts as long and leaves no more used days where days are remembered; or
* *some days earlier*, where nothing opens on a later day and no stay of the past stands on fixed days: then B's
  plan may be done whole days earlier (whole weeks, where a timetable may still be met), if A's stay moved by those
  days lasts as long. This is what keeps a detour
  that only freshens a stay from being kept. Closing days (deadlines, papers that expire) only ever favour the
earlier one. Where one may not wait (a post), nothing is deleted by waiting. Labels that are weakly dominated are
neither kept nor expanded, so circles that cost nothing end. Lower bounds come from the same graph without papers,
dates and stays, equal for all labels of a place; no label is deleted because of the order in which labels leave
the heap.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray

from tropa.planning.bounds import FAR, Bounds, Onward, bounds_of
from tropa.planning.graph import SAFE, SafetyGraph, State
from tropa.planning.moves import INCOME_DAYS, Move, attempt, moves
from tropa.planning.search import DOUBT, MONEY, RISK, TIME, Question, Stopped, Trace, Vector, Way, never_worse
from tropa.planning.stays import HORIZON_DAYS, NO_LIMIT, Stay
from tropa.planning.timetables import WEEK
from tropa.planning.units import DOUBT_UNIT, RISK_UNIT, TICKS_A_DAY, day_of, up

BYTES_A_LABEL = 600
STEPS_A_SLICE = 500


@dataclass(slots=True)
class _Label:
    cost: Vector
    state: State
    parent: _Label | None
    move: Move | None
    alive: bool = True


class Engine:
    """See `search.Ways`."""

    def __init__(
        self,
        graph: SafetyGraph,
        money_unit: int,
        memory_cap: int,
        same_acts: Engine | None = None,  # noqa: ARG002 - the interface; bounds here hold the acts themselves
        wider: Engine | None = None,  # noqa: ARG002
        shut: NDArray[np.bool_] | None = None,
    ) -> None:
        self.graph = graph
        self.world = graph.setting.world
        self.money_unit = money_unit
        self.most_labels = memory_cap // BYTES_A_LABEL
        self._bounds: dict[int, Bounds] = {}
        self._open_below = 0
        self.labels_made = 0
        closed = [graph.actions[n] for n in np.flatnonzero(shut).tolist()] if shut is not None else []
        self._shut = frozenset((act.id, act.origin) for act in closed)

    def open_below(self) -> int:
        """See `search.Ways`."""
        return self._open_below

    def run(self, question: Question, stop: Callable[[], bool]) -> Iterator[Way]:
        """Label-setting: labels leave the heap by least possible whole cost, so each way found is final.

        Ways to safety prune from the moment they are made, not only when they leave the heap: they exist.
        """
        run = _Run(self, question)
        budget, without = question.budget, question.without
        first = _Label((0, 0, 0, 0), question.start, None, None)
        kept: dict[int, list[_Label]] = {question.start.place: [first]}
        self._promise(first, budget, without, run)
        steps = 0
        while run.heap:
            steps += 1
            if run.made > self.most_labels or (steps % STEPS_A_SLICE == 0 and stop()):
                self._open_below = run.heap[0][0][0]
                raise Stopped
            _, _, label, onward = heapq.heappop(run.heap)
            if not label.alive:
                continue
            if onward is not None:
                self._fulfil(label, onward, budget, run, kept)
            elif label.state.place == SAFE:
                yield _way(label)
            elif not run.beaten(label.cost, label.state.place):
                self._promise(label, budget, without, run)

    def traces(self, question: Question, stop: Callable[[], bool]) -> Iterator[Trace]:
        """See `search.Ways`."""
        numbers = {(act.id, act.origin): number for number, act in enumerate(self.graph.actions)}
        for way in self.run(question, stop):
            acts = tuple(numbers[move.action.id, move.action.origin] for move in way.moves)
            yield Trace(way.cost, way.rank, acts, tuple(move.start for move in way.moves))

    def standing(self, start: State, traces: Sequence[Trace], budget: int | None) -> list[bool]:
        """See `search.Ways`."""
        return [self._stands(start, trace, budget) for trace in traces]

    def _stands(self, start: State, trace: Trace, budget: int | None) -> bool:
        state, cost, graph = start, (0, 0, 0, 0), self.graph
        for number, begun in zip(trace.acts, trace.starts, strict=True):
            action = graph.actions[number]
            if action.origin != state.place or begun < state.tick or (action.id, action.origin) in self._shut:
                return False
            move = attempt(graph, state, action, begun, self.world, budget)
            if move is None:
                return False
            cost, state = self._grown(cost, state, move), move.after
        return state.place == SAFE and not graph.goal & ~state.bits and cost == trace.cost

    def _grown(self, cost: Vector, state: State, move: Move) -> Vector:
        return (
            cost[RISK] + up(move.nats, RISK_UNIT),
            cost[TIME] + move.after.tick - state.tick,
            cost[MONEY] + up(move.euros, self.money_unit),
            cost[DOUBT] + up(move.doubt, DOUBT_UNIT),
        )

    def _income(self, state: State) -> int:
        """The most a party can still have earned when it pays."""
        if state.earned is not None:
            return state.earned
        return self.graph.person.income_euros * (HORIZON_DAYS // INCOME_DAYS)

    def _promise(self, label: _Label, budget: int | None, without: frozenset[str], run: _Run) -> None:
        """Put everything that can be done from a label in line by its least whole cost; it is tried when its turn
        comes, and most of it never does."""
        cost = label.cost
        most = None if budget is None else budget + self._income(label.state) - label.state.spent
        for onward in run.bounds.onward[label.state.place]:
            whole = onward.whole
            act = onward.action
            if (
                act.id in without
                or (act.id, act.origin) in self._shut
                or (most is not None and whole.euros > most)
            ):
                continue
            promised = (
                cost[RISK] + whole.risk,
                cost[TIME] + whole.ticks,
                cost[MONEY] + onward.money,
                cost[DOUBT] + whole.doubt,
            )
            if not run.covered(*promised):
                run.push(promised, label, onward)

    def _fulfil(
        self, label: _Label, onward: Onward, budget: int | None, run: _Run, kept: dict[int, list[_Label]]
    ) -> None:
        """Try an action whose turn has come: what it leads to is put in line, unless something known is as good."""
        action, cost, state = onward.action, label.cost, label.state
        whole = onward.whole
        money = cost[MONEY] + onward.money
        if run.covered(cost[RISK] + whole.risk, cost[TIME] + whole.ticks, money, cost[DOUBT] + whole.doubt):
            return
        for move in moves(self.graph, state, action, self.world, budget):
            if action.target == SAFE and self.graph.goal & ~move.after.bits:
                continue
            grown = self._grown(cost, state, move)
            after = _Label(grown, move.after, label, move)
            if run.beaten(grown, action.target):
                continue
            if action.target == SAFE:
                run.reach(after)
            elif not self._keep(kept, after, limited=run.exact):
                continue
            run.push(run.whole(grown, action.target), after, None)

    def bounds(self, rank: int) -> Bounds:
        """Lower bounds to the end states of at least this rank."""
        if rank not in self._bounds:
            self._bounds[rank] = bounds_of(self.graph, rank, self.money_unit)
        return self._bounds[rank]

    def _keep(self, kept: dict[int, list[_Label]], new: _Label, *, limited: bool) -> bool:
        """Whether nothing at the place imitates the new label; what the new one imitates is dropped."""
        there = kept.setdefault(new.state.place, [])
        if any(self._imitates(old, new, limited) for old in there):
            return False
        staying = []
        for old in there:
            if self._imitates(new, old, limited):
                old.alive = False
            else:
                staying.append(old)
        staying.append(new)
        kept[new.state.place] = staying
        return True

    def _imitates(self, one: _Label, other: _Label, limited: bool) -> bool:
        """Whether `one` can do whatever `other` can do, never worse: the same some days earlier, or by waiting.
        `limited`: money is, so exact euros count beside the units of the search."""
        a, b = one.state, other.state
        if limited and a.spent > b.spent:
            return False
        if a.tick > b.tick or one.cost[DOUBT] > other.cost[DOUBT] or one.cost[RISK] > other.cost[RISK]:
            return False
        if one.cost[MONEY] > other.cost[MONEY] or b.bits & ~a.bits or a.applied > b.applied:
            return False
        waits = b.tick - a.tick
        income = self.graph.person.income_euros
        if income and a.earned != b.earned and (a.earned is None or b.earned is None or a.earned < b.earned):
            return False
        if waits and income and a.earned is None:
            return False
        opens_later, awaits = self.graph.last_event > day_of(a.tick), bool(self.graph.awaits[a.place])
        if waits == 0:
            return self._stays_as_long(a, b, 0)
        if waits % TICKS_A_DAY and (opens_later or awaits):
            return False
        if self.graph.shiftable and not opens_later:
            again = WEEK if awaits else TICKS_A_DAY
            days = waits // again * (again // TICKS_A_DAY)
            return self._stays_as_long(a, b, days) and self._can_wait(one, other, waits % again, limited)
        return self._stays_as_long(a, b, 0) and self._can_wait(one, other, waits, limited)

    def _stays_as_long(self, a: State, b: State, days: int) -> bool:
        """Whether a's stay, moved that many days later, is lawful as long as b's and leaves no more used days.

        Nothing a plan does in a zone takes longer than its longest need and the time until the last opening. So a stay
        that has as many days left is as good as any, and days used so far cannot bite where all that fits beside them.
        """
        graph = self.graph
        zone = graph.spots[a.place].zone
        until_event = max(0, graph.last_event - day_of(a.tick))
        enough = a.last - day_of(a.tick) - 1 >= graph.longest_need[zone] + until_event
        if not enough and a.last + days < b.last:
            return False
        if zone in graph.tracked_zones and a.entry + days < b.entry:
            here = Stay(zone, a.entry, day_of(a.tick) + 1)
            if not self._room(zone, (*a.past, here), until_event):
                return False
        if a.past == b.past and days == 0:
            return True
        return all(
            _within(stay, b.past, days) or self._room(stay.zone, a.past, until_event) for stay in a.past
        )

    def _room(self, zone: str, past: tuple[Stay, ...], until_event: int) -> bool:
        """Whether everything a plan can still do in a zone fits beside the days used there."""
        used = sum(stay.last - stay.first + 1 for stay in past if stay.zone == zone)
        return used + self.graph.longest_need[zone] + until_event <= self.graph.least_days.get(zone, NO_LIMIT)

    def _can_wait(self, one: _Label, other: _Label, waits: int, limited: bool) -> bool:
        """Whether one may wait so long where it is and is still not worse."""
        if waits == 0:
            return one.cost[MONEY] <= other.cost[MONEY]
        spot = self.graph.spots[one.state.place]
        if spot.is_post or spot.daily is None or spot.living is None:
            return False
        days = waits / TICKS_A_DAY
        risk = up(spot.daily.nats[self.world] * days, RISK_UNIT)
        money = up(spot.living[self.world] * days, self.money_unit)
        if limited and one.state.spent + up(spot.living[self.world] * days) > other.state.spent:
            return False
        return one.cost[RISK] + risk <= other.cost[RISK] and one.cost[MONEY] + money <= other.cost[MONEY]


class _Run:
    """One run of a search: its heap, and the ways to safety found so far."""

    def __init__(self, engine: Engine, question: Question) -> None:
        self.engine = engine
        self.bounds = engine.bounds(question.rank)
        self.order = question.order
        self.heap: list[tuple[tuple[int, ...], int, _Label, Onward | None]] = []
        self.reached: list[_Label] = []
        self.covering = list(question.covering)  # costs known to be reachable, of ways found elsewhere
        self._numbers = count()
        self.made = 0
        self.exact = question.exact and question.budget is not None

    def push(self, whole: Vector, label: _Label, onward: Onward | None) -> None:
        """Put a label, or something to be tried from it, in line by the least whole cost it can come to."""
        self.engine.labels_made += 1
        self.made += 1
        if whole[RISK] < FAR:
            heapq.heappush(self.heap, (self.order(whole), next(self._numbers), label, onward))

    def beaten(self, cost: Vector, place: int) -> bool:
        """Whether a way to safety is known that is never worse than anything this can become."""
        return self.covered(*self.whole(cost, place))

    def covered(self, risk: int, time: int, money: int, doubt: int) -> bool:
        """Whether a way to safety is known that is never worse than this whole cost."""
        for cost in self.covering:
            if cost[0] <= risk and cost[1] <= time and cost[2] <= money and cost[3] <= doubt:
                return True
        return False

    def reach(self, label: _Label) -> None:
        """Note a way to safety; what it beats leaves the line."""
        for done in self.reached:
            done.alive = not never_worse(label.cost, done.cost)
        self.reached = [done for done in self.reached if done.alive]
        self.reached.append(label)
        self.covering = [cost for cost in self.covering if not never_worse(label.cost, cost)]
        self.covering.append(label.cost)

    def whole(self, cost: Vector, place: int) -> Vector:
        """The least whole cost of anything a label at a place can become."""
        if place == SAFE:
            return cost
        least = self.bounds.to_go[place]
        money = self.bounds.money_to_go[place]
        return cost[0] + least.risk, cost[1] + least.ticks, cost[2] + money, cost[3] + least.doubt


def _within(mine: Stay, theirs: tuple[Stay, ...], days: int) -> bool:
    """Whether a remembered stay, moved so many days later, lies within one of theirs: no window counts more for it."""
    return any(
        other.zone == mine.zone and other.first <= mine.first + days and mine.last + days <= other.last
        for other in theirs
    )


def _way(label: _Label) -> Way:
    found: list[Move] = []
    at: _Label | None = label
    while at is not None and at.move is not None:
        found.append(at.move)
        at = at.parent
    return Way(label.cost, tuple(reversed(found)))
