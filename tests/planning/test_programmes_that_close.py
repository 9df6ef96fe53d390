"""A programme that closes on a date: until the day before one may still apply, from then on it is named as closed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.planning.replay import faults
from tests.planning.tiny import (
    HOME,
    ON,
    asks,
    calm,
    entry,
    haven,
    leg,
    obtain,
    paper,
    person,
    place,
    stay,
    world,
)
from tropa.atlas import Atlas, Effect
from tropa.planning.answer import plans_for
from tropa.planning.plan import PlanSet, StepKind
from tropa.planning.words import Words

CLOSES = ON + timedelta(days=5)


def programme(*, ends: date | None = CLOSES, valid_until: date | None = None) -> Atlas:
    """A visa to be had in town O, a day's way from home; without it nobody enters AA."""
    offer, danger = obtain("v", HOME, days=3)
    closing = replace(offer, id="v-ends", effect=Effect.PROHIBITION, valid_from=ends)
    return world(
        *calm(HOME),
        place("h", HOME),
        paper("v"),
        replace(offer, valid_until=valid_until),
        danger,
        *((closing,) if ends else ()),
        leg("h", "aa", hours=6),
        *calm("AA"),
        place("aa", "AA"),
        entry("AA", asks("v")),
        stay("AA", 300),
        *haven("AA"),
    )


def applied(answer: PlanSet) -> list[date]:
    return [step.starts for plan in answer.plans for step in plan.steps if step.kind is StepKind.OBTAIN]


@pytest.mark.parametrize("days", [0, 1, 4])
def test_before_it_closes_one_applies_and_may_wait_for_the_decision_beyond_that_day(days: int) -> None:
    on = ON + timedelta(days=days)
    answer = plans_for(programme(), person("h"), on)
    assert applied(answer) == [on]
    assert not faults(programme(), person("h"), on, answer.plans[0])


@pytest.mark.parametrize("days", [5, 6, 300])
def test_from_the_day_it_closes_nothing_opens_and_the_answer_names_the_fact(days: int) -> None:
    answer = plans_for(programme(), person("h"), ON + timedelta(days=days))
    assert not answer.plans
    (closed,) = (one for one in answer.closed if one.reason.code == "programme_closed")
    assert dict(closed.reason.values) == {"fact": "v-ends"}
    assert "v-ends" in Words("en", answer).say(closed.reason)


def test_an_offer_with_a_last_day_is_open_on_that_day_and_not_on_the_next() -> None:
    atlas = programme(ends=None, valid_until=CLOSES)
    assert applied(plans_for(atlas, person("h"), CLOSES)) == [CLOSES]
    assert not plans_for(atlas, person("h"), CLOSES + timedelta(days=1)).plans


def test_nobody_is_sent_to_wait_for_a_passport_past_the_day_the_programme_closes() -> None:
    """The visa asks for a passport that takes six days: the programme is closed by then."""
    offer, danger = obtain("v", HOME, days=1, requires=asks("fp"))
    passport = obtain("fp", HOME, days=6)
    late = world(
        *(fact for fact in programme(ends=CLOSES).facts.values() if fact.id not in ("v-HH", danger.id)),
        offer,
        danger,
        *passport,
    )
    early = world(
        *(
            fact
            for fact in programme(ends=ON + timedelta(days=7)).facts.values()
            if fact.id not in ("v-HH", danger.id)
        ),
        offer,
        danger,
        *passport,
    )
    assert not plans_for(late, person("h"), ON).plans
    assert applied(plans_for(early, person("h"), ON)) == [ON, ON + timedelta(days=6)]
