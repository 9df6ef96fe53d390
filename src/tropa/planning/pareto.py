"""Every way that no other way beats: exact Pareto fronts of paths with two to four additive costs.

Keeps true: the front holds exactly the non-dominated cost vectors, once each, in lexicographic order; each
path is simple and its arc costs add up to its row; the same question gets the same answer on every machine.
Refuses, with a ValueError (BadNetwork), what is no network of non-negative integer costs or could overflow.

`pareto_front` and `pareto_paths` keep their signatures. Limits, deadlines and resumable searches: `search`,
`Search`. `warm_up` compiles the kernels at install time, so that nobody who asks for a plan waits for that.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tropa.planning._network import Network, check_network
from tropa.planning._search import Answer, Bound, Engine, Search, Stop, finished, search, warm_up

__all__ = [
    "Answer",
    "Bound",
    "Engine",
    "Network",
    "Search",
    "Stop",
    "check_network",
    "pareto_front",
    "pareto_paths",
    "search",
    "warm_up",
]


def pareto_front(
    n_nodes: int, tails: ArrayLike, heads: ArrayLike, costs: ArrayLike, source: int, target: int
) -> NDArray[np.int64]:
    """Non-dominated cost vectors of all paths from source to target.

    tails, heads: integer arrays [m], nodes 0..n_nodes-1; costs: integers [m, k] >= 0, k in 2..4.
    Returns int64 [p, k], C order, rows in lexicographic order; [0, k] if the target cannot be reached, one
    row of zeros if source == target. ValueError for arrays that do not fit or when
    `(n_nodes - 1) * max(costs)` reaches 2^62; SearchTooLarge if the front needs more than the memory cap.
    """
    return finished(check_network(n_nodes, tails, heads, costs, source, target)).front()


def pareto_paths(
    n_nodes: int, tails: ArrayLike, heads: ArrayLike, costs: ArrayLike, source: int, target: int
) -> tuple[NDArray[np.int64], list[NDArray[np.int64]]]:
    """`pareto_front` and, for each row, one simple path as an int64 array of arc numbers of the input."""
    search_done = finished(check_network(n_nodes, tails, heads, costs, source, target))
    return search_done.front(), search_done.paths()
