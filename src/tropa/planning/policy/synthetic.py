"""Invented layered worlds of any size for bench and tests: the same numbers and seed give the same world, bit for bit.

Places lie in a square; each has legs to its nearest neighbours, dearer and slower with distance and dangerous by
chance, and a few hubs have flights among each other. Things that may be refused are visas (an office at some hubs;
they open safer flights into the last fifth of the places, where the better havens are) and, the last one, a border: a
line that a few legs cross, each of which may be turned back. Nothing is taken from a real pack. Costs are coarse, as
real ones are where a search counts in days and EUR 25: how many policies a front holds depends on that above all.
"""

from dataclasses import dataclass

import numpy as np

from tropa.planning.policy.layers import Attempt, Haven, Layered, Way, layered

NAT = 1.0 / 128
"""Dangers are whole multiples of this, so that sums inside a layer are exact in floating point."""

NEIGHBOURS = 6


@dataclass(frozen=True, slots=True)
class Size:
    """How large a world is. Nodes: places times status vectors (3^things while no retries are allowed)."""

    places: int
    things: int
    refusals: int
    hubs: int = 8


def synthetic_world(size: Size, seed: int) -> Layered:
    """The world of this size and seed; the person starts at place 0, everything untried."""
    return _Maker(size, np.random.default_rng(seed)).make()


class _Maker:
    def __init__(self, size: Size, chance: np.random.Generator) -> None:
        self.size, self.chance = size, chance
        self.at = chance.random((size.places, 2))
        self.at[0] = (0.02, 0.5)
        self.far = np.flatnonzero(self.at[:, 0] > 0.8)
        self.border = size.things - 1
        near = np.flatnonzero(self.at[:, 0] < 0.6)
        self.hubs = chance.permutation(near)[: min(size.hubs, len(near))]

    def make(self) -> Layered:
        ways: list[Way] = []
        attempts: list[Attempt] = []
        for tail, head in self._legs():
            nats, time, money = self._leg(tail, head)
            if (self.at[tail, 0] > 0.8) == (self.at[head, 0] > 0.8):
                ways.append(Way(tail, head, nats, time, money))
            elif self.at[head, 0] > 0.8 and self.size.things:
                refusal = float(self.chance.integers(1, 4)) / 10
                attempts.append(Attempt(self.border, tail, head, nats, time, money, refusal))
        ways += self._flights()
        attempts += self._offices()
        return layered(
            self.size.places,
            ways,
            self._havens(),
            attempts,
            tries=(1,) * self.size.things,
            refusals=self.size.refusals,
        )

    def _legs(self) -> list[tuple[int, int]]:
        found = []
        for place in range(self.size.places):
            distance = np.hypot(*(self.at - self.at[place]).T)
            nearest = np.argsort(distance, kind="stable")[1 : NEIGHBOURS + 1]
            found += [(place, int(head)) for head in nearest]
            found += [(int(head), place) for head in nearest]
        return sorted(set(found))

    def _leg(self, tail: int, head: int) -> tuple[float, float, float]:
        distance = float(np.hypot(*(self.at[head] - self.at[tail])))
        danger = 1 if self.chance.random() < 0.2 else 0
        return NAT * (danger + int(2 * distance)), 1.0 + int(4 * distance), 1.0 + int(8 * distance)

    def _flights(self) -> list[Way]:
        found = []
        hubs = [int(hub) for hub in self.hubs]
        for tail in hubs:
            for head in hubs:
                if tail != head and self.chance.random() < 0.3:
                    nats = NAT * int(self.chance.integers(0, 3))
                    found.append(Way(tail, head, nats, 1.0, self._price(6, 9)))
            for thing in range(max(0, self.size.things - 1)):
                for head in self.chance.permutation(self.far)[:2]:
                    nats = NAT * int(self.chance.integers(0, 2))
                    found.append(Way(tail, int(head), nats, 1.0, self._price(8, 11), (thing,)))
        return found

    def _offices(self) -> list[Attempt]:
        found = []
        for thing in range(max(0, self.size.things - 1)):
            for place in self.chance.permutation(self.hubs)[:2]:
                refusal = float(self.chance.integers(1, 7)) / 10
                days = float(self.chance.integers(1, 4) * 15)
                nats = NAT * int(self.chance.integers(0, 2))
                found.append(
                    Attempt(thing, int(place), int(place), nats, days, 4.0 * self._price(1, 3), refusal)
                )
        return found

    def _havens(self) -> list[Haven]:
        found = []
        for place in self.chance.permutation(self.size.places)[: max(3, self.size.places // 25)]:
            good = self.at[place, 0] > 0.8
            nats = NAT * int(self.chance.integers(1, 4) if good else self.chance.integers(20, 40))
            found.append(Haven(int(place), nats, float(self.chance.integers(2, 4) * 30), self._price(1, 4)))
        return found

    def _price(self, least: int, most: int) -> float:
        return float(self.chance.integers(least, most))
