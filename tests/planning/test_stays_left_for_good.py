"""A stay that was left counts only as far as somebody may come back to it; and every day counts where somebody may.

In each world somebody stands at P, outside the zone they started in, in two ways: cheaper with many days of the zone
used up, a little more dangerous with one. Only the second can do in the zone what comes last in the front: a bound of
what coming back takes that is a little too high throws it out.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.planning.small_worlds import front
from tests.planning.tiny import (
    HOME,
    ON,
    asks,
    calm,
    danger,
    entry,
    haven,
    leg,
    obtain,
    open_country,
    paper,
    person,
    place,
    stay,
    world,
)
from tropa.atlas import Atlas, HazardSubject, StayKind
from tropa.planning._search import Engine
from tropa.planning.building import build
from tropa.planning.compiling import Compilations
from tropa.planning.search import Search
from tropa.planning.setting import Setting

QUARTER = 6


def left_for_p(*facts: Any, within: int = 18, days: int = 10) -> Atlas:
    """A world in which one leaves Z in ZZ for P through Y after so many quarters, or directly and a little more
    dangerously, a quarter later. G is safe and may be far from P."""
    return world(
        *calm(HOME, "ZZ"), place("h", HOME), entry("ZZ"), stay("ZZ", days, StayKind.SLIDING, 40),
        *open_country("PP"), *open_country("GG"),
        place("z", "ZZ"), place("y", "ZZ", post=True), place("p", "PP"), place("g", "GG"),
        *leg("z", "y", border=False, hours=within * QUARTER), *leg("y", "p", hours=QUARTER),
        *leg("z", "p", id_="direct", hours=(within + 2) * QUARTER, risk=0.001),
        *haven("GG", risk=0.0487), *facts,
    )  # fmt: skip


def times(atlas: Atlas, *papers: str) -> list[int]:
    """How long each way of the front takes, found by both engines."""
    somebody = person("z", *papers, entered=ON)
    found = front(atlas, somebody)
    assert found == front(atlas, somebody, Engine.TWIN)
    return sorted(cost[1] for cost in found)


@pytest.mark.parametrize(("slow", "expected"), [(31, [50]), (32, [50, 51]), (60, [50, 79])])
def test_who_comes_back_for_a_paper_needs_the_days_it_takes(slow: int, expected: list[int]) -> None:
    atlas = left_for_p(
        place("w", "ZZ"), *leg("p", "w", hours=QUARTER), *leg("p", "g", hours=slow * QUARTER),
        paper("v", travel=False), danger(HazardSubject.OFFICE, "get", 0), *obtain("v", "ZZ", id_="get", days=7)[:1],
        *calm("SS"), place("s", "SS"), entry("SS", asks("v")), stay("SS", 90), *haven("SS", risk=0.08),
        *leg("w", "s", hours=QUARTER),
    )  # fmt: skip
    assert times(atlas) == expected


def test_who_only_passes_through_again_needs_a_day_even_where_others_have_none_left() -> None:
    atlas = left_for_p(
        place("w", "ZZ", post=True), *leg("p", "w", hours=QUARTER), *leg("p", "g", hours=4 * QUARTER),
        *open_country("SS"), place("s", "SS"), *haven("SS", risk=0.08), *leg("w", "s", hours=QUARTER),
        within=36,
    )  # fmt: skip
    assert times(atlas) == [40, 41]


def test_a_stay_nobody_comes_back_to_is_not_looked_at() -> None:
    """As if the stay were so long that nobody needs to count: then the cheaper way deletes the other, and so it does
    here."""
    made = []
    for days in (10, 300):
        atlas = left_for_p(
            place("m", "PP"), *leg("p", "m", border=False, hours=QUARTER), *leg("m", "g", hours=4 * QUARTER), days=days
        )  # fmt: skip
        graph = build(Compilations(atlas), person("z", entered=ON), ON, Setting())
        assert graph.start is not None
        search = Search(graph, engine=Engine.KERNEL)
        assert len(search.front(graph.start, budget=None)) == 1
        made.append(search.labels_made)
    assert made[0] == made[1]
