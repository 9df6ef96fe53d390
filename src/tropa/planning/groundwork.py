"""What an atlas says of its legs on a day before anybody in particular asks: dates, times, prices, where they lead.

Kept true: the same figures as `roads` works out for one leg, for all legs at once; made once for an atlas, a day and a
way of counting overdue facts, and shared by all classes of people.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from tropa.atlas import Atlas, Fact, HazardSubject, Leg, Mode, Range, Requirement
from tropa.planning.plan import Reason
from tropa.planning.standing import FactBook
from tropa.planning.timetables import boarding, hours_into_quarter
from tropa.planning.units import HOURS_A_TICK, TICKS_A_DAY

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

K = TypeVar("K", bound=Hashable)

EntryGroup = tuple[str, Mode, Requirement]
ExitGroup = tuple[str, Mode]


@dataclass(frozen=True, slots=True, eq=False)
class Groundwork:
    """Legs that may be used, and those that may not with the reason. Arrays [leg]; `times`, `euros` [3, leg]: the
    worlds, optimistic first. `entry_group`, `exit_group` number the lists of what is asked at the border."""

    legs: tuple[Fact[Leg], ...]
    closed: tuple[Reason, ...]
    origin: Ints
    target: Ints
    days: Ints  # [leg, 2]: first and last on which it may be begun
    before: Ints
    ticks: Ints
    departs: Ints  # the week of its timetable, 0 for none
    euros: Floats
    crosses: Flags
    mode: Ints
    requirement: Ints
    requirements: tuple[Requirement, ...]
    entry_group: Ints
    entry_groups: tuple[EntryGroup, ...]
    exit_group: Ints
    exit_groups: tuple[ExitGroup, ...]
    own_danger: Mapping[HazardSubject, Ints]  # legs with a hazard of their own, by subject
    scopes: Mapping[HazardSubject, frozenset[str]]


MODES = tuple(Mode)


def groundwork(atlas: Atlas, on: date, confirmed: bool, zone_of: Mapping[str, str]) -> Groundwork:
    """The groundwork of an atlas on a day. `zone_of`: zone by country."""
    book = FactBook(atlas, on, confirmed)
    places = {id_: number for number, id_ in enumerate(atlas.places)}
    country_of = {id_: fact.value.country for id_, fact in atlas.places.items()}
    legs: list[Fact[Leg]] = []
    closed: list[Reason] = []
    days: list[tuple[int, int]] = []
    for fact in atlas.legs:
        window = book.permission(fact)
        if isinstance(window, Reason):
            closed.append(window)
        else:
            legs.append(fact)
            days.append((window.first, window.last))
    values = [fact.value for fact in legs]
    waits = _ranges([value.wait_days for value in values])
    hours = _ranges([value.hours for value in values])
    hours += np.array([hours_into_quarter(value.departures) for value in values])
    euros = _ranges([value.euros for value in values])
    if not confirmed:
        stale = np.array([not atlas.usable(fact, on) for fact in legs], np.bool_)
        euros[:, stale] = euros[2, stale]
    ends = [(country_of[value.origin], country_of[value.target]) for value in values]
    crosses = [
        value.crosses_border and zone_of[a] != zone_of[b] for value, (a, b) in zip(values, ends, strict=True)
    ]
    requirement, requirements = _numbered([value.papers for value in values])
    entry_group, entry_groups = _numbered(
        [(end[1], value.mode, value.papers) for value, end in zip(values, ends, strict=True)]
    )
    exit_group, exit_groups = _numbered(
        [(end[0], value.mode) for value, end in zip(values, ends, strict=True)]
    )
    scopes = atlas.hazard_scopes
    return Groundwork(
        legs=tuple(legs),
        closed=tuple(closed),
        origin=np.array([places[value.origin] for value in values], np.int64),
        target=np.array([places[value.target] for value in values], np.int64),
        days=np.array(days, np.int64).reshape(-1, 2),
        before=whole(waits * TICKS_A_DAY),
        ticks=whole(waits * TICKS_A_DAY + hours / HOURS_A_TICK),
        departs=np.array([boarding(value.departures, on) for value in values], np.int64),
        euros=euros,
        crosses=np.array(crosses, np.bool_),
        mode=np.array([MODES.index(value.mode) for value in values], np.int64),
        requirement=requirement,
        requirements=requirements,
        entry_group=entry_group,
        entry_groups=entry_groups,
        exit_group=exit_group,
        exit_groups=exit_groups,
        own_danger={
            subject: np.array([n for n, fact in enumerate(legs) if fact.id in named], np.int64)
            for subject, named in scopes.items()
        },
        scopes=scopes,
    )


def whole(amount: Floats, unit: float = 1.0) -> Ints:
    """`units.up` for many amounts."""
    counted: Ints = np.ceil(amount / unit - 1e-9).astype(np.int64)
    return counted


def _ranges(ranges: Sequence[Range]) -> Floats:
    """Ranges as [3, n]."""
    return np.array([(one.low, one.point, one.high) for one in ranges], np.float64).reshape(-1, 3).T.copy()


def _numbered(keys: Sequence[K]) -> tuple[Ints, tuple[K, ...]]:
    numbers: dict[K, int] = {}
    found = [numbers.setdefault(key, len(numbers)) for key in keys]
    return np.array(found, np.int64), tuple(numbers)
