"""After every refusal a lawful way on, or the plan says plainly that there is none, and a paper is never staked on."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.planning.answers import actions, safest
from tests.planning.tiny import (
    HOME,
    ON,
    asks,
    calm,
    entry,
    haven,
    leg,
    obtain,
    open_country,
    paper,
    person,
    place,
    stay,
    world,
)
from tropa.atlas import Atlas, Range, load_pack
from tropa.atlas.pack import EXAMPLE_DAY, SHIPPED_PACK
from tropa.planning.answer import Planner, plans_for
from tropa.planning.drawn import drawn_people
from tropa.planning.person import HeldPaper
from tropa.planning.plan import Fallback, FallbackCause, Plan, PlanSet, Step, StepKind

DRAWN = 200


def fallbacks_of(steps: tuple[Step, ...]) -> Iterator[tuple[Step, Fallback]]:
    for step in steps:
        for fallback in step.fallbacks:
            yield step, fallback
            yield from fallbacks_of(fallback.steps)


def two_havens(*more: Any, share: float = 0.5, days: float = 10) -> Any:
    """Home, one haven that refuses half, another beyond it that takes everybody."""
    return world(
        *calm(HOME),
        place("h", HOME),
        *open_country("AA"),
        place("a", "AA"),
        *open_country("BB"),
        place("b", "BB"),
        *leg("h", "a"),
        *leg("a", "b", days=3, euros=100, risk=0.05),
        *haven("AA", share=share, days=days),
        *haven("BB"),
        *more,
    )


def test_after_a_refused_claim_one_goes_on_to_another_haven() -> None:
    found = plans_for(two_havens(), person(), ON)
    plan = next(plan for plan in found.front if plan.haven == "haven-AA")
    (fallback,) = plan.steps[-1].fallbacks
    assert [step.action for step in fallback.steps] == ["a-b", "haven-BB"]
    assert plan.unguarded == ()
    assert plan.outlook is not None
    assert plan.outlook.failure.high == pytest.approx(0.5 * 0.05)
    assert plan.outlook.euros.high == pytest.approx(50)
    assert plan.outlook.worst_euros == 100
    assert plan.outlook.worst_days == pytest.approx(13, abs=0.3)


def test_a_decision_years_away_has_a_way_on_that_is_to_be_planned_anew() -> None:
    found = plans_for(two_havens(days=1500), person(), ON)
    plan = next(plan for plan in found.front if plan.haven == "haven-AA")
    (fallback,) = plan.steps[-1].fallbacks
    assert [step.action for step in fallback.steps] == ["a-b", "haven-BB"]
    assert (fallback.steps[0].starts - ON).days == 1500
    assert [reason.code for reason in fallback.reasons] == ["leave_in_time", "plan_anew_then"]


def test_a_passport_that_has_run_out_by_the_decision_opens_no_way_on() -> None:
    atlas = two_havens(
        entry("CC", asks("fp")),
        *calm("CC"),
        place("c", "CC"),
        stay("CC", 90),
        *leg("a", "c", risk=0.02),
        *haven("CC"),
        days=500,
    )
    for days, then in ((499, "a-b"), (900, "a-c")):
        someone = person("h", papers=(HeldPaper("fp", None, ON + timedelta(days=days)),))
        plan = next(plan for plan in plans_for(atlas, someone, ON).front if plan.haven == "haven-AA")
        assert plan.steps[-1].fallbacks[0].steps[0].action == then


def test_plans_with_a_way_on_stand_before_those_without_and_these_say_so() -> None:
    atlas = world(
        *calm(HOME),
        place("h", HOME),
        *open_country("AA"),
        place("a", "AA"),
        *open_country("BB"),
        place("b", "BB"),
        *leg("h", "a"),
        *leg("h", "b", risk=0.2),
        *haven("AA", share=0.99),
        *haven("BB"),
    )
    found = plans_for(atlas, person(), ON)
    assert [plan.haven for plan in found.front] == ["haven-BB", "haven-AA"]
    assert [plan.unguarded for plan in found.front] == [(), (2,)]
    assert found.plans[0].haven == "haven-BB"


def visa(*more: Any, **changes: Any) -> Any:
    return world(
        *calm(HOME),
        place("h", HOME),
        paper("visa", travel=False),
        *calm("GG"),
        entry("GG", asks("visa")),
        stay("GG", 90),
        place("g", "GG"),
        *obtain("visa", HOME, refusal=0.4, **changes),
        *leg("h", "g"),
        *haven("GG"),
        *more,
    )


def test_a_plan_that_stakes_all_on_a_paper_is_withheld_with_the_reason() -> None:
    found = plans_for(visa(), person(), ON)
    assert found.front == ()
    (withheld,) = found.withheld
    assert withheld.reason.code == "paper_without_fallback"
    assert withheld.country == "GG"
    assert [reason.code for reason in withheld.would_open] == ["withheld_look"]
    assert found.no_plan is not None


def test_what_a_withheld_plan_hid_is_found() -> None:
    """The visa beats the dangerous certain way on all counts but doubt; a second visa that is as doubtful and worse
    was hidden by the first, and has a way on."""
    more = (
        *open_country("BB"),
        place("b", "BB"),
        *leg("h", "b", risk=0.3, euros=10),
        *haven("BB"),
    )
    found = plans_for(visa(*more), person(), ON)
    assert found.withheld == ()
    plan = next(plan for plan in found.front if plan.haven == "haven-GG")
    assert [step.action for step in plan.steps[0].fallbacks[0].steps] == ["h-b", "haven-BB"]


def test_where_the_rule_allows_it_one_applies_once_more_and_not_for_ever() -> None:
    dangerous = (*open_country("BB"), place("b", "BB"), *leg("h", "b", risk=0.3), *haven("BB"))
    atlas = visa(*dangerous)
    changed = [
        replace(fact, value=replace(fact.value, again=True)) if fact.id == "visa-HH" else fact  # type: ignore[call-arg]
        for fact in atlas.facts.values()
    ]
    for offered, failure, applications in (
        (atlas.facts.values(), 0.4 * 0.3, 1),
        (changed, 0.4 * 0.4 * 0.3, 2),
    ):
        found = plans_for(Atlas(meta=atlas.meta, facts=offered, version="again"), person(), ON)
        plan = next(plan for plan in found.front if plan.haven == "haven-GG")
        assert plan.outlook is not None
        assert plan.outlook.failure.high == pytest.approx(failure)
        asked = [step.action for step, _ in fallbacks_of(plan.steps) if step.kind is StepKind.OBTAIN]
        assert asked == ["visa-HH"] * applications


def test_a_country_that_turned_back_is_entered_by_no_other_leg() -> None:
    atlas = world(
        *calm(HOME),
        place("h", HOME),
        *calm("AA"),
        entry("AA", turned_back=Range(0.1, 0.1, 0.1)),
        stay("AA", 90),
        place("a", "AA"),
        *leg("h", "a"),
        *leg("h", "a", id_="other"),
        *haven("AA"),
    )
    plan = safest(plans_for(atlas, person(), ON))
    (fallback,) = plan.steps[0].fallbacks
    assert fallback.cause is FallbackCause.TURNED_BACK
    assert fallback.steps == ()
    assert plan.unguarded == (1,)


def test_the_way_on_that_fails_least_is_taken_and_not_the_one_that_looks_best() -> None:
    """From A two ways on: by C nearly without danger if C does not refuse, or by B with some danger and certain."""
    more = (
        *open_country("CC"),
        place("c", "CC"),
        *leg("a", "c"),
        *haven("CC", share=0.3),
    )
    plan = next(
        plan for plan in plans_for(two_havens(*more), person(), ON).front if actions(plan)[-1] == "haven-AA"
    )
    (fallback,) = plan.steps[-1].fallbacks
    assert fallback.steps[-1].action == "haven-BB"


@functools.cache
def atlas() -> Any:
    return load_pack(SHIPPED_PACK, reviewed_as_of=EXAMPLE_DAY)


@functools.cache
def drawn_answers() -> tuple[PlanSet, ...]:
    planner = Planner(atlas())
    return tuple(planner.plans(one, EXAMPLE_DAY) for one in drawn_people(atlas(), EXAMPLE_DAY, DRAWN, seed=3))


def faults_of(plan: Plan) -> Iterator[str]:
    for step, fallback in fallbacks_of(plan.steps):
        known = bool(fallback.steps) or any(one.code == "fallback_not_planned" for one in fallback.reasons)
        if step.kind is StepKind.OBTAIN and not known:
            yield f"{plan.id}: {step.action} is staked on"
        if not fallback.steps and not fallback.reasons:
            yield f"{plan.id}: nothing is said after {step.action}"
        if fallback.steps and fallback.steps[-1].kind is not StepKind.PROTECTION:
            yield f"{plan.id}: the way on after {step.action} leads nowhere"
    lost = {
        step.number
        for step in plan.steps
        for fallback in step.fallbacks
        if not fallback.steps and fallback.reasons[0].code != "fallback_not_planned"
    }
    if lost != set(plan.unguarded):
        yield f"{plan.id}: marked {plan.unguarded}, lost {sorted(lost)}"


def test_no_drawn_person_is_offered_a_paper_without_a_way_on() -> None:
    answers = drawn_answers()
    assert [fault for answer in answers for plan in answer.front for fault in faults_of(plan)] == []
    assert sum(bool(answer.plans) for answer in answers) > DRAWN // 4
    uncertain = [one for answer in answers for plan in answer.front for one in fallbacks_of(plan.steps)]
    assert {fallback.cause for _, fallback in uncertain} == set(FallbackCause)
    assert sum(bool(fallback.steps) for _, fallback in uncertain) > DRAWN


def test_for_drawn_persons_too_what_has_a_way_on_stands_first() -> None:
    for answer in drawn_answers():
        marks = [bool(plan.unguarded) for plan in answer.front]
        assert marks == sorted(marks)
        assert not answer.plans or not answer.plans[0].unguarded or all(marks)


def test_expected_figures_lie_between_the_best_and_the_worst_branch() -> None:
    for answer in drawn_answers():
        for plan in answer.front:
            outlook = plan.outlook
            assert outlook is not None
            assert 0 <= outlook.failure.low <= outlook.failure.high <= 1
            assert outlook.euros.high <= outlook.worst_euros + 1e-6
            assert outlook.days.high <= outlook.worst_days + 1e-6
            assert outlook.worst_euros >= plan.cost.euros.high - 1e-6
