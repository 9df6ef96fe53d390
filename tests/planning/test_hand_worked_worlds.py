"""The ten worlds of examples/worlds and their right answers, worked by hand (see the README there)."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest

from tests.planning.tiny import ON
from tropa.atlas import load_pack
from tropa.planning.answer import plans_for
from tropa.planning.person_file import read_person
from tropa.planning.plan import Plan, PlanSet

WORLDS = Path(__file__).parents[2] / "examples" / "worlds"


@functools.cache
def answer(number: int) -> PlanSet:
    (folder,) = WORLDS.glob(f"{number:02d}-*")
    atlas = load_pack(folder / "pack")
    text = (folder / "person.yaml").read_text(encoding="utf-8")
    return plans_for(atlas, read_person(text, atlas, ON, name="person.yaml"), ON)


def acts(plan: Plan) -> list[str]:
    return [step.action or "wait" for step in plan.steps]


def failure(plan: Plan) -> float:
    assert plan.outlook is not None
    return plan.outlook.failure.high


def by_acts(number: int) -> dict[str, Plan]:
    return {" ".join(acts(plan)): plan for plan in answer(number).front}


def test_there_are_ten_and_each_is_explained() -> None:
    folders = sorted(folder for folder in WORLDS.iterdir() if folder.is_dir())
    assert [int(folder.name[:2]) for folder in folders] == list(range(1, 11))
    readme = (WORLDS / "README.md").read_text(encoding="utf-8")
    assert all(f"\n{number}. **" in readme for number in range(1, 11))


def test_1_waiting_is_done_where_it_is_safe() -> None:
    best = answer(1).plans[0]
    assert acts(best) == ["quiet", "wait", "late", "ferry", "haven-SS"]
    # a quarter of a day at home, the two legs, a quarter of a day in W
    assert failure(best) == pytest.approx(1 - 0.98**0.25 * 0.995**2 * 0.99**0.25, abs=1e-9)


def test_2_both_the_paper_and_the_danger_are_offered() -> None:
    found = by_acts(2)
    assert found["visa-HH through-x on-from-x haven-GG"].cost.euros.high == 100
    assert found["visa-HH through-x on-from-x haven-GG"].cost.risk.high == 0
    assert found["overland haven-GG"].cost.euros.high == 90
    assert len(found) == 2


def test_3_the_plan_off_the_hull_is_offered() -> None:
    assert set(by_acts(3)) == {"slow-safe haven-GG", "middle haven-GG", "fast-dangerous haven-GG"}
    assert len(answer(3).plans) == 3


def test_4_the_visa_with_what_then() -> None:
    """The worked example of the guide: two policies begin with the visa, and both are offered."""
    front = answer(4).front
    begun = {plan.steps[0].fallbacks[0].steps[0].action: plan for plan in front if plan.steps[0].fallbacks}
    assert set(begun) == {"overland", "local"}
    figures = {}
    for then, plan in begun.items():
        outlook = plan.outlook
        assert outlook is not None
        figures[then] = (failure(plan), outlook.days.high, outlook.euros.high, outlook.worst_euros)
    assert figures["overland"] == pytest.approx((0.046, 22.2, 460, 580))
    assert figures["local"] == pytest.approx((0.086, 56.6, 300, 380))
    others = sorted(failure(plan) for plan in front if plan not in begun.values())
    assert others == pytest.approx([0.1, 0.2])
    assert answer(4).policies == 4


def test_5_the_average_fits_and_the_worst_branch_does_not() -> None:
    assert list(by_acts(5)) == ["overland haven-BB"]
    (withheld,) = answer(5).withheld
    assert dict(withheld.reason.values)["euros"] == "30"
    # of the way that is withheld nothing is said as if it could be taken
    assert (answer(5).begin_by, answer(5).ends) == (None, ())


def test_6_one_waits_until_enough_days_are_left() -> None:
    best = answer(6).plans[0]
    assert acts(best) == ["wait", "in", "card-ZZ", "haven-ZZ"]
    assert (best.steps[1].ends - ON).days == 50
    assert best.steps[2].clock is not None


def test_7_not_known_is_a_bar_and_finding_out_opens_the_way() -> None:
    none = answer(7).no_plan
    assert none is not None
    assert {reason.code for reason in none.closed_by} == {"none_status_known"}
    assert {reason.code for reason in none.would_open} == {"open_status_known"}


def test_8_a_plan_is_not_as_good_as_its_best_branch() -> None:
    found = by_acts(8)
    assert failure(found["visa-HH h-g haven-GG"]) == pytest.approx(0.99 * 0.3)
    assert failure(found["h-b haven-BB"]) == pytest.approx(0.3)


def test_9_the_party_goes_where_each_of_it_is_let_in() -> None:
    assert list(by_acts(9)) == ["h-b haven-BB"]
    assert failure(answer(9).plans[0]) == pytest.approx(1 - 0.95**2)
    assert {"change_paper"} == {reason.code for reason in answer(9).changes}


def test_10_after_a_refused_claim_one_goes_on() -> None:
    plan = by_acts(10)["h-a haven-AA"]
    assert failure(plan) == pytest.approx(1 - 0.99 * (1 - 0.5 * 0.05))
    assert [step.action for step in plan.steps[-1].fallbacks[0].steps] == ["a-b", "haven-BB"]
    assert answer(10).plans[0].id == plan.id
