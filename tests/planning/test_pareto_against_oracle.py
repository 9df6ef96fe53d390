"""Random small multigraphs against the slow oracle, and path by path."""

import pytest
from hypothesis import given, settings

from tests.planning.networks import Case, cases, lattice, rows
from tests.planning.oracle import oracle_front, undominated, walk
from tropa.planning.pareto import Engine, pareto_front, pareto_paths, search


def expected(case: Case) -> list[tuple[int, ...]]:
    return oracle_front(case.n_nodes, case.arcs, case.objectives, case.source, case.target)


def hold_paths_to_their_rows(case: Case, front, paths) -> None:
    walked = [walk(case.arcs, path.tolist(), case.objectives, case.source, case.target) for path in paths]
    assert walked == rows(front)


@given(cases())
@settings(max_examples=400, deadline=None)
def test_front_and_paths_equal_the_oracles_on_any_small_network(case):
    front, paths = pareto_paths(*case.arrays())
    assert rows(front) == expected(case)
    assert front.shape[1] == case.objectives
    hold_paths_to_their_rows(case, front, paths)
    assert rows(pareto_front(*case.arrays())) == rows(front)


@given(cases())
@settings(max_examples=150, deadline=None)
def test_the_twin_equals_the_oracle_on_any_small_network(case):
    answer = search(*case.arrays(), engine=Engine.TWIN)
    assert answer.is_complete
    assert rows(answer.front) == expected(case)
    hold_paths_to_their_rows(case, answer.front, answer.paths)


@pytest.mark.parametrize(("side", "objectives"), [(8, 2), (6, 3), (5, 4)])
def test_front_and_paths_equal_the_oracles_on_a_lattice(side, objectives):
    case = lattice(side, objectives, seed=side)
    front, paths = pareto_paths(*case.arrays())
    assert rows(front) == expected(case)
    assert len(front) > 5
    hold_paths_to_their_rows(case, front, paths)


def test_the_oracle_itself_knows_what_dominated_means():
    assert undominated({(1, 2), (2, 1), (2, 2), (1, 3)}) == {(1, 2), (2, 1)}
    assert oracle_front(3, [(0, 1, (1, 1)), (1, 0, (0, 0)), (1, 2, (1, 0)), (0, 2, (2, 1))], 2, 0, 2) == [
        (2, 1)
    ]
