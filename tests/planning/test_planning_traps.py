"""Each trap of planning that somebody has walked into, with the answer a naive rule gets wrong."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.planning.answers import actions, safest
from tests.planning.tiny import (
    HOME,
    ON,
    asks,
    calm,
    country,
    danger,
    entry,
    haven,
    leg,
    living,
    obtain,
    open_country,
    paper,
    person,
    place,
    stay,
    world,
)
from tropa.atlas import (
    HazardSubject,
    ProfileClass,
)
from tropa.planning.answer import plans_for


def test_waiting_is_dangerous_so_an_earlier_and_safer_arrival_does_not_delete_a_later_one() -> None:
    """Trap 4.1. W costs 0.10 nat a day and its ferry leaves on day 10: arriving on day 1 is worse than on day 9."""
    quiet, noisy = 0.0, 1 - 2.718281828**-0.1
    atlas = world(
        *calm(HOME, day=quiet),
        place("h", HOME),
        *open_country("WW", day=noisy),
        place("w", "WW"),
        *open_country("GG"),
        place("g", "GG"),
        *leg("h", "w", id_="early", risk=0.01),
        *leg("h", "w", id_="late", risk=0.05, days=9),
        *leg("w", "g", id_="ferry", valid_from=ON + timedelta(days=10)),
        *haven("GG"),
    )
    best = safest(plans_for(atlas, person(), ON))
    # waiting at home until the ferry and then taking the safe early road is better than both
    assert actions(best) == ["wait", "early", "ferry", "haven-GG"]
    assert best.cost.risk.high == pytest.approx(0.01, abs=0.001)
    without_waiting_at_home = plans_for(atlas, person(deadline=ON + timedelta(days=9)), ON)
    assert actions(safest(without_waiting_at_home))[-2:] == ["ferry", "haven-GG"]


def test_papers_that_will_be_needed_are_not_pruned_for_having_fewer_now() -> None:
    """Trap 4.2. Y to X needs a visa, X to G needs nothing: the plan of both must survive."""
    atlas = world(
        *calm(HOME),
        place("h", HOME),
        paper("visa", travel=False),
        *calm("XX"),
        entry("XX", asks("visa")),
        stay("XX", 90),
        place("x", "XX"),
        *open_country("GG"),
        place("g", "GG"),
        *obtain("visa", HOME, euros=25),
        *leg("h", "x", euros=25),
        *leg("x", "g", euros=250),
        *haven("GG"),
    )
    (plan,) = plans_for(atlas, person(), ON).front
    assert actions(plan) == ["visa-HH", "h-x", "x-g", "haven-GG"]
    assert plan.cost.euros.high == 300


def test_a_paper_taken_along_for_a_later_border_survives_a_cheaper_way_without_it() -> None:
    """Trap 4.4. Labels with different papers share a place; the poorer one must not delete the richer one."""
    atlas = world(
        *calm(HOME),
        place("h", HOME),
        paper("visa", travel=False),
        *open_country("MM"),
        place("m", "MM"),
        *calm("GG"),
        entry("GG", asks("visa")),
        stay("GG", 90),
        place("g", "GG"),
        *obtain("visa", HOME, euros=100, days=20),
        *leg("h", "m", euros=10),
        *leg("m", "g", euros=10),
        *haven("GG", risk=0.01),
        *haven("MM", risk=0.3),
    )
    front = plans_for(atlas, person(), ON).front
    assert {tuple(actions(plan)) for plan in front} == {
        ("visa-HH", "h-m", "m-g", "haven-GG"),
        ("h-m", "haven-MM"),
    }


def test_a_later_arrival_with_a_fresher_stay_survives() -> None:
    """Trap 4.9. The bridge opens on day 40, the stay lasts 20 days: who comes at once is out before it opens."""
    atlas = world(
        *calm(HOME),
        place("h", HOME),
        *open_country("MM", stay_days=20),
        place("m", "MM"),
        *open_country("GG"),
        place("g", "GG"),
        *leg("h", "m"),
        *leg("m", "g", valid_from=ON + timedelta(days=40)),
        *haven("GG"),
    )
    best = safest(plans_for(atlas, person(), ON))
    assert actions(best)[-3:] == ["h-m", "m-g", "haven-GG"] or actions(best)[-4:] == [
        "h-m",
        "wait",
        "m-g",
        "haven-GG",
    ]
    entered = next(step for step in best.steps if step.action == "h-m")
    assert (ON + timedelta(days=40) - entered.ends).days < 20


def test_plans_off_the_convex_hull_are_kept() -> None:
    """Trap 4.8. Of three ways no weighted sum finds the middle one."""
    atlas = world(
        *calm(HOME),
        place("h", HOME),
        *open_country("GG"),
        place("g", "GG"),
        *leg("h", "g", id_="safe", risk=0.0, euros=1000),
        *leg("h", "g", id_="middle", risk=0.06, euros=600),
        *leg("h", "g", id_="cheap", risk=0.1, euros=0),
        *haven("GG"),
    )
    front = plans_for(atlas, person(), ON).front
    assert {plan.steps[0].action for plan in front} == {"safe", "middle", "cheap"}


def test_time_is_not_discounted_by_the_chance_of_being_caught_early() -> None:
    """Trap 4.6. A dangerous long way is not "shorter" because few reach its end."""
    atlas = world(
        *calm(HOME),
        place("h", HOME),
        *open_country("GG"),
        place("g", "GG"),
        *leg("h", "g", id_="long", risk=0.5, hours=96),
        *leg("h", "g", id_="short", risk=0.0, hours=60),
        *haven("GG"),
    )
    (plan,) = plans_for(atlas, person(), ON).front
    assert actions(plan) == ["short", "haven-GG"]
    assert plan.cost.days.high == 2.5


def test_danger_with_refusals_is_an_average_of_chances_and_not_of_nats() -> None:
    """Trap 4.7. Survival 1 or 0.25, half each: fails in 0.375, not in 1 - exp(-0.693)."""
    atlas = world(
        *calm(HOME),
        place("h", HOME),
        paper("visa", travel=False),
        *open_country("BB"),
        place("b", "BB"),
        *calm("GG"),
        entry("GG", asks("visa")),
        stay("GG", 90),
        place("g", "GG"),
        *obtain("visa", HOME, refusal=0.5),
        *leg("h", "g"),
        *leg("h", "b", risk=0.75),
        *haven("GG"),
        *haven("BB"),
    )
    plan = safest(plans_for(atlas, person(), ON))
    assert actions(plan) == ["visa-HH", "h-g", "haven-GG"]
    assert plan.overall_risk is not None
    assert plan.overall_risk.high == pytest.approx(0.375)


@pytest.mark.parametrize(("refusal", "overall"), [(0.0, 0.0), (1.0, 1.0)])
def test_a_refusal_that_never_or_always_comes_gives_no_nonsense(refusal: float, overall: float) -> None:
    """Trap 4.10. With p = 0 a branch without any plan must not count; with p = 1 only it counts."""
    atlas = world(
        *calm(HOME),
        place("h", HOME),
        paper("visa", travel=False),
        *calm("GG"),
        entry("GG", asks("visa")),
        stay("GG", 90),
        place("g", "GG"),
        *obtain("visa", HOME, refusal=refusal),
        *leg("h", "g"),
        *haven("GG"),
    )
    found = plans_for(atlas, person(), ON)
    if refusal == 1:
        (withheld,) = found.withheld
        assert withheld.failure.high == pytest.approx(overall)
        assert found.front == ()
        return
    (plan,) = found.front
    assert plan.overall_risk is not None
    assert plan.overall_risk.high == pytest.approx(overall)
    assert not [fallback for step in plan.steps for fallback in step.fallbacks]


def test_circles_that_cost_nothing_end() -> None:
    """Trap 4.12. Two places joined for free both ways, and a way out."""
    atlas = world(
        *calm(HOME),
        place("h", HOME),
        place("i", HOME),
        *open_country("GG"),
        place("g", "GG"),
        *leg("h", "i", border=False),
        *leg("i", "h", border=False),
        *leg("i", "g", euros=5),
        *haven("GG"),
    )
    (plan,) = plans_for(atlas, person(), ON).front
    assert actions(plan) == ["h-i", "i-g", "haven-GG"]


def test_a_certain_way_is_not_thrown_out_by_one_that_hangs_on_an_office() -> None:
    """A visa that is almost always refused must not hide the way that needs nobody's yes."""
    atlas = world(
        *calm(HOME),
        place("h", HOME),
        paper("visa", travel=False),
        *calm("GG"),
        entry("GG", asks("visa")),
        stay("GG", 90),
        place("g", "GG"),
        *open_country("BB"),
        place("b", "BB"),
        *obtain("visa", HOME, refusal=0.95),
        *leg("h", "g"),
        *leg("h", "b", risk=0.1, euros=100),
        *haven("GG"),
        *haven("BB"),
    )
    answer = plans_for(atlas, person(), ON)
    assert {plan.haven for plan in answer.front} == {"haven-GG", "haven-BB"}
    assert answer.plans[0].overall_risk is not None
    # the visa may still be tried first: after a refusal the certain way is the fallback
    assert answer.plans[0].overall_risk.high <= 0.1 + 1e-9


def test_a_rate_is_not_rounded_up_at_every_step_of_time() -> None:
    """0.0004 nat a day over forty days is 0.016, not forty times 0.001 or worse."""
    atlas = world(
        *calm(HOME, day=0.0004),
        place("h", HOME),
        *open_country("GG"),
        place("g", "GG"),
        *leg("h", "g", days=40),
        *haven("GG"),
    )
    (plan,) = plans_for(atlas, person(), ON).front
    assert plan.cost.risk.high == pytest.approx(1 - (1 - 0.0004) ** 40, rel=1e-6)


def test_a_missing_danger_closes_and_is_not_zero() -> None:
    atlas = world(
        country(HOME),
        danger(HazardSubject.DAY_OF_STAY, HOME, 0),
        danger(HazardSubject.EXIT_CHECK, HOME, 0),
        living(HOME),
        place("h", HOME),
        country("GG"),
        danger(HazardSubject.DAY_OF_STAY, "GG", 0),
        entry("GG"),
        stay("GG", 90),
        place("g", "GG"),
        *leg("h", "g"),
        *haven("GG"),
    )
    answer = plans_for(atlas, person(), ON)
    assert answer.front == ()
    (closed,) = [one for one in answer.closed if one.reason.code == "danger_unknown"]
    assert dict(closed.reason.values)["subject"] == "entry_check"
    assert closed.actions == 1


def test_a_danger_known_for_another_class_does_not_count_for_this_one() -> None:
    atlas = world(
        *calm(HOME),
        place("h", HOME),
        *open_country("GG"),
        place("g", "GG"),
        *leg("h", "g"),
        haven("GG")[0],
        danger(HazardSubject.RESIDUAL, "haven-GG", 0, ProfileClass.NO_SUMMONS),
    )
    assert plans_for(atlas, person(), ON).front
    assert not plans_for(atlas, person(profile=ProfileClass.CHARGED), ON).front
