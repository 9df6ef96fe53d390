"""Compiles an atlas into everything a class of people could do on a day, before wishes, papers and limits.

Kept true: people of one class (same profiles, citizenships and statuses of the party) share one compilation, so a
change of wishes, papers, money or deadline never compiles anything anew. What all classes share is worked out once more
rarely still (`groundwork`). Figures stand in columns; an `Action` is made when somebody asks for it, by `roads`, and
says the same. An action that is closed for the whole class is counted under the reasons that closed it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tropa.atlas import Atlas, Fact, HazardSubject, Obtain, Protection, StayKind
from tropa.planning.carrying import changes_between
from tropa.planning.columns import (
    CLOSES,
    DEPARTS,
    FREE,
    NEW_ZONE,
    OPENS,
    STAYS,
    TARGET,
    Columns,
    Writing,
    empty,
    joined,
    least_of,
    rows_of,
)
from tropa.planning.compiled import HAVEN, LEG, OBTAIN, OFFICES, Compiled
from tropa.planning.dangers import UnknownDanger
from tropa.planning.graph import SAFE, Action
from tropa.planning.groundwork import Groundwork, groundwork
from tropa.planning.person import Companion, PersonFacts
from tropa.planning.plan import Reason
from tropa.planning.roads import Bars, Road, Roads, unknown

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Compilations:
    """Remembers the compilations of one atlas; the oldest goes when there are too many. `after`: those of the atlas
    before a change; what the change cannot have touched is taken over. `beside`: so are those that are made of that
    atlas later on, while both are in use.
    """

    def __init__(
        self, atlas: Atlas, most: int = 64, *, after: Compilations | None = None, beside: bool = False
    ) -> None:
        self.atlas, self._most = atlas, most
        self._known: dict[object, Compiled] = {}
        self.ground_of: dict[tuple[date, bool], Groundwork] = {}
        self._changes = changes_between(after.atlas, atlas) if after else None
        self._earlier = dict(after._known) if after and self._changes else {}  # noqa: SLF001 - one of ourselves
        if after and self._changes and self._changes.same_ground:
            self.ground_of.update(after.ground_of)
        self._beside = after if beside and self._changes else None
        self._zone_of = {code: fact.value.zone for code, fact in atlas.countries.items()}
        self._calendar = frozenset(
            self._zone_of[code]
            for code in atlas.countries
            if any(rule.value.counts is StayKind.CALENDAR_YEAR for rule in atlas.stay_rules(code))
        )

    def of(self, person: PersonFacts, on: date, *, confirmed: bool) -> Compiled:
        """The compilation for a person's class."""
        key = (self.key(person), on, confirmed)
        if key not in self._known:
            if len(self._known) >= self._most:
                del self._known[next(iter(self._known))]
            members, zones = key[0]
            earlier = self._earlier.pop(key, None)  # of one generation only: what is used up may go
            if self._beside and not earlier:
                earlier = self._beside._known.get(key)  # noqa: SLF001 - one of ourselves
            after = (earlier.roads, self._changes) if earlier and self._changes else None
            roads = Roads(self.atlas, members, zones, on, confirmed, after=after)
            self._known[key] = _Compiler(roads, self._groundwork(on, confirmed)).compile()
        return self._known[key]

    def key(self, person: PersonFacts) -> tuple[tuple[Companion, ...], frozenset[str]]:
        """What makes a class: the party, and the zones in which stays of its own stand on the days of a calendar
        year."""
        zones = self._calendar & {self._zone_of[stay.country] for stay in person.past_stays}
        members = tuple(
            Companion("", one.profile, (), one.statuses, one.citizenship) for one in person.members
        )
        return members, zones

    def _groundwork(self, on: date, confirmed: bool) -> Groundwork:
        if (on, confirmed) not in self.ground_of:
            if len(self.ground_of) >= self._most:
                self.ground_of.clear()
            if self._beside and self._changes and self._changes.same_ground:
                ground = self._beside._groundwork(on, confirmed)  # noqa: SLF001 - one of ourselves
                self.ground_of[on, confirmed] = ground
            else:
                self.ground_of[on, confirmed] = groundwork(self.atlas, on, confirmed, self._zones())
        return self.ground_of[on, confirmed]

    def _zones(self) -> Mapping[str, str]:
        return {
            fact.value.country: self._zone_of.get(fact.value.country, fact.value.country)
            for fact in self.atlas.places.values()
        }


class _Compiler:
    def __init__(self, roads: Roads, ground: Groundwork) -> None:
        self.roads, self.ground = roads, ground
        self.atlas = roads.atlas
        self.members = len(roads.members)
        self.writing = Writing()
        self.closed: Counter[Reason] = Counter(ground.closed)
        self.considered = len(self.atlas.legs)
        self.countries = {code: n for n, code in enumerate(sorted({spot.country for spot in roads.spots}))}
        self.country = np.array([self.countries[spot.country] for spot in roads.spots], np.int64)
        self.bar_lists: dict[Bars, int] = {(): 0}
        self.daily, self.living = self._days()

    def compile(self) -> Compiled:
        legs, leg_facts, leg_bars = self._legs()
        offers, offer_facts, offer_bars = self._offers()
        havens, haven_facts = self._havens()
        rows = joined([legs, offers, havens])
        fact = np.concatenate([leg_facts, offer_facts, haven_facts])
        source = np.repeat([LEG, OBTAIN, HAVEN], [len(leg_facts), len(offer_facts), len(haven_facts)])
        bars = np.concatenate([leg_bars, offer_bars, np.zeros(len(haven_facts), np.int64)])
        order = np.argsort(rows.origins, kind="stable")
        rows, fact, source, bars = rows.take(order), fact[order], source[order], bars[order]
        shared = self.writing.shared()
        about = self.country[np.where(rows.acts[:, TARGET] == SAFE, rows.origins, rows.acts[:, TARGET])]
        offices = np.array([OFFICES.index(one.value.office) for one in self.atlas.obtains] or [-1], np.int64)
        modes = np.append(self.ground.mode, -1)
        return Compiled(
            roads=self.roads,
            ground=self.ground,
            offers=self.atlas.obtains,
            havens=self.atlas.protections,
            columns=rows,
            shared=shared,
            least=least_of(rows, shared, self.daily, self.living),
            source=source,
            fact=fact,
            about=about,
            countries=self.countries,
            mode=modes[np.where(source == LEG, fact, -1)],
            office=np.where(source == OBTAIN, offices[np.where(source == OBTAIN, fact, 0)], -1),
            bars=bars,
            bar_lists=tuple(self.bar_lists),
            closed=self.closed,
            considered=self.considered,
            least_days=self.roads.least_days(),
            daily=self.daily,
            living=self.living,
        )

    def _days(self) -> tuple[Floats, Floats]:
        unknown_day = (np.nan,) * 3
        daily = [spot.daily.nats if spot.daily else unknown_day for spot in self.roads.spots]
        living = [spot.living or unknown_day for spot in self.roads.spots]
        return (
            np.array(daily, np.float64).reshape(-1, 3).T.copy(),
            np.array(living, np.float64).reshape(-1, 3).T.copy(),
        )

    # --- legs -------------------------------------------------------------------------------------------------------

    def _legs(self) -> tuple[Columns, Ints, Ints]:
        """Rows of the open legs, the number of each in the groundwork, and what bars it."""
        ground = self.ground
        rows = empty(len(ground.legs), self.members)
        rows.origins[:] = ground.origin
        rows.acts[:, TARGET] = ground.target
        rows.acts[:, OPENS : CLOSES + 1] = ground.days
        rows.acts[:, NEW_ZONE] = ground.crosses
        rows.acts[:, STAYS] = 1
        rows.acts[:, DEPARTS] = ground.departs
        rows.timed[:, :, 0] = ground.before
        rows.timed[:, :, 1] = rows.timed[:, :, 2] = ground.ticks
        rows.figures[:, :, 1] = ground.euros * self.members
        masks = [self.roads.borders.masks(one) for one in ground.requirements]
        numbers = np.array([self.writing.requirement(one) for one in masks] or [-1], np.int64)
        asks_nothing = np.array([0 in one for one in masks] or [True], np.bool_)
        inside = ~ground.crosses
        rows.requires[inside] = numbers[ground.requirement[inside]][:, None]
        rows.acts[:, FREE] = ground.crosses | asks_nothing[ground.requirement]
        closed = self._let_in(rows)
        rows.figures[:, :, 0], unknown_way = self._dangers()
        kept = np.flatnonzero(~(closed | unknown_way))
        return rows.take(kept), kept, self._exits()[kept]

    def _let_in(self, rows: Columns) -> Flags:
        """Write who is let in where; the legs whose target lets somebody in never."""
        ground = self.ground
        closed = np.zeros(len(ground.legs), np.bool_)
        counts = np.bincount(ground.entry_group[ground.crosses], minlength=len(ground.entry_groups))
        by_group = np.full((len(ground.entry_groups), self.members), -1, np.int64)
        shut = np.zeros(len(ground.entry_groups), np.bool_)
        for group, (country, mode, papers) in enumerate(ground.entry_groups):
            if not counts[group]:
                continue
            ways, refused = self.roads.ways_in(country, mode, papers)
            shut[group] = bool(refused)
            for reason in dict.fromkeys(refused):
                self.closed[reason] += int(counts[group])
            if not refused:
                by_group[group] = [self.writing.admission(one) for one in ways]
        rows.admits[ground.crosses] = by_group[ground.entry_group[ground.crosses]]
        closed[ground.crosses] = shut[ground.entry_group[ground.crosses]]
        return closed

    def _exits(self) -> Ints:
        """What bars each leg."""
        ground = self.ground
        numbers = [0] * len(ground.exit_groups)
        for group, (country, mode) in enumerate(ground.exit_groups):
            bars, _ = self.roads.exit(country, mode)
            numbers[group] = self.bar_lists.setdefault(bars, len(self.bar_lists))
        by_group = np.array(numbers or [0], np.int64)
        return np.where(ground.crosses, by_group[ground.exit_group], 0)

    def _dangers(self) -> tuple[Floats, Flags]:
        """Nats of each leg [3, leg], and the legs with a danger nobody knows."""
        ground = self.ground
        parts = []
        gaps: list[tuple[HazardSubject, Ints, Flags]] = []
        for subject, ends, needed in (
            (HazardSubject.EXIT_CHECK, ground.origin, ground.crosses),
            (HazardSubject.ENTRY_CHECK, ground.target, ground.crosses),
            (HazardSubject.LEG, ground.origin, ~ground.crosses),
        ):
            nats = self._at_places(subject)[:, ends]
            for number in ground.own_danger[subject].tolist():
                spot = self.roads.spots[int(ends[number])]
                found = self.roads.dangers.of(subject, ground.legs[number].id, spot.id, spot.country)
                nats[:, number] = np.nan if isinstance(found, UnknownDanger) else found.nats
            gaps.append((subject, ends, np.isnan(nats[0]) & needed))
            if subject is not HazardSubject.LEG:
                nats[:, ~ground.crosses] = 0.0
            elif ground.crosses.any():
                nats = np.where(ground.crosses & np.isnan(nats), 0.0, nats)
            parts.append(nats)
        missing = np.zeros(len(ground.legs), np.bool_)
        for subject, ends, gap in gaps:
            self._count_gaps(subject, ends, gap & ~missing)
            missing |= gap
        return np.nan_to_num(parts[0] + parts[1] + parts[2]), missing

    def _count_gaps(self, subject: HazardSubject, ends: Ints, gap: Flags) -> None:
        for number in np.flatnonzero(gap).tolist():
            spot = self.roads.spots[int(ends[number])]
            found = self.roads.dangers.of(subject, self.ground.legs[number].id, spot.id, spot.country)
            assert isinstance(found, UnknownDanger)
            self.closed[unknown(found)] += 1

    def _at_places(self, subject: HazardSubject) -> Floats:
        found = [self.roads.dangers.of(subject, spot.id, spot.country) for spot in self.roads.spots]
        unknown_danger = (np.nan,) * 3
        nats = [unknown_danger if isinstance(one, UnknownDanger) else one.nats for one in found]
        return np.array(nats, np.float64).reshape(-1, 3).T.copy()

    # --- papers and end states --------------------------------------------------------------------------------------

    def _offers(self) -> tuple[Columns, Ints, Ints]:
        found: list[tuple[Road, int, int]] = []
        for number, fact in enumerate(self.atlas.obtains):
            if self.roads.book.is_permission(fact):
                inside = frozenset(fact.value.countries)
                found.extend((road, place, number) for road, place in self._at(fact, inside, OBTAIN))
        rows, facts = self._repeated(found)
        bars = [self.bar_lists.setdefault(road.bars, len(self.bar_lists)) for road, _, _ in found]
        return rows, facts, np.array(bars, np.int64)

    def _havens(self) -> tuple[Columns, Ints]:
        found = [
            (road, place, number)
            for number, fact in enumerate(self.atlas.protections)
            for road, place in self._at(fact, frozenset({fact.value.country}), HAVEN)
        ]
        return self._repeated(found)

    def _at(
        self, fact: Fact[Obtain] | Fact[Protection], countries: frozenset[str], source: int
    ) -> list[tuple[Road, int]]:
        """The road of an offer at each place where it is open; one is made for a country where places do not differ."""
        subject = HazardSubject.OFFICE if source == OBTAIN else HazardSubject.RESIDUAL
        scopes = self.ground.scopes[subject]
        made: dict[str, Road | tuple[Reason, ...]] = {}
        found = []
        for place in self._places_in(countries):
            spot = self.roads.spots[place]
            self.considered += 1
            key = spot.id if spot.id in scopes else spot.country
            if key not in made:
                make = self.roads.application if source == OBTAIN else self.roads.haven
                made[key] = make(fact, place)  # type: ignore[arg-type]
            road = made[key]
            if isinstance(road, Road):
                found.append((road, place))
            else:
                self.closed.update(dict.fromkeys(road, 1))
        return found

    def _places_in(self, countries: frozenset[str]) -> list[int]:
        return sorted(place for country in countries for place in self._towns.get(country, ()))

    @cached_property
    def _towns(self) -> Mapping[str, list[int]]:
        found: dict[str, list[int]] = {}
        for number, spot in enumerate(self.roads.spots):
            if not spot.is_post:
                found.setdefault(spot.country, []).append(number)
        return found

    def _repeated(self, found: list[tuple[Road, int, int]]) -> tuple[Columns, Ints]:
        """One row for each road and place; equal roads are written once and repeated."""
        numbers: dict[int, int] = {}
        actions: list[Action] = []
        for road, _, _ in found:
            if id(road) not in numbers:
                numbers[id(road)] = len(actions)
                actions.append(road.action)
        rows = rows_of(actions, self.members, self.writing)
        rows = rows.take(np.array([numbers[id(road)] for road, _, _ in found], np.int64))
        places = np.array([place for _, place, _ in found], np.int64)
        rows.origins[:] = places
        rows.acts[:, TARGET] = np.where(rows.acts[:, TARGET] == SAFE, SAFE, places)
        return rows, np.array([number for _, _, number in found], np.int64)
