"""Checked arrays of a network: whatever passes here can be searched without overflow or surprise.

Keeps true: node numbers are in range, costs are non-negative, and `(n_nodes - 1) * max(cost)` stays below
2^62, so that no sum the search forms (at most twice that) reaches 2^63. Refuses everything else with
BadNetwork. The caller's arrays are never changed; those already in the right form are used as they are.
"""

import operator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tropa.planning.errors import BadLimits, BadNetwork

COST_CEILING = 2**62
NO_LIMIT = 2**63 - 1
_MOST_ARCS = 2**31 - 1

Ints = NDArray[np.int64]
Nodes = NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """A directed multigraph with k additive costs.

    `tails`, `heads`: int32 [m]; `costs`: int64 [m, k], C order. Arc numbers are those of the input; node
    numbers may have been closed up (isolated nodes of a huge range dropped), `source` and `target` with them.
    """

    n_nodes: int
    tails: Nodes
    heads: Nodes
    costs: Ints
    source: int
    target: int

    @property
    def objectives(self) -> int:
        return int(self.costs.shape[1])


def check_network(
    n_nodes: int, tails: ArrayLike, heads: ArrayLike, costs: ArrayLike, source: int, target: int
) -> Network:
    """Check and convert the arrays of `pareto_front`; BadNetwork (a ValueError) says what is wrong."""
    count = _whole(n_nodes, "n_nodes")
    if not 1 <= count <= COST_CEILING:
        raise BadNetwork(f"n_nodes is {count}, expected 1 to 2^62")
    from_nodes = _integers(tails, "tails", 1)
    to_nodes = _integers(heads, "heads", 1)
    prices = _integers(costs, "costs", 2)
    _check_shapes(from_nodes, to_nodes, prices)
    _check_range(from_nodes, "tails", count)
    _check_range(to_nodes, "heads", count)
    _check_costs(prices, count)
    ends = [_whole(source, "source"), _whole(target, "target")]
    for name, node in zip(("source", "target"), ends, strict=True):
        if not 0 <= node < count:
            raise BadNetwork(f"{name} is {node}, expected 0..{count - 1}")
    if count > 2 * from_nodes.size + 2:
        count, from_nodes, to_nodes, ends = _close_up(from_nodes, to_nodes, ends)
    if count == 1:
        prices = np.zeros_like(prices)  # only loops, of any size: no path uses them
    return Network(
        n_nodes=count,
        tails=_owned(from_nodes, np.int32),
        heads=_owned(to_nodes, np.int32),
        costs=_owned(prices, np.int64),
        source=ends[0],
        target=ends[1],
    )


def check_limits(limits: tuple[int | None, ...] | None, objectives: int) -> Ints:
    """Limits as int64 [4], NO_LIMIT where there is none. A plan may reach its limit, not pass it."""
    checked = np.full(4, NO_LIMIT, np.int64)
    if limits is None:
        return checked
    if len(limits) != objectives:
        raise BadLimits(f"{len(limits)} limits for {objectives} objectives")
    for objective, limit in enumerate(limits):
        if limit is None:
            continue
        try:
            value = operator.index(limit)
        except TypeError:
            raise BadLimits(f"limit {objective} is {limit!r}, expected an integer or None") from None
        if value < 0:
            raise BadLimits(f"limit {objective} is {value}, expected at least 0")
        checked[objective] = min(value, NO_LIMIT)
    return checked


def _whole(value: int, name: str) -> int:
    try:
        return operator.index(value)
    except TypeError:
        raise BadNetwork(f"{name} is {value!r}, expected an integer") from None


def _integers(values: ArrayLike, name: str, dimensions: int) -> NDArray[np.integer]:
    try:
        array = np.asarray(values)
    except (ValueError, OverflowError) as error:
        raise BadNetwork(f"{name} is no array: {error}") from None
    if array.ndim != dimensions:
        raise BadNetwork(f"{name} has {array.ndim} dimensions, expected {dimensions}")
    if array.dtype.kind not in "iu":
        raise BadNetwork(f"{name} has dtype {array.dtype}, expected integers")
    return array


def _check_shapes(tails: NDArray[np.integer], heads: NDArray[np.integer], costs: NDArray[np.integer]) -> None:
    if not tails.size == heads.size == costs.shape[0]:
        raise BadNetwork(f"{tails.size} tails, {heads.size} heads, {costs.shape[0]} rows of costs")
    if not 2 <= costs.shape[1] <= 4:
        raise BadNetwork(f"{costs.shape[1]} objectives, expected 2 to 4")
    if tails.size > _MOST_ARCS:
        raise BadNetwork(f"{tails.size} arcs, expected at most {_MOST_ARCS}")


def _check_range(nodes: NDArray[np.integer], name: str, n_nodes: int) -> None:
    if nodes.size and not (int(nodes.min()) >= 0 and int(nodes.max()) < n_nodes):
        raise BadNetwork(f"{name} holds a node number outside 0..{n_nodes - 1}")


def _check_costs(costs: NDArray[np.integer], n_nodes: int) -> None:
    if not costs.size:
        return
    if int(costs.min()) < 0:
        raise BadNetwork("costs holds a negative cost")
    if (n_nodes - 1) * int(costs.max()) >= COST_CEILING:
        raise BadNetwork(
            f"(n_nodes - 1) * max(costs) is {(n_nodes - 1) * int(costs.max())}, expected below 2^62"
        )


def _close_up(
    tails: NDArray[np.integer], heads: NDArray[np.integer], ends: list[int]
) -> tuple[int, NDArray[np.integer], NDArray[np.integer], list[int]]:
    """Renumber the nodes that occur, so that memory follows the arcs and not the largest node number."""
    named = np.concatenate([nodes.astype(np.int64) for nodes in (tails, heads, np.array(ends))])
    occurring, numbers = np.unique(named, return_inverse=True)
    m = tails.size
    return len(occurring), numbers[:m], numbers[m : 2 * m], numbers[2 * m :].tolist()


def _owned(array: NDArray[np.integer], dtype: type[np.int32] | type[np.int64]) -> NDArray[np.signedinteger]:
    """C order, aligned, writeable, native byte order: the one form the compiled kernels accept."""
    return np.require(array, dtype, ["C", "A", "W", "E"])
