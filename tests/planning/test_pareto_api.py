"""The two public functions: what they accept, what they return, what they refuse."""

import inspect

import numpy as np
import pytest

from tests.planning.networks import rows
from tropa.planning.errors import BadNetwork
from tropa.planning.pareto import pareto_front, pareto_paths

TAILS = np.array([0, 0, 1, 2, 0], np.int64)
HEADS = np.array([1, 2, 3, 3, 3], np.int64)
COSTS = np.array([[1, 4, 2], [2, 1, 2], [1, 4, 2], [2, 1, 2], [9, 9, 9]], np.int64)
FRONT = [(2, 8, 4), (4, 2, 4)]
NO_ARCS = np.empty(0, np.int64)


def test_the_signatures_are_the_published_ones():
    names = ["n_nodes", "tails", "heads", "costs", "source", "target"]
    assert list(inspect.signature(pareto_front).parameters) == names
    assert list(inspect.signature(pareto_paths).parameters) == names


def test_the_front_is_lexicographic_int64_in_c_order():
    front = pareto_front(4, TAILS, HEADS, COSTS, 0, 3)
    assert rows(front) == FRONT
    assert front.dtype == np.int64
    assert front.flags.c_contiguous


def test_paths_are_int64_arc_numbers_of_the_input():
    front, paths = pareto_paths(4, TAILS, HEADS, COSTS, 0, 3)
    assert rows(front) == FRONT
    assert [path.tolist() for path in paths] == [[0, 2], [1, 3]]
    assert isinstance(paths, list)
    assert all(path.dtype == np.int64 and path.ndim == 1 for path in paths)


@pytest.mark.parametrize("objectives", [2, 3, 4])
def test_an_unreachable_target_gives_an_empty_front_of_the_right_width(objectives):
    front, paths = pareto_paths(2, [1], [0], np.ones((1, objectives), np.int64), 0, 1)
    assert front.shape == (0, objectives)
    assert front.dtype == np.int64
    assert paths == []


@pytest.mark.parametrize("objectives", [2, 3, 4])
def test_a_network_without_arcs_is_allowed(objectives):
    costs = np.empty((0, objectives), np.int64)
    assert pareto_front(3, NO_ARCS, NO_ARCS, costs, 0, 2).shape == (0, objectives)
    assert pareto_front(3, NO_ARCS, NO_ARCS, costs, 2, 2).tolist() == [[0] * objectives]


@pytest.mark.parametrize("objectives", [2, 3, 4])
def test_source_equal_to_target_gives_one_row_of_zeros_and_an_empty_path(objectives):
    costs = np.zeros((3, objectives), np.int64)
    front, paths = pareto_paths(2, [0, 1, 0], [1, 0, 0], costs, 0, 0)
    assert front.tolist() == [[0] * objectives]
    assert [path.tolist() for path in paths] == [[]]
    assert paths[0].dtype == np.int64


@pytest.mark.parametrize("dtype", ["i1", "u1", "<i2", ">i2", "u2", "<i4", ">i4", "u4", "<i8", ">i8", "u8"])
def test_any_integer_dtype_is_accepted(dtype):
    front, paths = pareto_paths(4, TAILS.astype(dtype), HEADS.astype(dtype), COSTS.astype(dtype), 0, 3)
    assert rows(front) == FRONT
    assert [path.tolist() for path in paths] == [[0, 2], [1, 3]]


def unaligned(array):
    """The same values one byte off the alignment of their dtype."""
    raw = np.zeros(array.nbytes + 1, np.uint8)
    view = raw[1:].view(array.dtype).reshape(array.shape)
    view[...] = array
    assert not view.flags.aligned
    return view


def read_only(array):
    copy = array.copy()
    copy.flags.writeable = False
    return copy


LAYOUTS = {
    "fortran": np.asfortranarray,
    "reversed": lambda array: array[::-1].copy()[::-1],
    "every_second": lambda array: np.repeat(array, 2, axis=0)[::2],
    "read_only": read_only,
    "unaligned": unaligned,
    "list": np.ndarray.tolist,
    "masked_none": np.ma.asarray,
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("dtype", ["i4", "i8"])
def test_any_memory_layout_is_accepted(layout, dtype):
    arranged = [LAYOUTS[layout](array.astype(dtype)) for array in (TAILS, HEADS, COSTS)]
    assert rows(pareto_front(4, *arranged, 0, 3)) == FRONT


def test_numpy_integers_are_accepted_for_the_scalars():
    assert rows(pareto_front(np.int32(4), TAILS, HEADS, COSTS, np.uint8(0), np.int64(3))) == FRONT


@pytest.mark.parametrize("dtype", [np.int32, np.int64])
def test_the_callers_arrays_are_not_changed_and_not_handed_back(dtype):
    given = [array.astype(dtype) for array in (TAILS, HEADS, COSTS)]
    before = [array.copy() for array in given]
    front, paths = pareto_paths(4, *given, 0, 3)
    front[:] = -1
    paths[0][:] = -1
    for array, copy in zip(given, before, strict=True):
        np.testing.assert_array_equal(array, copy)
    assert rows(pareto_front(4, *given, 0, 3)) == FRONT


def test_a_huge_node_range_costs_no_memory():
    far = 10**12
    front, paths = pareto_paths(far, [5, far - 1], [far - 1, 7], [[1, 2], [3, 4]], 5, 7)
    assert front.tolist() == [[4, 6]]
    assert [path.tolist() for path in paths] == [[0, 1]]
    assert pareto_front(far, [5], [6], [[1, 2]], 5, far - 1).shape == (0, 2)


WRONG = {
    "tails of two dimensions": (4, TAILS.reshape(5, 1), HEADS, COSTS, 0, 3),
    "heads of no dimension": (4, TAILS, np.int64(3), COSTS, 0, 3),
    "costs of one dimension": (4, TAILS, HEADS, COSTS[:, 0], 0, 3),
    "costs of three dimensions": (4, TAILS, HEADS, COSTS[:, :, None], 0, 3),
    "ragged costs": (1, [0, 0], [0, 0], [[1, 2], [1, 2, 3]], 0, 0),
    "fewer tails": (4, TAILS[:4], HEADS, COSTS, 0, 3),
    "fewer heads": (4, TAILS, HEADS[:4], COSTS, 0, 3),
    "fewer costs": (4, TAILS, HEADS, COSTS[:4], 0, 3),
    "one objective": (4, TAILS, HEADS, COSTS[:, :1], 0, 3),
    "five objectives": (4, TAILS, HEADS, np.ones((5, 5), int), 0, 3),
    "no arcs and one objective": (4, NO_ARCS, NO_ARCS, np.empty((0, 1), int), 0, 3),
    "float tails": (4, TAILS.astype(float), HEADS, COSTS, 0, 3),
    "boolean heads": (2, [0], np.array([True]), [[1, 1]], 0, 1),
    "float costs": (4, TAILS, HEADS, COSTS.astype(float), 0, 3),
    "costs as objects": (4, TAILS, HEADS, COSTS.astype(object), 0, 3),
    "costs as text": (4, TAILS, HEADS, COSTS.astype(str), 0, 3),
    "no arcs of dtype float": (4, np.empty(0), np.empty(0), np.empty((0, 3)), 0, 3),
    "a negative cost": (4, TAILS, HEADS, COSTS - 2, 0, 3),
    "a negative cost on an arc nobody uses": (3, [0, 2], [1, 2], [[1, 1], [1, -1]], 0, 1),
    "a tail out of range": (4, TAILS + 2, HEADS, COSTS, 0, 3),
    "a negative head": (4, TAILS, HEADS - 2, COSTS, 0, 3),
    "a head of 2^64 - 1": (4, [0], np.array([2**64 - 1], np.uint64), [[1, 1]], 0, 3),
    "a source out of range": (4, TAILS, HEADS, COSTS, 4, 3),
    "a negative source": (4, TAILS, HEADS, COSTS, -1, 3),
    "a target out of range": (4, TAILS, HEADS, COSTS, 0, 4),
    "a negative target": (4, TAILS, HEADS, COSTS, 0, -1),
    "a fractional source": (4, TAILS, HEADS, COSTS, 0.5, 3),
    "a fractional number of nodes": (4.0, TAILS, HEADS, COSTS, 0, 3),
    "no nodes": (0, NO_ARCS, NO_ARCS, np.empty((0, 2), int), 0, 0),
    "a negative number of nodes": (-3, NO_ARCS, NO_ARCS, np.empty((0, 2), int), 0, 0),
    "costs that reach 2^62": (3, [0], [1], [[2**61, 0]], 0, 1),
    "unused costs that reach 2^62": (2, [0, 1], [1, 1], [[1, 1], [1, 2**62]], 0, 1),
    "costs beyond int64": (2, [0], [1], np.array([[2**64 - 1, 1]], np.uint64), 0, 1),
    "integers beyond any dtype": (2, [0], [1], [[2**70, 1]], 0, 1),
}


@pytest.mark.parametrize("function", [pareto_front, pareto_paths])
@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_no_network_is_refused_with_a_value_error(function, wrong):
    with pytest.raises(ValueError) as refusal:  # noqa: PT011  the type is the promise
        function(*WRONG[wrong])
    assert isinstance(refusal.value, BadNetwork)


@pytest.mark.parametrize("objectives", [2, 3, 4])
def test_costs_just_below_the_ceiling_add_up_exactly(objectives):
    dearest = (2**62 - 1) // 3
    costs = np.zeros((5, objectives), np.int64)
    costs[:3] = dearest
    costs[3:, 0] = dearest
    costs[3:, 1] = dearest - 1
    front = pareto_front(4, [0, 1, 2, 1, 0], [1, 2, 3, 0, 2], costs, 0, 3)
    expected = [2 * dearest, 2 * dearest - 1] + [dearest] * (objectives - 2)
    assert front.tolist() == [expected]


def test_a_single_node_may_have_loops_of_any_cost():
    assert pareto_front(1, [0], [0], np.array([[2**64 - 1, 1]], np.uint64), 0, 0).tolist() == [[0, 0]]


def test_two_nodes_may_cost_almost_2_to_the_62():
    dearest = 2**62 - 1
    costs = [[dearest, dearest], [dearest, dearest], [dearest, 0], [dearest, dearest]]
    assert pareto_front(2, [0, 1, 0, 0], [1, 0, 1, 0], costs, 0, 1).tolist() == [[dearest, 0]]
