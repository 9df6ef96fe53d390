"""Random small worlds: the front equals that of trying every sequence of acts, and behaves as a front must."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from tests.planning.small_worlds import Enumeration, front, random_party, random_person, random_world
from tests.planning.tiny import ON, world
from tropa.planning._search import Engine
from tropa.planning.building import build
from tropa.planning.compiling import Compilations
from tropa.planning.person import HeldPaper
from tropa.planning.search import Search
from tropa.planning.setting import Setting


@pytest.mark.parametrize("seed", range(120))
def test_the_front_is_that_of_every_sequence_of_acts(seed: int) -> None:
    atlas, someone = world(*random_world(seed)), random_person(seed)
    expected = Enumeration(atlas, someone, ON).run()
    for engine in Engine:
        assert front(atlas, someone, engine) == expected


@pytest.mark.parametrize("seed", range(1000, 1060))
def test_the_front_is_that_of_every_sequence_of_acts_and_waits_where_legs_open_later(seed: int) -> None:
    facts, someone = random_world(seed, opens=4), random_person(seed)
    atlas = world(*facts)
    short = Enumeration(atlas, someone, ON).run(4)
    found = front(atlas, someone)
    assert found == front(atlas, someone, Engine.TWIN)
    for vector in short:
        assert any(all(a <= b for a, b in zip(one, vector, strict=True)) for one in found)
    graph = build(Compilations(atlas), someone, ON, Setting())
    assert graph.start is not None
    for way in Search(graph).front(graph.start, budget=someone.money_euros):
        if len(way.moves) <= 5:
            assert (*way.cost, -way.rank) in short


@pytest.mark.parametrize("seed", range(2000, 2030))
def test_the_front_of_a_party_is_that_of_every_sequence_of_its_acts(seed: int) -> None:
    """Each needs papers of their own, everybody pays, and whoever has a paper does not apply for it."""
    atlas, party = world(*random_world(seed)), random_party(seed)
    expected = Enumeration(atlas, party, ON).run()
    for engine in Engine:
        assert front(atlas, party, engine) == expected


@pytest.mark.parametrize("seed", range(3000, 3030))
def test_the_front_is_that_of_every_sequence_of_acts_where_programmes_close(seed: int) -> None:
    atlas, someone = world(*random_world(seed, closes=6)), random_person(seed)
    expected = Enumeration(atlas, someone, ON).run()
    for engine in Engine:
        assert front(atlas, someone, engine) == expected


def test_the_random_worlds_are_worth_the_trouble() -> None:
    sizes = [len(front(world(*random_world(seed)), random_person(seed))) for seed in range(120)]
    assert sum(size > 0 for size in sizes) > 40
    assert max(sizes) >= 4


@pytest.mark.parametrize("seed", range(0, 120, 2))
def test_more_papers_never_worsen_a_front(seed: int) -> None:
    atlas, someone = world(*random_world(seed)), random_person(seed)
    held = {one.paper for one in someone.papers}
    more = replace(
        someone, papers=(*someone.papers, *(HeldPaper(one) for one in ("fp", "v2") if one not in held))
    )
    richer = front(atlas, more)
    for vector in front(atlas, someone):
        assert any(all(a <= b for a, b in zip(other, vector, strict=True)) for other in richer)


@pytest.mark.parametrize("seed", range(0, 120, 3))
def test_closing_a_leg_no_plan_uses_leaves_the_front_as_it_is(seed: int) -> None:
    facts, someone = random_world(seed), random_person(seed)
    atlas = world(*facts)
    graph = build(Compilations(atlas), someone, ON, Setting())
    assert graph.start is not None
    ways = Search(graph).front(graph.start, budget=someone.money_euros)
    used = {id_ for way in ways for id_ in way.action_ids}
    for leg_fact in atlas.legs:
        if leg_fact.id not in used:
            fewer = world(*(one for one in facts if getattr(one, "id", "") != leg_fact.id))
            assert front(fewer, someone) == {(*way.cost, -way.rank) for way in ways}


@pytest.mark.parametrize("seed", range(0, 120, 3))
def test_a_front_under_a_budget_is_the_filtered_front(seed: int) -> None:
    """In whole euros, where nothing is rounded, the budget cuts the front and does nothing else."""
    atlas, someone = world(*random_world(seed)), replace(random_person(seed), money_euros=100_000)
    graph = build(Compilations(atlas), someone, ON, Setting())
    assert graph.start is not None
    search = Search(graph, money_unit=1)
    whole = {(*way.cost, -way.rank) for way in search.front(graph.start, budget=None)}
    for budget in sorted({vector[2] for vector in whole}):
        cut = {(*way.cost, -way.rank) for way in search.front(graph.start, budget=budget)}
        assert cut == {vector for vector in whole if vector[2] <= budget}


@pytest.mark.parametrize("seed", range(0, 120, 4))
def test_a_world_with_other_names_has_the_same_front(seed: int) -> None:
    facts, someone = random_world(seed), random_person(seed)
    shuffled = list(facts)
    random.Random(seed).shuffle(shuffled)  # noqa: S311
    assert front(world(*shuffled), someone) == front(world(*facts), someone)
