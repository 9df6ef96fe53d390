"""The exact Pareto set of all policies that lines and the lines after their refusals can be made into.

The graph solved holds every state those lines pass; lines that share a state may be combined. Kept true: the answer is
the exact front over chance of failure, expected days and expected euros of the deterministic policies of this graph, in
the pessimistic world, once for each rank of end state the first line may reach; with no uncertain step it is the
deterministic front. An answer that is certainly no is not asked for. Refused: graphs beyond the states
that are allowed or `MOST_LABELS` (PolicyTooLarge), so that the caller can say so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from tropa.planning.contingent import Growth, Line, No, Standpoint, Tree
from tropa.planning.errors import PolicyTooLarge
from tropa.planning.graph import SAFE, State
from tropa.planning.moves import Move
from tropa.planning.policy import FAILS, Policy, PolicyWorld, check_policy_world, policies
from tropa.planning.refusals import way_back
from tropa.planning.search import MONEY_UNIT, Vector, Way
from tropa.planning.units import DOUBT_UNIT, RISK_UNIT, TICKS_A_DAY, World, up

MOST_LABELS = 100_000


@dataclass(frozen=True, slots=True)
class _Arc:
    tail: int
    head: int
    move: Move | None  # None: the way back after a no
    days: float


@dataclass(frozen=True, slots=True)
class _Asked:
    """An uncertain step: a yes leads to `granted`, a no to `refused_at` (FAILS where nothing is left). `first`: nobody
    has refused yet."""

    tail: int
    move: Move
    days: float
    no: No
    granted: int
    refused_at: int
    first: bool


@dataclass(frozen=True, slots=True)
class _End:
    node: int
    move: Move | None  # None: somebody said yes to the claim
    days: float
    first: bool


@dataclass(frozen=True, slots=True)
class _Cut:
    """The part of the graph one run solves."""

    ends: list[_End]
    steps: list[_Asked]


@dataclass(frozen=True, slots=True)
class Solved:
    """Policies of the front in order of failure, with chance of failure, expected days and euros, worst euros and
    days; `whole`: how many the front has, all of them or more than were asked for."""

    found: tuple[tuple[Tree, tuple[float, ...]], ...]
    whole: int


@dataclass(slots=True)
class PolicyGraph:
    """The lines of a growth as one graph."""

    growth: Growth
    layer: list[int] = field(default_factory=list)
    arcs: list[_Arc] = field(default_factory=list)
    steps: list[_Asked] = field(default_factory=list)
    ends: list[_End] = field(default_factory=list)
    _nodes: dict[object, int] = field(default_factory=dict)
    _drawn: set[tuple[int, str, int]] = field(default_factory=set)
    _trees: dict[int, Tree] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._node(self.growth.first, self.growth.first.state, 0)
        for root, lines in self.growth.lines.items():
            for line in lines:
                if not line.is_vain:
                    self._draw(root, line)

    # --- drawing ----------------------------------------------------------------------------------------------------

    def _draw(self, root: Standpoint, line: Line) -> None:
        state, decided = root.state, root.decided
        node = self._node(root, state, decided)
        for move, no in zip(line.way.moves, line.nos, strict=True):
            ends = move.action.target == SAFE
            decided += no is not None
            head = self._arrived(decided) if ends else self._node(root, move.after, decided)
            if self._is_new(node, move.action.id, move.start):
                days = (move.after.tick - state.tick) / TICKS_A_DAY
                if no is not None:
                    refused_at = self._refused_at(move, no, decided)
                    self.steps.append(
                        _Asked(node, move, days, no, head, refused_at, root == self.growth.first)
                    )
                elif ends:
                    self.ends.append(_End(node, move, days, root == self.growth.first))
                else:
                    self.arcs.append(_Arc(node, head, move, days))
            node, state = head, move.after

    def _is_new(self, node: int, action: str, start: int) -> bool:
        key = (node, action, start)
        known = key in self._drawn
        self._drawn.add(key)
        return not known

    def _node(self, root: Standpoint, state: State, decided: int) -> int:
        return self._numbered((root.where, state, root.closed, root.left, decided), decided)

    def _arrived(self, decided: int) -> int:
        """Where the last step was granted."""
        node = self._numbered(("arrived", decided), decided)
        if self._is_new(node, "", 0):
            self.ends.append(_End(node, None, 0.0, first=False))
        return node

    def _refused_at(self, move: Move, no: No, decided: int) -> int:
        """Where one stands after a no, the way back from a border gone first."""
        if no.then is None:
            return FAILS
        head = self._node(no.then, no.then.state, decided)
        back = way_back(move)[World.PESSIMISTIC] / TICKS_A_DAY
        if not back:
            return head
        tail = self._numbered(("back", head, back), decided)
        if self._is_new(tail, "", 0):
            self.arcs.append(_Arc(tail, head, None, back))
        return tail

    def _numbered(self, key: object, layer: int) -> int:
        if key not in self._nodes:
            most = self.growth.first.where.spending.effort.states
            if len(self.layer) >= most:
                raise PolicyTooLarge(f"more than {most:,} states")
            self._nodes[key] = len(self.layer)
            self.layer.append(layer)
        return self._nodes[key]

    # --- solving ----------------------------------------------------------------------------------------------------

    def solve(self, most: int) -> Solved:
        """The front, at most `most` of it as trees. A policy whose first line reaches a weaker end state is among them
        only if no stronger one is as good."""
        rows: list[tuple[tuple[float, ...], Policy, _Cut]] = []
        for rank in sorted(self._ranks(), reverse=True):
            cut = self._cut(rank)
            found = policies(self._world(cut), 0, most_labels=MOST_LABELS)
            for figures, policy in zip(found.front.tolist(), found.trees, strict=True):
                if not any(_as_good(one, figures) for one, _, _ in rows):
                    rows.append((tuple(figures), policy, cut))
        rows.sort(key=lambda row: row[0])
        trees = [self._tree(policy, cut) for _, policy, cut in rows]
        lines = [tree.line.way.action_ids for tree in trees]
        kept = _spread([row[0] for row in rows], lines, most)
        return Solved(tuple((trees[number], rows[number][0]) for number in kept), len(rows))

    def _ranks(self) -> set[int]:
        """The ranks of the end states that lines from the start reach."""
        ends = {_rank(end.move) for end in self.ends if end.first}
        return ends.union(_rank(one.move) for one in self.steps if one.first) - {0}

    def _cut(self, rank: int) -> _Cut:
        """The ends and steps of the graph in which the first line reaches at least this rank."""
        ends = [end for end in self.ends if not end.first or _rank(end.move) >= rank]
        steps = [one for one in self.steps if not (one.first and 0 < _rank(one.move) < rank)]
        into: dict[int, list[int]] = {}
        for arc in self.arcs:
            into.setdefault(arc.head, []).append(arc.tail)
        for one in steps:
            into.setdefault(one.granted, []).append(one.tail)
        waiting = [end.node for end in ends]
        alive = set(waiting)
        while waiting:
            for tail in into.get(waiting.pop(), ()):
                if tail not in alive:
                    alive.add(tail)
                    waiting.append(tail)
        return _Cut(ends, [one for one in steps if one.granted in alive])

    def worlds(self) -> dict[int, PolicyWorld]:
        """The arrays that are solved for each rank; the start is node 0."""
        return {rank: self._world(self._cut(rank)) for rank in self._ranks()}

    def _world(self, cut: _Cut) -> PolicyWorld:
        steps, ends = cut.steps, cut.ends
        chances = [(1 - one.no.refusal.high, one.no.refusal.high) for one in steps]
        return check_policy_world(
            np.array(self.layer, np.int64),
            np.array([arc.tail for arc in self.arcs], np.int64),
            np.array([arc.head for arc in self.arcs], np.int64),
            np.array([_cost(arc.move, arc.days) for arc in self.arcs]).reshape(-1, 3),
            np.array([end.node for end in ends], np.int64),
            np.array([_cost(end.move, end.days) for end in ends]).reshape(-1, 3),
            np.array([one.tail for one in steps], np.int64),
            np.array([_cost(one.move, one.days) for one in steps]).reshape(-1, 3),
            np.arange(len(steps) + 1) * 2,
            np.array(chances).reshape(-1),
            np.array([(one.granted, one.refused_at) for one in steps], np.int64).reshape(-1),
        )

    def _tree(self, policy: Policy, cut: _Cut) -> Tree:
        """A policy of the arrays as a tree of moves. Equal policies share one."""
        if id(policy) not in self._trees:
            moves: list[Move] = []
            nos: list[No | None] = []
            thens: list[Tree | None] = []
            following: Policy | None = policy
            while following is not None:
                certain = [self.arcs[number].move for number in following.arcs]
                if following.end is not None:
                    certain.append(cut.ends[following.end].move)
                known = [move for move in certain if move is not None]
                moves += known
                nos += [None] * len(known)
                thens += [None] * len(known)
                if following.step is None:
                    break
                asked = cut.steps[following.step]
                yes, no = (branch.policy for branch in following.branches)
                moves.append(asked.move)
                nos.append(asked.no)
                thens.append(self._tree(no, cut) if no is not None else None)
                following = yes
            self._trees[id(policy)] = Tree(Line(Way(_vector(moves), tuple(moves)), tuple(nos)), tuple(thens))
        return self._trees[id(policy)]


def _rank(move: Move | None) -> int:
    return move.action.rank if move is not None and move.action.target == SAFE else 0


def _cost(move: Move | None, days: float) -> tuple[float, float, float]:
    return (move.nats, days, float(move.euros)) if move is not None else (0.0, days, 0.0)


def _vector(moves: Sequence[Move]) -> Vector:
    """What a line costs in the units of the search."""
    return (
        sum(up(move.nats, RISK_UNIT) for move in moves),
        sum(move.after.tick for move in moves[-1:]),
        sum(up(move.euros, MONEY_UNIT) for move in moves),
        sum(up(move.doubt, DOUBT_UNIT) for move in moves),
    )


def _as_good(one: Sequence[float], other: Sequence[float]) -> bool:
    return one[0] <= other[0] and one[1] <= other[1] and one[2] <= other[2]


def _spread(rows: Sequence[tuple[float, ...]], lines: Sequence[tuple[str, ...]], most: int) -> list[int]:
    """The numbers of at most `most` rows: the best of each figure, the least failing of each line, then whatever lies
    farthest from those taken, each figure measured against its range."""
    if len(rows) <= most:
        return list(range(len(rows)))
    table = np.array(rows)
    taken = dict.fromkeys(int(number) for number in table.argmin(axis=0))
    first: dict[tuple[str, ...], int] = {}
    for number, line in enumerate(lines):
        first.setdefault(line, number)
    taken.update(dict.fromkeys(first.values()))
    kept = list(taken)[:most]
    scaled = (table - table.min(axis=0)) / np.maximum(np.ptp(table, axis=0), 1e-12)
    nearest = np.min([np.abs(scaled - scaled[number]).max(axis=1) for number in kept], axis=0)
    while len(kept) < most:
        farthest = int(nearest.argmax())
        kept.append(farthest)
        nearest = np.minimum(nearest, np.abs(scaled - scaled[farthest]).max(axis=1))
    return sorted(kept)
