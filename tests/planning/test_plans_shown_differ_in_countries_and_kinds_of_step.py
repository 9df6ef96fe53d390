"""The plans shown, held against every choice that could have been made, with a measure of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path

import pytest

from tests.planning.test_plans_on_the_shipped_pack import PERSONS, answer, atlas
from tropa.atlas import Protection
from tropa.planning.choosing import FEWEST_SHOWN, TOO_ALIKE, choose
from tropa.planning.plan import Plan, PlanTitle, StepKind

MOST_COMPARED = 20_000


def features(plan: Plan) -> set[str]:
    """Countries led to and kinds of step of a plan, read from its steps."""
    country = {id_: fact.value.country for id_, fact in atlas().places.items()}
    found = set()
    for step in plan.steps:
        if country[step.target] != country[plan.steps[0].origin]:
            found.add(country[step.target])
        if step.kind is StepKind.LEG:
            found.add(f"by {step.mode}")
        elif step.kind is StepKind.OBTAIN:
            found |= {f"asks for {paper}" for paper in step.papers_gained}
        elif step.kind is StepKind.WAIT:
            found.add("waits")
        else:
            end = atlas().fact(step.action).value
            assert isinstance(end, Protection)
            found.add(f"ends in {end.what}")
    return found


def apart(one: Plan, other: Plan) -> float:
    mine, theirs = features(one), features(other)
    return len(mine ^ theirs) / len(mine | theirs)


def nearest(plan: Plan, others: list[Plan]) -> float:
    return min(apart(plan, other) for other in others)


@pytest.mark.parametrize("file", PERSONS, ids=lambda file: file.stem)
def test_each_further_plan_is_the_most_different_and_none_so_different_is_left_out(file: Path) -> None:
    front = answer(file).front
    shown = list(choose(front, atlas()))
    taken: list[Plan] = []
    for plan in shown:
        if plan.title is PlanTitle.DIFFERENT:
            rest = [one for one in front if one.id not in {each.id for each in taken}]
            farthest = max(nearest(one, taken) for one in rest)
            assert nearest(plan, taken) == pytest.approx(farthest)
            assert len(taken) < FEWEST_SHOWN or farthest >= TOO_ALIKE
        taken.append(plan)
    left = [one for one in front if one.id not in {each.id for each in taken}]
    if len(shown) < 7:
        assert all(nearest(one, shown) < TOO_ALIKE for one in left)


def test_no_other_choice_is_more_than_twice_as_different() -> None:
    compared = 0
    for file in PERSONS:
        front = answer(file).front
        shown = choose(front, atlas())
        fixed = [plan for plan in shown if plan.title is not PlanTitle.DIFFERENT]
        further = [plan for plan in shown if plan.title is PlanTitle.DIFFERENT]
        others = [plan for plan in front if plan.id not in {one.id for one in fixed}]
        choices = list(combinations(others, len(further)))
        if not further or len(choices) > MOST_COMPARED:
            continue
        distance = {(a.id, b.id): apart(a, b) for a in front for b in front}

        compared += len(choices)
        best = max(least(fixed, one, distance) for one in choices)
        assert best <= 2 * least(fixed, further, distance) + 1e-9
    assert compared > 10


def least(fixed: Sequence[Plan], chosen: Sequence[Plan], distance: Mapping[tuple[str, str], float]) -> float:
    """The least distance of a chosen plan from those before it."""
    return min(
        distance[one.id, other.id]
        for number, one in enumerate(chosen)
        for other in (*fixed, *chosen[:number])
    )
