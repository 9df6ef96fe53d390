"""Lower bounds that know papers: the least still to come from each place for whoever holds certain papers.

A *layer* is a set of papers (those of every member) with the number of applications that may still be made, 2 standing
for more. Kept true: a bound never exceeds the true cost and never falls along an act, whatever layers it leads through.
Papers are taken as good on every day; dates, stays and waiting are left aside; an application leads to the layer with
the paper, or, where two or more may still be made, to the base layer, in which everything within reach is held. Each
layer is made when a search first comes to it, and serves every later run to end states of the same rank.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tropa.planning import _kernel_acts as at
from tropa.planning._kernel_bounds import allowed_acts, hopeful_acts, least_onward

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

BASE = -1
FIRST_ROOM = 8
MANY = 2
_NOWHERE, _NOTHING = np.zeros(0, np.int64), np.zeros((0, 4), np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Acts:
    """What bounds are made of, a row for each act: `ends` a way, `moves` to another place, `offers` a paper."""

    origins: Ints
    target: Ints
    ranks: Ints
    least: Ints
    requires: Ints
    admits: Ints
    gains: Ints
    crossing: Flags
    ends: Flags
    moves: Flags
    offers: Flags

    def take(self, chosen: Flags) -> Acts:
        """These acts alone."""
        rows = np.flatnonzero(chosen)
        return Acts(*(getattr(self, field.name)[rows] for field in fields(self)))

    def ending(self, rank: int, *, only: bool) -> Acts:
        """The same with the ways that end at such a rank."""
        there = self.target == at.SAFE
        return replace(self, ends=there & ((self.ranks == rank) if only else (self.ranks >= rank)))


def acts_of(laws: at.Laws, origins: Ints, least: Ints) -> Acts:
    """The acts of a graph as bounds are made of them; ranks are told apart by `Acts.ending`."""
    target, gains = (
        np.ascontiguousarray(laws.acts[:, at.TARGET]),
        np.ascontiguousarray(laws.acts[:, at.GAINS]),
    )
    return Acts(
        origins=origins,
        target=target,
        ranks=np.ascontiguousarray(laws.acts[:, at.RANK]),
        least=least,
        requires=laws.requires,
        admits=laws.admits,
        gains=gains,
        crossing=laws.acts[:, at.NEW_ZONE] > 0,
        ends=target == at.SAFE,
        moves=(target != at.SAFE) & (target != origins),
        offers=gains >= 0,
    )


class Layers:
    """The layers of one graph for end states of at least one rank, or of `only` that one. `keys` [layer, words]:
    applications left, then what each member holds and has obtained; `bounds` [layer, place, 5]: danger, ticks, euros,
    doubt, money; `over` [room, room]: whether the first of two layers holds whatever the second does. `useful` [act]:
    false for acts `narrow` has shown to be hopeless."""

    def __init__(self, laws: at.Laws, acts: Acts, rank: int, *, only: bool) -> None:
        self.laws = laws
        self.useful = np.ones(len(acts.origins), np.bool_)
        self.members = int(laws.scalars[at.MEMBERS])
        self.over = np.zeros((FIRST_ROOM, FIRST_ROOM), np.int64)
        self._keys = np.full((FIRST_ROOM, 1 + 2 * self.members), BASE, np.int64)
        self._bounds = np.empty((FIRST_ROOM, len(laws.spots), 5), np.int64)
        self._made = 0
        self._acts = acts.ending(rank, only=only)
        self._origins, self._ending = self._acts.origins, self._acts.ends
        self._papers = np.ascontiguousarray(laws.ways[:, at.PAPERS])
        self._offices = acts.origins[acts.offers]
        everything = np.ones(len(acts.origins), np.bool_)
        self._add(self._keys[0].copy(), self._least_from(everything, None))

    @cached_property
    def lasting(self) -> Ints:
        """What whoever stays long in the zone of a place pays at least, whatever papers they have [place, 8].

        The least still to come from anywhere in the zone; millionths of a nat and cents of a day there; how many ticks
        may lie between the start of a leg, or an end, and the last tick at which it asks for the stay. An application
        takes that time too, but all of it is lived and paid for there like a wait.
        """
        laws, zone = self.laws, self.laws.spots[:, at.ZONE]
        days = np.nan_to_num(laws.spot_figures) * (1e6, 100)
        least = np.full((len(laws.zones), 7), at.FAR, np.int64)
        np.minimum.at(least, zone, np.column_stack([self._bounds[0], np.floor(days).astype(np.int64)]))
        acts, ahead = laws.acts, np.zeros(len(laws.zones), np.int64)
        asks = np.where(self._ending, 4 * (acts[:, at.LAWFUL] - 1), acts[:, at.BEFORE])
        asks[acts[:, at.GAINS] >= 0] = 0
        asks[~self._ending & (acts[:, at.TARGET] == at.SAFE)] = 0
        np.maximum.at(ahead, zone[self._origins], asks)
        return np.ascontiguousarray(np.column_stack([least, ahead])[zone])

    @property
    def keys(self) -> Ints:
        """What each layer stands for [layer, words]."""
        return self._keys[: self._made]

    @property
    def bounds(self) -> Ints:
        """The least still to come [layer, place, 5]."""
        return self._bounds[: self._made]

    def narrow(self, reached: Ints, most: int, covering: Ints) -> None:
        """Leave out every act whose least whole cost is over the budget or covered: what `reached` says it takes to
        come to its place, the act itself, and what comes after it for somebody who holds everything within reach.

        `reached` [place, 4]; `most`: euros, FAR for no limit; `covering` [n, 4]: costs of known ways. Once, and first.
        """
        unit, acts = int(self.laws.scalars[at.MONEY_UNIT]), self._acts
        self.useful = hopeful_acts(
            acts.origins, acts.target, acts.ends, acts.least, reached, self.bounds[0], covering, most, unit
        )
        self._acts = acts.take(self.useful)
        self._offices = self._acts.origins[self._acts.offers]

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
        if self._made == len(self._keys):
            self._grow()
        new = self._made
        self._keys[new], self._bounds[new] = key, bounds
        self._made += 1
        shown, left = self.keys[:, 1:], self.keys[:, 0]
        self.over[: new + 1, new] = ~(shown[new] & ~shown).any(axis=1) & (left >= left[new])
        self.over[new, : new + 1] = ~(shown & ~shown[new]).any(axis=1) & (left[new] >= left)

    def _grow(self) -> None:
        """Double the room for layers."""
        room, made = 2 * self._made, self._made
        keys, bounds, over = self._keys, self._bounds, self.over
        self._keys = np.empty((room, keys.shape[1]), np.int64)
        self._bounds = np.empty((room, *bounds.shape[1:]), np.int64)
        self.over = np.zeros((room, room), np.int64)
        self._keys[:made], self._bounds[:made], self.over[:made, :made] = keys, bounds, over

    def _allowed(self, shown: Ints) -> Flags:
        """The acts every member may do with these papers on some day."""
        acts, laws = self._acts, self.laws
        return allowed_acts(
            shown,
            acts.requires,
            acts.admits,
            acts.crossing,
            acts.offers,
            laws.first_mask,
            laws.masks,
            laws.first_way,
            self._papers,
        )

    def _seeds(self, key: Ints, allowed: Flags) -> Ints:
        """For each application what it costs at least with all that comes after it [offer, 4], FAR if hopeless."""
        acts = self._acts
        offers = np.flatnonzero(acts.offers)
        after = np.full((len(offers), 4), at.FAR, np.int64)
        papers = acts.gains[offers]
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
            after[chosen] = self.bounds[layer, acts.origins[offers[chosen]], :4]
        after[~allowed[offers]] = at.FAR
        return np.ascontiguousarray(np.where(after >= at.FAR, at.FAR, after + acts.least[offers]))

    def _least_from(self, allowed: Flags, seeds: Ints | None) -> Ints:
        """Least of each objective from every place to an end state, or to an application with what comes after it."""
        acts = self._acts
        offices = self._offices if seeds is not None else _NOWHERE
        return least_onward(
            len(self.laws.spots),
            acts.origins,
            acts.target,
            acts.least,
            allowed & (acts.ends | acts.moves),
            acts.ends,
            offices,
            seeds if seeds is not None else _NOTHING,
            int(self.laws.scalars[at.MONEY_UNIT]),
        )
