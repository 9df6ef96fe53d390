"""A graph of one place, a pack without end states, an atlas of one country: a worded answer, never a traceback."""

from __future__ import annotations

import pytest

from tests.planning.tiny import HOME, ON, calm, haven, leg, open_country, person, place, world
from tropa.atlas import Atlas
from tropa.planning._search import Engine
from tropa.planning.answer import plans_for
from tropa.planning.building import build
from tropa.planning.compiling import Compilations
from tropa.planning.search import Search
from tropa.planning.setting import Setting
from tropa.planning.words import Words

ALONE = world(*calm(HOME), place("h", HOME))
NO_HAVENS = world(
    *calm(HOME), *open_country("AA"), place("h", HOME), place("a", "AA"), leg("h", "a"), leg("a", "h")
)
HAVEN_OUT_OF_REACH = world(*calm(HOME), *open_country("AA"), place("h", HOME), place("a", "AA"), haven("AA"))
NOTHING_KNOWN = world(place("h", HOME))


@pytest.mark.parametrize(
    "atlas",
    [ALONE, NO_HAVENS, HAVEN_OUT_OF_REACH, NOTHING_KNOWN],
    ids=["alone", "no-havens", "no-way", "nothing"],
)
def test_the_answer_says_that_no_way_is_known(atlas: Atlas) -> None:
    answer = plans_for(atlas, person("h", "fp"), ON)
    assert answer.plans == ()
    assert answer.no_plan is not None
    for language in ("ru", "en"):
        words = Words(language, answer)
        said = [words.say(reason) for reason in (*answer.no_plan.closed_by, *answer.no_plan.would_open)]
        assert said
        assert all(len(sentence) > 10 for sentence in said)


@pytest.mark.parametrize("engine", list(Engine))
def test_a_haven_where_one_stands_is_a_plan_of_one_step(engine: Engine) -> None:
    atlas = world(*calm(HOME), place("h", HOME), haven(HOME))
    graph = build(Compilations(atlas), person("h"), ON, Setting())
    assert graph.start is not None
    (way,) = Search(graph, engine=engine).front(graph.start, budget=0)
    assert way.action_ids == (f"haven-{HOME}",)
