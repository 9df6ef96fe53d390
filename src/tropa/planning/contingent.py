"""Lines as policies: after every refusal a way on, chosen among all lines found from there.

A plan is a policy: what to do first, and after each no what to do then. `Growth` takes lines from the start, finds the
lines after each first and second refusal, and knows for each line the policy that fails least. `contingent_front`
solves the whole of it exactly.

Kept true: the time and money of a refused step are gone and the way on keeps to the limits of the whole plan, because
every state is one of `moves`; two refusals in a row are planned, after a third the plan says whether a way on is known
and counts it as failure. The rule for papers: no line with an application that may be refused is taken without a
lawful way on after the no. After a refusal nobody is sent where the answer is certainly no.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from tropa.planning.branches import Branch, Then, Walked, assembled
from tropa.planning.errors import PolicyTooLarge
from tropa.planning.fallback import REFUSALS_PLANNED, Onward
from tropa.planning.graph import State
from tropa.planning.moves import Move
from tropa.planning.plan import Reason, Span, StepKind
from tropa.planning.refusals import cause_of, closed_by_refusal, refused, way_back
from tropa.planning.search import Way
from tropa.planning.steps import refusal_of, steps_of
from tropa.planning.units import TICKS_A_DAY, World, chance

MOST_LINES = 4_000
"""So many lines after refusals are looked at for one person."""


@dataclass(frozen=True, slots=True)
class Standpoint:
    """Where a line begins, or a state on it: at the start, or after a refusal. `left`: refusals still planned for;
    `decided`: decisions on the way so far."""

    where: Onward
    state: State
    closed: frozenset[str]
    left: int
    decided: int


@dataclass(frozen=True, slots=True)
class No:
    """A refusal: its chance, the state after it, where one goes on from; None: nowhere, `reasons` say why."""

    refusal: Span
    after: State
    then: Standpoint | None
    beyond: tuple[Onward, State, frozenset[str]] | None = None
    reasons: tuple[Reason, ...] = ()

    @property
    def is_certain(self) -> bool:
        """Whether nobody ever says yes, in the pessimistic world."""
        return self.refusal.high >= 1

    @property
    def said(self) -> tuple[Reason, ...]:
        """What is said of it; after the last refusal planned for that takes a search."""
        return self.beyond[0].beyond(self.beyond[1], self.beyond[2]) if self.beyond else self.reasons

    @property
    def is_lost(self) -> bool:
        """Whether no way on is known at all."""
        return self.then is None and all(reason.code != "fallback_not_planned" for reason in self.said)


@dataclass(frozen=True, slots=True)
class Line:
    """A line with the refusals on it, None for each move nobody may refuse."""

    way: Way
    nos: tuple[No | None, ...]

    @property
    def is_staked(self) -> bool:
        """Whether an application on it has no way on after a refusal."""
        pairs = zip(self.way.moves, self.nos, strict=True)
        return any(no.is_lost for move, no in pairs if no and move.action.kind is StepKind.OBTAIN)

    @property
    def is_vain(self) -> bool:
        """Whether somebody on it certainly says no."""
        return any(no.is_certain for no in self.nos if no)


@dataclass(frozen=True, slots=True)
class Tree:
    """A policy: a line, and for each refusal on it the policy followed then, None where there is no way on."""

    line: Line
    thens: tuple[Tree | None, ...]


Figures = tuple[float, float, float]
"""Chance of failure, expected days, expected euros, in the pessimistic world."""


@dataclass(slots=True, eq=False)
class Growth:
    """The lines from the start and after each refusal."""

    first: Standpoint
    lines: dict[Standpoint, list[Line]] = field(default_factory=dict)
    _nos: dict[tuple[Standpoint, str, int], No] = field(default_factory=dict)
    _least: dict[Standpoint, tuple[Figures, Tree]] = field(default_factory=dict)
    _rendered: dict[int, tuple[Tree, Branch]] = field(default_factory=dict)
    _walked: dict[object, Walked] = field(default_factory=dict)
    _count: int = 0

    @classmethod
    def from_start(
        cls,
        onward: Onward,
        start: State,
        *,
        closed: frozenset[str] = frozenset(),
        refusals: int = REFUSALS_PLANNED,
    ) -> Growth:
        """Nothing taken yet. `closed`: actions that may not be used after a refusal either; `refusals` in a row are
        planned for."""
        return cls(Standpoint(onward, start, closed, refusals, 0))

    def line(self, way: Way) -> Line:
        """A way from the start with the refusals on it."""
        return self._line(self.first, way)

    def take(self, line: Line) -> None:
        """Take a line from the start among those policies are made of."""
        self.lines.setdefault(self.first, []).append(line)

    def _line(self, root: Standpoint, way: Way) -> Line:
        self._count += 1
        if self._count > MOST_LINES:
            raise PolicyTooLarge(f"more than {MOST_LINES:,} lines")
        nos: list[No | None] = []
        at = root
        for move in way.moves:
            no = self._no(at, move)
            nos.append(no)
            at = replace(at, state=move.after, decided=at.decided + (no is not None))
        return Line(way, tuple(nos))

    def _no(self, at: Standpoint, move: Move) -> No | None:
        refusal = refusal_of(move)
        if refusal is None or refusal.high == 0:
            return None
        key = (at, move.action.id, move.start)
        if key not in self._nos:
            self._nos[key] = self._after(at, move, refusal)
        return self._nos[key]

    def _after(self, at: Standpoint, move: Move, refusal: Span) -> No:
        after = refused(at.state, move)
        closed = at.closed | closed_by_refusal(at.where.graph, move.action, at.closed)
        where, moved = at.where.standing(move, after)
        if at.left == 0:
            return No(refusal, after, None, (where, moved, closed))
        then = Standpoint(where, moved, closed, at.left - 1, at.decided + 1)
        if not self._leads_on(then):
            return No(refusal, after, None, None, (where.why_none(moved, closed),))
        return No(refusal, after, then, None, at.where.said(where))

    def _leads_on(self, then: Standpoint) -> bool:
        """Whether any line from a standpoint may be offered; they are taken."""
        if then not in self.lines:
            ways = then.where.lines(then.state, then.closed, first=then.left > 0)
            found = (self._line(then, way) for way in ways)
            self.lines[then] = [line for line in found if not line.is_staked and not line.is_vain]
        return bool(self.lines[then])

    # --- the policy that fails least --------------------------------------------------------------------------------

    def least(self, line: Line, root: Standpoint | None = None) -> tuple[Figures, Tree]:
        """Of the policies of a line the one that fails least, then the quickest, then the cheapest."""
        root = root or self.first
        failure, days, euros = 0.0, 0.0, 0.0
        thens: list[Tree | None] = []
        states = (root.state, *(move.after for move in line.way.moves))
        for state, move, no in reversed(list(zip(states, line.way.moves, line.nos, strict=False))):
            tree = None
            if no is not None:
                p, after = no.refusal.high, (1.0, 0.0, 0.0)
                if no.then is not None:
                    after, tree = self._best(no.then)
                back = way_back(move)[World.PESSIMISTIC] / TICKS_A_DAY
                failure = (1 - p) * failure + p * after[0]
                days = (1 - p) * days + p * (after[1] + back)
                euros = (1 - p) * euros + p * after[2]
            failure = 1 - (1 - chance(move.nats)) * (1 - failure)
            days += (move.after.tick - state.tick) / TICKS_A_DAY
            euros += move.euros
            thens.append(tree)
        return (failure, days, euros), Tree(line, tuple(reversed(thens)))

    def _best(self, root: Standpoint) -> tuple[Figures, Tree]:
        if root not in self._least:
            found = [self.least(line, root) for line in self.lines[root]]
            self._least[root] = min(found, key=lambda one: (one[0], one[1].line.way.action_ids))
        return self._least[root]

    # --- as steps ---------------------------------------------------------------------------------------------------

    def branch(self, tree: Tree, root: Standpoint | None = None) -> Branch:
        """A policy as steps with fallbacks. Equal trees are worked out once."""
        if id(tree) not in self._rendered:
            root = root or self.first
            thens = [
                self._then(root, move, no, after) if no is not None else None
                for move, no, after in zip(tree.line.way.moves, tree.line.nos, tree.thens, strict=True)
            ]
            walked = self._walk(root, tree.line.way)
            # the tree is kept too, so that no other one gets its id
            self._rendered[id(tree)] = tree, assembled(root.state, tree.line.way, walked, thens)
        return self._rendered[id(tree)][1]

    def _walk(self, root: Standpoint, way: Way) -> Walked:
        key = (root, *((move.action.id, move.start) for move in way.moves))
        if key not in self._walked:
            self._walked[key] = steps_of(root.where.graph, root.state, way)
        return self._walked[key]

    def _then(self, root: Standpoint, move: Move, no: No, tree: Tree | None) -> Then:
        branch = None
        if tree is not None:
            assert no.then is not None
            branch = self.branch(tree, no.then)
        ticks = no.after.tick - root.state.tick
        return Then(cause_of(move), no.refusal, branch, no.said, ticks, no.after.spent, way_back(move))
