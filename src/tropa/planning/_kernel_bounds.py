"""Compiled preparation of a search: arcs in order, least costs to the target, reduced costs.

Keeps true: `least_costs` are exact per objective, so they are consistent lower bounds, and a reduced cost
`c + h(head) - h(tail)` is never negative. UNREACHED is compared with and never added to.

A kernel and everything it calls stand in this one file: a cached kernel does not notice changes elsewhere.
"""

import numba
import numpy as np
from numba import boolean, int32, int64
from numpy.typing import NDArray

from tropa.planning._kernel_cache import CACHING, uncounted

UNREACHED = np.int64(2**63 - 1)
NEVER = 1 << 60
Ints = NDArray[np.int64]
Nodes = NDArray[np.int32]
Flags = NDArray[np.bool_]


@numba.njit(int64[::1](int64, int32[::1]), cache=CACHING)
def first_arcs(n_nodes: int, ends: Nodes) -> Ints:
    """Where each node's arcs begin when arcs are sorted by `ends`; shape [n_nodes + 1]."""
    first = np.zeros(n_nodes + 1, np.int64)
    for arc in range(ends.size):
        first[ends[arc] + 1] += 1
    for node in range(n_nodes):
        first[node + 1] += first[node]
    return first


@numba.njit(int32[::1](int64[::1], int32[::1]), cache=CACHING)
def arcs_by_node(first: Ints, ends: Nodes) -> Nodes:
    """Arc numbers sorted by `ends`, equal ends in input order."""
    place = first.copy()
    order = np.empty(ends.size, np.int32)
    for arc in range(ends.size):
        order[place[ends[arc]]] = arc
        place[ends[arc]] += 1
    return order


@uncounted()
def _push(distances: Ints, nodes: Nodes, size: int, distance: int, node: int) -> None:
    hole = size
    while hole > 0:
        above = (hole - 1) >> 2
        if distances[above] <= distance:
            break
        distances[hole] = distances[above]
        nodes[hole] = nodes[above]
        hole = above
    distances[hole] = distance
    nodes[hole] = node


@uncounted()
def _drop_least(distances: Ints, nodes: Nodes, size: int) -> None:
    """Take the root out of a heap of `size` entries; the last entry finds its new place."""
    last = size - 1
    distance, node = distances[last], nodes[last]
    hole = 0
    while True:
        child = 4 * hole + 1
        if child >= last:
            break
        least = child
        for other in range(child + 1, min(child + 4, last)):
            if distances[other] < distances[least]:
                least = other
        if distances[least] >= distance:
            break
        distances[hole] = distances[least]
        nodes[hole] = nodes[least]
        hole = least
    distances[hole] = distance
    nodes[hole] = node


@numba.njit(int64[:, ::1](int64, int64[::1], int32[::1], int32[::1], int64[:, ::1], int64), cache=CACHING)
def least_costs(n_nodes: int, first: Ints, order: Nodes, tails: Nodes, costs: Ints, target: int) -> Ints:
    """Least cost of each objective from every node to the target; shape [n_nodes, k], UNREACHED where none.

    `first` and `order` sort the arcs by head. Dijkstra's algorithm on reversed arcs, once per objective.
    """
    n_arcs, k = costs.shape
    least = np.full((n_nodes, k), UNREACHED, np.int64)
    distances = np.empty(n_arcs + 1, np.int64)
    nodes = np.empty(n_arcs + 1, np.int32)
    for objective in range(k):
        least[target, objective] = 0
        distances[0] = 0
        nodes[0] = target
        size = 1
        while size > 0:
            distance = distances[0]
            node = nodes[0]
            _drop_least(distances, nodes, size)
            size -= 1
            if distance > least[node, objective]:
                continue
            for place in range(first[node], first[node + 1]):
                arc = order[place]
                tail = tails[arc]
                nearer = distance + costs[arc, objective]
                if nearer < least[tail, objective]:
                    least[tail, objective] = nearer
                    _push(distances, nodes, size, nearer, tail)
                    size += 1
    return least


@uncounted()
def _is_covered(covering: Ints, whole: Ints) -> bool:
    for n in range(covering.shape[0]):
        if (
            covering[n, 0] <= whole[0]
            and covering[n, 1] <= whole[1]
            and covering[n, 2] <= whole[2]
            and covering[n, 3] <= whole[3]
        ):
            return True
    return False


@numba.njit(
    boolean[::1](
        int64[::1],
        int64[:],
        boolean[::1],
        int64[:, ::1],
        int64[:, ::1],
        int64[:, ::1],
        int64[:, ::1],
        int64,
        int64,
    ),
    cache=CACHING,
)
def hopeful_acts(
    origins: Ints,
    targets: Ints,
    ends: Flags,
    least: Ints,
    reached: Ints,
    onward: Ints,
    covering: Ints,
    most: int,
    unit: int,
) -> Flags:
    """For each act whether any way through it may be within `most` euros and is not covered by a known cost.

    `least`, `reached`, `onward` (danger, ticks, euros, doubt) are least costs of the act, to its place, and from its
    target to safety; `ends`: acts that end a way; targets below 0 that end none are hopeless. `covering`: danger,
    ticks, money in `unit` euros, doubt.
    """
    hopeful = np.zeros(origins.size, np.bool_)
    whole = np.zeros(4, np.int64)
    for act in range(origins.size):
        here, there = origins[act], targets[act]
        if reached[here, 0] >= NEVER or (there < 0 and not ends[act]):
            continue
        if there >= 0 and onward[there, 0] >= NEVER:
            continue
        for objective in range(4):
            whole[objective] = reached[here, objective] + least[act, objective]
            if there >= 0:
                whole[objective] += onward[there, objective]
        if whole[2] > most:
            continue
        whole[2] = (whole[2] + unit - 1) // unit
        hopeful[act] = not _is_covered(covering, whole)
    return hopeful


@numba.njit()
def _met_lists(first: Ints, masks: Ints, shown: int) -> Flags:
    """For each list of masks whether these papers meet one of them."""
    met = np.zeros(first.size - 1, np.bool_)
    for one in range(met.size):
        for n in range(first[one], first[one + 1]):
            if masks[n] & ~shown == 0:
                met[one] = True
                break
    return met


@numba.njit(
    boolean[::1](
        int64[::1], int64[:, ::1], int64[:, ::1], boolean[::1], boolean[::1], int64[::1], int64[::1], int64[::1],
        int64[::1],
    ),
    cache=CACHING,
)  # fmt: skip
def allowed_acts(
    shown: Ints,
    requires: Ints,
    admits: Ints,
    crossing: Flags,
    offers: Flags,
    first_mask: Ints,
    masks: Ints,
    first_way: Ints,
    papers: Ints,
) -> Flags:
    """For each act whether every member may do it with the papers `shown` [member] on some day.

    `requires`, `admits` [act, member] number lists of `masks` and of ways in, which ask for `papers`; -1 asks nothing.
    Who applies (`offers`) is looked at when the application is made.
    """
    allowed = np.ones(requires.shape[0], np.bool_)
    for member in range(shown.size):
        met = _met_lists(first_mask, masks, shown[member])
        let_in = _met_lists(first_way, papers, shown[member])
        for act in range(allowed.size):
            asked, ways = requires[act, member], admits[act, member]
            if asked >= 0 and not offers[act] and not met[asked]:
                allowed[act] = False
            if crossing[act] and ways >= 0 and not let_in[ways]:
                allowed[act] = False
    return allowed


@numba.njit(
    int64[:, ::1](
        int64,
        int64[::1],
        int64[::1],
        int64[:, ::1],
        boolean[::1],
        boolean[::1],
        int64[::1],
        int64[:, ::1],
        int64,
    ),
    cache=CACHING,
)
def least_onward(
    places: int,
    origins: Ints,
    targets: Ints,
    least: Ints,
    used: Flags,
    ends: Flags,
    offices: Ints,
    seeds: Ints,
    unit: int,
) -> Ints:
    """Least danger, ticks, euros, doubt, and money in `unit` euros, from each place to safety [place, 5]; NEVER where
    none.

    Over the acts that are `used`, which lead to their target or are `ends`; `seeds` [n, 4]: costs of whole ways that
    begin with an application at `offices` [n], NEVER for none.
    """
    count = used.sum() + offices.size
    tails, heads = np.empty(count, np.int32), np.empty(count, np.int32)
    costs = np.empty((count, 4), np.int64)
    arc = 0
    for act in range(used.size):
        if used[act]:
            tails[arc], heads[arc] = origins[act], places if ends[act] else targets[act]
            costs[arc] = least[act]
            arc += 1
    for n in range(offices.size):
        if seeds[n, 0] < NEVER:
            tails[arc], heads[arc] = offices[n], places
            costs[arc] = seeds[n]
            arc += 1
    tails, heads, costs = tails[:arc], heads[:arc], costs[:arc]
    first = first_arcs(places + 1, heads)
    found = least_costs(places + 1, first, arcs_by_node(first, heads), tails, costs, places)
    onward = np.empty((places, 5), np.int64)
    for place in range(places):
        for objective in range(4):
            onward[place, objective] = min(found[place, objective], NEVER)
        onward[place, 4] = NEVER if onward[place, 2] >= NEVER else (onward[place, 2] + unit - 1) // unit
    return onward


@numba.njit(
    "Tuple((int64[::1], int32[::1], int32[::1], int64[:, ::1]))"
    "(int64, int32[::1], int32[::1], int64[:, ::1], int64[:, ::1], int64, int64)",
    cache=CACHING,
)
def useful_arcs(
    n_nodes: int, tails: Nodes, heads: Nodes, costs: Ints, least: Ints, source: int, target: int
) -> tuple[Ints, Nodes, Nodes, Ints]:
    """The arcs a simple path may use, by tail and in input order, with reduced costs.

    Left out: loops, arcs into the source, arcs out of the target, arcs that cannot lead to the target.
    Returns first arc per node [n_nodes + 1], heads [u], arc numbers in the input [u], reduced costs [u, 4]
    (unused objectives are zero).
    """
    n_arcs, k = costs.shape
    first = np.zeros(n_nodes + 1, np.int64)
    for arc in range(n_arcs):
        tail, head = tails[arc], heads[arc]
        if tail != head and head != source and tail != target and least[head, 0] != UNREACHED:
            first[tail + 1] += 1
    for node in range(n_nodes):
        first[node + 1] += first[node]
    place = first.copy()
    useful_heads = np.empty(first[n_nodes], np.int32)
    origins = np.empty(first[n_nodes], np.int32)
    reduced = np.zeros((first[n_nodes], 4), np.int64)
    for arc in range(n_arcs):
        tail, head = tails[arc], heads[arc]
        if tail != head and head != source and tail != target and least[head, 0] != UNREACHED:
            here = place[tail]
            place[tail] += 1
            useful_heads[here] = head
            origins[here] = arc
            for objective in range(k):
                reduced[here, objective] = (
                    costs[arc, objective] + least[head, objective] - least[tail, objective]
                )
    return first, useful_heads, origins, reduced
