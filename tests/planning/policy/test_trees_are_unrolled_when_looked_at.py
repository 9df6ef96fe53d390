"""A front may have thousands of policies: their trees are made one by one, for whoever looks at them."""

from __future__ import annotations

import pytest

from tropa.planning.policy import policies
from tropa.planning.policy.synthetic import Size, synthetic_world
from tropa.planning.policy.trees import Trees


def test_no_tree_is_made_before_it_is_looked_at_and_each_is_the_same_however_it_is_reached(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = []
    unrolled = Trees._unrolled

    def counted(self: Trees, label: int) -> object:
        made.append(label)
        return unrolled(self, label)

    monkeypatch.setattr(Trees, "_unrolled", counted)
    found = policies(synthetic_world(Size(60, 2, 2), 7).world, 0)
    assert len(found.trees) == len(found.front) > 3
    assert not made
    last = found.trees[-1]
    assert made
    trees = list(found.trees)
    assert trees[-1] is last
    assert list(found.trees[1:3]) == trees[1:3]
    with pytest.raises(IndexError):
        found.trees[len(trees)]
