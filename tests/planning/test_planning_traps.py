"""Each trap of planning that somebody has walked into, with the answer a naive rule gets wrong."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.planning.tiny import (
    HOME,
    ON,
    asks,
    calm,
    country,
    danger,
    entry,
    exit_check,
    haven,
    leg,
    living,
    obtain,
    open_country,
    paper,
    person,
    place,
    refusal_of_paper,
    stay,
    world,
)
from tropa.atlas import (
    Answer,
    Atlas,
    Effect,
    HazardSubject,
    ProfileClass,
    ProtectionKind,
    Range,
    Status,
    StayKind,
)
from tropa.planning.answer import plans_for
from tropa.planning.person import Companion, HeldPaper, KnownStatus, PastStay
from tropa.planning.plan import Plan, PlanSet, StepKind


def actions(plan: Plan) -> list[str]:
    return [step.action or "wait" for step in plan.steps]


def safest(answer: PlanSet) -> Plan:
    return min(answer.front, key=lambda plan: plan.cost.risk.high)


def codes(answer: PlanSet) -> set[str]:
    assert answer.no_plan is not None
    return {reason.code for reason in answer.no_plan.closed_by}


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
    (plan,) = plans_for(atlas, person(), ON).front
    assert plan.overall_risk is not None
    assert plan.overall_risk.high == pytest.approx(overall)
    fallbacks = [fallback for step in plan.steps for fallback in step.fallbacks]
    assert [fallback.steps for fallback in fallbacks] == ([] if refusal == 0 else [()])


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


# --- papers, bars and dates ---------------------------------------------------------------------------------------


def simple(*more: object, paper_asked: str = "fp") -> Atlas:
    return world(
        *calm(HOME),
        place("h", HOME),
        *calm("GG"),
        entry("GG", asks(paper_asked)),
        stay("GG", 90),
        place("g", "GG"),
        *leg("h", "g", days=2),
        *haven("GG"),
        *more,  # type: ignore[arg-type]
    )


def test_a_second_passport_never_hurts_where_the_other_one_is_refused() -> None:
    """Positive rewriting: holding a refused passport besides an accepted one must not close the border."""
    atlas = simple(paper("old"), entry("GG", asks("old"), id_="entry-old"), refusal_of_paper("GG", "old"))
    assert plans_for(atlas, person("h", "fp", "old"), ON).front
    assert not plans_for(atlas, person("h", "old"), ON).front


def test_a_prohibition_beats_every_permission_and_never_lapses() -> None:
    refused = entry(
        "GG",
        asks("fp"),
        id_="refused",
        effect=Effect.PROHIBITION,
        valid_from=ON - timedelta(days=400),
        valid_until=ON - timedelta(days=300),
        review_by=ON - timedelta(days=300),
    )
    assert not plans_for(simple(refused), person("h", "fp"), ON).front


@pytest.mark.parametrize(("days_left", "open_"), [(1, False), (2, True)])
def test_a_passport_must_be_valid_on_the_day_of_arrival(days_left: int, open_: bool) -> None:
    held = (HeldPaper("fp", None, ON + timedelta(days=days_left)),)
    assert bool(plans_for(simple(), person("h", papers=held), ON).front) is open_


@pytest.mark.parametrize(("days_left", "open_"), [(91, False), (92, True)])
def test_a_passport_must_stay_valid_as_long_after_arrival_as_the_rule_asks(
    days_left: int, open_: bool
) -> None:
    atlas = world(
        *calm(HOME),
        place("h", HOME),
        *calm("GG"),
        entry("GG", asks("fp"), passport_days=90),
        stay("GG", 90),
        place("g", "GG"),
        *leg("h", "g", days=2),
        *haven("GG"),
    )
    held = (HeldPaper("fp", None, ON + timedelta(days=days_left)),)
    assert bool(plans_for(atlas, person("h", papers=held), ON).front) is open_


def test_a_paper_that_becomes_valid_later_is_waited_for() -> None:
    held = (HeldPaper("fp", ON + timedelta(days=10), None),)
    (plan,) = plans_for(simple(), person("h", papers=held), ON).front
    assert plan.steps[0].kind is StepKind.WAIT
    assert plan.steps[1].ends >= ON + timedelta(days=10)


@pytest.mark.parametrize(
    ("answer", "code"),
    [(Answer.YES, "none_bars"), (Answer.UNKNOWN, "none_status_known"), (None, "none_status_known")],
)
def test_an_exit_ban_that_is_known_unknown_or_unsaid_closes_the_border(
    answer: Answer | None, code: str
) -> None:
    atlas = simple(exit_check(HOME, Status.EXIT_BAN))
    statuses = () if answer is None else (KnownStatus(Status.EXIT_BAN, answer),)
    found = plans_for(atlas, person("h", "fp", statuses=statuses), ON)
    assert found.plans == ()
    assert code in codes(found)


def test_a_ban_that_begins_later_closes_from_that_day_on() -> None:
    banned = (KnownStatus(Status.EXIT_BAN, Answer.YES),)
    soon = simple(exit_check(HOME, Status.EXIT_BAN, valid_from=ON + timedelta(days=1)))
    late = simple(exit_check(HOME, Status.EXIT_BAN, valid_from=ON))
    assert plans_for(soon, person("h", "fp", statuses=banned), ON).front
    assert not plans_for(late, person("h", "fp", statuses=banned), ON).front


def test_abroad_a_ban_of_the_home_country_closes_nothing() -> None:
    atlas = simple(exit_check(HOME, Status.EXIT_BAN), *open_country("MM"), place("m", "MM"), *leg("m", "g"))
    banned = person("m", "fp", statuses=(KnownStatus(Status.EXIT_BAN, Answer.YES),), entered=ON)
    assert plans_for(atlas, banned, ON).front


def test_the_whole_party_must_be_let_in_and_papers_are_never_pooled() -> None:
    child = Companion("child", ProfileClass.NO_SUMMONS, (), person().statuses, HOME)
    with_passport = Companion("child", ProfileClass.NO_SUMMONS, (HeldPaper("fp"),), person().statuses, HOME)
    assert not plans_for(simple(), person("h", "fp", companions=(child,)), ON).front
    (alone,) = plans_for(simple(), person("h", "fp"), ON).front
    (together,) = plans_for(simple(), person("h", "fp", companions=(with_passport,)), ON).front
    assert actions(alone) == actions(together)


def test_a_family_pays_for_each_and_its_danger_adds_up() -> None:
    wife = Companion("wife", ProfileClass.NO_SUMMONS, (HeldPaper("fp"),), person().statuses, HOME)
    atlas = world(
        *calm(HOME),
        place("h", HOME),
        *open_country("GG"),
        place("g", "GG"),
        *leg("h", "g", euros=100, risk=0.1),
        *haven("GG"),
    )
    (plan,) = plans_for(atlas, person("h", companions=(wife,)), ON).front
    assert plan.cost.euros.high == 200
    assert plan.cost.risk.high == pytest.approx(1 - 0.9 * 0.9)
    assert plan.cost.risk.low == pytest.approx(0.1)


# --- stays --------------------------------------------------------------------------------------------------------


def test_the_stay_runs_while_a_paper_is_waited_for() -> None:
    facts = (
        *calm(HOME),
        place("h", HOME),
        paper("visa", travel=False),
        *calm("GG"),
        entry("GG", asks("visa")),
        stay("GG", 90),
        place("g", "GG"),
        *calm("MM"),
        entry("MM"),
        place("m", "MM"),
        *leg("m", "g"),
        *obtain("visa", "MM", days=20),
        *haven("GG"),
    )
    here = person("m", entered=ON)
    assert plans_for(world(*facts, stay("MM", 21)), here, ON).front
    assert not plans_for(world(*facts, stay("MM", 20)), here, ON).front
    assert not plans_for(world(*facts), here, ON).front, "no rule recorded: no stay is lawful beyond today"


@pytest.mark.parametrize(("wait", "allowed"), [(49, 30), (50, 90)])
def test_a_sliding_window_is_met_exactly_where_it_opens(wait: int, allowed: int) -> None:
    """Sixty past days (day -100 to -41) under 90/180: entry on day 49 gives 30 days, on day 50 gives 90."""
    from tropa.planning.stays import StayLimit, last_lawful_day

    limit = StayLimit(StayKind.SLIDING, 90, 180, "")
    assert last_lawful_day((limit,), wait, ((-100, -41),), ON) - wait + 1 == allowed


def test_a_longer_stay_is_waited_for_when_old_days_drop_out_of_the_window() -> None:
    facts = (
        *calm(HOME),
        place("h", HOME),
        paper("visa", travel=False),
        *calm("GG"),
        entry("GG", asks("visa")),
        stay("GG", 90),
        place("g", "GG"),
        *calm("MM"),
        entry("MM"),
        stay("MM", 90, StayKind.SLIDING, 180),
        place("m", "MM"),
        *leg("h", "m"),
        *leg("m", "g"),
        *obtain("visa", "MM", days=60),
        *haven("GG"),
    )
    past = (PastStay("MM", ON - timedelta(days=100), ON - timedelta(days=41)),)
    (plan,) = plans_for(world(*facts), person("h", past_stays=past), ON).front
    entered = next(step for step in plan.steps if step.action == "h-m").ends
    assert (entered - ON).days == 50


def test_a_visitors_stay_is_no_end_state_where_the_stay_is_too_short() -> None:
    facts = (*calm(HOME), place("h", HOME), *calm("GG"), entry("GG"), place("g", "GG"), *leg("h", "g"))
    visit = haven("GG", what=ProtectionKind.VISA_FREE_STAY, days=30)
    assert plans_for(world(*facts, *visit, stay("GG", 30)), person(), ON).front
    assert not plans_for(world(*facts, *visit, stay("GG", 29)), person(), ON).front


# --- limits -------------------------------------------------------------------------------------------------------


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
    poor = safest(plans_for(atlas, person(money=579), ON))
    (fallback,) = rich.steps[0].fallbacks
    assert [step.action for step in fallback.steps] == ["h-b", "haven-BB"]
    assert rich.worst_euros == 580
    (none,) = poor.steps[0].fallbacks
    assert none.steps == ()
    assert (none.reasons[0].code, dict(none.reasons[0].values)) == ("no_fallback_money", {"euros": "1"})


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
    plan = safest(plans_for(atlas, person(), ON))
    (fallback,) = plan.steps[0].fallbacks
    assert fallback.steps == ()
    assert [reason.code for reason in fallback.reasons] == ["no_fallback"]


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
