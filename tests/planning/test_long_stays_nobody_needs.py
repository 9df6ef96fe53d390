"""A stay is worth nothing beyond the day after which every way is beaten; and not one day less.

The first tests are traps: worlds in which a bound that is a little too high throws a way out. In each, somebody stands
at P in two ways, alike but for the stay: cheaper with days used up already, dearer with a fresh stay. Only the fresh
one can do what comes second in the front.
"""

from __future__ import annotations

from typing import Any

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
from tropa.atlas import Atlas, HazardSubject, ProtectionKind, StayKind
from tropa.planning._search import Engine
from tropa.planning.building import build
from tropa.planning.compiling import Compilations
from tropa.planning.search import Search
from tropa.planning.setting import Setting

QUARTER = 6


def at_p(*facts: Any, days: int = 10, counts: StayKind = StayKind.PER_VISIT) -> Atlas:
    """A world with two ways to P in ZZ: through X with 4 days used up, and directly, a little more dangerous; and with
    a slow way from P to G of 50 thousandths of a nat."""
    window = 40 if counts is StayKind.SLIDING else None
    return world(
        *calm(HOME, "ZZ"), entry("ZZ"), stay("ZZ", days, counts, window),
        *open_country("GG"), *open_country("SS"), *open_country("YY"),
        place("h", HOME), place("x", "ZZ", post=True), place("p", "ZZ"), place("g", "GG"), place("s", "SS"),
        *leg("h", "x", hours=QUARTER), *leg("x", "p", border=False, hours=18 * QUARTER),
        *leg("h", "p", id_="direct", hours=19 * QUARTER, risk=0.001),
        *haven("GG", risk=0.0487), *facts,
    )  # fmt: skip


def both(atlas: Atlas, *papers: str) -> set[tuple[int, ...]]:
    """The front, found by both engines."""
    found = front(atlas, person("h", *papers))
    assert found == front(atlas, person("h", *papers), Engine.TWIN)
    return found


def test_an_act_that_begins_early_and_leaves_late_needs_its_stay_but_not_the_time_twice() -> None:
    atlas = at_p(
        *leg("p", "g", hours=40 * QUARTER), *leg("p", "s", days=7, hours=QUARTER), *haven("SS", risk=0.08)
    )
    assert {cost[1] for cost in both(atlas)} == {59, 48}


def test_a_visitor_asks_for_days_to_come_on_the_day_of_arrival() -> None:
    visit = haven("ZZ", id_="visit", days=10, risk=0.08, what=ProtectionKind.VISA_FREE_STAY)
    atlas = at_p(*leg("p", "g", hours=50 * QUARTER), *visit)
    assert {cost[1] for cost in both(atlas)} == {69, 59}


def test_a_long_stay_may_be_spent_where_the_zone_is_quiet() -> None:
    atlas = at_p(
        place("q", "ZZ"), paper("v", travel=False), danger(HazardSubject.DAY_OF_STAY, "p", 0.01),
        *haven("ZZ", risk=0.0487), *leg("p", "q", border=False, hours=QUARTER),
        danger(HazardSubject.OFFICE, "get", 0), *obtain("v", "ZZ", id_="get", days=7)[:1],
        *leg("q", "s2", hours=QUARTER), place("s2", "VV"), *calm("VV"), entry("VV", asks("v")), stay("VV", 90),
        *haven("VV", risk=0.02),
    )  # fmt: skip
    assert len(both(atlas)) == 2


def test_days_that_count_in_two_stays_are_used_up_sooner_than_time_passes() -> None:
    legs = [
        one
        for n in range(3)
        for one in (
            place(f"y{n}", "YY"), place(f"z{n}", "ZZ"),
            *leg("p" if n == 0 else f"z{n - 1}", f"y{n}", id_=f"out{n}"), *leg(f"y{n}", f"z{n}", id_=f"in{n}"),
        )
    ]  # fmt: skip
    atlas = at_p(
        *legs, *leg("p", "g", hours=15 * QUARTER), *leg("z2", "s", days=3, hours=QUARTER), *haven("SS", risk=0.08),
        paper("w", travel=False), *obtain("w", "ZZ", days=8),
        counts=StayKind.SLIDING,
    )  # fmt: skip
    assert {cost[1] for cost in both(atlas)} == {34, 32}


def test_a_fresh_stay_nobody_needs_is_not_looked_at_any_further() -> None:
    """As if both stays were long: then the cheaper one deletes the other, and so it does here."""
    made = []
    for days in (10, 300):
        atlas = at_p(
            place("m", "ZZ"), *leg("p", "m", border=False, hours=QUARTER), *haven("SS", risk=0.0198),
            *leg("m", "g", hours=2 * QUARTER), *leg("m", "s", hours=15 * QUARTER), days=days,
        )  # fmt: skip
        graph = build(Compilations(atlas), person(), ON, Setting())
        assert graph.start is not None
        search = Search(graph)
        assert len(search.front(graph.start, budget=None)) == 2
        made.append(search.labels_made)
    assert made[0] == made[1]
