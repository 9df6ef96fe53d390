"""Lower bounds that know papers: the least still to come from each place for whoever holds certain papers.

A *layer* is a set of papers (those of every member) with the number of applications that may still be made, 2 standing
for more. Kept true: a bound never exceeds the true cost and never falls along an act, whatever layers it leads through.
Papers are taken as good on every day; dates, stays and waiting are left aside; an application leads to the layer with
the paper, or, where two or more may still be made, to the base layer, in which everything within reach is held. Each
layer is made when a search first comes to it, and serves every later run to end states of the same rank.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tropa.planning import _kernel_acts as at
from tropa.planning import _kernel_bounds as least_ways
from tropa.planning.columns import Lists

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

BASE = -1
MANY = 2


class Layers:
    """The layers of one graph for end states of at least one rank. `keys` [layer, words]: applications left, then what
    each member holds and has obtained; `bounds` [layer, place, 5]: danger, ticks, euros, doubt, money."""

    def __init__(self, laws: at.Laws, origins: Ints, least: Ints, rank: int) -> None:
        self.laws, self.origins, self.least = laws, origins, least
        self.members = int(laws.scalars[at.MEMBERS])
        places = len(laws.spots)
        self.keys = np.full((0, 1 + 2 * self.members), BASE, np.int64)
        self.bounds = np.empty((0, places, 5), np.int64)
        target = laws.acts[:, at.TARGET]
        self._ends = (target == at.SAFE) & (laws.acts[:, at.RANK] >= rank)
        self._moves = (target != at.SAFE) & (target != self.origins)
        self._offers = laws.acts[:, at.GAINS] >= 0
        everything = np.ones(len(origins), np.bool_)
        self._add(self.keys[:0].sum(axis=0) + BASE, self._least_from(everything, None))

    def number(self, key: Ints) -> int:
        """The layer of a key; made if it is new."""
        same = np.flatnonzero((self.keys == key).all(axis=1))
        if same.size:
            return int(same[0])
        left, shown = int(key[0]), key[1::2] | key[2::2]
        allowed = self._allowed(shown)
        seeds = self._seeds(key, allowed) if left else None
        self._add(key, self._least_from(allowed, seeds))
        return len(self.keys) - 1

    def _add(self, key: Ints, bounds: Ints) -> None:
        self.keys = np.concatenate([self.keys, key[None]])
        self.bounds = np.concatenate([self.bounds, bounds[None]])

    def _allowed(self, shown: Ints) -> Flags:
        """The acts every member may do with these papers on some day."""
        allowed = np.ones(len(self.origins), np.bool_)
        crossing = self.laws.acts[:, at.NEW_ZONE] > 0
        for member in range(self.members):
            asked = self.laws.requires[:, member]
            met = _met(Lists(self.laws.first_mask, self.laws.masks), int(shown[member]))
            let_in = _met(Lists(self.laws.first_way, self.laws.ways[:, at.PAPERS]), int(shown[member]))
            allowed &= (asked < 0) | self._offers | np.append(met, True)[asked]
            ways = self.laws.admits[:, member]
            allowed &= ~crossing | (ways < 0) | np.append(let_in, True)[ways]
        return allowed

    def _seeds(self, key: Ints, allowed: Flags) -> Ints:
        """For each application what it costs at least with all that comes after it [offer, 4], FAR if hopeless."""
        offers = np.flatnonzero(self._offers)
        after = np.full((len(offers), 4), at.FAR, np.int64)
        papers = self.laws.acts[offers, at.GAINS]
        for paper in np.unique(papers):
            chosen = papers == paper
            lacking = [
                n for n in range(self.members) if not int(key[1 + 2 * n] | key[2 + 2 * n]) >> int(paper) & 1
            ]
            if not lacking:
                continue
            layer = 0
            if key[0] == 1:
                further = key.copy()
                further[0] = 0
                further[2::2] |= 1 << int(paper)
                layer = self.number(further)
            after[chosen] = self.bounds[layer, self.origins[offers[chosen]], :4]
        after[~allowed[offers]] = at.FAR
        return np.where(after >= at.FAR, at.FAR, after + self.least[offers])

    def _least_from(self, allowed: Flags, seeds: Ints | None) -> Ints:
        """Least of each objective from every place to an end state, or to an application with what comes after it."""
        places, target = len(self.laws.spots), self.laws.acts[:, at.TARGET]
        used = np.flatnonzero(allowed & (self._ends | self._moves))
        tails = self.origins[used]
        heads = np.where(target[used] == at.SAFE, places, target[used])
        costs = self.least[used]
        if seeds is not None:
            hopeful = seeds[:, 0] < at.FAR
            offices = self.origins[np.flatnonzero(self._offers)[hopeful]]
            tails = np.concatenate([tails, offices])
            heads = np.concatenate([heads, np.full(len(offices), places, np.int64)])
            costs = np.concatenate([costs, seeds[hopeful]])
        into = heads.astype(np.int32)
        first = least_ways.first_arcs(places + 1, into)
        order = least_ways.arcs_by_node(first, into)
        owned = np.require(costs, np.int64, ["C", "A", "W", "E"])
        found = least_ways.least_costs(places + 1, first, order, tails.astype(np.int32), owned, places)[
            :places
        ]
        found = np.where(found == least_ways.UNREACHED, at.FAR, found)
        unit = int(self.laws.scalars[at.MONEY_UNIT])
        money = np.where(found[:, 2] >= at.FAR, at.FAR, (found[:, 2] + unit - 1) // unit)
        return np.column_stack([found, money])


def _met(lists: Lists, shown: int) -> Flags:
    """For each numbered list of masks whether these papers meet one of them."""
    met = (lists.rows & ~shown) == 0
    ends = np.concatenate([[0], np.cumsum(met)])
    return np.asarray(ends[lists.first[1:]] > ends[lists.first[:-1]])
