"""The acts of a class of people as columns of numbers: what wishes are applied to and the compiled search reads.

Kept true: a column says exactly what the `Action` of the row says; rows stand by origin, then in the order of roads.
Lists that many acts share (the ways into a country, the papers an office asks for, the limits of a stay) are numbered
once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tropa.atlas import StayKind
from tropa.planning import units
from tropa.planning.graph import Action, Admission
from tropa.planning.moves import MOST_DOUBT, ticks_there
from tropa.planning.stays import StayLimit
from tropa.planning.units import DOUBT_UNIT, RISK_UNIT, TICKS_A_DAY, World

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

# columns of `acts`, as `_kernel_acts` reads them; 3 to 5 hold the times of a world there and nothing here
TARGET, OPENS, CLOSES = 0, 1, 2
GAINS, GIVES_UP, RANK, LAWFUL, NEW_ZONE, STAYS, PINS, FREE, DEPARTS, ALIGNED = range(6, 16)
WIDTH = 16
FIRST_DAY = 3  # of a way in

_KINDS = (
    StayKind.NOT_RECORDED,
    StayKind.NOT_LIMITED,
    StayKind.PER_VISIT,
    StayKind.SLIDING,
    StayKind.CALENDAR_YEAR,
)


@dataclass(frozen=True, slots=True, eq=False)
class Lists:
    """Numbered lists, end to end: `first[n]` to `first[n + 1]` are the rows of list n."""

    first: Ints
    rows: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Rows of acts. First axis of `timed` and `figures`: the world, optimistic first.

    `acts` [n, 16]; `timed` [3, n, 3]: ticks before leaving, in all, lived there; `figures` [3, n, 4]: nats,
    price, price for each who applies, own doubt; `requires`, `admits` [n, members]: numbers of lists, -1 for none
    asked.
    """

    origins: Ints
    acts: Ints
    timed: Ints
    figures: Floats
    requires: Ints
    admits: Ints

    def take(self, rows: Ints) -> Columns:
        """These rows, in this order."""
        return Columns(
            self.origins[rows],
            self.acts[rows],
            self.timed[:, rows],
            self.figures[:, rows],
            self.requires[rows],
            self.admits[rows],
        )


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """What the numbers in `requires` and `admits` stand for."""

    masks: Lists
    ways: Lists
    way_figures: Floats
    limits: Lists
    limit_sets: tuple[tuple[StayLimit, ...], ...]

    def met(self, shown: int) -> Flags:
        """For each requirement whether these papers meet it; the last entry stands for "nothing asked"."""
        return _any_met(self.masks.first, self.masks.rows[:, 0], shown)

    def let_in(self, shown: int) -> Flags:
        """For each list of ways whether these papers open one; the last entry stands for "no border"."""
        return _any_met(self.ways.first, self.ways.rows[:, 0], shown)


def _any_met(first: Ints, masks: Ints, shown: int) -> Flags:
    ends = np.concatenate([[0], np.cumsum((masks & ~shown) == 0)])
    return np.append(ends[first[1:]] > ends[first[:-1]], True)


class _Numbers:
    """Numbers lists of rows by what they hold."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.known: dict[object, int] = {}
        self.rows: list[tuple[int, ...]] = []
        self.first = [0]

    def of(self, key: object, rows: Sequence[tuple[int, ...]]) -> int:
        number = self.known.setdefault(key, len(self.known))
        if number == len(self.first) - 1:
            self.rows.extend(rows)
            self.first.append(len(self.rows))
        return number

    def lists(self) -> Lists:
        rows = np.array(self.rows, np.int64).reshape(-1, self.width)
        return Lists(np.array(self.first, np.int64), rows)


class Writing:
    """Numbers what rows share while they are written."""

    def __init__(self) -> None:
        self._masks, self._ways, self._limits = _Numbers(1), _Numbers(6), _Numbers(3)
        self._way_figures: list[tuple[float, float]] = []
        self._limit_sets: list[tuple[StayLimit, ...]] = []
        self._seen: dict[int, tuple[object, int]] = {}

    def requirement(self, masks: tuple[int, ...]) -> int:
        """The number of a list of masks."""
        return self._masks.of(masks, [(mask,) for mask in masks])

    def admission(self, ways: tuple[Admission, ...]) -> int:
        """The number of a list of ways in."""
        known = self._seen.get(id(ways))
        if known is None:
            before = len(self._ways.rows)
            rows = [
                (w.papers, w.travel, w.passport_days, w.first_day, w.last_day, self._limit(w.limits))
                for w in ways
            ]
            number = self._ways.of(ways, rows)
            if len(self._ways.rows) > before:
                self._way_figures.extend(_turned_back(way) for way in ways)
            known = self._seen[id(ways)] = (ways, number)  # the tuple is held, so its id stays its own
        return known[1]

    def _limit(self, limits: tuple[StayLimit, ...]) -> int:
        number = self._limits.of(limits, [(_KINDS.index(one.counts), one.days, one.window) for one in limits])
        if number == len(self._limit_sets):
            self._limit_sets.append(limits)
        return number

    def shared(self) -> Shared:
        """Everything numbered so far."""
        return Shared(
            masks=self._masks.lists(),
            ways=self._ways.lists(),
            way_figures=np.array(self._way_figures, np.float64).reshape(-1, 2),
            limits=self._limits.lists(),
            limit_sets=tuple(self._limit_sets),
        )


def _turned_back(way: Admission) -> tuple[float, float]:
    high = way.turned_back.high if way.turned_back else 0.0
    return units.nats(min(high, MOST_DOUBT)), high


def empty(n: int, members: int) -> Columns:
    """`n` rows in which nothing is asked and nothing gained."""
    acts = np.zeros((n, WIDTH), np.int64)
    acts[:, GAINS] = -1
    nothing = np.full((n, members), -1, np.int64)
    return Columns(
        np.zeros(n, np.int64),
        acts,
        np.zeros((3, n, 3), np.int64),
        np.zeros((3, n, 4), np.float64),
        nothing,
        nothing.copy(),
    )


def rows_of(actions: Sequence[Action], members: int, writing: Writing) -> Columns:
    """The rows of some actions, in their order; `members`: how many travel."""
    rows = empty(len(actions), members)
    for row, act in enumerate(actions):
        rows.origins[row] = act.origin
        rows.acts[row] = (
            act.target, act.first_day, act.last_day, 0, 0, 0, act.gains, act.surrenders, act.rank,
            act.lawful_days, act.new_zone, act.stay_needed, act.pins,
            act.gains < 0 and all(0 in masks for masks in act.requires), act.departs, act.aligned,
        )  # fmt: skip
        doubt = units.nats(min(act.refusal.high, MOST_DOUBT)) if act.refusal else 0.0
        for world in World:
            rows.timed[world, row] = act.before[world], act.ticks[world], ticks_there(act, world)
            rows.figures[world, row] = act.danger.nats[world], act.price[world], act.price_each[world], doubt
        rows.requires[row, : len(act.requires)] = [writing.requirement(masks) for masks in act.requires]
        rows.admits[row, : len(act.admissions)] = [writing.admission(ways) for ways in act.admissions]
    return rows


def joined(parts: Sequence[Columns]) -> Columns:
    """The rows of several parts, one after the other."""
    return Columns(
        np.concatenate([part.origins for part in parts]),
        np.concatenate([part.acts for part in parts]),
        np.concatenate([part.timed for part in parts], axis=1),
        np.concatenate([part.figures for part in parts], axis=1),
        np.concatenate([part.requires for part in parts]),
        np.concatenate([part.admits for part in parts]),
    )


def least_of(rows: Columns, shared: Shared, daily: Floats, living: Floats) -> Ints:
    """What doing each act costs at the very least: danger, ticks, euros, doubt [3, n, 4]. `daily`, `living` [3,
    places]: nats and euros of a day, NaN where not known."""
    days = rows.timed[:, :, 2] / TICKS_A_DAY
    danger = rows.figures[:, :, 0] + np.nan_to_num(daily)[:, rows.origins] * days
    euros = rows.figures[:, :, 1] + np.nan_to_num(living)[:, rows.origins] * days
    doubt = rows.figures[:, :, 3] + _least_turned_back(rows, shared)
    return np.stack(
        [_up(danger, RISK_UNIT), rows.timed[:, :, 1], _up(euros, 1.0), _up(doubt, DOUBT_UNIT)], axis=2
    )


def _least_turned_back(rows: Columns, shared: Shared) -> Floats:
    """The doubt of the surest way in for each member, added up [n]."""
    first = shared.ways.first
    least = [shared.way_figures[a:b, 0].min() if b > a else 0.0 for a, b in pairwise(first)]
    by_list = np.append(np.array(least, np.float64), 0.0)
    whole = np.zeros(len(rows.origins), np.float64)
    for member in range(rows.admits.shape[1]):
        whole = whole + by_list[rows.admits[:, member]]
    return whole


def _up(amount: Floats, unit: float) -> Ints:
    """`units.up` for many amounts."""
    counted: Ints = np.ceil(amount / unit - units.DUST).astype(np.int64)
    return counted
