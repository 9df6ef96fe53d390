"""Papers, bars to leaving and lawful stays, each in a world small enough to check by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.planning.answers import actions, codes
from tests.planning.tiny import (
    HOME,
    ON,
    asks,
    calm,
    entry,
    exit_check,
    haven,
    leg,
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
    ProfileClass,
    ProtectionKind,
    Status,
    StayKind,
)
from tropa.planning.answer import plans_for
from tropa.planning.person import Companion, HeldPaper, KnownStatus, PastStay
from tropa.planning.plan import StepKind


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
