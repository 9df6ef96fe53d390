"""Chooses three to seven really different plans from a front and says why each is among them.

Kept true: the safest comes first, judged with refusals counted; then the fastest, the cheapest and the one that is best
prepared for refusals; then whatever is farthest from those chosen, by the share of legs, countries and offices
they have in common (Jaccard distance, greedily largest minimum). Ties are broken by cost and then by the actions,
so the same input gives the same choice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from tropa.planning.plan import Plan, PlanTitle, Step

MOST_SHOWN = 7
FEWEST_SHOWN = 3
TOO_ALIKE = 0.5
"""A further plan must differ from all chosen ones by at least this distance, once the fewest are there."""

Key = tuple[float | str, ...]


def safety(plan: Plan) -> Key:
    """Whether every refusal has a way on, then danger with refusals counted, then without, then time and money."""
    overall = plan.overall_risk or plan.cost.risk
    cost = plan.cost
    return float(bool(plan.unguarded)), overall.high, cost.risk.high, cost.days.high, cost.euros.high, plan.id


def choose(front: Sequence[Plan]) -> tuple[Plan, ...]:
    """The plans to show, best first, each with its title."""
    chosen: list[Plan] = []
    speed: Callable[[Plan], Key] = lambda plan: (plan.cost.days.high, *safety(plan))  # noqa: E731
    price: Callable[[Plan], Key] = lambda plan: (plan.cost.euros.high, *safety(plan))  # noqa: E731
    for title, key in ((PlanTitle.SAFEST, safety), (PlanTitle.FASTEST, speed), (PlanTitle.CHEAPEST, price)):
        _take(chosen, min(front, key=key, default=None), title)
    most = max(
        front, key=lambda plan: (prepared(plan), *(_down(value) for value in safety(plan)[:5])), default=None
    )
    if most is not None and prepared(most) > 0:
        _take(chosen, most, PlanTitle.MOST_FALLBACKS)
    while len(chosen) < MOST_SHOWN:
        rest = [plan for plan in front if all(plan.id != one.id for one in chosen)]
        if not rest:
            break
        farthest = max(rest, key=lambda plan: (_least_distance(plan, chosen), *map(_down, safety(plan)[:5])))
        if len(chosen) >= FEWEST_SHOWN and _least_distance(farthest, chosen) < TOO_ALIKE:
            break
        _take(chosen, farthest, PlanTitle.DIFFERENT)
    return tuple(chosen)


def prepared(plan: Plan) -> int:
    """How many possible refusals of the plan have a way on."""
    return sum(1 for step in plan.steps for fallback in step.fallbacks if fallback.steps)


def kinds_of(steps: Sequence[Step]) -> frozenset[str]:
    """What a plan is made of: its actions, and the places it touches."""
    return frozenset(step.action for step in steps if step.action) | frozenset(step.target for step in steps)


def _least_distance(plan: Plan, chosen: Sequence[Plan]) -> float:
    mine = kinds_of(plan.steps)
    return min((_distance(mine, kinds_of(other.steps)) for other in chosen), default=1.0)


def _distance(one: frozenset[str], other: frozenset[str]) -> float:
    both = one | other
    return 1 - len(one & other) / len(both) if both else 0.0


def _down(value: float | str) -> float:
    return -value if isinstance(value, float | int) else 0.0


def _take(chosen: list[Plan], plan: Plan | None, title: PlanTitle) -> None:
    if plan is not None and all(plan.id != one.id for one in chosen):
        chosen.append(replace(plan, title=title))
