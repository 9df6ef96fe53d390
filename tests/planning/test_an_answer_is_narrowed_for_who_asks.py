"""Whoever looks at the plans shown gets no other plan, and no notes but those they can look at."""

from __future__ import annotations

from pathlib import Path

import pytest

from tropa.atlas import load_pack
from tropa.atlas.pack import EXAMPLE_DAY, SHIPPED_PACK
from tropa.planning.answer import Planner
from tropa.planning.notes import narrowed
from tropa.planning.person import PersonFacts
from tropa.planning.person_file import read_person
from tropa.planning.plan import PlanSet
from tropa.planning.plan_json import plain, revive
from tropa.planning.process import answer_to

FAMILY = Path(__file__).parents[2] / "examples" / "persons" / "family-moscow.yaml"


@pytest.fixture(scope="module")
def told() -> tuple[PersonFacts, PlanSet]:
    """A family and the whole answer for it."""
    atlas = load_pack(SHIPPED_PACK, reviewed_as_of=EXAMPLE_DAY)
    family = read_person(FAMILY.read_text(encoding="utf-8"), atlas, EXAMPLE_DAY)
    return family, Planner(atlas).plans(family, EXAMPLE_DAY)


def test_plans_shown_stay_and_all_others_are_counted(told: tuple[PersonFacts, PlanSet]) -> None:
    whole = told[1]
    few = narrowed(whole, ())
    assert (few.plans, few.front) == (whole.plans, ())
    assert few.unlisted == len(whole.front) > len(whole.plans)
    assert narrowed(whole, ("no plan", few.plans[0].id)).front == ()


def test_a_wanted_plan_comes_with_the_notes_of_all_it_rests_on(told: tuple[PersonFacts, PlanSet]) -> None:
    whole = told[1]
    shown = {plan.id for plan in whole.plans}
    wanted = next(plan for plan in whole.front if plan.id not in shown)
    few = narrowed(whole, (wanted.id,))
    assert few.front == (wanted,)
    assert few.unlisted == len(whole.front) - 1
    noted = {note.id for note in few.facts}
    known = {note.id for note in whole.facts}
    for plan in (wanted, whole.plans[0]):
        assert set(plan.facts) & known <= noted
        assert {fact for step in plan.steps for fact in step.facts} & known <= noted
    assert len(few.facts) < len(whole.facts)


def test_the_process_narrows_only_for_who_asks_for_it(told: tuple[PersonFacts, PlanSet]) -> None:
    family, whole = told
    request = {"person": plain(family), "on": "2026-11-22"}

    def answered(**more: object) -> dict[str, object]:
        return answer_to(request | more, lambda _person, _on: whole)

    assert revive(PlanSet, answered()["answer"]) == whole
    assert revive(PlanSet, answered(only=[])["answer"]) == narrowed(whole, ())
    assert answered(only="all") == answered(only=[1]) == {"failed": "wrong_request"}
