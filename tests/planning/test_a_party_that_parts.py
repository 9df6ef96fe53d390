"""A party that parts because it was asked for: each group on its own papers, one purse, and where they meet again."""

from __future__ import annotations

import argparse
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from tests.planning.small_worlds import random_world
from tests.planning.test_the_compiled_search import somebody
from tests.planning.tiny import HOME, ON, calm, haven, leg, open_country, person, place, world
from tropa.atlas import Atlas, Protection, load_pack
from tropa.cli import plan as plan_command
from tropa.planning.answer import Planner
from tropa.planning.apart import Apart, Split, plans_apart
from tropa.planning.apart_table import apart_table
from tropa.planning.errors import BadPerson
from tropa.planning.person import Companion, PersonFacts
from tropa.planning.person_file import read_person
from tropa.planning.plan import Plan, PlanSet
from tropa.planning.plan_json import from_json, to_json

FOLDER = Path(__file__).parents[2] / "examples" / "worlds" / "09-the-least-admissible"
TWO = ((0,), (1,))
SEEDS = (1, 2, 4, 5, 14, 25, 30, 45, 48, 51, 75, 79, 84, 94)


def with_companion(someone: PersonFacts) -> PersonFacts:
    papers = someone.papers[:1] if len(someone.papers) % 2 else someone.papers
    other = Companion("child", someone.profile, papers, someone.statuses, someone.citizenship)
    return replace(someone, companions=(other,), income_euros=0)


@pytest.fixture(scope="module")
def family() -> tuple[Planner, PersonFacts]:
    """A parent with a passport and a child without one: G asks for it, B takes an identity card."""
    atlas = load_pack(FOLDER / "pack")
    return Planner(atlas), read_person((FOLDER / "person.yaml").read_text(encoding="utf-8"), atlas, ON)


def havens(answer: PlanSet) -> set[str]:
    return {plan.haven for plan in answer.front}


def test_together_a_child_without_a_passport_decides_for_all(family: tuple[Planner, PersonFacts]) -> None:
    planner, party = family
    assert havens(planner.plans(party, ON)) == {"haven-BB"}
    grown = replace(party, companions=(replace(party.companions[0], papers=party.papers),))
    assert havens(planner.plans(grown, ON)) == {"haven-GG"}


def test_apart_each_goes_on_their_own_papers_and_the_choice_is_named_with_its_price(
    family: tuple[Planner, PersonFacts],
) -> None:
    answer = plans_apart(*family, ON, TWO)
    assert havens(answer.together) == {"haven-BB"}
    parent, child = (group.plans for group in answer.groups)
    assert (havens(parent), havens(child)) == ({"haven-GG"}, {"haven-BB"})
    (split,) = answer.splits
    assert split.country == ""
    assert split.anybody.high == pytest.approx(1 - 0.99 * 0.95)
    assert split.worst.high == pytest.approx(0.05)
    assert from_json(Apart, to_json(answer)) == answer


@pytest.mark.parametrize("groups", [((0, 1),), ((0,),), ((0,), (0, 1)), ((0,), (1,), (2,)), ((0, 1), ())])
def test_groups_that_are_not_the_party_are_refused(
    family: tuple[Planner, PersonFacts], groups: tuple[tuple[int, ...], ...]
) -> None:
    with pytest.raises(BadPerson) as caught:
        plans_apart(*family, ON, groups)
    assert caught.value.problems[0].field == "apart"


def priced(euros: float) -> Atlas:
    return world(
        *calm(HOME),
        *open_country("AA"),
        place("h", HOME),
        place("a", "AA"),
        leg("h", "a", id_="over", euros=euros),
        haven("AA"),
    )


def test_the_purse_is_one_and_what_is_short_is_said_to_the_euro() -> None:
    party = with_companion(person("h", "fp", money=200))
    enough = plans_apart(Planner(priced(100)), party, ON, TWO)
    (split,) = enough.splits
    assert (split.country, split.euros, split.purse, enough.short_euros) == ("AA", (100, 100), 200, 0)
    short = plans_apart(Planner(priced(100)), replace(party, money_euros=199), ON, TWO)
    assert all(group.plans.front for group in short.groups)
    assert (short.splits, short.short_euros) == ((), 1)
    for language, said in (("en", "€1 more is needed"), ("ru", "нужно ещё €1")):
        assert said in apart_table("they", short, party, language)


def failure(plan: Plan) -> float:
    assert plan.outlook is not None
    return plan.outlook.failure.high


Figures = tuple[float, float, float, float]


def figures(plans: tuple[Plan, ...]) -> Figures:
    safe = 1.0
    for plan in plans:
        safe *= 1 - failure(plan)
    worst, days = max(map(failure, plans)), max(plan.cost.days.high for plan in plans)
    return round(1 - safe, 9), round(worst, 9), days, sum(plan.worst_euros for plan in plans)


def of_split(split: Split) -> Figures:
    return (
        round(split.anybody.high, 9),
        round(split.worst.high, 9),
        split.days.high,
        float(split.purse),
    )


def unbeaten(found: set[Figures]) -> set[Figures]:
    def beaten(one: Figures) -> bool:
        return any(other != one and all(a <= b for a, b in zip(other, one, strict=True)) for other in found)

    return {one for one in found if not beaten(one)}


@pytest.mark.parametrize("seed", SEEDS)
def test_the_choices_are_those_of_every_pair_of_plans_and_none_together_beats_them_all(seed: int) -> None:
    atlas = world(*random_world(seed))
    party = with_companion(somebody(seed))
    planner = Planner(atlas)
    answer = plans_apart(planner, party, ON, TWO)
    fronts = [group.plans.front for group in answer.groups]
    pairs = [pair for pair in product(*fronts) if sum(plan.worst_euros for plan in pair) <= party.money_euros]

    def country(plan: Plan) -> str:
        value = atlas.fact(plan.haven).value
        assert isinstance(value, Protection)
        return value.country

    met = {figures(pair) for pair in pairs if len(set(map(country, pair))) == 1}
    assert {of_split(one) for one in answer.splits if one.country} >= unbeaten(met)
    assert unbeaten({of_split(one) for one in answer.splits}) == unbeaten({figures(pair) for pair in pairs})
    assert (answer.short_euros > 0) == (not pairs and all(fronts))
    plans = [{plan.id: plan for plan in front} for front in fronts]
    for split in answer.splits:
        chosen = tuple(by_id[one] for by_id, one in zip(plans, split.plans, strict=True))
        assert of_split(split) == figures(chosen)
        assert set(map(country, chosen)) == {split.country} or not split.country


@pytest.mark.parametrize("seed", SEEDS)
def test_whoever_may_part_never_fares_worse_than_all_together(seed: int) -> None:
    """A way of the whole party on which nobody can refuse is a way of each of its groups: some choice is as safe and as
    soon. (Whoever may be refused asks twice when they part, so that there it need not be so.)"""
    party = with_companion(somebody(seed))
    answer = plans_apart(Planner(world(*random_world(seed))), party, ON, TWO)
    found = [of_split(one) for one in answer.splits]
    certain = [
        plan
        for plan in answer.together.front
        if not any(step.fallbacks for step in plan.steps)
        and plan.worst_euros + 2 * len(plan.steps) <= party.money_euros  # each rounds its own euros up
    ]
    for plan in certain:
        assert any(split[0] <= failure(plan) + 1e-6 and split[2] <= plan.cost.days.high for split in found), (
            plan.id
        )


def test_the_parties_drawn_are_worth_the_trouble() -> None:
    parted, met = 0, 0
    for seed in SEEDS:
        answer = plans_apart(Planner(world(*random_world(seed))), with_companion(somebody(seed)), ON, TWO)
        parted += any(not split.country for split in answer.splits)
        met += any(split.country for split in answer.splits)
    assert (parted, met) == (3, 12)


def test_the_command_tells_what_parting_means_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    plan_command.add_commands(parser.add_subparsers())
    for language, words in (
        ("en", ("Apart, because it was asked for", "Group 2: child", "a person must look at it", "1A + 2A")),
        ("ru", ("Порознь, потому что об этом просили", "Группа 2: ребёнок", "должен посмотреть", "1A + 2A")),
    ):
        asked = [
            "plan",
            str(FOLDER / "person.yaml"),
            "--atlas",
            str(FOLDER / "pack"),
            "--as-of",
            "2026-11-22",
        ]
        parsed = parser.parse_args([*asked, "--apart", "1/2", "--language", language])
        assert parsed.run(parsed) == 0
        said = capsys.readouterr().out
        assert all(word in said for word in words), said
    parsed = parser.parse_args([*asked, "--apart", "1/3"])
    assert parsed.run(parsed) == 1
    assert "apart" in capsys.readouterr().err
