"""What to do when somebody says no: each line of acts becomes a policy, a tree with a way on after every refusal.

Kept true: the time and the money of the refused step are gone; the same application may be made again only where its
rule allows it, and then once; a refused paper is asked for nowhere else, a country that turned somebody back is
entered by no other leg; the way on keeps to the limits of the whole plan. After a first refusal on the way every line
of the front from there is weighed with its own ways on, and the one that fails least is taken (then the quickest, then
the cheapest); after a second one, and after a decision that is far off, the surest and the least dangerous line are
weighed. Two refusals in a row are planned; after a third the plan says whether any way on is known, and counts it as
failure.

The rule for papers: no offered tree contains an application for a paper that somebody may refuse and after which no
lawful way on is known. Danger is worked out in probabilities, because an average of nats is not the danger.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tropa.atlas import Obtain
from tropa.planning.graph import Action, SafetyGraph, State
from tropa.planning.later import seen_later
from tropa.planning.moves import Move
from tropa.planning.plan import Cost, Fallback, FallbackCause, Outlook, Reason, Span, Step, StepKind
from tropa.planning.search import RISK, Search, Way, by_danger, by_money, surest
from tropa.planning.steps import Charge, cost_of, refusal_of, steps_of
from tropa.planning.units import RISK_UNIT, TICKS_A_DAY, World, chance, day_of

REFUSALS_PLANNED = 2
LEAVING_DAYS = 7
"""After a refused claim for protection the way on may begin within so many days. The pack records no time to leave for
most countries; the departure is to be arranged while the claim still makes the stay lawful, and the answer says so."""

LINES_WEIGHED = 12
"""So many lines from a refusal are weighed with their own ways on, least dangerous first."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A line as steps with fallbacks: its cost when all say yes, the whole outlook, and what has no way on.

    `paper_without`: some application in the tree is left without any lawful way on when it is refused. `unguarded`:
    numbers of steps of the line itself at which a refusal leaves no way on.
    """

    steps: tuple[Step, ...]
    cost: Cost
    outlook: Outlook
    paper_without: Reason | None
    unguarded: tuple[int, ...]

    @property
    def key(self) -> tuple[float, ...]:
        """Best first: fails least, then quickest, then cheapest."""
        outlook = self.outlook
        return outlook.failure.high, self.cost.risk.high, outlook.days.high, outlook.euros.high


@dataclass(frozen=True, slots=True)
class _Failing:
    """What a refusal of one move leads to: its chance, the branch planned for it, ticks and money gone by then."""

    refusal: Span
    branch: Branch | None
    ticks: int
    spent: int


class Fallbacks:
    """Turns ways of one graph into trees; states met twice are worked out once."""

    def __init__(self, search: Search, budget: int | None, *, far_off: bool = False) -> None:
        self.far_off = far_off
        self.search = search
        self.graph: SafetyGraph = search.graph
        self.budget = budget
        self._best: dict[tuple[State, frozenset[str], int], Branch | None] = {}
        self._later: dict[tuple[int, tuple[int, ...]], Fallbacks] = {}

    def branch(
        self,
        start: State,
        way: Way,
        *,
        without: frozenset[str] = frozenset(),
        depth: int = REFUSALS_PLANNED,
    ) -> Branch:
        """The way as steps with fallbacks down to `depth` refusals."""
        steps, charges = steps_of(self.graph, start, way)
        states = [start, *(move.after for move in way.moves)]
        by_move = _charges_by_move(steps, charges)
        done: list[Step] = []
        failing: list[_Failing | None] = []
        lost: Reason | None = None
        unguarded: list[int] = []
        for number, move in enumerate(way.moves):
            refusal = refusal_of(move)
            own = [step for step, _ in by_move[number]]
            fallbacks: tuple[Fallback, ...] = ()
            if refusal is not None and refusal.high > 0:
                branch, fallback = self._after_refusal(states[number], move, refusal, without, depth)
                fallbacks = (fallback,)
                after = _refused(states[number], move)
                failing.append(_Failing(refusal, branch, after.tick - start.tick, after.spent))
                if _is_lost(fallback):
                    unguarded.append(own[-1].number)
                    if move.action.kind is StepKind.OBTAIN:
                        lost = lost or _paper_lost(own[-1], fallback)
                if branch is not None:
                    lost = lost or branch.paper_without
            else:
                failing.append(None)
            done.extend((*own[:-1], replace(own[-1], fallbacks=fallbacks)))
        cost = cost_of(charges)
        charged = [[charge for _, charge in pairs] for pairs in by_move]
        return Branch(
            steps=tuple(done),
            cost=cost,
            outlook=_outlook(charged, failing, cost, states[-1].spent),
            paper_without=lost,
            unguarded=tuple(unguarded),
        )

    def _after_refusal(
        self, state: State, move: Move, refusal: Span, without: frozenset[str], depth: int
    ) -> tuple[Branch | None, Fallback]:
        cause = FallbackCause.TURNED_BACK if move.action.kind is StepKind.LEG else FallbackCause.REFUSED
        after = _refused(state, move)
        closed = without | _closed_by_refusal(self.graph, move.action, without)
        where, after = self._from(move, after)
        if depth == 0:
            known = where.search.best(after, budget=where.budget, without=closed) is not None
            code = "fallback_not_planned" if known else "no_fallback"
            values = (("refusals", str(REFUSALS_PLANNED + 1)),) if known else ()
            return None, Fallback(cause, refusal, (), None, (Reason(code, values),))
        branch = where.best(after, closed, depth - 1)
        if branch is None:
            return None, Fallback(cause, refusal, (), None, (where.why_none(after, closed),))
        reasons = (Reason("leave_in_time"), Reason("plan_anew_then")) if where is not self else ()
        return branch, Fallback(cause, refusal, branch.steps, branch.cost, reasons)

    def _from(self, move: Move, after: State) -> tuple[Fallbacks, State]:
        """Where to go on from: after a decision on protection the days are counted from that decision."""
        if move.action.kind is not StepKind.PROTECTION:
            return self, after
        days = day_of(after.tick)
        graph, state = seen_later(self.graph, after, days)
        key = (days, tuple(sorted({self.graph.zone_number(stay.zone) for stay in after.past})))
        if key not in self._later:
            search = Search(graph, money_unit=self.search.money_unit, stop=self.search.stop)
            self._later[key] = Fallbacks(search, self.budget, far_off=True)
        return self._later[key], state

    def best(self, state: State, closed: frozenset[str], depth: int) -> Branch | None:
        """Of the lines weighed from a state the one that fails least with its own ways on; None if there is none,
        or each would apply for a paper without a way on after a refusal."""
        key = (state, closed, depth)
        if key not in self._best:
            self._best[key] = self._weigh(state, closed, depth)
        return self._best[key]

    def _weigh(self, state: State, closed: frozenset[str], depth: int) -> Branch | None:
        found: Branch | None = None
        for way in self._lines(state, closed, whole=depth > 0 and not self.far_off):
            least = chance(max(0, way.cost[RISK] - len(way.moves)) * RISK_UNIT)
            if found is not None and least > found.outlook.failure.high:
                break  # the rest is more dangerous even if nobody refuses
            branch = self.branch(state, way, without=closed, depth=depth)
            if branch.paper_without is None and (found is None or branch.key < found.key):
                found = branch
        return found

    def _lines(self, state: State, closed: frozenset[str], *, whole: bool) -> Sequence[Way]:
        """The lines to weigh, least dangerous first: of the front, or only its surest and its least dangerous one."""
        if whole:
            lines = self.search.front(state, budget=self.budget, without=closed)
            return sorted(lines, key=lambda one: one.cost)[:LINES_WEIGHED]
        found = [
            self.search.best(state, budget=self.budget, without=closed, order=order)
            for order in (by_danger, surest)
        ]
        return list({way.action_ids: way for way in found if way is not None}.values())

    def why_none(self, state: State, closed: frozenset[str]) -> Reason:
        """Why nothing is left: money, or no way the atlas knows."""
        if self.budget is not None:
            unlimited = self.search.best(state, budget=None, without=closed, order=by_money)
            if unlimited is not None:
                missing = state.spent + unlimited.euros - self.budget
                if missing > 0:
                    return Reason("no_fallback_money", (("euros", str(missing)),))
        return Reason("no_fallback", ())


def _is_lost(fallback: Fallback) -> bool:
    """Whether no way on is known; after the last refusal planned for, one may be known and not planned."""
    return not fallback.steps and all(reason.code != "fallback_not_planned" for reason in fallback.reasons)


def _paper_lost(step: Step, fallback: Fallback) -> Reason:
    values = (("paper", step.papers_gained[0]), ("place", step.origin))
    why = fallback.reasons[0]
    return Reason(
        "paper_without_fallback_money" if why.values else "paper_without_fallback", (*values, *why.values)
    )


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
    leaving = LEAVING_DAYS if move.action.kind is StepKind.PROTECTION else 0
    return replace(
        state,
        tick=tick,
        last=max(state.last, day_of(tick) + leaving),
        spent=state.spent + move.euros,
        applied=state.applied + (move.action.gains >= 0),
    )


def _closed_by_refusal(graph: SafetyGraph, action: Action, without: frozenset[str]) -> frozenset[str]:
    if action.kind is StepKind.OBTAIN:
        offer = graph.atlas.fact(action.id).value
        again = f"again {action.id}"
        if isinstance(offer, Obtain) and offer.again and again not in without:
            return frozenset({again})  # one more try, as the rule allows; its mark closes the next refusal
        return graph.applications_for(action.gains)
    if action.kind is StepKind.LEG:
        return graph.entries_to(graph.spots[action.target].country)
    return frozenset({action.id})


def _outlook(
    by_move: Sequence[Sequence[Charge]], failing: Sequence[_Failing | None], cost: Cost, spent: int
) -> Outlook:
    """Failure, expected days and money from the last move backward in each world (branches with p = 0 are skipped),
    and the worst branch in the pessimistic one."""
    rows = [_in_world(by_move, failing, world) for world in World]
    reached = [one for one in failing if one is not None]
    days = [cost.days.high]
    money = [float(spent)]
    for one in reached:
        gone = one.ticks / TICKS_A_DAY
        days.append(gone + (one.branch.outlook.worst_days if one.branch else 0.0))
        money.append(one.branch.outlook.worst_euros if one.branch else float(one.spent))
    return Outlook(
        failure=_span([min(1.0, row[0]) for row in rows]),
        days=_span([row[1] for row in rows]),
        euros=_span([row[2] for row in rows]),
        worst_days=max(days),
        worst_euros=max(money),
    )


def _span(ends: Sequence[float]) -> Span:
    low, point, high = sorted(ends)
    return Span(max(0.0, low), max(0.0, point), max(0.0, high))


def _in_world(
    by_move: Sequence[Sequence[Charge]], failing: Sequence[_Failing | None], world: World
) -> tuple[float, float, float]:
    """F = 1 - s * (1 - sum p_i F_i), T = c + sum p_i T_i, M = d + sum p_i M_i."""
    failure = days = euros = 0.0
    for charges, refused in zip(reversed(by_move), reversed(failing), strict=True):
        survives = 1 - chance(math.fsum(charge.nats[world] for charge in charges))
        if refused is not None:
            p = (refused.refusal.low, refused.refusal.point, refused.refusal.high)[world]
            if p > 0:
                then = (1.0, 0.0, 0.0)
                if refused.branch is not None:
                    outlook = refused.branch.outlook
                    spans = (outlook.failure, outlook.days, outlook.euros)
                    then = tuple((one.low, one.point, one.high)[world] for one in spans)  # type: ignore[assignment]
                failure = (1 - p) * failure + p * then[0]
                days = (1 - p) * days + p * then[1]
                euros = (1 - p) * euros + p * then[2]
        failure = 1 - survives * (1 - failure)
        days += math.fsum(charge.ticks[world] for charge in charges) / TICKS_A_DAY
        euros += math.fsum(charge.euros[world] for charge in charges)
    return failure, days, euros
