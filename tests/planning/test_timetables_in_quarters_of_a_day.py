"""Waits of quarters of a day, shared out between acts as one likes, are better by no more than what rounding costs."""

from __future__ import annotations

import pytest

from tests.planning.oracle import no_worse
from tests.planning.test_timetables import Unrolled, front, random_world
from tropa.planning._search import Engine

MOST_ROUNDED = 4
"""Acts of a way in the drawn worlds, each of which may be rounded up by a unit."""


@pytest.mark.parametrize("seed", [1000017])
def test_in_quarters_of_a_day_no_wait_is_better_by_more_than_rounding(seed: int) -> None:
    """Danger and money are rounded up once per act: how a wait is shared out between two acts may cost a unit each."""
    atlas = random_world(seed, whole_days=False)
    found, expected = front(atlas, Engine.KERNEL), Unrolled(atlas, 25).run()
    assert found == front(atlas, Engine.TWIN)
    assert all(any(no_worse(one, vector) for one in expected) for vector in found)
    for risk, quarter, money in expected:
        near = (risk + MOST_ROUNDED, quarter, money + MOST_ROUNDED)
        assert any(no_worse(one, near) for one in found)
