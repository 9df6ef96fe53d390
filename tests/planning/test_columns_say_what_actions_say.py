"""What is compiled for all acts at once equals what is said of each act alone, row by row and reason by reason."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from tests.planning.small_worlds import random_world
from tests.planning.test_the_compiled_search import somebody
from tests.planning.tiny import ON, world
from tropa.atlas import Atlas, load_pack
from tropa.atlas.pack import EXAMPLE_DAY, SHIPPED_PACK, load_files
from tropa.atlas.synthetic import WorldPlan, synthetic_pack
from tropa.planning.columns import Columns, Lists, Shared, Writing, rows_of
from tropa.planning.compiled import Compiled
from tropa.planning.compiling import Compilations
from tropa.planning.drawn import drawn_people
from tropa.planning.person import PersonFacts
from tropa.planning.plan import Reason
from tropa.planning.roads import Road, Roads
from tropa.planning.units import World


def check(atlas: Atlas, person: PersonFacts) -> int:
    compiled = Compilations(atlas).of(person, EXAMPLE_DAY, confirmed=False)
    actions = [compiled.action(row) for row in range(len(compiled.source))]
    writing = Writing()
    alone = rows_of(actions, len(compiled.roads.members), writing)
    same_rows(compiled.columns, compiled.shared, alone, writing.shared())
    for world_ in World:
        assert compiled.least[world_].tolist() == [list(action.least[world_]) for action in actions]
    assert [action.free for action in actions] == compiled.columns.acts[:, 13].astype(bool).tolist()
    assert dict(compiled.closed) == closed_alone(compiled)
    for row, action in enumerate(actions):
        assert compiled.id_of(row) == action.id
        assert row in compiled.by_id[action.id]
    return len(actions)


def same_rows(mine: Columns, shared: Shared, theirs: Columns, other: Shared) -> None:
    assert np.array_equal(mine.origins, theirs.origins)
    assert np.array_equal(mine.acts, theirs.acts)
    assert np.array_equal(mine.timed, theirs.timed)
    assert np.array_equal(mine.figures, theirs.figures)
    for row in range(len(mine.origins)):
        for member in range(mine.requires.shape[1]):
            a, b = int(mine.requires[row, member]), int(theirs.requires[row, member])
            assert resolved(shared.masks, a) == resolved(other.masks, b)
            a, b = int(mine.admits[row, member]), int(theirs.admits[row, member])
            assert ways(shared, a) == ways(other, b)


def resolved(lists: Lists, number: int) -> object:
    return None if number < 0 else lists.rows[lists.first[number] : lists.first[number + 1]].tolist()


def ways(shared: Shared, number: int) -> object:
    if number < 0:
        return None
    rows = slice(int(shared.ways.first[number]), int(shared.ways.first[number + 1]))
    limits = [shared.limit_sets[n] for n in shared.ways.rows[rows, 5]]
    return shared.ways.rows[rows, :5].tolist(), shared.way_figures[rows].tolist(), limits


def closed_alone(compiled: Compiled) -> dict[Reason, int]:
    """Every act asked for alone, by the roads."""
    roads: Roads = compiled.roads
    found: Counter[Reason] = Counter()
    asked: list[Road | tuple[Reason, ...]] = [roads.leg(fact) for fact in roads.atlas.legs]
    for number, spot in enumerate(roads.spots):
        if spot.is_post:
            continue
        asked += [
            roads.application(offer, number)
            for offer in roads.atlas.obtains
            if roads.book.is_permission(offer) and spot.country in offer.value.countries
        ]
        asked += [
            roads.haven(haven, number)
            for haven in roads.atlas.protections
            if haven.value.country == spot.country
        ]
    for answer in asked:
        if not isinstance(answer, Road):
            found.update(dict.fromkeys(answer, 1))
    assert len(asked) == compiled.considered
    return dict(found)


@pytest.mark.parametrize("seed", range(3000, 3030))
def test_in_random_worlds(seed: int) -> None:
    assert check(world(*random_world(seed, opens=seed % 3)), somebody(seed)) > 5


def test_in_the_shipped_pack_reviewed_and_not() -> None:
    for reviewed in (EXAMPLE_DAY, None):
        atlas = load_pack(SHIPPED_PACK, reviewed_as_of=reviewed)
        people = list(drawn_people(atlas, EXAMPLE_DAY, 12, seed=3))
        sizes = [check(atlas, people[n]) for n in (0, 4, 9)]
        assert (max(sizes) > 400) == (reviewed is not None)


def test_in_an_invented_world() -> None:
    atlas = load_files(synthetic_pack(WorldPlan(20, 100, 1000, 8)))
    people = list(drawn_people(atlas, EXAMPLE_DAY, 10, seed=8))
    assert all(check(atlas, person) > 500 for person in people[:3])
    assert ON == EXAMPLE_DAY
