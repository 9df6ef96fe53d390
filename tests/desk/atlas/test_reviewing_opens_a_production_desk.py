"""On the real clock the shipped pack opens nothing; what researchers have reviewed, plans may rest on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.desk.atlas.changing import as_seen, reviewed
from tests.desk.plans.example_plans import PERSON
from tests.desk.world import World
from tropa.atlas import EXAMPLE_DAY, SHIPPED_PACK, Effect, Standing, load_pack
from tropa.desk import clock
from tropa.desk.atlas.errors import NotAResearcher
from tropa.desk.atlas.in_force import look_again
from tropa.desk.atlas.services import review_facts
from tropa.desk.facts import atlas
from tropa.desk.plans import planner
from tropa.desk.plans.fact_check import closed_facts
from tropa.planning.answer import plans_for
from tropa.planning.plan import PlanSet

pytestmark = pytest.mark.usefixtures("real_clock")


@pytest.fixture
def real_planner() -> Iterator[planner.Planner]:
    opened = load_pack(
        SHIPPED_PACK, reviewed_as_of=EXAMPLE_DAY
    )  # with no way open there is nothing to compile for
    assert plans_for(
        opened, PERSON, EXAMPLE_DAY
    ).plans  # compiles the search, once a checkout: the process is bounded
    process = planner._Process()  # the desk's own, ended with the test
    yield process
    process.close()


def test_reviewing_opens_the_legs_the_real_planner_needs(world: World, real_planner: planner.Planner) -> None:
    assert real_planner.plans(PERSON).plans == ()
    permissions = [
        fact.id for fact in look_again().atlas.facts.values() if fact.effect is not Effect.PROHIBITION
    ]
    reviewed(world.stranger, *permissions)
    answer: PlanSet = real_planner.plans(PERSON)
    assert answer.plans
    assert answer.atlas_version == atlas().version
    assert closed_facts(answer.plans[0].facts) == ()


def test_one_review_opens_one_fact_and_no_other(world: World) -> None:
    day = clock.facts_day()
    legs = [
        fact for fact in look_again().atlas.legs if fact.effect is Effect.PERMISSION and fact.in_force(day)
    ]
    assert {look_again().atlas.standing(leg, day) for leg in legs} == {Standing.UNVERIFIED}
    reviewed(world.stranger, legs[0].id)
    now = look_again().atlas
    assert [leg.id for leg in now.legs if now.usable(leg, day)] == [legs[0].id]


@pytest.mark.parametrize("who", ["boris", "vera"])
def test_advisers_review_nothing(world: World, who: str) -> None:
    with pytest.raises(NotAResearcher):
        review_facts(reader=getattr(world, who).reader(), facts=as_seen(["entry-AM"]), reason="Проверено.")


def test_a_coordinator_reviews_as_a_researcher_does(world: World) -> None:
    reviewed(world.anna, "entry-AM")
    assert look_again().atlas.fact("entry-AM").review == "reviewed"
