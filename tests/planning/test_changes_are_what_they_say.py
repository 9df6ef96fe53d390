"""What would change the choice, held against planning the changed person from the start; and how old every fact is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.planning.small_worlds import random_person, random_world
from tests.planning.tiny import ON, world
from tropa.atlas import Atlas
from tropa.planning.answer import plans_for
from tropa.planning.building import build
from tropa.planning.compiling import Compilations
from tropa.planning.explain import danger_of
from tropa.planning.person import HeldPaper, PersonFacts, Wish, WishKind, WishVerdict
from tropa.planning.plan import Reason
from tropa.planning.search import Search, surest
from tropa.planning.setting import Setting
from tropa.planning.words import Words

SEEDS = range(0, 90, 2)


def somebody(seed: int) -> PersonFacts:
    """With little money and, now and then, a wish against a country."""
    wishes = (Wish(WishKind.COUNTRY, ("AA", "BB", "CC")[seed % 3], WishVerdict.NEVER),) if seed % 4 else ()
    return replace(
        random_person(seed), money_euros=(150, 260, 700)[seed % 3], wishes=wishes, further_papers=1
    )


def changed(someone: PersonFacts, reason: Reason) -> PersonFacts | None:
    """The person with the one thing changed that a reason is about, changed for good and not by a setting."""
    values = dict(reason.values)
    match reason.code:
        case "change_paper":
            return replace(someone, papers=(*someone.papers, HeldPaper(values["paper"])))
        case "change_wish":
            return replace(someone, wishes=())
        case "change_money":
            return replace(someone, money_euros=1_000_000)
        case "from_money":
            return replace(someone, money_euros=int(values["needed"]))
        case _:
            return None


def surest_way(atlas: Atlas, someone: PersonFacts) -> tuple[tuple[int, ...], str] | None:
    graph = build(Compilations(atlas), someone, ON, Setting())
    assert graph.start is not None
    ways = Search(graph).front(graph.start, budget=someone.money_euros)
    best = min(ways, key=lambda way: surest(way.cost), default=None)
    return (surest(best.cost), danger_of(best)) if best else None


@pytest.mark.parametrize("seed", SEEDS)
def test_a_person_who_is_so_changed_has_the_surer_way_that_was_promised(seed: int) -> None:
    atlas, someone = world(*random_world(seed)), somebody(seed)
    answer = plans_for(atlas, someone, ON)
    today = surest_way(atlas, someone)
    for reason in answer.changes:
        other = changed(someone, reason)
        if other is None:
            continue
        then = surest_way(atlas, other)
        assert then is not None
        assert today is None or then[0] < today[0]
        assert dict(reason.values)["risk"] == then[1], reason


@pytest.mark.parametrize("seed", SEEDS)
def test_with_a_euro_less_than_is_named_nothing_would_change(seed: int) -> None:
    atlas, someone = world(*random_world(seed)), somebody(seed)
    for reason in plans_for(atlas, someone, ON).changes:
        if reason.code == "from_money":
            less = replace(someone, money_euros=int(dict(reason.values)["needed"]) - 1)
            assert surest_way(atlas, less) == surest_way(atlas, someone)


def test_the_drawn_people_have_enough_that_would_change_their_choice() -> None:
    codes = [
        reason.code
        for seed in SEEDS
        for reason in plans_for(world(*random_world(seed)), somebody(seed), ON).changes
    ]
    assert sum(code in ("from_money", "change_money") for code in codes) >= 2
    assert codes.count("change_wish") >= 2
    assert len(codes) >= 6


def test_every_fact_of_every_step_has_its_age_on_the_day_of_planning_in_both_languages() -> None:
    seen = 0
    for seed in (1, 5, 9, 21):
        atlas, someone = world(*random_world(seed)), replace(random_person(seed), money_euros=100_000)
        answer = plans_for(atlas, someone, ON)
        notes = {note.id: note for note in answer.facts}
        for plan in answer.front:
            for step in plan.steps:
                assert step.facts
                for fact in step.facts:
                    assert notes[fact].age_days == (ON - atlas.fact(fact).as_of.earliest).days == 21
                    assert Words("en", answer).age(fact) == "21 days"
                    assert Words("ru", answer).age(fact) == "21 день"
                    seen += 1
    assert seen > 20
