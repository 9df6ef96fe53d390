"""The example persons on the shipped pack: every plan can be walked, every uncertain step says what then, day +
400 is shut.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.planning.replay import faults
from tropa.atlas import Atlas, load_pack
from tropa.atlas.pack import EXAMPLE_DAY, SHIPPED_PACK
from tropa.planning.answer import Planner
from tropa.planning.person import PersonFacts
from tropa.planning.person_file import read_person
from tropa.planning.plan import Plan, PlanSet, Span, Step
from tropa.planning.plan_json import from_json, to_json
from tropa.planning.words import Words

PERSONS = sorted((Path(__file__).parents[2] / "examples" / "persons").glob("*.yaml"))


@functools.cache
def atlas() -> Atlas:
    return load_pack(SHIPPED_PACK, reviewed_as_of=EXAMPLE_DAY)


@functools.cache
def planner() -> Planner:
    return Planner(atlas())


@functools.cache
def person(file: Path) -> PersonFacts:
    return read_person(file.read_text(encoding="utf-8"), atlas(), EXAMPLE_DAY, name=file.name)


@functools.cache
def answer(file: Path) -> PlanSet:
    return planner().plans(person(file), EXAMPLE_DAY)


def steps_of(steps: tuple[Step, ...]) -> list[Step]:
    return [
        *steps,
        *(inner for step in steps for fallback in step.fallbacks for inner in steps_of(fallback.steps)),
    ]


each_person = pytest.mark.parametrize("file", PERSONS, ids=lambda file: file.stem)


def test_there_are_at_least_eight_example_persons_and_all_say_that_they_are_synthetic() -> None:
    assert len(PERSONS) >= 8
    assert all("not exist" in file.read_text(encoding="utf-8").splitlines()[0] for file in PERSONS)


def test_the_examples_show_both_plans_and_the_absence_of_one() -> None:
    assert sum(bool(answer(file).plans) for file in PERSONS) >= 5
    assert sum(answer(file).no_plan is not None for file in PERSONS) >= 2


@each_person
def test_every_plan_of_the_front_can_be_walked_day_by_day(file: Path) -> None:
    for plan in answer(file).front:
        assert faults(atlas(), person(file), EXAMPLE_DAY, plan) == []


@pytest.mark.parametrize(
    "tamper",
    [
        lambda step: replace(step, starts=step.starts + timedelta(days=1)),
        lambda step: replace(step, origin="moscow" if step.origin != "moscow" else "perm"),
        lambda step: replace(step, cost=replace(step.cost, euros=Span(0, 0, step.cost.euros.high + 3))),
        lambda step: replace(step, cost=replace(step.cost, risk=Span(0, 0, step.cost.risk.high * 0.99))),
    ],
)
def test_the_walk_notices_a_plan_that_has_been_tampered_with(tamper: Callable[[Step], Step]) -> None:
    file = next(file for file in PERSONS if answer(file).plans)
    plan = answer(file).plans[0]
    spoiled = replace(plan, steps=(*plan.steps[:-1], tamper(plan.steps[-1])))
    assert faults(atlas(), person(file), EXAMPLE_DAY, spoiled)


@each_person
def test_no_plan_of_the_front_beats_another(file: Path) -> None:
    def vector(plan: Plan) -> tuple[float, ...]:
        doubt = 1.0
        for step in plan.steps:
            doubt *= step.chance.low if step.chance else 1.0
        rank = atlas().fact(plan.haven).value.what.rank  # type: ignore[union-attr]
        assert plan.outlook is not None
        with_refusals = (plan.outlook.failure.high, plan.outlook.days.high, plan.outlook.euros.high)
        return plan.cost.risk.high, plan.cost.days.high, plan.cost.euros.high, -doubt, -rank, *with_refusals

    vectors = [vector(plan) for plan in answer(file).front]
    assert len(set(vectors)) == len(vectors)
    for one in vectors:
        assert not any(
            other != one and all(a <= b for a, b in zip(other, one, strict=True)) for other in vectors
        )


@each_person
def test_every_uncertain_step_says_what_to_do_after_a_refusal(file: Path) -> None:
    for plan in answer(file).front:
        for step in steps_of(plan.steps):
            uncertain = step.chance is not None and step.chance.low < 1
            assert bool(step.fallbacks) == uncertain
            assert all(fallback.steps or fallback.reasons for fallback in step.fallbacks)


@each_person
def test_every_step_names_facts_of_the_atlas_and_every_fact_has_its_note(file: Path) -> None:
    found = answer(file)
    notes = {note.id for note in found.facts}
    for plan in found.front:
        for step in steps_of(plan.steps):
            assert step.facts
            assert set(step.facts) <= notes
            assert set(step.facts) <= set(atlas().facts)
        assert set(plan.facts) <= notes


@each_person
def test_the_shown_plans_are_three_to_seven_of_the_front_with_different_ids(file: Path) -> None:
    found = answer(file)
    ids = [plan.id for plan in found.plans]
    assert len(set(ids)) == len(ids)
    assert set(ids) <= {plan.id for plan in found.front}
    assert min(3, len(found.front)) <= len(ids) <= 7


@each_person
def test_plans_that_rest_on_judgements_are_fragile(file: Path) -> None:
    for plan in answer(file).front:
        judged = [id_ for id_ in plan.facts if atlas().fact(id_).is_judgement]
        assert not judged or plan.fragile or not plan.steps
        assert not (plan.robust and plan.fragile)


@each_person
@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_reason_can_be_said(file: Path, language: str) -> None:
    found = answer(file)
    words = Words(language, found)
    reasons = [*found.changes, *(closed.reason for closed in found.closed)]
    reasons += [closed.relaxed for closed in found.closed if closed.relaxed]
    if found.no_plan:
        reasons += [*found.no_plan.closed_by, *found.no_plan.would_open]
    for plan in found.plans:
        reasons += [*plan.fragile, *plan.contested]
        for step in steps_of(plan.steps):
            reasons += [*step.reasons, *step.fragile]
            reasons += [reason for fallback in step.fallbacks for reason in fallback.reasons]
    for reason in reasons:
        sentence = words.say(reason)
        assert sentence
        assert "{" not in sentence


@each_person
def test_the_answer_survives_json_bit_for_bit(file: Path) -> None:
    text = to_json(answer(file))
    assert from_json(PlanSet, text) == answer(file)
    assert to_json(from_json(PlanSet, text)) == text
    assert to_json(Planner(atlas()).plans(person(file), EXAMPLE_DAY)) == text


@each_person
def test_four_hundred_days_later_everything_is_shut_and_named(file: Path) -> None:
    later = EXAMPLE_DAY + timedelta(days=400)
    stale = atlas()
    someone = person(file)
    facts = PersonFacts(
        place=someone.place,
        profile=someone.profile,
        papers=tuple(held for held in someone.papers),
        statuses=someone.statuses,
        entered=someone.entered,
        money_euros=someone.money_euros,
    )
    found = Planner(stale).plans(facts, later)
    assert found.plans == ()
    assert found.front == ()
    assert found.no_plan is not None
    named = {dict(closed.reason.values).get("fact") for closed in found.closed}
    shut = {fact.id for fact, _ in stale.closed_permissions(later)}
    legs = {leg.id for leg in stale.legs}
    reachable = {leg for leg in legs & shut if stale.fact(leg).value.origin == facts.place}  # type: ignore[union-attr]
    assert reachable <= named


def test_on_the_real_clock_the_unverified_pack_opens_nothing() -> None:
    unverified = load_pack(SHIPPED_PACK)
    file = next(file for file in PERSONS if answer(file).plans)
    found = Planner(unverified).plans(person(file), date(2026, 11, 22))
    assert found.plans == ()
    assert {"fact_unverified"} & {closed.reason.code for closed in found.closed}
