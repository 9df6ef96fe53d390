"""What a class of people could do on a day: its acts as columns, and an `Action` of any of them for whoever asks.

Kept true: the columns and the actions say the same; nothing here changes once it was compiled.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tropa.atlas import Atlas, Fact, Obtain, Office, Protection, Value
from tropa.planning.borders import Borders
from tropa.planning.bounds import with_least
from tropa.planning.columns import FIRST_DAY, OPENS, Columns, Shared
from tropa.planning.graph import Action, Spot
from tropa.planning.groundwork import Groundwork
from tropa.planning.plan import Reason
from tropa.planning.roads import Bars, Road, Roads
from tropa.planning.stays import last_lawful_day

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

LEG, OBTAIN, HAVEN = range(3)
OFFICES = tuple(Office)


@dataclass(frozen=True, eq=False)
class Compiled:
    """A class's acts on a day, and what is closed for all of the class. Arrays [act]: `source`, `fact`: which list of
    facts an act comes from and its place there; `about`: the number of the country it leads to or happens in; `mode`,
    `office`: -1 for none; `bars`: number in `bar_lists`."""

    roads: Roads
    ground: Groundwork
    offers: tuple[Fact[Obtain], ...]
    havens: tuple[Fact[Protection], ...]
    columns: Columns
    shared: Shared
    least: Ints
    source: Ints
    fact: Ints
    about: Ints
    countries: Mapping[str, int]
    mode: Ints
    office: Ints
    bars: Ints
    bar_lists: tuple[Bars, ...]
    closed: Mapping[Reason, int]
    considered: int
    least_days: Mapping[str, int]
    daily: Floats
    living: Floats
    _made: dict[int, Action] = field(default_factory=dict)

    @property
    def atlas(self) -> Atlas:
        """The atlas compiled."""
        return self.roads.atlas

    @property
    def on(self) -> date:
        """The day of planning."""
        return self.roads.on

    @property
    def borders(self) -> Borders:
        """Who may enter and leave."""
        return self.roads.borders

    @property
    def spots(self) -> tuple[Spot, ...]:
        """The places."""
        return self.roads.spots

    @property
    def paper_ids(self) -> tuple[str, ...]:
        """The papers by number."""
        return self.roads.paper_ids

    @cached_property
    def home(self) -> Flags:
        """Whether a place lies in the home country [place]."""
        return np.array([spot.home for spot in self.spots], np.bool_)

    @cached_property
    def zones(self) -> tuple[str, ...]:
        """The zones of the places, and those whose stays are counted, in order."""
        return tuple(sorted({spot.zone for spot in self.spots} | set(self.least_days)))

    @cached_property
    def zone_numbers(self) -> Mapping[str, int]:
        """The number of each zone in `zones`."""
        return {zone: number for number, zone in enumerate(self.zones)}

    def numbers_of(self, zones: tuple[str, ...]) -> Mapping[str, int]:
        """The number of each of these zones, which nearly always are those of the class."""
        return self.zone_numbers if zones is self.zones else {zone: n for n, zone in enumerate(zones)}

    @cached_property
    def opens_later(self) -> bool:
        """Whether any act or way in begins to be open on a later day."""
        first = self.shared.ways.rows[:, FIRST_DAY]
        return bool((self.columns.acts[:, OPENS] > 0).any() or (first > 0).any())

    @cached_property
    def place_numbers(self) -> Mapping[str, int]:
        """The number of each place in `spots`."""
        return {spot.id: number for number, spot in enumerate(self.spots)}

    @cached_property
    def zone_of_place(self) -> Ints:
        """The number of each place's zone in `zones` [place]."""
        return np.array([self.zone_numbers[spot.zone] for spot in self.spots], np.int64)

    @cached_property
    def posts(self) -> Flags:
        """Whether a place is a border post [place]."""
        return np.array([spot.is_post for spot in self.spots], np.bool_)

    @cached_property
    def country_of_place(self) -> Ints:
        """The number of each place's country in `countries` [place]."""
        return np.array([self.countries[spot.country] for spot in self.spots], np.int64)

    @cached_property
    def longest_stays(self) -> Ints:
        """The longest stay that each list of ways in can give, none behind it, in days [list]; 0 last, for no list."""
        days = [last_lawful_day(limits, 0, (), self.on) + 1 for limits in self.shared.limit_sets]
        first, limits_of = self.shared.ways.first.tolist(), self.shared.ways.rows[:, 5].tolist()
        longest = [max((days[one] for one in limits_of[a:b]), default=0) for a, b in pairwise(first)]
        return np.array([*longest, 0], np.int64)

    @cached_property
    def by_id(self) -> Mapping[str, list[int]]:
        """The acts of each leg, application and end state."""
        found: dict[str, list[int]] = {}
        for row, (source, number) in enumerate(zip(self.source.tolist(), self.fact.tolist(), strict=True)):
            found.setdefault(self._facts(source)[number].id, []).append(row)
        return found

    def id_of(self, row: int) -> str:
        """The id of the leg, application or end state of a row."""
        return self._facts(int(self.source[row]))[int(self.fact[row])].id

    def rank_reason(self, row: int) -> str:
        """The kind of an end state, in the atlas's words."""
        return self.havens[int(self.fact[row])].value.what.value

    def action(self, row: int) -> Action:
        """The action of a row; made when first asked for."""
        if row not in self._made:
            road = self._road(row)
            assert isinstance(road, Road)
            self._made[row] = with_least(road.action, self.spots)
        return self._made[row]

    def _road(self, row: int) -> Road | tuple[Reason, ...]:
        number, place = int(self.fact[row]), int(self.columns.origins[row])
        if self.source[row] == LEG:
            return self.roads.leg(self.ground.legs[number])
        if self.source[row] == OBTAIN:
            return self.roads.application(self.offers[number], place)
        return self.roads.haven(self.havens[number], place)

    def _facts(self, source: int) -> Sequence[Fact[Value]]:
        listed: tuple[Sequence[Fact[Value]], ...] = (self.ground.legs, self.offers, self.havens)
        return listed[source]
