"""Two parts of a seed give it again; one tells nothing, and a wrong pair is named."""

from __future__ import annotations

from os import urandom

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tropa.envelope import MOST_PARTS, Seed, SharesDoNotFit, join_two, split_for_two

SEED = Seed(bytes(range(32)))


@given(st.binary(min_size=32, max_size=32), st.integers(2, MOST_PARTS), st.data())
def test_any_two_parts_give_the_seed(raw: bytes, count: int, data: st.DataObject) -> None:
    parts = split_for_two(Seed(raw), count, random=urandom)
    assert len(set(parts)) == count
    one, other = data.draw(st.permutations(parts))[:2]
    assert join_two(one, other) == Seed(raw)


@pytest.mark.parametrize("count", [0, 1, 17])
def test_there_are_two_to_sixteen_parts(count: int) -> None:
    with pytest.raises(ValueError, match="parts"):
        split_for_two(SEED, count, random=urandom)


def test_one_part_twice_and_parts_of_two_sets_are_refused() -> None:
    one, other = split_for_two(SEED, 2, random=urandom)
    for wrong in (one, split_for_two(SEED, 2, random=urandom)[1], b"", other[:-1], b"\x02" + other[1:]):
        with pytest.raises(SharesDoNotFit):
            join_two(one, wrong)


@given(st.integers(0, 35), st.integers(1, 255))
def test_a_changed_part_gives_no_other_seed(place: int, change: int) -> None:
    one, other = split_for_two(SEED, 3, random=urandom)[:2]
    changed = bytearray(other)
    changed[place] ^= change
    try:
        assert join_two(one, bytes(changed)) == SEED
    except SharesDoNotFit:
        return
    pytest.fail("a changed part was taken for a good one")


def test_a_part_alone_is_as_likely_under_any_seed() -> None:
    """Two seeds, many splits: no byte of one part leans towards its seed's."""
    seen = [
        {split_for_two(Seed(bytes([byte]) * 32), 2, random=urandom)[0][4] for _ in range(400)}
        for byte in (0, 255)
    ]
    assert min(map(len, seen)) > 150
