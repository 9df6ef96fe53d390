"""Invented worlds are whole packs, of the size asked for, and the same bytes every time."""

from __future__ import annotations

import hashlib
from collections import Counter

import pytest

from tropa.atlas import Kind
from tropa.atlas.pack import load_files
from tropa.atlas.synthetic import HOME, WorldPlan, synthetic_pack

SMALL = WorldPlan(countries=12, places=60, legs=600, papers=8, seed=3)


def test_a_world_is_a_pack_of_the_size_asked_for() -> None:
    atlas = load_files(synthetic_pack(SMALL))
    kinds = Counter(fact.kind for fact in atlas.facts.values())
    assert (kinds[Kind.COUNTRY], kinds[Kind.PLACE], kinds[Kind.LEG], kinds[Kind.PAPER]) == (12, 60, 600, 8)
    assert kinds[Kind.PROTECTION] > 0
    assert kinds[Kind.ENTRY_RULE] == kinds[Kind.STAY_RULE] == 11


def test_the_bench_world_has_the_promised_size_without_a_leg_given_twice() -> None:
    pack = synthetic_pack()
    legs = [line for line in pack["leg.yaml"].decode().splitlines() if line.startswith("  - id: ")]
    assert len(legs) == len(set(legs)) == 20_000
    assert pack["place.yaml"].decode().count("  - id: ") == 1_500
    assert pack["country.yaml"].decode().count("  - id: ") == 250
    assert pack["paper.yaml"].decode().count("  - id: ") == 12


def test_the_same_plan_gives_the_same_bytes_for_ever() -> None:
    pack = synthetic_pack(SMALL)
    assert pack == synthetic_pack(SMALL)
    whole = hashlib.sha256(b"".join(pack[name] for name in sorted(pack)))
    assert whole.hexdigest()[:16] == "03ac25aefbcf3f80"


def test_another_seed_gives_another_world() -> None:
    assert synthetic_pack(SMALL) != synthetic_pack(WorldPlan(12, 60, 600, 8, seed=4))


def test_posts_lead_out_of_the_home_country_and_never_into_it() -> None:
    atlas = load_files(synthetic_pack(SMALL))
    posts = {fact.id for fact in atlas.places.values() if fact.value.what.value == "post"}
    assert posts
    for leg in atlas.legs:
        if leg.value.target in posts:
            assert atlas.places[leg.value.origin].value.country == HOME


@pytest.mark.parametrize(
    "wrong",
    [{"countries": 1}, {"places": 5}, {"legs": 20}, {"papers": 3}],
    ids=["countries", "places", "legs", "papers"],
)
def test_a_world_that_cannot_be_is_refused(wrong: dict[str, int]) -> None:
    sizes = {"countries": 12, "places": 60, "legs": 600, "papers": 8, **wrong}
    with pytest.raises(ValueError, match="an invented world has"):
        WorldPlan(**sizes)
