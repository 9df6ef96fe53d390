"""Traps of search cores, each with the naive rule beside it to show that the case really bites."""

import heapq

import numpy as np
import pytest

from tests.planning.networks import lattice, rows
from tests.planning.oracle import Arc, Vector, no_worse, oracle_front
from tropa.planning.pareto import Engine, Search, check_network, pareto_front

# the dearer of two ways with equal first cost stands first in the input
TIES: list[Arc] = [
    (0, 1, (1, 5, 5)),
    (0, 1, (1, 4, 4)),
    (0, 2, (0, 6, 6)),
    (2, 1, (1, 0, 0)),
    (0, 2, (0, 3, 9)),
]


def arrays(n_nodes: int, arcs: list[Arc], source: int, target: int):
    tails, heads, costs = zip(*arcs, strict=True)
    return n_nodes, np.array(tails), np.array(heads), np.array(costs), source, target


def front_by_first_component(arcs: list[Arc], objectives: int, source: int, target: int) -> list[Vector]:
    """The naive rule: pop by the first component, oldest first, and drop that component from the checks."""
    kept: dict[int, list[Vector]] = {}
    found: list[Vector] = []
    waiting = [(0, 0, (0,) * objectives, source)]
    pushed = 0
    while waiting:
        _, _, cost, node = heapq.heappop(waiting)
        if any(no_worse(other[1:], cost[1:]) for other in kept.setdefault(node, [])):
            continue
        kept[node].append(cost)
        if node == target:
            found.append(cost)
            continue
        for tail, head, price in arcs:
            if tail == node:
                pushed += 1
                dearer = tuple(a + b for a, b in zip(cost, price, strict=True))
                heapq.heappush(waiting, (dearer[0], pushed, dearer, head))
    return sorted(found)


def test_ties_in_the_first_component_let_no_dominated_point_in():
    exact = oracle_front(3, TIES, 3, 0, 1)
    assert front_by_first_component(TIES, 3, 0, 1) != exact
    assert rows(pareto_front(*arrays(3, TIES, 0, 1))) == exact == [(1, 3, 9), (1, 4, 4)]


def test_plans_off_the_convex_hull_are_found():
    arcs: list[Arc] = [(0, 1, (0, 10)), (0, 1, (6, 6)), (0, 1, (10, 0))]
    front = rows(pareto_front(*arrays(2, arcs, 0, 1)))
    by_weights = {min(front, key=lambda row: w * row[0] + (100 - w) * row[1]) for w in range(101)}
    assert (6, 6) not in by_weights
    assert (6, 6) in front


@pytest.mark.parametrize("engine", list(Engine))
@pytest.mark.parametrize("objectives", [2, 3, 4])
def test_zero_cost_cycles_are_walked_once(engine, objectives):
    nodes = 12
    ring = [(node, (node + 1) % nodes, (0,) * objectives) for node in range(nodes)]
    back = [(head, tail, cost) for tail, head, cost in ring]
    loops = [(node, node, (0,) * objectives) for node in range(nodes)]
    search = Search(check_network(*arrays(nodes, ring + back + loops, 0, 5)), engine=engine)
    search.advance(10_000)
    assert search.is_complete
    assert search.pops <= 3 * nodes
    assert rows(search.front()) == [(0,) * objectives]


def test_a_zero_cost_cycle_behind_the_target_is_harmless():
    arcs: list[Arc] = [(0, 1, (1, 1)), (1, 2, (0, 0)), (2, 1, (0, 0)), (1, 1, (0, 0)), (2, 0, (0, 0))]
    assert rows(pareto_front(*arrays(3, arcs, 0, 1))) == [(1, 1)]


@pytest.mark.parametrize("objectives", [2, 3, 4])
def test_lower_bounds_are_those_of_the_world_as_it_is_now(objectives):
    # the caller improves the world in place: bounds kept from the first question would hide the new way
    case = lattice(5, objectives, seed=11)
    n_nodes, tails, heads, costs, source, target = case.arrays()
    before = rows(pareto_front(n_nodes, tails, heads, costs, source, target))
    for arc in range(0, len(tails), 5):
        costs[arc] = 0
    arcs = list(zip(tails.tolist(), heads.tolist(), map(tuple, costs.tolist()), strict=True))
    after = rows(pareto_front(n_nodes, tails, heads, costs, source, target))
    assert after == oracle_front(n_nodes, arcs, objectives, source, target)
    assert after != before
