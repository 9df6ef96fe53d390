"""The acts of a class of people as columns of numbers: what the compiled search reads instead of `Action` objects.

Kept true: a column says exactly what the action says; the rows stand in the order of the compilation's roads. Lists
that many acts share (the ways into a country, the papers an office asks for, the limits of a stay) are numbered once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tropa.atlas import StayKind
from tropa.planning import units
from tropa.planning.graph import Action, Admission
from tropa.planning.moves import MOST_DOUBT, ticks_there
from tropa.planning.stays import StayLimit
from tropa.planning.units import World

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

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
    """All acts of a class. First axis of `timed`, `figures` and `least`: the world, optimistic first.

    `acts` [n, 14] as `_kernel_acts` names them; `timed` [3, n, 3]: ticks before leaving, in all, lived at the origin;
    `figures` [3, n, 4]: nats, price, price for each who applies, own doubt; `least` [3, n, 4]: danger, ticks, euros,
    doubt; `requires`, `admits` [n, members]: numbers of lists, -1 for none asked.
    """

    origins: Ints
    acts: Ints
    timed: Ints
    figures: Floats
    least: Ints
    requires: Ints
    admits: Ints
    masks: Lists
    ways: Lists
    way_figures: Floats
    limits: Lists


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


class _Writing:
    def __init__(self, members: int) -> None:
        self.members = members
        self.masks, self.ways, self.limits = _Numbers(1), _Numbers(6), _Numbers(3)
        self.way_figures: list[tuple[float, float]] = []
        self.seen: dict[int, tuple[object, int]] = {}

    def requirement(self, masks: tuple[int, ...]) -> int:
        return self.masks.of(masks, [(mask,) for mask in masks])

    def admission(self, ways: tuple[Admission, ...]) -> int:
        known = self.seen.get(id(ways))
        if known is None:
            before = len(self.ways.rows)
            rows = [
                (w.papers, w.travel, w.passport_days, w.first_day, w.last_day, self.limit(w.limits))
                for w in ways
            ]
            number = self.ways.of(ways, rows)
            if len(self.ways.rows) > before:
                self.way_figures.extend(_turned_back(way) for way in ways)
            known = self.seen[id(ways)] = (ways, number)  # the tuple is held, so its id stays its own
        return known[1]

    def limit(self, limits: tuple[StayLimit, ...]) -> int:
        return self.limits.of(limits, [(_KINDS.index(one.counts), one.days, one.window) for one in limits])


def _turned_back(way: Admission) -> tuple[float, float]:
    high = way.turned_back.high if way.turned_back else 0.0
    return units.nats(min(high, MOST_DOUBT)), high


def columns_of(actions: Sequence[Action], members: int) -> Columns:
    """The columns of a class's actions; `members`: how many travel."""
    writing, n = _Writing(members), len(actions)
    acts, timed = np.empty((n, 14), np.int64), np.empty((3, n, 3), np.int64)
    figures, least = np.empty((3, n, 4), np.float64), np.empty((3, n, 4), np.int64)
    requires, admits = np.full((n, members), -1, np.int64), np.full((n, members), -1, np.int64)
    for row, act in enumerate(actions):
        acts[row] = (
            act.target, act.first_day, act.last_day, 0, 0, 0, act.gains, act.surrenders, act.rank,
            act.lawful_days, act.new_zone, act.stay_needed, act.pins, act.free,
        )  # fmt: skip
        doubt = units.nats(min(act.refusal.high, MOST_DOUBT)) if act.refusal else 0.0
        for world in World:
            timed[world, row] = act.before[world], act.ticks[world], ticks_there(act, world)
            figures[world, row] = act.danger.nats[world], act.price[world], act.price_each[world], doubt
            least[world, row] = act.least[world]
        requires[row, : len(act.requires)] = [writing.requirement(masks) for masks in act.requires]
        admits[row, : len(act.admissions)] = [writing.admission(ways) for ways in act.admissions]
    return Columns(
        origins=np.array([act.origin for act in actions], np.int64),
        acts=acts,
        timed=timed,
        figures=figures,
        least=least,
        requires=requires,
        admits=admits,
        masks=writing.masks.lists(),
        ways=writing.ways.lists(),
        way_figures=np.array(writing.way_figures, np.float64).reshape(-1, 2),
        limits=writing.limits.lists(),
    )
