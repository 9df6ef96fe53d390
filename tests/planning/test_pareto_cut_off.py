"""A search that is stopped early: what it found is on the front, and what it claims about the rest holds."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.planning.networks import cases, lattice, rows
from tests.planning.oracle import no_worse
from tropa.planning._search import finished, proven_gap
from tropa.planning.errors import CutOff, SearchTooLarge
from tropa.planning.pareto import Bound, Engine, Search, Stop, check_network, pareto_front, search


class CountingClock:
    """A clock that moves one second each time it is read."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 1.0
        return self.now


def hold_to_its_bound(found, full, bound: Bound) -> None:
    """Found points are on the front; whatever is missing is where the bound says it may be."""
    assert set(found) <= set(full)
    missing = [row for row in full if row not in set(found)]
    assert [row for row in full if row[0] < bound.complete_below] == [
        row for row in found if row[0] < bound.complete_below
    ]
    open_vectors = rows(bound.open_vectors)
    for row in missing:
        assert any(no_worse(lower, row) for lower in open_vectors)
        if not math.isinf(bound.gap):
            assert any(
                all(a <= (1 + bound.gap) * b for a, b in zip(point, row, strict=True)) for point in found
            )


@given(cases(), st.integers(1, 25), st.sampled_from(list(Engine)))
@settings(max_examples=250, deadline=None)
def test_after_any_slice_the_bound_holds(case, pops, engine):
    full = rows(pareto_front(*case.arrays()))
    under_way = Search(check_network(*case.arrays()), engine=engine)
    while not under_way.is_complete:
        under_way.advance(pops)
        bound = under_way.bound()
        if bound is None:
            break
        hold_to_its_bound(rows(under_way.front()), full, bound)
    assert rows(under_way.front()) == full


@pytest.mark.parametrize("objectives", [2, 3, 4])
def test_a_deadline_cuts_off_and_says_what_is_proven(objectives):
    case = lattice(9, objectives, seed=2, dearest=60 if objectives == 2 else 12)
    full = rows(pareto_front(*case.arrays()))
    seen = set()
    for seconds in range(1, 40):
        answer = search(*case.arrays(), clock=CountingClock(), deadline=seconds, slice_pops=60)
        if answer.bound is None:
            break
        assert answer.stop is Stop.DEADLINE
        assert not answer.is_complete
        assert len(answer.paths) == len(answer.front)
        hold_to_its_bound(rows(answer.front), full, answer.bound)
        seen.add(len(answer.front))
        with pytest.raises(CutOff):
            answer.complete_front()
    assert len(seen) > 2


def test_a_deadline_that_is_not_reached_gives_the_complete_answer():
    case = lattice(6, 3, seed=2)
    answer = search(*case.arrays(), clock=CountingClock(), deadline=10**9, slice_pops=10)
    assert answer.stop is Stop.COMPLETE
    assert answer.bound is None
    assert rows(answer.complete_front()) == rows(pareto_front(*case.arrays()))


def test_slices_of_any_size_end_at_the_same_front():
    case = lattice(7, 3, seed=5)
    network = check_network(*case.arrays())
    whole = Search(network)
    whole.advance(10**9)
    for pops in (1, 7, 1000):
        sliced = Search(network)
        while not sliced.is_complete:
            sliced.advance(pops)
        assert sliced.pops == whole.pops
        assert rows(sliced.front()) == rows(whole.front())


@pytest.mark.parametrize("engine", list(Engine))
def test_the_memory_cap_cuts_off_with_a_bound_that_holds(engine):
    case = lattice(14, 3, seed=1, dearest=50)
    full = rows(pareto_front(*case.arrays()))
    answer = search(*case.arrays(), memory_cap=150_000, engine=engine)
    assert answer.stop is Stop.MEMORY
    assert answer.bound is not None
    hold_to_its_bound(rows(answer.front), full, answer.bound)


def test_a_complete_front_that_would_pass_the_cap_is_refused_with_a_clear_error():
    network = check_network(*lattice(14, 3, seed=1, dearest=50).arrays())
    with pytest.raises(SearchTooLarge, match="memory cap of 150,000 bytes"):
        finished(network, memory_cap=150_000)


def test_limits_and_deadline_go_together():
    case = lattice(9, 3, seed=2, dearest=12)
    limits = (None, 100, 90)
    within = rows(search(*case.arrays(), limits=limits).complete_front())
    answer = search(*case.arrays(), limits=limits, clock=CountingClock(), deadline=3, slice_pops=100)
    assert answer.bound is not None
    hold_to_its_bound(rows(answer.front), within, answer.bound)


def test_the_gap_is_the_least_factor_that_covers_everything_open():
    front = np.array([[10, 20], [20, 10]])
    assert proven_gap(front, np.empty((0, 2), np.int64)) == 0.0
    assert proven_gap(front, np.array([[10, 20]])) == 0.0
    assert proven_gap(front, np.array([[8, 20], [20, 9]])) == pytest.approx(0.25)
    assert proven_gap(np.empty((0, 2), np.int64), front) == math.inf
    assert proven_gap(np.array([[1, 0]]), np.array([[0, 0]])) == math.inf
    assert proven_gap(np.array([[0, 3]]), np.array([[0, 2]])) == pytest.approx(0.5)
