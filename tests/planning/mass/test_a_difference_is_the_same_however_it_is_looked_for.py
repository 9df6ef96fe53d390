"""Acts that are alike in every column are left out of the comparison: nothing that changed may be among them."""

from __future__ import annotations

import random

import numpy as np
import pytest

from tests.planning.mass.test_untouched_plans_need_no_search import after_events, flat
from tests.planning.small_worlds import random_world
from tests.planning.test_the_compiled_search import somebody
from tests.planning.tiny import ON, world
from tropa.planning.compiling import Compilations
from tropa.planning.mass import difference as differences


def test_columns_leave_out_only_what_is_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = 0
    for seed in range(5300, 5380):
        facts = flat(random_world(seed, opens=(0, 0, 4)[seed % 3]))
        after = after_events(facts, random.Random(seed))  # noqa: S311 - dice for a test
        old, new = (
            Compilations(world(*one)).of(somebody(seed), ON, confirmed=False) for one in (facts, after)
        )
        by_columns = differences.difference(old, new)
        with monkeypatch.context() as patch:
            patch.setattr(differences, "_different", lambda _before, _after, there: np.array(there))
            assert differences.difference(old, new) == by_columns
        changed += not by_columns.is_empty
    assert changed > 40
