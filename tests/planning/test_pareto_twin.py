"""The compiled search and its plain-Python twin give the same answers, down to paths and proofs."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.planning.networks import Case, cases, lattice, rows, same_paths
from tropa.planning.pareto import Engine, Search, check_network

limits = st.none() | st.lists(st.none() | st.integers(0, 12), min_size=4, max_size=4)


def run_side_by_side(case: Case, bounds: tuple[int | None, ...] | None, slice_pops: int) -> None:
    network = check_network(*case.arrays())
    kernel = Search(network, limits=bounds, engine=Engine.KERNEL)
    twin = Search(network, limits=bounds, engine=Engine.TWIN)
    while not kernel.is_complete:
        assert kernel.advance(slice_pops) == twin.advance(slice_pops)
        assert kernel.pops == twin.pops
        assert rows(kernel.front()) == rows(twin.front())
        assert same_paths(kernel.paths(), twin.paths())
        one, other = kernel.bound(), twin.bound()
        assert (one is None) == (other is None)
        if one is not None and other is not None:
            assert one.complete_below == other.complete_below
            assert rows(one.open_vectors) == rows(other.open_vectors)
            assert one.gap == other.gap
    assert twin.is_complete


@given(cases(), limits, st.integers(1, 30))
@settings(max_examples=200, deadline=None)
def test_they_agree_slice_by_slice(case, bounds, slice_pops):
    run_side_by_side(case, None if bounds is None else tuple(bounds[: case.objectives]), slice_pops)


@pytest.mark.parametrize(("side", "objectives", "dearest"), [(30, 2, 50), (14, 3, 9), (9, 4, 5)])
def test_they_agree_where_every_array_of_the_kernel_must_grow(side, objectives, dearest):
    case = lattice(side, objectives, seed=7, dearest=dearest)
    network = check_network(*case.arrays())
    kernel, twin = Search(network, engine=Engine.KERNEL), Search(network, engine=Engine.TWIN)
    kernel.advance(10**9)
    twin.advance(10**9)
    assert kernel.is_complete
    assert twin.is_complete
    assert kernel.pops == twin.pops > 1024
    assert rows(kernel.front()) == rows(twin.front())
    assert same_paths(kernel.paths(), twin.paths())
