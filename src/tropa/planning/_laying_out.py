"""A safety graph and the state it starts from as the arrays the compiled search reads.

Keeps true: everything is written as `_kernel_acts` names it; two parties over the very same acts share all arrays but
those that speak of the party.
"""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from tropa.planning import _kernel_acts as at
from tropa.planning.graph import SafetyGraph, State
from tropa.planning.stays import NO_LIMIT

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_YEARS_AHEAD = 6


def first_label(graph: SafetyGraph, start: State, row: Ints, stays: Ints) -> int:
    """Write the label of the first state, and the stays behind it; how many those are."""
    row[:] = 0
    row[at.PLACE], row[at.TICK], row[at.ENTRY], row[at.LAST] = (
        start.place,
        start.tick,
        start.entry,
        start.last,
    )
    row[at.SPENT], row[at.APPLIED] = start.spent, start.applied
    row[at.EARNED] = -1 if start.earned is None else start.earned
    row[at.PAST], row[at.PARENT], row[at.ACT], row[at.ALIVE] = -1, -1, -1, 1
    for number, stay in enumerate(start.past):
        stays[number] = (row[at.PAST], graph.zone_number(stay.zone), stay.first, stay.last)
        row[at.PAST] = number
    row[at.PINNED :] = list(graph.words(start.bits))
    return len(start.past)


def laws_of(graph: SafetyGraph, money_unit: int) -> at.Laws:
    """A graph as the kernel reads it."""
    columns, shared, numbers = graph.compiled.columns, graph.compiled.shared, graph.numbers
    return at.Laws(
        first_act=np.searchsorted(graph.origins, np.arange(len(graph.spots) + 1)).astype(np.int64),
        acts=graph.acts,
        figures=np.ascontiguousarray(columns.figures[graph.setting.world][numbers]),
        requires=np.ascontiguousarray(columns.requires[numbers]),
        admits=np.ascontiguousarray(columns.admits[numbers]),
        first_mask=shared.masks.first,
        masks=np.ascontiguousarray(shared.masks.rows[:, 0]),
        first_way=shared.ways.first,
        ways=shared.ways.rows,
        way_figures=shared.way_figures,
        first_limit=shared.limits.first,
        limits=shared.limits.rows,
        spots=_spots(graph),
        spot_figures=_spot_figures(graph),
        zones=_zones(graph),
        held=_held(graph),
        events=np.array(graph.events, np.int64),
        years=np.array(
            [(date(graph.on.year + n, 1, 1) - graph.on).days for n in range(_YEARS_AHEAD)], np.int64
        ),
        scalars=_scalars(graph, money_unit),
    )


def laws_like(laws: at.Laws, wider: SafetyGraph, graph: SafetyGraph) -> at.Laws:
    """The laws of another party over the very same acts as those of `wider`, which `laws` are of."""
    same_zones = wider.zones == graph.zones
    return laws._replace(
        spots=laws.spots if same_zones and wider.start_country == graph.start_country else _spots(graph),
        zones=laws.zones if same_zones else _zones(graph),
        held=_held(graph),
        events=np.array(graph.events, np.int64),
        scalars=_scalars(graph, int(laws.scalars[at.MONEY_UNIT])),
    )


def _held(graph: SafetyGraph) -> Ints:
    rows = [(member, *held) for member, dates in enumerate(graph.held_dates) for held in dates]
    return np.array(rows, np.int64).reshape(-1, 4)


def _scalars(graph: SafetyGraph, money_unit: int) -> Ints:
    person = graph.person
    return np.array(
        [
            graph.goal, graph.deadline_day, graph.shiftable, person.income_euros, person.further_papers,
            graph.last_event, graph.party, money_unit, NO_LIMIT,
        ],
        np.int64,
    )  # fmt: skip


def _zones(graph: SafetyGraph) -> Ints:
    """Whether stays in a zone are counted, the fewest days a rule gives there, a place in it, -1 for none [zone, 3]."""
    zones = np.zeros((len(graph.zones), 3), np.int64)
    zones[:, at.LEAST_DAYS], zones[:, at.A_PLACE] = NO_LIMIT, -1
    zones[graph.zone_of_place, at.A_PLACE] = np.arange(len(graph.spots))
    for zone in graph.tracked_zones:
        number = graph.zone_number(zone)
        zones[number, at.TRACKED], zones[number, at.LEAST_DAYS] = 1, graph.least_days.get(zone, NO_LIMIT)
    return zones


def _spots(graph: SafetyGraph) -> Ints:
    here = graph.compiled.countries.get(graph.start_country, -1)
    return np.column_stack(
        [graph.zone_of_place, graph.compiled.posts, graph.compiled.country_of_place == here, graph.awaits]
    )


def _spot_figures(graph: SafetyGraph) -> Floats:
    compiled, world = graph.compiled, graph.setting.world
    return np.column_stack([compiled.daily[world], compiled.living[world]])
