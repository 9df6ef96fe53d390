"""Money is counted in EUR 25 while ways are compared, and the budget is held against exact euros: nothing is lost."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from tests.planning.small_worlds import Enumeration, front, random_person, random_world
from tests.planning.tiny import HOME, ON, calm, entry, haven, leg, person, place, stay, world
from tropa.atlas import SHIPPED_PACK, Kind, Range, load_pack
from tropa.planning._search import Engine
from tropa.planning.building import build
from tropa.planning.compiling import Compilations
from tropa.planning.drawn import drawn_people
from tropa.planning.mass.together import Together
from tropa.planning.search import Search
from tropa.planning.setting import Setting

PRICES = (0, 3, 13, 24, 26, 38, 51, 63)


def two_ways_to_a_port() -> list[Any]:
    """A leg of EUR 50, or two of EUR 13: both two units of EUR 25. From the port on it costs EUR 50, or nothing and
    is dangerous, so whoever paid EUR 50 stands there as well."""
    return [
        *calm(HOME),
        place("h", HOME),
        place("i", HOME),
        place("port", HOME),
        leg("h", "port", border=False, hours=12, euros=50),
        leg("h", "i", border=False, hours=6, euros=13),
        leg("i", "port", border=False, hours=6, euros=13),
        leg("port", "aa", hours=6, euros=50),
        leg("port", "aa", id_="unsafe", hours=6, risk=0.2),
        *calm("AA"),
        place("aa", "AA"),
        entry("AA"),
        stay("AA", 300),
        *haven("AA"),
    ]


@pytest.mark.parametrize("engine", Engine)
@pytest.mark.parametrize(("money", "safe"), [(75, False), (76, True), (99, True), (100, True)])
def test_a_way_alike_in_units_and_cheaper_in_euros_is_there_when_the_budget_asks_for_it(
    engine: Engine, money: int, safe: bool
) -> None:
    found = front(world(*two_ways_to_a_port()), person("h", money=money), engine)
    assert any(vector[0] == 0 for vector in found) is safe
    assert any(vector[0] > 0 for vector in found)


def test_without_exact_euros_it_would_be_missing() -> None:
    graph = build(Compilations(world(*two_ways_to_a_port())), person("h", money=76), ON, Setting())
    assert graph.start is not None
    traces, _ = Search(graph).traces(graph.start, budget=76, exact=False)
    assert all(trace.cost[0] > 0 for trace in traces)


@pytest.mark.parametrize(("money", "safe"), [(75, False), (76, True), (99, True), (100, True)])
def test_mass_work_holds_the_budget_as_exactly(money: int, safe: bool) -> None:
    together = Together(Compilations(world(*two_ways_to_a_port())), ON)
    for someone in (person("h", money=money), person("h", money=money, deadline=ON)):
        assert any(line.cost[0] == 0 for line in together.front(someone).lines) is safe


def priced(seed: int) -> list[Any]:
    """A drawn world with prices that no unit fits."""
    dice = random.Random(seed + 77)  # noqa: S311 - dice for a test

    def odd(fact: Any) -> Any:
        if getattr(fact, "kind", None) not in (Kind.LEG, Kind.OBTAIN):
            return fact
        price = float(dice.choice(PRICES))
        return replace(fact, value=replace(fact.value, euros=Range(price, price, price)))

    return [odd(one) for made in random_world(seed) for one in (made if isinstance(made, tuple) else (made,))]


@pytest.mark.parametrize("seed", range(0, 120, 3))
def test_with_little_money_the_front_is_that_of_every_sequence_of_acts(seed: int) -> None:
    atlas = world(*priced(seed))
    for money in (70, 130):
        someone = replace(random_person(seed), money_euros=money)
        expected = Enumeration(atlas, someone, ON).run(5)
        for engine in Engine:
            found = front(atlas, someone, engine)
            assert all(any(_no_worse(one, vector) for one in found) for vector in expected)
        if expected:
            assert found & expected


def _no_worse(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return all(a <= b for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("seed", range(0, 60, 2))
def test_a_party_that_earns_has_the_front_of_a_search_that_looks_at_every_month(seed: int) -> None:
    """What can be paid without income is found without it; the engines asked directly look at income too."""
    someone = replace(random_person(seed), income_euros=90, money_euros=(60, 200, 900)[seed % 3])
    graph = build(Compilations(world(*priced(seed))), someone, ON, Setting())
    assert graph.start is not None
    for engine in Engine:
        whole, complete = Search(graph, engine=engine).traces(graph.start, budget=someone.money_euros)
        lines = Search(graph, engine=engine).lines(graph.start, budget=someone.money_euros)
        assert complete
        assert lines.is_complete
        assert {(way.cost, way.rank) for way in lines.ways} == {(one.cost, one.rank) for one in whole}
        best = Search(graph, engine=engine).best(graph.start, budget=someone.money_euros)
        assert (best is None) == (not whole)
        if best is not None:
            assert best.cost[0] + best.cost[3] == min(one.cost[0] + one.cost[3] for one in whole)


def test_whoever_can_pay_without_income_is_not_searched_for_every_month_of_it() -> None:
    """A drawn person with EUR 8,000 and an income took 37,000 labels and more than a second."""
    atlas = load_pack(SHIPPED_PACK, reviewed_as_of=ON)
    someone = list(drawn_people(atlas, ON, 161))[160]
    assert someone.income_euros
    graph = build(Compilations(atlas), someone, ON, Setting())
    assert graph.start is not None
    search = Search(graph)
    assert search.lines(graph.start, budget=someone.money_euros).is_complete
    assert search.labels_made < 2_000
