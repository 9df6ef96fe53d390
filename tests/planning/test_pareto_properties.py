"""What must not change when the question is put differently, and what limits may change."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.planning.networks import cases, lattice, rows, same_paths
from tests.planning.oracle import undominated
from tropa.planning.errors import BadLimits
from tropa.planning.pareto import pareto_front, pareto_paths, search


@given(cases(), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_renaming_nodes_changes_nothing(case, random):
    n_nodes, tails, heads, costs, source, target = case.arrays()
    names = np.array(random.sample(range(n_nodes), n_nodes))
    renamed = pareto_front(n_nodes, names[tails], names[heads], costs, names[source], names[target])
    assert rows(renamed) == rows(pareto_front(*case.arrays()))


@given(cases(), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_order_of_arcs_does_not_change_the_front(case, random):
    n_nodes, tails, heads, costs, source, target = case.arrays()
    order = np.array(random.sample(range(len(tails)), len(tails)), np.int64)
    shuffled = pareto_front(n_nodes, tails[order], heads[order], costs[order], source, target)
    assert rows(shuffled) == rows(pareto_front(*case.arrays()))


@given(cases(), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_order_of_objectives_only_reorders_the_rows(case, random):
    n_nodes, tails, heads, costs, source, target = case.arrays()
    order = random.sample(range(case.objectives), case.objectives)
    turned = pareto_front(n_nodes, tails, heads, costs[:, order], source, target)
    assert rows(turned) == sorted(rows(pareto_front(*case.arrays())[:, order]))


@given(cases(), st.lists(st.integers(1, 10**6), min_size=4, max_size=4))
@settings(deadline=None)
def test_scaling_an_objective_scales_its_column(case, factors):
    n_nodes, tails, heads, costs, source, target = case.arrays()
    scale = np.array(factors[: case.objectives])
    front, paths = pareto_paths(n_nodes, tails, heads, costs * scale, source, target)
    plain_front, plain_paths = pareto_paths(*case.arrays())
    assert rows(front) == rows(plain_front * scale)
    assert same_paths(paths, plain_paths)


@given(cases())
@settings(deadline=None)
def test_turning_all_arcs_and_swapping_the_ends_gives_the_same_front(case):
    n_nodes, tails, heads, costs, source, target = case.arrays()
    assert rows(pareto_front(n_nodes, heads, tails, costs, target, source)) == rows(
        pareto_front(*case.arrays())
    )


@given(cases())
@settings(deadline=None)
def test_closing_arcs_that_no_path_uses_leaves_the_front_identical(case):
    n_nodes, tails, heads, costs, source, target = case.arrays()
    front, paths = pareto_paths(*case.arrays())
    used = sorted({arc for path in paths for arc in path.tolist()})
    closed = pareto_front(n_nodes, tails[used], heads[used], costs[used], source, target)
    assert rows(closed) == rows(front)


@given(cases())
@settings(deadline=None)
def test_asking_twice_gives_the_same_paths(case):
    first, second = pareto_paths(*case.arrays()), pareto_paths(*case.arrays())
    assert rows(first[0]) == rows(second[0])
    assert same_paths(first[1], second[1])


@given(cases(), st.lists(st.none() | st.integers(0, 15), min_size=4, max_size=4))
@settings(max_examples=200, deadline=None)
def test_a_front_under_limits_is_the_filtered_front(case, limits):
    limits = tuple(limits[: case.objectives])
    front = rows(pareto_front(*case.arrays()))
    within = [row for row in front if all(b is None or a <= b for a, b in zip(row, limits, strict=True))]
    answer = search(*case.arrays(), limits=limits)
    assert answer.is_complete
    assert rows(answer.complete_front()) == within


def test_a_limit_that_a_plan_reaches_exactly_admits_it():
    arrays = (2, [0, 0], [1, 1], [[3, 5], [4, 4]], 0, 1)
    assert rows(search(*arrays, limits=(4, 4)).front) == [(4, 4)]
    assert rows(search(*arrays, limits=(3, None)).front) == [(3, 5)]
    assert rows(search(*arrays, limits=(2, None)).front) == []


@pytest.mark.parametrize("limits", [(1,), (1, 2, 3), (-1, None), (0.5, None), ("5", None)])
def test_limits_that_do_not_fit_are_refused(limits):
    with pytest.raises(BadLimits):
        search(2, [0], [1], [[3, 5]], 0, 1, limits=limits)


@pytest.mark.parametrize("objectives", [2, 3, 4])
def test_a_large_front_holds_no_dominated_point_and_is_sorted(objectives):
    front = rows(pareto_front(*lattice(9, objectives, seed=3, dearest=30 if objectives < 4 else 6).arrays()))
    assert undominated(set(front)) == set(front)
    assert front == sorted(set(front))
    assert len(front) > 8
