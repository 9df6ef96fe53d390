"""An emergency stop in a plan: no way leads in, the ways out stay, and the answer names the stop."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tropa.atlas import Atlas, load_pack
from tropa.atlas.overlay import Act, Change, overlaid
from tropa.atlas.pack import EXAMPLE_DAY, SHIPPED_PACK
from tropa.planning.answer import Planner
from tropa.planning.person_file import read_person
from tropa.planning.plan import PlanSet
from tropa.planning.words import Words

PERSONS = Path(__file__).parents[2] / "examples" / "persons"


@pytest.fixture(scope="module")
def base() -> Atlas:
    return load_pack(SHIPPED_PACK, reviewed_as_of=EXAMPLE_DAY)


def stopping(base: Atlas, *scopes: str) -> Atlas:
    on = datetime(2026, 11, 22, 9, tzinfo=UTC)
    return overlaid(
        base,
        [Change(f"s-{scope}", Act.STOP, scope, "anna", on, "People were handed over.") for scope in scopes],
    ).atlas


def answer(atlas: Atlas, name: str) -> PlanSet:
    file = PERSONS / f"{name}.yaml"
    person = read_person(file.read_text(encoding="utf-8"), atlas, EXAMPLE_DAY, name=file.name)
    return Planner(atlas).plans(person, EXAMPLE_DAY)


def countries_entered(atlas: Atlas, found: PlanSet) -> set[str]:
    return {
        atlas.places[step.target].value.country
        for plan in found.front
        for step in plan.steps
        if step.target is not None and step.target != step.origin
    }


def test_no_plan_leads_into_a_stopped_country_and_the_closed_ways_name_the_stop(base: Atlas) -> None:
    before = answer(base, "asylum-moscow")
    entered = sorted(countries_entered(base, before) - {"RU"})
    assert entered
    stopped = stopping(base, entered[0])
    after = answer(stopped, "asylum-moscow")
    assert entered[0] not in countries_entered(stopped, after)
    said = {dict(one.reason.values)["stop"] for one in after.closed if one.reason.code == "fact_stopped"}
    assert said == {f"stop-{entered[0]}"}
    assert f"stop-{entered[0]}" in {note.id for note in after.facts}


def test_whoever_is_there_already_can_still_leave(base: Atlas) -> None:
    found = answer(stopping(base, "KZ"), "absent-kazakhstan")
    assert found.plans
    assert "KZ" not in {base.places[plan.steps[-1].target].value.country for plan in found.front}


def test_when_everything_is_stopped_the_answer_says_so_in_words(base: Atlas) -> None:
    abroad = [country for country in base.countries if country != "RU"]
    found = answer(stopping(base, *abroad), "absent-kazakhstan")
    assert found.no_plan is not None
    assert "stop_in_force" in {reason.code for reason in found.no_plan.closed_by}
    said = [Words("ru", found).say(reason) for reason in found.no_plan.closed_by]
    assert any(line.startswith("Действует экстренная остановка:") for line in said)
