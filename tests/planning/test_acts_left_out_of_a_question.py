"""An act left out of the graph is an act closed: the same best way, found with lower bounds of its own."""

from __future__ import annotations

import pytest

from tropa.atlas import load_pack
from tropa.atlas.pack import EXAMPLE_DAY, SHIPPED_PACK
from tropa.planning.building import build
from tropa.planning.compiling import Compilations
from tropa.planning.drawn import drawn_people
from tropa.planning.search import Search
from tropa.planning.setting import Setting

ATLAS = load_pack(SHIPPED_PACK, reviewed_as_of=EXAMPLE_DAY)
COMPILATIONS = Compilations(ATLAS)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_leaving_an_act_out_finds_what_closing_it_finds(seed: int) -> None:
    compared = 0
    for someone in drawn_people(ATLAS, EXAMPLE_DAY, 6, seed=seed):
        whole = build(COMPILATIONS, someone, EXAMPLE_DAY, Setting())
        assert whole.start is not None
        search = Search(whole)
        best = search.best(whole.start, budget=someone.money_euros)
        for act in best.action_ids if best is not None else ():
            without = frozenset({act})
            closed = search.best(whole.start, budget=someone.money_euros, without=without)
            graph = build(COMPILATIONS, someone, EXAMPLE_DAY, Setting(without=without))
            assert graph.start is not None
            left_out = Search(graph).best(graph.start, budget=someone.money_euros)
            assert (left_out and left_out.cost) == (closed and closed.cost)
            assert left_out is None or act not in left_out.action_ids
            compared += 1
    assert compared > 4


def test_an_act_that_does_not_exist_changes_nothing() -> None:
    someone = next(drawn_people(ATLAS, EXAMPLE_DAY, 1, seed=1))
    graphs = [
        build(COMPILATIONS, someone, EXAMPLE_DAY, Setting(without=frozenset(without)))
        for without in ((), ("no-such-act",))
    ]
    assert graphs[0].numbers.tolist() == graphs[1].numbers.tolist()
