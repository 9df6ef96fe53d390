"""A wait for a departure is shared out between places in whole days: finer sharing brings no more than is said here."""

from __future__ import annotations

import pytest

from tests.planning.oracle import no_worse
from tests.planning.test_timetables import Unrolled, front, random_world
from tropa.planning._search import Engine

MOST_APART = 4
"""Units of danger and money: two for what a day costs at most in the drawn worlds (EUR 40), the rest for
rounding up once per act."""


@pytest.mark.parametrize(("seed", "whole_days"), [(1000017, False), (1000037, True)])
def test_no_finer_sharing_of_a_wait_is_better_by_more_than_a_day_of_it(seed: int, whole_days: bool) -> None:
    """These two worlds have a sharing that is better by a unit or two; what is found is always possible."""
    atlas = random_world(seed, whole_days=whole_days)
    found, expected = front(atlas, Engine.KERNEL), Unrolled(atlas, 25).run()
    assert found == front(atlas, Engine.TWIN)
    assert all(any(no_worse(one, vector) for one in expected) for vector in found)
    for risk, quarter, money in expected:
        near = (risk + MOST_APART, quarter, money + MOST_APART)
        assert any(no_worse(one, near) for one in found)


def in_whole_days(seed: int) -> None:
    """The same for any world whose legs take whole days."""
    test_no_finer_sharing_of_a_wait_is_better_by_more_than_a_day_of_it(seed, whole_days=True)


def in_quarters(seed: int) -> None:
    """The same for any world whose legs take quarters of a day."""
    test_no_finer_sharing_of_a_wait_is_better_by_more_than_a_day_of_it(seed, whole_days=False)
