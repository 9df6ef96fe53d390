"""Why not this country: for any country asked about, and said in both languages."""

from __future__ import annotations

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
    paper,
    person,
    place,
    stay,
    world,
)
from tropa.atlas import load_pack
from tropa.atlas.pack import EXAMPLE_DAY, SHIPPED_PACK
from tropa.planning.answer import Planner
from tropa.planning.errors import BadPerson
from tropa.planning.plan import PlanTitle, WhyNot
from tropa.planning.words import Words

WORLD = world(
    *calm(HOME),
    place("h", HOME),
    *open_country("BB"),
    place("b", "BB"),
    *leg("h", "b", risk=0.1),
    *leg("h", "b", id_="longer", hours=12, risk=0.1),
    *haven("BB"),
    *open_country("DD"),
    place("d", "DD"),
    *leg("h", "d", risk=0.3, hours=30),
    *haven("DD"),
    *calm("VV"),
    entry("VV", asks("visa")),
    stay("VV", 90),
    place("v", "VV"),
    paper("visa", travel=False),
    *leg("h", "v"),
    *haven("VV"),
    *open_country("NN"),
    place("n", "NN"),
    *open_country("UU"),
    place("u", "UU"),
    *haven("UU"),
)


def told(country: str) -> WhyNot:
    (found,) = Planner(WORLD).plans(person(), ON, ask_about=[country]).why_not
    return found


def codes(country: str) -> list[str]:
    return [reason.code for reason in told(country).reasons]


def test_a_country_in_which_a_plan_ends() -> None:
    assert codes("BB") == ["why_it_does"]


def test_a_country_to_which_the_way_is_beaten_names_the_better_one() -> None:
    (reason,) = told("DD").reasons
    assert reason.code == "why_beaten"
    assert dict(reason.values)["other"] == "BB"


def test_a_country_that_one_more_paper_would_open() -> None:
    assert codes("VV") == ["why_closed", "open_paper"]
    assert dict(told("VV").reasons[1].values)["paper"] == "visa"


def test_a_country_without_an_end_state_and_one_that_nothing_opens() -> None:
    assert codes("NN") == ["why_no_haven"]
    assert codes("UU") == ["why_closed", "why_nothing_opens"]


def test_a_country_the_atlas_does_not_know_is_refused_with_near_names() -> None:
    with pytest.raises(BadPerson) as caught:
        told("BX")
    assert caught.value.problems[0].field == "country"


def test_the_spare_does_without_the_most_dangerous_border_of_the_first_plan() -> None:
    atlas = world(
        *calm(HOME),
        place("h", HOME),
        *open_country("BB"),
        place("b", "BB"),
        *leg("h", "b", risk=0.01),
        *leg("h", "b", id_="by-night", risk=0.02, euros=10),
        *haven("BB", euros=50),
        *haven("BB", id_="quicker", risk=0.1),
    )
    plans = Planner(atlas).plans(person(), ON).plans
    (spare,) = [plan for plan in plans if plan.title is PlanTitle.SPARE]
    assert spare.steps[0].action == "by-night"
    assert all(plan.steps[0].action == "h-b" for plan in plans if plan is not spare)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_country_of_the_shipped_pack_can_be_asked_about_and_named(language: str) -> None:
    atlas = load_pack(SHIPPED_PACK, reviewed_as_of=EXAMPLE_DAY)
    from tropa.planning.drawn import drawn_people

    someone = next(drawn_people(atlas, EXAMPLE_DAY, 1, seed=3))
    countries = tuple(atlas.countries)
    answer = Planner(atlas).plans(someone, EXAMPLE_DAY, ask_about=countries)
    assert tuple(one.country for one in answer.why_not) == countries
    words = Words(language, answer)
    for one in answer.why_not:
        name = getattr(atlas.countries[one.country].value.name, language)
        assert words.name(one.country) == name
        said = [words.say(reason) for reason in one.reasons]
        assert any(name in sentence for sentence in said)
        assert not any("{" in sentence for sentence in said)
