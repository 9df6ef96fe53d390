"""What to do when somebody says no: for each uncertain step the best way on from the state after the refusal.

Kept true: the time and the money of the refused step are gone, the same application may not be made again (a refused
paper nowhere else either, a country that turned somebody back by no other leg), and the way on keeps to the limits of
the whole plan. Where no way is left, the fallback is empty and says so. Answers reach two refusals in a row; a third is
said to be unplanned, never left out in silence. Danger is worked out in probabilities, because an average of nats is
not the danger: `overall_risk` counts refusals, and a refusal without a way on counts as failure.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from tropa.planning.graph import Action, SafetyGraph, State
from tropa.planning.moves import Move
from tropa.planning.plan import Cost, Fallback, FallbackCause, Reason, Span, Step, StepKind
from tropa.planning.search import Search, Way, by_money
from tropa.planning.steps import Charge, cost_of, refusal_of, steps_of
from tropa.planning.units import World, chance, day_of

REFUSALS_PLANNED = 2


@dataclass(frozen=True, slots=True)
class Branch:
    """Steps with their fallbacks, what they cost when all say yes, the danger with refusals, the dearest branch."""

    steps: tuple[Step, ...]
    cost: Cost
    overall_risk: Span
    worst_spent: int
    refusals_planned: int


class Fallbacks:
    """Adds fallbacks to ways of one graph; states met twice are searched once."""

    def __init__(self, search: Search, budget: int | None) -> None:
        self.search = search
        self.graph: SafetyGraph = search.graph
        self.budget = budget
        self._known: dict[tuple[State, frozenset[str]], Way | None] = {}

    def branch(
        self,
        start: State,
        way: Way,
        *,
        without: frozenset[str] = frozenset(),
        depth: int = REFUSALS_PLANNED,
        first_number: int = 1,
    ) -> Branch:
        """The way as steps with fallbacks down to `depth` refusals."""
        steps, charges = steps_of(self.graph, start, way, first_number)
        states = [start, *(move.after for move in way.moves)]
        by_move = _charges_by_move(steps, charges)
        done: list[Step] = []
        failing: list[tuple[Span | None, Branch | None]] = []
        worst = states[-1].spent
        for number, move in enumerate(way.moves):
            refusal = refusal_of(move)
            branch = None
            fallbacks: tuple[Fallback, ...] = ()
            if refusal is not None and refusal.high > 0:
                branch, fallback = self._after_refusal(states[number], move, refusal, without, depth)
                fallbacks = (fallback,)
                worst = max(worst, branch.worst_spent if branch else _refused(states[number], move).spent)
            failing.append((refusal, branch))
            own = [step for step, _ in by_move[number]]
            done.extend((*own[:-1], replace(own[-1], fallbacks=fallbacks)))
        return Branch(
            steps=tuple(done),
            cost=cost_of(charges),
            overall_risk=_overall([[charge for _, charge in pairs] for pairs in by_move], failing),
            worst_spent=worst,
            refusals_planned=sum(1 for step in done for fallback in step.fallbacks if fallback.steps),
        )

    def _after_refusal(
        self, state: State, move: Move, refusal: Span, without: frozenset[str], depth: int
    ) -> tuple[Branch | None, Fallback]:
        cause = FallbackCause.TURNED_BACK if move.action.kind is StepKind.LEG else FallbackCause.REFUSED
        if depth == 0:
            reason = Reason("fallback_not_planned", (("refusals", str(REFUSALS_PLANNED)),))
            return None, Fallback(cause, refusal, (), None, (reason,))
        after = _refused(state, move)
        closed = without | _closed_by_refusal(self.graph, move.action)
        way = self._best(after, closed)
        if way is None:
            return None, Fallback(cause, refusal, (), None, (self._why_none(after, closed),))
        branch = self.branch(after, way, without=closed, depth=depth - 1)
        return branch, Fallback(cause, refusal, branch.steps, branch.cost, ())

    def _best(self, state: State, closed: frozenset[str]) -> Way | None:
        key = (state, closed)
        if key not in self._known:
            self._known[key] = self.search.best(state, budget=self.budget, without=closed)
        return self._known[key]

    def _why_none(self, state: State, closed: frozenset[str]) -> Reason:
        if self.budget is not None:
            unlimited = self.search.best(state, budget=None, without=closed, order=by_money)
            if unlimited is not None:
                missing = state.spent + unlimited.euros - self.budget
                return Reason("no_fallback_money", (("euros", str(missing)),))
        return Reason("no_fallback", ())


def _charges_by_move(steps: tuple[Step, ...], charges: tuple[Charge, ...]) -> list[list[tuple[Step, Charge]]]:
    """Steps and charges of each move: a wait belongs to the action after it."""
    groups: list[list[tuple[Step, Charge]]] = [[]]
    for step, charge in zip(steps, charges, strict=True):
        groups[-1].append((step, charge))
        if step.kind is not StepKind.WAIT:
            groups.append([])
    return groups[:-1]


def _refused(state: State, move: Move) -> State:
    """Where a party stands after the no: back where it was, later and poorer; overdue stays forbid waiting only."""
    tick = move.after.tick
    if move.action.kind is StepKind.LEG:
        tick += move.action.ticks[World.PESSIMISTIC] - move.action.before[World.PESSIMISTIC]
    return replace(
        state,
        tick=tick,
        last=max(state.last, day_of(tick)),
        spent=state.spent + move.euros,
        applied=state.applied + (move.action.gains >= 0),
    )


def _closed_by_refusal(graph: SafetyGraph, action: Action) -> frozenset[str]:
    if action.kind is StepKind.OBTAIN:
        return graph.applications_for(action.gains)
    if action.kind is StepKind.LEG:
        return graph.entries_to(graph.spots[action.target].country)
    return frozenset({action.id})


def _overall(by_move: list[list[Charge]], failing: list[tuple[Span | None, Branch | None]]) -> Span:
    """F = 1 - s * (1 - sum p_i F_i), from the last move backward, in each world; branches with p = 0 are skipped."""
    ends = []
    for world in World:
        failure = 0.0
        for charges, (refusal, branch) in zip(reversed(by_move), reversed(failing), strict=True):
            survives = 1 - chance(sum(charge.nats[world] for charge in charges))
            if refusal is not None:
                p = (refusal.low, refusal.point, refusal.high)[world]
                if p > 0:
                    ways = branch.overall_risk if branch else Span(1, 1, 1)
                    failure = (1 - p) * failure + p * (ways.low, ways.point, ways.high)[world]
            failure = 1 - survives * (1 - failure)
        ends.append(min(1.0, failure))
    low, point, high = sorted(ends)
    return Span(low, point, high)
