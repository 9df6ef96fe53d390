"""How many days a plan can still ask for in a zone: what labels of a search are compared with before a stay may be
called long enough.

Kept true: a need is never less than what any plan can still do there. Only applications that fit into a lawful stay
count. Where a party may wait for its income, and where something opens on a later day, no such bound holds.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tropa.planning.columns import GAINS, LAWFUL, NEW_ZONE, TARGET
from tropa.planning.graph import SAFE, SafetyGraph
from tropa.planning.stays import NO_LIMIT
from tropa.planning.units import TICKS_A_DAY

Ints = NDArray[np.int64]

LEGS_IN_ZONE = 4


class Needs:
    """What the acts of a graph ask for, whoever does them and wherever they start."""

    def __init__(self, graph: SafetyGraph) -> None:
        columns, rows = graph.compiled.columns, graph.numbers
        zone = graph.compiled.zone_of_place[graph.origins]
        days = columns.timed[graph.setting.world, rows, 1] // TICKS_A_DAY + 1
        offers, ending = columns.acts[rows, GAINS] >= 0, columns.acts[rows, TARGET] == SAFE
        zones = len(graph.compiled.zones)
        self._legs, self._ends = np.zeros(zones, np.int64), np.zeros(zones, np.int64)
        moving = ~offers & ~ending
        np.maximum.at(self._legs, zone[moving], LEGS_IN_ZONE * days[moving])
        np.maximum.at(self._ends, zone[ending], columns.acts[rows[ending], LAWFUL])
        self._offices: dict[int, set[int]] = {}
        wide = int(days.max(initial=0)) + 1
        for pair in np.unique(zone[offers] * wide + days[offers]).tolist():
            where, length = divmod(pair, wide)
            self._offices.setdefault(where, set()).add(length)
        self._weekly = 7 if graph.awaits.any() else 0  # up to a week more before each act
        self._stays = _longest_stays(graph)
        self._made: dict[int, Ints] = {}

    def of(self, graph: SafetyGraph) -> Ints:
        """Days that everything a plan can still do in a zone takes [zone, applications left, 2]: applications, four
        legs and an end state; the second figure leaves out what a visitor's stay asks of the days that follow.
        `graph`: of the same acts, with its start."""
        compiled, start, further = graph.compiled, graph.start, graph.person.further_papers
        if further not in self._made:
            rows = [self._row(zone, further, self._stays.get(zone)) for zone in range(len(compiled.zones))]
            self._made[further] = np.array(rows, np.int64).reshape(-1, further + 1, 2)
        needs = self._made[further].copy()
        if start is not None:
            zone = int(compiled.zone_of_place[start.place])
            needs[zone] = self._row(zone, further, max(self._stays.get(zone, 0), start.last + 1))
        if graph.person.income_euros:
            needs[compiled.zones.index(graph.atlas.countries[graph.start_country].value.zone)] = NO_LIMIT
        if graph.zones == compiled.zones:
            return needs
        wider = np.ones(
            (len(graph.zones), further + 1, 2), np.int64
        )  # zones of past stays where nothing can be done
        wider[[graph.zone_number(zone) for zone in compiled.zones]] = needs
        return wider

    def _row(self, zone: int, further: int, stay: int | None) -> list[tuple[int, int]]:
        most = NO_LIMIT if stay is None else stay
        lengths = frozenset(length for length in self._offices.get(zone, ()) if length <= most)
        chains = _longest_chains(lengths, further, most) if lengths else (0,) * (further + 1)
        legs, ends = int(self._legs[zone]) + 1, int(self._ends[zone])
        waits = [self._weekly * (LEGS_IN_ZONE + 2 + number) for number in range(further + 1)]
        return [
            (legs + chain + ends + wait, legs + chain + wait)
            for chain, wait in zip(chains, waits, strict=True)
        ]


def _longest_stays(graph: SafetyGraph) -> dict[int, int]:
    """For each zone with limits the longest stay any entry can give, none behind it."""
    columns, compiled = graph.compiled.columns, graph.compiled
    crossing = graph.numbers[columns.acts[graph.numbers, NEW_ZONE] > 0]
    zone = compiled.zone_of_place[columns.acts[crossing, TARGET]]
    found = np.full(len(compiled.zones), -1, np.int64)
    for member in range(graph.party):
        np.maximum.at(found, zone, compiled.longest_stays[columns.admits[crossing, member]])
    return {where: days for where, days in enumerate(found.tolist()) if days >= 0}


@lru_cache(maxsize=4096)
def _longest_chains(lengths: frozenset[int], times: int, most: int) -> tuple[int, ...]:
    """The longest sum of up to 0, 1, ... `times` of these lengths that fits into `most` days."""
    sums, longest = {0}, [0]
    for _ in range(times):
        sums |= {whole + length for whole in sums for length in lengths if whole + length <= most}
        longest.append(max(sums))
    return tuple(longest)
