"""Builds a layered world from places and uncertain things: a layer for each vector of statuses.

Keeps true: a thing is untried, granted, or refused so many times; statuses only move forward; after `refusals` refusals
in all a further no counts as failure (fault-bounded planning: Jensen, Veloso, Bryant 2004), so that nothing is promised
that was not planned. Refuses more layers than `most_nodes` hold, with PolicyTooLarge, instead of leaving any out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tropa.planning.errors import BadPolicyWorld, PolicyTooLarge
from tropa.planning.policy.world import FAILS, PolicyWorld, check_policy_world

GRANTED = -1
MOST_NODES = 2_000_000

Statuses = tuple[int, ...]
"""For each thing GRANTED or how often it was refused; last, how many refusals there were in all."""


@dataclass(frozen=True, slots=True)
class Way:
    """A certain leg; open where everything it `needs` has been granted."""

    tail: int
    head: int
    nats: float
    time: float
    money: float
    needs: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Haven:
    """An end state with what it takes to reach it."""

    place: int
    nats: float
    time: float
    money: float
    needs: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Attempt:
    """Trying for a thing: a visa (`granted_at` the same place) or a border (the other side). After a no one stands at
    `tail` again. Once granted, a border may be crossed again for the same cost and without asking."""

    thing: int
    tail: int
    granted_at: int
    nats: float
    time: float
    money: float
    refusal: float
    needs: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Layered:
    """The world, and which node is which place in which statuses."""

    world: PolicyWorld
    statuses: tuple[Statuses, ...]
    n_places: int
    attempts: tuple[int, ...]  # for each uncertain step of the world the number of the attempt it comes from

    def node(self, place: int, statuses: Statuses | None = None) -> int:
        """The node of a place; without statuses where everything is untried."""
        wanted = statuses if statuses is not None else self.statuses[0]
        return self.statuses.index(wanted) * self.n_places + place


def layered(
    n_places: int,
    ways: Sequence[Way],
    havens: Sequence[Haven],
    attempts: Sequence[Attempt],
    *,
    tries: Sequence[int],
    refusals: int,
    most_nodes: int = MOST_NODES,
) -> Layered:
    """Places 0..n_places-1 in every vector of statuses that can come about. `tries[j]`: how often thing j may be asked
    for; `refusals`: how many a plan may survive. PolicyTooLarge, or BadPolicyWorld for numbers out of range."""
    _check(ways, havens, attempts, len(tries))
    builder = _Builder(n_places, ways, havens, attempts, tuple(tries), refusals, most_nodes)
    return builder.build()


def _check(ways: Sequence[Way], havens: Sequence[Haven], attempts: Sequence[Attempt], n_things: int) -> None:
    needs = [one.needs for one in ways] + [one.needs for one in havens] + [one.needs for one in attempts]
    named = [thing for needed in needs for thing in needed]
    if any(not 0 <= thing < n_things for thing in (*named, *(one.thing for one in attempts))):
        raise BadPolicyWorld(f"a thing outside 0..{n_things - 1} is needed or tried for")


class _Builder:
    def __init__(
        self,
        n_places: int,
        ways: Sequence[Way],
        havens: Sequence[Haven],
        attempts: Sequence[Attempt],
        tries: tuple[int, ...],
        refusals: int,
        most_nodes: int,
    ) -> None:
        self.n_places, self.ways, self.havens, self.attempts = n_places, ways, havens, attempts
        self.tries, self.refusals, self.most_nodes = tries, refusals, most_nodes
        self.way_rows = np.array([(w.tail, w.head, w.nats, w.time, w.money) for w in ways]).reshape(-1, 5)
        self.numbers: dict[Statuses, int] = {}

    def build(self) -> Layered:
        order = sorted(self._reachable(), key=_progress)
        self.numbers = {statuses: number for number, statuses in enumerate(order)}
        tails, heads, costs, ends, end_costs, layer = [], [], [], [], [], []
        steps: list[tuple[int, Attempt, Statuses]] = []
        for number, statuses in enumerate(order):
            base = number * self.n_places
            layer.append(np.full(self.n_places, number, np.int64))
            open_ = np.array([_met(way.needs, statuses) for way in self.ways], np.bool_)
            rows = self.way_rows[open_]
            rows = np.concatenate([rows, self._crossings(statuses)])
            tails.append(rows[:, 0].astype(np.int64) + base)
            heads.append(rows[:, 1].astype(np.int64) + base)
            costs.append(rows[:, 2:])
            for haven in self.havens:
                if _met(haven.needs, statuses):
                    ends.append(base + haven.place)
                    end_costs.append((haven.nats, haven.time, haven.money))
            steps += [(base, one, statuses) for one in self.attempts if self._may_try(one, statuses)]
        outcomes = [self._outcomes(one, statuses) for _, one, statuses in steps]
        world = check_policy_world(
            np.concatenate(layer), np.concatenate(tails), np.concatenate(heads), np.concatenate(costs),
            np.array(ends, np.int64), np.array(end_costs).reshape(-1, 3),
            np.array([base + one.tail for base, one, _ in steps], np.int64),
            np.array([(one.nats, one.time, one.money) for _, one, _ in steps]).reshape(-1, 3),
            np.arange(len(steps) + 1) * 2,
            np.array([chance for pair in outcomes for chance, _ in pair]),
            np.array([head for pair in outcomes for _, head in pair], np.int64),
        )  # fmt: skip
        which = {id(one): number for number, one in enumerate(self.attempts)}
        return Layered(world, tuple(order), self.n_places, tuple(which[id(one)] for _, one, _ in steps))

    def _reachable(self) -> list[Statuses]:
        first = (0,) * (len(self.tries) + 1)
        order, self.numbers = [first], {first: 0}
        for statuses in order:
            for one in self.attempts:
                if self._may_try(one, statuses):
                    for after in self._following(one, statuses):
                        if after not in self.numbers:
                            self.numbers[after] = len(order)
                            order.append(after)
            if len(order) * self.n_places > self.most_nodes:
                raise PolicyTooLarge(f"more than {self.most_nodes:,} nodes in layers")
        return order

    def _may_try(self, one: Attempt, statuses: Statuses) -> bool:
        status = statuses[one.thing]
        return status != GRANTED and status < self.tries[one.thing] and _met(one.needs, statuses)

    def _following(self, one: Attempt, statuses: Statuses) -> list[Statuses]:
        found = [_with(statuses, one.thing, GRANTED)]
        refused = statuses[-1]
        if refused < self.refusals:
            found.append((*_with(statuses, one.thing, statuses[one.thing] + 1)[:-1], refused + 1))
        return found

    def _outcomes(self, one: Attempt, statuses: Statuses) -> tuple[tuple[float, int], tuple[float, int]]:
        after = [self.numbers[found] * self.n_places for found in self._following(one, statuses)]
        refused_at = after[1] + one.tail if len(after) > 1 else FAILS
        return (1.0 - one.refusal, after[0] + one.granted_at), (one.refusal, refused_at)

    def _crossings(self, statuses: Statuses) -> np.ndarray:
        found = [
            (one.tail, one.granted_at, one.nats, one.time, one.money)
            for one in self.attempts
            if statuses[one.thing] == GRANTED and one.granted_at != one.tail and _met(one.needs, statuses)
        ]
        return np.array(found).reshape(-1, 5)


def _met(needs: tuple[int, ...], statuses: Statuses) -> bool:
    return all(statuses[thing] == GRANTED for thing in needs)


def _with(statuses: Statuses, thing: int, status: int) -> Statuses:
    return (*statuses[:thing], status, *statuses[thing + 1 :])


def _progress(statuses: Statuses) -> int:
    """How much has been decided: every outcome adds one, so vectors in this order are layers."""
    return statuses[-1] + statuses.count(GRANTED)
