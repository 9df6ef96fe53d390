"""Finds every way that no other way beats on danger, time, money and doubt, from one state, forward and exactly.

Four objectives, all additive: danger in thousandths of a nat, time in quarters of a day, money in units of EUR 25, and *doubt*, -ln of
the least chance that nobody refuses. Doubt keeps a certain way from being thrown out by one that looks better only as
long as an office says yes.

The rank of the end state counts as well: asylum is never thrown out by a visitor's stay that is reached sooner, so the
front is found once for each rank that is at least asked for.

Kept true (the rules of dominance): label A may delete label B at the same place only if A can do whatever B can do and
never worse: with at least B's papers, no more applications and no more doubt,
* by *waiting*: it is there no later, is not more dangerous nor dearer after paying for the wait until B's time, and its
  stay lasts as long and leaves no more used days where days are remembered; or
* *some days earlier*, where nothing opens on a later day and no stay of the past stands on fixed days: then B's plan may
  be done whole days earlier, if A's stay moved by those days lasts as long. This is what keeps a detour that only
  freshens a stay from being kept. Closing days (deadlines, papers that expire) only ever favour the earlier one.
Where one may not wait (a post), nothing is deleted by waiting. Labels that are weakly dominated are neither kept nor
expanded, so circles that cost nothing end. Lower bounds come from the same graph without papers, dates and stays, equal
for all labels of a place; no label is deleted because of the order in which labels leave the heap.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count

from tropa.planning.errors import SearchTooLarge
from tropa.planning.graph import SAFE, Action, SafetyGraph, State
from tropa.planning.moves import INCOME_DAYS, Move, moves
from tropa.planning.stays import Stay
from tropa.planning.units import DOUBT_UNIT, RISK_UNIT, TICKS_A_DAY, day_of, up

Vector = tuple[int, int, int, int]
RISK, TIME, MONEY, DOUBT = range(4)
MONEY_UNIT = 25
MOST_LABELS = 400_000
BYTES_A_LABEL = 600
FAR = 1 << 60


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


@dataclass(slots=True)
class _Label:
    cost: Vector
    state: State
    parent: _Label | None
    move: Move | None
    alive: bool = True


class Search:
    """Searches in one graph; lower bounds are computed once and hold for every set of closed actions.

    `money_unit`: euros the search rounds each price up to; the budget is always held against exact euros.
    """

    def __init__(self, graph: SafetyGraph, *, money_unit: int = MONEY_UNIT) -> None:
        self.graph = graph
        self.world = graph.setting.world
        self.money_unit = money_unit
        self.ranks = sorted({action.rank for found in graph.actions_at for action in found if action.rank})
        self._bounds: dict[int, tuple[Vector, ...]] = {}
        self.labels_made = 0

    def front(
        self, start: State, *, budget: int | None, without: frozenset[str] = frozenset()
    ) -> tuple[Way, ...]:
        """Every cost and rank that no other beats, with one way for each, in order of danger."""
        found: list[Way] = []
        for rank in reversed(self.ranks):
            for way in self._run(start, budget, without, by_danger, rank):
                if not any(_covers(better, way) for better in found):
                    found.append(way)
        return tuple(sorted(found, key=lambda way: (way.cost, way.action_ids)))

    def best(
        self,
        start: State,
        *,
        budget: int | None,
        without: frozenset[str] = frozenset(),
        order: Order = surest,
    ) -> Way | None:
        """The way that comes first in `order`; None if there is none."""
        return next(self._run(start, budget, without, order, 1), None)

    def _run(
        self, start: State, budget: int | None, without: frozenset[str], order: Order, rank: int
    ) -> Iterator[Way]:
        """Label-setting: labels leave the heap by least possible whole cost, so each way found is final.

        Ways to safety prune from the moment they are made, not only when they leave the heap: they exist.
        """
        run = _Run(self, rank, order)
        run.push(_Label((0, 0, 0, 0), start, None, None))
        kept: dict[int, list[_Label]] = {}
        while run.heap:
            label = heapq.heappop(run.heap)[2]
            if not label.alive:
                continue
            if label.state.place == SAFE:
                yield _way(label)
                continue
            if run.beaten(label):
                continue
            for after in self._successors(label, budget, without, rank, run.bounds):
                if run.beaten(after):
                    continue
                if after.state.place == SAFE:
                    run.reach(after)
                    run.push(after)
                elif self._keep(kept, after):
                    run.push(after)

    def bounds(self, rank: int) -> tuple[Vector, ...]:
        """Lower bounds of each place to the end states of at least this rank."""
        if rank not in self._bounds:
            self._bounds[rank] = lower_bounds(self.graph, rank, self.money_unit)
        return self._bounds[rank]

    def _successors(
        self,
        label: _Label,
        budget: int | None,
        without: frozenset[str],
        rank: int,
        bounds: tuple[Vector, ...],
    ) -> Iterator[_Label]:
        state, cost = label.state, label.cost
        for action in self.graph.actions_at[state.place]:
            if action.id in without:
                continue
            if action.rank < rank if action.target == SAFE else bounds[action.target][RISK] >= FAR:
                continue
            for move in moves(self.graph, state, action, self.world, budget):
                if action.target == SAFE and self.graph.goal & ~move.after.bits:
                    continue
                grown = (
                    cost[RISK] + up(move.nats, RISK_UNIT),
                    cost[TIME] + move.after.tick - state.tick,
                    cost[MONEY] + up(move.euros, self.money_unit),
                    cost[DOUBT] + up(move.doubt, DOUBT_UNIT),
                )
                yield _Label(grown, move.after, label, move)

    def _keep(self, kept: dict[int, list[_Label]], new: _Label) -> bool:
        """Whether nothing at the place imitates the new label; what the new one imitates is dropped."""
        there = kept.setdefault(new.state.place, [])
        if any(self._imitates(old, new) for old in there):
            return False
        staying = []
        for old in there:
            if self._imitates(new, old):
                old.alive = False
            else:
                staying.append(old)
        staying.append(new)
        kept[new.state.place] = staying
        return True

    def _imitates(self, one: _Label, other: _Label) -> bool:
        """Whether `one` can do whatever `other` can do, never worse: the same some days earlier, or by waiting."""
        a, b = one.state, other.state
        if a.tick > b.tick or one.cost[DOUBT] > other.cost[DOUBT] or one.cost[RISK] > other.cost[RISK]:
            return False
        if one.cost[MONEY] > other.cost[MONEY] or b.bits & ~a.bits or a.applied > b.applied:
            return False
        waits = b.tick - a.tick
        if waits == 0:
            return self._stays_as_long(a, b, 0)
        if self.graph.shiftable and self.graph.last_event <= day_of(a.tick):
            part = waits % TICKS_A_DAY
            days = waits // TICKS_A_DAY
            months = -(-days // INCOME_DAYS) if self.graph.person.income_euros else 0
            saved = up(self.graph.person.income_euros * months, self.money_unit)
            return self._stays_as_long(a, b, days) and self._can_wait(one, other, part, saved)
        if waits % TICKS_A_DAY and self.graph.last_event > day_of(a.tick):
            return False
        return self._stays_as_long(a, b, 0) and self._can_wait(one, other, waits, 0)

    def _stays_as_long(self, a: State, b: State, days: int) -> bool:
        """Whether a's stay, moved that many days later, is lawful as long as b's and leaves no more used days."""
        if a.last + days < b.last:
            return False
        if self.graph.spots[a.place].zone in self.graph.tracked_zones and a.entry + days < b.entry:
            return False
        return (a.past == b.past and days == 0) or _used_no_more(a.past, b.past, days)

    def _can_wait(self, one: _Label, other: _Label, waits: int, saved: int) -> bool:
        """Whether one may wait so long where it is and is still not worse; `saved` must be left over besides."""
        if waits == 0:
            return one.cost[MONEY] + saved <= other.cost[MONEY]
        spot = self.graph.spots[one.state.place]
        if spot.is_post or spot.daily is None or spot.living is None:
            return False
        days = waits / TICKS_A_DAY
        risk = up(spot.daily.nats[self.world] * days, RISK_UNIT)
        money = up(spot.living[self.world] * days, self.money_unit)
        return (
            one.cost[RISK] + risk <= other.cost[RISK]
            and one.cost[MONEY] + money + saved <= other.cost[MONEY]
        )


class _Run:
    """One run of a search: its heap, and the ways to safety found so far."""

    def __init__(self, search: Search, rank: int, order: Order) -> None:
        self.search = search
        self.bounds = search.bounds(rank)
        self.order = order
        self.heap: list[tuple[tuple[int, ...], int, _Label]] = []
        self.reached: list[_Label] = []
        self._numbers = count()

    def push(self, label: _Label) -> None:
        """Put a label in line, unless safety cannot be reached from it."""
        self.search.labels_made += 1
        if self.search.labels_made > MOST_LABELS:
            raise SearchTooLarge(MOST_LABELS * BYTES_A_LABEL, len(self.reached))
        bound = self._whole(label)
        if bound[RISK] < FAR:
            heapq.heappush(self.heap, (self.order(bound), next(self._numbers), label))

    def beaten(self, label: _Label) -> bool:
        """Whether a way to safety is known that is never worse than anything this label can become."""
        risk, time, money, doubt = self._whole(label)
        for done in self.reached:
            cost = done.cost
            if cost[0] <= risk and cost[1] <= time and cost[2] <= money and cost[3] <= doubt:
                return True
        return False

    def reach(self, label: _Label) -> None:
        """Note a way to safety; what it beats leaves the line."""
        for done in self.reached:
            done.alive = any(mine > theirs for mine, theirs in zip(label.cost, done.cost, strict=True))
        self.reached = [done for done in self.reached if done.alive]
        self.reached.append(label)

    def _whole(self, label: _Label) -> Vector:
        if label.state.place == SAFE:
            return label.cost
        risk, time, money, doubt = self.bounds[label.state.place]
        cost = label.cost
        return cost[0] + risk, cost[1] + time, cost[2] + money, cost[3] + doubt


def _covers(better: Way, way: Way) -> bool:
    """Whether a way of at least the same rank is never worse."""
    return better.rank >= way.rank and all(a <= b for a, b in zip(better.cost, way.cost, strict=True))


def _used_no_more(mine: tuple[Stay, ...], theirs: tuple[Stay, ...], days: int) -> bool:
    """Whether every remembered stay of mine, moved so many days later, lies within one of theirs: no window can then
    count more for me."""
    return all(
        any(
            other.zone == stay.zone and other.first <= stay.first + days and stay.last + days <= other.last
            for other in theirs
        )
        for stay in mine
    )


def _way(label: _Label) -> Way:
    found: list[Move] = []
    at: _Label | None = label
    while at is not None and at.move is not None:
        found.append(at.move)
        at = at.parent
    return Way(label.cost, tuple(reversed(found)))


def lower_bounds(graph: SafetyGraph, rank: int, money_unit: int) -> tuple[Vector, ...]:
    """For each place the least of each objective to an end state of at least `rank`, papers and dates left aside."""
    world = graph.setting.world
    weights: tuple[Callable[[Action], int], ...] = (
        lambda action: up(action.danger.nats[world], RISK_UNIT),
        lambda action: action.ticks[world],
        lambda action: up(action.price[world], money_unit),
        lambda _: 0,
    )
    backward: list[list[Action]] = [[] for _ in graph.spots]
    ends: list[Action] = []
    for actions in graph.actions_at:
        for action in actions:
            if action.target == SAFE and action.rank >= rank:
                ends.append(action)
            elif action.target not in (SAFE, action.origin):
                backward[action.target].append(action)
    columns = [_least(len(graph.spots), ends, backward, weight) for weight in weights]
    return tuple(zip(*columns, strict=True)) if columns[0] else ()


def _least(
    size: int, ends: list[Action], backward: list[list[Action]], weight: Callable[[Action], int]
) -> list[int]:
    least = [FAR] * size
    heap: list[tuple[int, int]] = []
    for action in ends:
        heapq.heappush(heap, (weight(action), action.origin))
    while heap:
        cost, place = heapq.heappop(heap)
        if cost >= least[place]:
            continue
        least[place] = cost
        for action in backward[place]:
            if cost + weight(action) < least[action.origin]:
                heapq.heappush(heap, (cost + weight(action), action.origin))
    return least
