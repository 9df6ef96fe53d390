"""Networks to search: random ones for Hypothesis, and the published instance where it lies."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st

from tests.planning.oracle import Arc, Vector


@dataclass(frozen=True)
class Case:
    """A question: network, source and target."""

    n_nodes: int
    arcs: tuple[Arc, ...]
    objectives: int
    source: int
    target: int

    def arrays(self) -> tuple[int, Any, Any, Any, int, int]:
        """The arguments of `pareto_front`."""
        tails = np.array([arc[0] for arc in self.arcs], np.int64)
        heads = np.array([arc[1] for arc in self.arcs], np.int64)
        costs = np.array([arc[2] for arc in self.arcs], np.int64).reshape(len(self.arcs), self.objectives)
        return self.n_nodes, tails, heads, costs, self.source, self.target


@st.composite
def cases(draw: st.DrawFn, most_nodes: int = 7, most_arcs: int = 22) -> Case:
    """Small multigraphs with all that may go wrong: ties, zeros, loops, parallel arcs, no way at all."""
    objectives = draw(st.integers(2, 4))
    n_nodes = draw(st.integers(1, most_nodes))
    node = st.integers(0, n_nodes - 1)
    dearest = draw(st.sampled_from([0, 1, 2, 5, 1000]))
    cost = st.tuples(*[st.integers(0, dearest)] * objectives)
    arcs = draw(st.lists(st.tuples(node, node, cost), max_size=most_arcs))
    return Case(n_nodes, tuple(arcs), objectives, draw(node), draw(node))


def lattice(side: int, objectives: int, seed: int, dearest: int = 9) -> Case:
    """A square lattice with arcs both ways: large fronts and long heaps on few nodes."""
    random = np.random.default_rng(seed)
    ends = [
        (row * side + column, (row + down) * side + column + right)
        for row in range(side)
        for column in range(side)
        for down, right in ((0, 1), (1, 0), (0, -1), (-1, 0))
        if 0 <= row + down < side and 0 <= column + right < side
    ]
    costs = random.integers(0, dearest + 1, (len(ends), objectives)).tolist()
    arcs = tuple((tail, head, tuple(cost)) for (tail, head), cost in zip(ends, costs, strict=True))
    return Case(side * side, arcs, objectives, 0, side * side - 1)


def rows(front: Any) -> list[Vector]:
    return [tuple(row) for row in front.tolist()]


def same_paths(one: Sequence[Any], other: Sequence[Any]) -> bool:
    return [path.tolist() for path in one] == [path.tolist() for path in other]


def shared(*parts: str) -> Path:
    """A file of the shared test data; skips with a word where it is absent, fails in CI."""
    checkout = Path(__file__).parents[2]
    folder = Path(os.environ.get("TROPA_SHARED") or checkout.parent / "shared")
    path = folder.joinpath(*parts)
    if not path.exists():
        reason = f"test data {'/'.join(parts)} not found: set TROPA_SHARED to the folder that holds it"
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return path
