"""A policy as a tree: what to do, where somebody may say no, and what to do then. Figures recomputed along it.

Keeps true: a branch without a way on is there and says so; branches of chance 0 are not there; the figures of a tree
are worked out from the world alone, not from the labels of the search.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np

from tropa.planning.policy.solving import ARC, END, NO_COMBINATION, NO_WAY_ON, SKIPPED, Labels
from tropa.planning.policy.world import PolicyWorld

KIND, NUMBER, FOLLOWING = 1, 2, 3
"""Columns of the origin of a label."""


@dataclass(frozen=True, slots=True)
class Policy:
    """`arcs` to take in order, then either the end state `end` or the uncertain step `step` with its `branches`."""

    arcs: tuple[int, ...]
    end: int | None
    step: int | None
    branches: tuple["Branch", ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """One outcome (its number in the world) with its chance; `policy` None: no way on, it counts as failure."""

    outcome: int
    chance: float
    policy: Policy | None


@dataclass(frozen=True, slots=True)
class Figures:
    """Of a policy: chance of failure, expected time and money, money and time of the worst branch."""

    failure: float
    time: float
    money: float
    worst_money: float
    worst_time: float


class Trees:
    """Unrolls labels into policies; equal labels share one tree."""

    def __init__(self, world: PolicyWorld, labels: Labels) -> None:
        self._world = world
        parts = labels.combinations or [np.empty((0, 2), np.int64)]
        self._combinations = np.concatenate(parts).data  # several times as quick as rows of an array
        self._origins = np.ascontiguousarray(labels.origins).data
        self._known: dict[int, Policy] = {}

    def of(self, label: int) -> Policy:
        """The policy of a label."""
        if label not in self._known:
            self._known[label] = self._unrolled(label)
        return self._known[label]

    def _unrolled(self, label: int) -> Policy:
        arcs: list[int] = []
        origins = self._origins
        while origins[label, KIND] == ARC:
            arcs.append(origins[label, NUMBER])
            label = origins[label, FOLLOWING]
        kind, number, following = (origins[label, column] for column in (KIND, NUMBER, FOLLOWING))
        if kind == END:
            return Policy(tuple(arcs), number, None, ())
        return Policy(tuple(arcs), None, number, self._branches(number, following))

    def _branches(self, step: int, combination: int) -> tuple[Branch, ...]:
        members: list[int] = []
        while combination != NO_COMBINATION:
            members.append(self._combinations[combination, 1])
            combination = self._combinations[combination, 0]
        return tuple(
            Branch(
                outcome,
                float(self._world.chances[outcome]),
                None if member == NO_WAY_ON else self.of(member),
            )
            for outcome, member in zip(self._world.outcomes_of(step), reversed(members), strict=True)
            if member != SKIPPED and self._world.chances[outcome] > 0
        )


class Unrolled(Sequence[Policy]):
    """The policies of some labels, each unrolled when it is looked at: a front may have thousands."""

    def __init__(self, trees: Trees, labels: Sequence[int]) -> None:
        self._trees, self._labels = trees, labels

    def __len__(self) -> int:
        return len(self._labels)

    def __iter__(self) -> Iterator[Policy]:
        return map(self._trees.of, self._labels)

    @overload
    def __getitem__(self, number: int) -> Policy: ...

    @overload
    def __getitem__(self, number: slice) -> Sequence[Policy]: ...

    def __getitem__(self, number: int | slice) -> Policy | Sequence[Policy]:
        if isinstance(number, slice):
            return Unrolled(self._trees, self._labels[number])
        return self._trees.of(self._labels[number])


def figures_of(world: PolicyWorld, policy: Policy) -> Figures:
    """What a policy costs, worked out along its tree in probabilities."""
    nats, time, money = (math.fsum(world.costs[arc, column] for arc in policy.arcs) for column in range(3))
    if policy.step is None:
        assert policy.end is not None
        end = world.end_costs[policy.end]
        nats, time, money = float(nats + end[0]), float(time + end[1]), float(money + end[2])
        return Figures(-math.expm1(-nats), time, money, money, time)
    own = world.step_costs[policy.step]
    nats, time, money = float(nats + own[0]), float(time + own[1]), float(money + own[2])
    then = [(branch.chance, _after(world, branch)) for branch in policy.branches]
    failure = math.fsum(chance * after.failure for chance, after in then)
    return Figures(
        failure=-math.expm1(-nats) + math.exp(-nats) * failure,
        time=time + math.fsum(chance * after.time for chance, after in then),
        money=money + math.fsum(chance * after.money for chance, after in then),
        worst_money=money + max(after.worst_money for _, after in then),
        worst_time=time + max(after.worst_time for _, after in then),
    )


def _after(world: PolicyWorld, branch: Branch) -> Figures:
    return figures_of(world, branch.policy) if branch.policy else Figures(1.0, 0.0, 0.0, 0.0, 0.0)
