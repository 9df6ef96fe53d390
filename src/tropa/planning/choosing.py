"""Chooses three to seven really different plans from a front and says why each is among them.

Kept true: the safest comes first, judged with refusals counted; then the fastest, the cheapest and the one that is best
prepared for refusals; then whatever is farthest from those chosen, by the share of countries and kinds of step in
common (Jaccard distance, greedily largest minimum: Gonzalez 1985). What is alike in these is told apart by the share
of places and acts in common, then by safety and by id, so the same input gives the same choice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import assert_never

from tropa.atlas import Atlas, Protection
from tropa.planning.plan import Plan, PlanTitle, Step, StepKind

MOST_SHOWN = 7
FEWEST_SHOWN = 3
TOO_ALIKE = 0.5
"""A further plan must differ from all chosen ones by at least this distance, once the fewest are there."""

Key = tuple[float | str, ...]
Feature = tuple[str, str]


def safety(plan: Plan) -> Key:
    """Whether every refusal has a way on, then danger with refusals counted, then without, then time and money."""
    overall = plan.overall_risk or plan.cost.risk
    cost = plan.cost
    return float(bool(plan.unguarded)), overall.high, cost.risk.high, cost.days.high, cost.euros.high, plan.id


def choose(front: Sequence[Plan], atlas: Atlas) -> tuple[Plan, ...]:
    """The plans to show, best first, each with its title."""
    chosen: list[Plan] = []
    kinds = {plan.id: kinds_of(plan, atlas) for plan in front}
    acts = {plan.id: acts_of(plan) for plan in front}
    apart: Callable[[Plan], float] = lambda plan: _least_distance(plan, chosen, kinds)  # noqa: E731
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
        farthest = min(
            rest, key=lambda plan: (-apart(plan), -_least_distance(plan, chosen, acts), *safety(plan))
        )
        if len(chosen) >= FEWEST_SHOWN and apart(farthest) < TOO_ALIKE:
            break
        _take(chosen, farthest, PlanTitle.DIFFERENT)
    return tuple(chosen)


def prepared(plan: Plan) -> int:
    """How many possible refusals of the plan have a way on."""
    return sum(1 for step in plan.steps for fallback in step.fallbacks if fallback.steps)


def kinds_of(plan: Plan, atlas: Atlas) -> frozenset[Feature]:
    """The countries a plan leads to, and its kinds of step: how one travels, which papers one applies for, whether one
    waits, what one asks for in the end."""
    begins = plan.steps[0].origin if plan.steps else ""
    countries = {_country(step.target, atlas) for step in plan.steps if step.target != begins}
    kinds = {(step.kind.value, what) for step in plan.steps for what in _kinds(step, atlas)}
    return frozenset(kinds | {("country", code) for code in countries - {_country(begins, atlas)}})


def _country(place: str, atlas: Atlas) -> str:
    return atlas.places[place].value.country if place else ""


def _kinds(step: Step, atlas: Atlas) -> tuple[str, ...]:
    match step.kind:
        case StepKind.LEG:
            return (step.mode,)
        case StepKind.OBTAIN:
            return step.papers_gained
        case StepKind.WAIT:
            return ("",)
        case StepKind.PROTECTION:
            end = atlas.fact(step.action).value
            return (end.what.value,) if isinstance(end, Protection) else ()
        case _:
            assert_never(step.kind)


def acts_of(plan: Plan) -> frozenset[Feature]:
    """The very acts of a plan and the places it leads to."""
    acts = {("act", step.action) for step in plan.steps if step.action}
    return frozenset(acts | {("place", step.target) for step in plan.steps})


def _least_distance(plan: Plan, chosen: Sequence[Plan], features: Mapping[str, frozenset[Feature]]) -> float:
    mine = features[plan.id]
    return min((distance(mine, features[other.id]) for other in chosen), default=1.0)


def distance(one: frozenset[Feature], other: frozenset[Feature]) -> float:
    """The share of features that only one of two plans has (Jaccard)."""
    both = one | other
    return 1 - len(one & other) / len(both) if both else 0.0


def _down(value: float | str) -> float:
    return -value if isinstance(value, float | int) else 0.0


def _take(chosen: list[Plan], plan: Plan | None, title: PlanTitle) -> None:
    if plan is not None and all(plan.id != one.id for one in chosen):
        chosen.append(replace(plan, title=title))
