"""A line of moves and what follows each refusal, put together: steps with fallbacks, cost and outlook.

Kept true: danger is worked out in probabilities, because an average of nats is not the danger; time and money of a
refused step are gone, the way back from a border included; a refusal without a way on counts as failure. Which way on
is taken is decided elsewhere: by weighing (`fallback`) or exactly (`contingent`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tropa.planning.graph import State
from tropa.planning.plan import Cost, Fallback, FallbackCause, Outlook, Reason, Span, Step, StepKind
from tropa.planning.search import Way
from tropa.planning.steps import Charge, cost_of
from tropa.planning.units import TICKS_A_DAY, World, chance


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


@dataclass(frozen=True, slots=True)
class Then:
    """What a refusal of one move leads to: its chance, the branch taken then, why there is none or what to mind.

    `ticks`, `spent`: gone by then since the line began, in the pessimistic world; `back`: ticks of the way back in
    the three worlds, beyond the move's own time.
    """

    cause: FallbackCause
    refusal: Span
    branch: Branch | None
    reasons: tuple[Reason, ...]
    ticks: int
    spent: int
    back: tuple[int, int, int] = (0, 0, 0)

    @property
    def fallback(self) -> Fallback:
        """The same as people read it."""
        if self.branch is None:
            return Fallback(self.cause, self.refusal, (), None, self.reasons)
        return Fallback(self.cause, self.refusal, self.branch.steps, self.branch.cost, self.reasons)

    @property
    def is_lost(self) -> bool:
        """Whether no way on is known; after the last refusal planned for, one may be known and not planned."""
        return self.branch is None and all(reason.code != "fallback_not_planned" for reason in self.reasons)


Walked = tuple[tuple[Step, ...], tuple[Charge, ...]]
"""What `steps.steps_of` makes of a way."""


def assembled(start: State, way: Way, walked: Walked, thens: Sequence[Then | None]) -> Branch:
    """The way with its steps; `thens` says for each move what a refusal leads to, None where nobody may say no."""
    steps, charges = walked
    by_move = _charges_by_move(steps, charges)
    done: list[Step] = []
    lost: Reason | None = None
    unguarded: list[int] = []
    for pairs, move, then in zip(by_move, way.moves, thens, strict=True):
        own = [step for step, _ in pairs]
        fallbacks: tuple[Fallback, ...] = ()
        if then is not None:
            fallbacks = (then.fallback,)
            if then.is_lost:
                unguarded.append(own[-1].number)
                if move.action.kind is StepKind.OBTAIN:
                    lost = lost or _paper_lost(own[-1], fallbacks[0])
            if then.branch is not None:
                lost = lost or then.branch.paper_without
        done.extend((*own[:-1], replace(own[-1], fallbacks=fallbacks)))
    cost = cost_of(charges)
    charged = [[charge for _, charge in pairs] for pairs in by_move]
    spent = way.moves[-1].after.spent if way.moves else start.spent
    return Branch(
        steps=tuple(done),
        cost=cost,
        outlook=_outlook(charged, thens, cost, spent),
        paper_without=lost,
        unguarded=tuple(unguarded),
    )


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


def _outlook(
    by_move: Sequence[Sequence[Charge]], thens: Sequence[Then | None], cost: Cost, spent: int
) -> Outlook:
    """Failure, expected days and money from the last move backward in each world (branches with p = 0 are skipped),
    and the worst branch in the pessimistic one."""
    rows = [_in_world(by_move, thens, world) for world in World]
    reached = [one for one in thens if one is not None]
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
    by_move: Sequence[Sequence[Charge]], thens: Sequence[Then | None], world: World
) -> tuple[float, float, float]:
    """F = 1 - s * (1 - sum p_i F_i), T = c + sum p_i T_i, M = d + sum p_i M_i."""
    failure = days = euros = 0.0
    for charges, refused in zip(reversed(by_move), reversed(thens), strict=True):
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
                days = (1 - p) * days + p * (then[1] + refused.back[world] / TICKS_A_DAY)
                euros = (1 - p) * euros + p * then[2]
        failure = 1 - survives * (1 - failure)
        days += math.fsum(charge.ticks[world] for charge in charges) / TICKS_A_DAY
        euros += math.fsum(charge.euros[world] for charge in charges)
    return failure, days, euros
