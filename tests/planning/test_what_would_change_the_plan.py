"""From which euro, and until which day, a plan changes; and whether the better and the worse end of the facts agree."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.planning.tiny import (
    HOME,
    ON,
    asks,
    calm,
    entry,
    haven,
    leg,
    open_country,
    person,
    place,
    stay,
    world,
)
from tropa.atlas import Atlas
from tropa.planning.answer import plans_for
from tropa.planning.person import PersonFacts
from tropa.planning.plan import PlanSet, Reason
from tropa.planning.thresholds import last_that_holds
from tropa.planning.words import Words

CLOSES = ON + timedelta(days=20)


def two_ways(*, day: float = 0.0, **safe: Any) -> Atlas:
    """Overland with some danger; a flight without any that asks for a passport; and a country that leads nowhere but
    asks for one, too."""
    return world(
        *calm(HOME, day=day),
        place("h", HOME),
        *open_country("BB"),
        place("b", "BB"),
        *leg("h", "b", id_="overland", risk=0.3, days=2, euros=50),
        *haven("BB"),
        *calm("GG"),
        entry("GG", asks("fp")),
        stay("GG", 90),
        place("g", "GG"),
        *leg("h", "g", id_="flight", **{"days": 1, "euros": 517, **safe}),
        *haven("GG"),
        *calm("CC"),
        entry("CC", asks("fp", "id")),
        stay("CC", 90),
        place("c", "CC"),
        *leg("h", "c", id_="nowhere"),
        *leg("c", "b", id_="back", risk=0.9),
    )


def said(answer: PlanSet, code: str) -> dict[str, str]:
    (reason,) = [one for one in answer.changes if one.code == code]
    return dict(reason.values)


def surest_of(atlas: Atlas, someone: PersonFacts) -> str:
    return min(plans_for(atlas, someone, ON).front, key=lambda plan: plan.cost.risk.high).haven


def test_the_amount_from_which_the_plan_changes_is_exact_to_the_euro() -> None:
    atlas, poor = two_ways(), person("h", "fp", money=300)
    needed = int(said(plans_for(atlas, poor, ON), "from_money")["needed"])
    assert needed == 517
    assert surest_of(atlas, replace(poor, money_euros=needed)) == "haven-GG"
    assert surest_of(atlas, replace(poor, money_euros=needed - 1)) == "haven-BB"


def test_the_day_by_which_a_paper_is_worth_having_is_exact() -> None:
    """The flight may be boarded until a day; with the passport in hand on that day, and no later, it still helps."""
    atlas = two_ways(valid_until=CLOSES)
    found = said(plans_for(atlas, person("h", "id"), ON), "by_paper")
    assert found["paper"] == "fp"
    assert date.fromisoformat(found["until"]) == CLOSES
    assert (found["risk"], found["was"]) == ("0.0", "30")


def test_where_waiting_for_the_paper_costs_as_much_as_it_saves_the_day_comes_sooner() -> None:
    """Overland weighs 0.357 nats and two days at home; flying one day at home after the wait. A day at home weighs
    0.01005: the wait saves danger for 36 days, and on the 37th no more."""
    found = said(plans_for(two_ways(day=0.01), person("h", "id"), ON), "by_paper")
    assert (date.fromisoformat(found["until"]) - ON).days == 36


def test_a_paper_that_helps_for_half_a_year_has_no_last_day() -> None:
    answer = plans_for(two_ways(), person("h", "id"), ON)
    assert [one.code for one in answer.changes] == ["change_paper"]


def test_the_deadline_from_which_the_plan_changes_is_exact_to_the_day() -> None:
    atlas = two_ways(days=9)
    hurried = person("h", "fp", deadline=ON + timedelta(days=5))
    until = date.fromisoformat(said(plans_for(atlas, hurried, ON), "to_deadline")["until"])
    assert surest_of(atlas, replace(hurried, deadline=until)) == "haven-GG"
    assert surest_of(atlas, replace(hurried, deadline=until - timedelta(days=1))) == "haven-BB"


def test_the_last_day_to_begin_is_the_day_the_way_closes() -> None:
    answer = plans_for(two_ways(valid_until=CLOSES), person("h", "fp"), ON)
    assert answer.begin_by is not None
    assert answer.begin_by.code == "begin_by"
    values = dict(answer.begin_by.values)
    assert date.fromisoformat(values["until"]) == CLOSES
    assert (values["country"], values["risk"], values["was"]) == ("BB", "30", "0.0")


def test_where_nothing_is_left_after_a_day_that_is_said() -> None:
    whole = two_ways(valid_until=CLOSES)
    flight_only = world(*(one for one in whole.facts.values() if one.id not in {"overland", "nowhere"}))
    answer = plans_for(flight_only, person("h", "fp"), ON)
    assert answer.begin_by == Reason("begin_by_none", (("until", CLOSES.isoformat()), ("was", "0.0")))


def test_a_way_that_stays_the_surest_for_half_a_year_has_no_last_day() -> None:
    assert plans_for(two_ways(), person("h", "fp"), ON).begin_by is None


def test_one_choice_at_all_ends_is_called_robust() -> None:
    (reason,) = plans_for(two_ways(), person("h", "fp"), ON).ends
    assert reason == Reason("same_at_all_ends", (("country", "GG"),))


def test_where_the_better_end_chooses_otherwise_the_facts_that_decide_are_named() -> None:
    """Overland is quite safe, or very dangerous: nobody knows; the flight is in between for certain."""
    atlas = world(
        *calm(HOME),
        place("h", HOME),
        *open_country("BB"),
        place("b", "BB"),
        *leg("h", "b", id_="overland", risk=(0.01, 0.2, 0.4)),
        *haven("BB"),
        *open_country("GG"),
        place("g", "GG"),
        *leg("h", "g", id_="flight", risk=0.1),
        *haven("GG"),
    )
    (reason,) = plans_for(atlas, person("h", "fp"), ON).ends
    assert reason.code == "other_at_best"
    values = dict(reason.values)
    assert values["country"] == "BB"
    assert values["facts"].split()[0].startswith("danger-leg-overland")
    assert (values["risk"], values["was"]) == ("1.0", "10")


@pytest.mark.parametrize("last", [0, 1, 5, 63, 64])
def test_bisection_finds_the_last_that_holds(last: int) -> None:
    asked: list[int] = []

    def holds(number: int) -> bool:
        asked.append(number)
        return number <= last

    assert last_that_holds(holds, 64) == last
    assert len(asked) <= 9
    assert last_that_holds(lambda number: number < 0, 64) is None


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_threshold_can_be_said(language: str) -> None:
    answer = plans_for(two_ways(valid_until=CLOSES), person("h", "id"), ON)
    words = Words(language, answer)
    lines = [words.say(one) for one in (*answer.changes, *answer.ends)]
    assert any(("12 декабря 2026" if language == "ru" else "12 December 2026") in line for line in lines)
