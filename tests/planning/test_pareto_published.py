"""Front sizes published for a three-objective instance of 10,000 nodes (doi 10.5281/zenodo.7702018)."""

import numpy as np
import pytest

from tests.planning.networks import rows, shared
from tests.planning.oracle import undominated
from tropa.planning.pareto import pareto_front, pareto_paths

PUBLISHED = [(8326, 5528, 298), (532, 1834, 1140), (7796, 4088, 1085), (3982, 2792, 773)]


@pytest.fixture(scope="module")
def netmaker():
    with np.load(shared("data", "netmaker10k", "netmaker10k.npz")) as instance:
        return int(instance["n_nodes"]), instance["tails"], instance["heads"], instance["costs"]


@pytest.mark.parametrize(("source", "target", "points"), PUBLISHED)
def test_the_front_has_the_published_number_of_points(netmaker, source, target, points):
    front = pareto_front(*netmaker, source, target)
    assert len(front) == points
    assert rows(front) == sorted(undominated(set(rows(front))))


@pytest.mark.parametrize(("source", "target", "points"), PUBLISHED)
def test_every_published_point_has_a_simple_path_of_that_cost(netmaker, source, target, points):
    _, tails, heads, costs = netmaker
    front, paths = pareto_paths(*netmaker, source, target)
    assert len(paths) == points
    for row, path in zip(front, paths, strict=True):
        nodes = [source, *heads[path].tolist()]
        assert tails[path].tolist() == nodes[:-1]
        assert nodes[-1] == target
        assert len(set(nodes)) == len(nodes)
        assert costs[path].sum(axis=0).tolist() == row.tolist()
