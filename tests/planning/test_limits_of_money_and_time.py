"""Budgets, deadlines and what is said when they close the last way, in worlds small enough to check by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.planning.answers import codes, safest
from tests.planning.test_papers_bars_and_stays import simple
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
from tropa.atlas import (
    Range,
)
from tropa.planning.answer import plans_for
from tropa.planning.plan import StepKind


def test_the_budget_names_what_the_cheapest_plan_costs() -> None:
    atlas = world(
        *calm(HOME),
        place("h", HOME),
        *open_country("GG"),
        place("g", "GG"),
        *leg("h", "g", euros=120),
        *haven("GG"),
    )
    assert plans_for(atlas, person(money=120), ON).front
    answer = plans_for(atlas, person(money=119), ON)
    assert answer.no_plan is not None
    (closed,) = answer.no_plan.closed_by
    (opened,) = answer.no_plan.would_open
    assert (closed.code, dict(closed.values)["euros"]) == ("none_money", "119")
    assert (opened.code, dict(opened.values)["needed"]) == ("open_money", "120")


def test_the_budget_is_held_against_the_dearest_branch() -> None:
    """After a refusal the money of the application is gone; a fallback that costs more than what is left is none."""
    facts = (
        *calm(HOME),
        place("h", HOME),
        paper("visa", travel=False),
        *calm("GG"),
        entry("GG", asks("visa")),
        stay("GG", 90),
        place("g", "GG"),
        *open_country("BB"),
        place("b", "BB"),
        *obtain("visa", HOME, refusal=0.4, euros=80),
        *leg("h", "g", euros=300),
        *leg("h", "b", euros=500, risk=0.1),
        *haven("GG"),
        *haven("BB"),
    )
    atlas = world(*facts)
    rich = safest(plans_for(atlas, person(money=580), ON))
    poor = plans_for(atlas, person(money=579), ON)
    (fallback,) = rich.steps[0].fallbacks
    assert [step.action for step in fallback.steps] == ["h-b", "haven-BB"]
    assert rich.worst_euros == 580
    assert [step.action for step in safest(poor).steps] == ["h-b", "haven-BB"]
    (withheld,) = poor.withheld
    assert withheld.reason.code == "paper_without_fallback_money"
    assert dict(withheld.reason.values) == {"paper": "visa", "place": "h", "euros": "1"}


def test_income_counts_only_after_a_whole_month() -> None:
    atlas = world(
        *calm(HOME),
        place("h", HOME),
        *open_country("GG"),
        place("g", "GG"),
        *leg("h", "g", euros=500),
        *haven("GG"),
    )
    (plan,) = plans_for(atlas, person(money=100, income_euros=200), ON).front
    assert plan.steps[0].kind is StepKind.WAIT
    assert (plan.steps[1].starts - ON).days == 60


@pytest.mark.parametrize(("day", "open_"), [(1, False), (2, True)])
def test_the_deadline_is_the_last_day_in_the_country(day: int, open_: bool) -> None:
    answer = plans_for(simple(), person("h", "fp", deadline=ON + timedelta(days=day)), ON)
    assert bool(answer.front) is open_
    if not open_:
        assert codes(answer) == {"none_deadline"}


def test_turned_back_has_its_own_fallback_by_another_border() -> None:
    atlas = world(
        *calm(HOME),
        place("h", HOME),
        *calm("GG"),
        entry("GG", turned_back=Range(0.02, 0.05, 0.2)),
        stay("GG", 90),
        place("g", "GG"),
        place("g2", "GG"),
        *open_country("BB"),
        place("b", "BB"),
        *leg("h", "g"),
        *leg("h", "g2"),
        *leg("h", "b", risk=0.1),
        *haven("GG"),
        *haven("BB"),
    )
    plan = safest(plans_for(atlas, person(), ON))
    (fallback,) = plan.steps[0].fallbacks
    assert fallback.cause.value == "turned_back"
    assert (fallback.chance.low, fallback.chance.high) == pytest.approx((0.02, 0.2))
    assert [step.target for step in fallback.steps] == ["b", "b"], "no second attempt at the same border"


def test_a_refused_application_is_not_made_again_elsewhere() -> None:
    atlas = world(
        *calm(HOME),
        place("h", HOME),
        paper("visa", travel=False),
        *calm("GG"),
        entry("GG", asks("visa")),
        stay("GG", 90),
        place("g", "GG"),
        *obtain("visa", HOME, refusal=0.5),
        *obtain("visa", HOME, id_="visa-again", refusal=0.6),
        *leg("h", "g"),
        *haven("GG"),
    )
    found = plans_for(atlas, person(), ON)
    assert found.plans == ()
    assert {one.reason.code for one in found.withheld} == {"paper_without_fallback"}
    assert codes(found) == {"none_withheld", "paper_without_fallback"}


def test_ranges_are_kept_apart_from_the_point() -> None:
    atlas = world(
        *calm(HOME),
        place("h", HOME),
        *open_country("GG"),
        place("g", "GG"),
        *leg("h", "g", euros=(10, 20, 40), risk=(0.01, 0.02, 0.09), hours=(6, 12, 24)),
        *haven("GG", days=(1, 2, 5)),
    )
    (plan,) = plans_for(atlas, person(), ON).front
    assert (plan.cost.euros.low, plan.cost.euros.point, plan.cost.euros.high) == (10, 20, 40)
    assert (plan.cost.days.low, plan.cost.days.point, plan.cost.days.high) == (1.25, 2.5, 6)
    assert plan.cost.risk.low == pytest.approx(0.01)
    assert plan.cost.risk.high == pytest.approx(0.09)


def test_a_person_already_over_their_stay_may_leave_but_not_wait() -> None:
    facts = (*calm(HOME), place("h", HOME), *open_country("GG"), place("g", "GG"))
    here = (*calm("MM"), entry("MM"), stay("MM", 10), place("m", "MM"))
    gone = person("m", entered=ON - timedelta(days=30))
    assert plans_for(world(*facts, *here, *leg("m", "g"), *haven("GG")), gone, ON).front
    late = world(*facts, *here, *leg("m", "g", days=3), *haven("GG"))
    assert not plans_for(late, gone, ON).front
