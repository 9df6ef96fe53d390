"""Compiles an atlas into everything a class of people could do on a day, before wishes, papers and limits.

Kept true: people of one class (same profiles, citizenships and statuses of the party) share one compilation, so a
change of wishes, papers, money or deadline never compiles anything anew. An action whose danger, price or duration
is not known, or whose fact may not be used on that day, is closed here for good; what a status bars is kept apart,
because "what if it did not hold" must be answerable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from tropa.atlas import (
    Atlas,
    Fact,
    HazardSubject,
    Leg,
    Obtain,
    PlaceKind,
    Protection,
    Range,
    Status,
    StayKind,
    Value,
)
from tropa.planning.borders import OPEN_BORDER, Borders
from tropa.planning.bounds import with_least
from tropa.planning.columns import Columns, columns_of
from tropa.planning.dangers import Danger, Dangers, Figures, UnknownDanger, added
from tropa.planning.graph import ALWAYS_FIRST, SAFE, Action, Admission, Spot
from tropa.planning.person import Companion, PersonFacts, WishKind
from tropa.planning.plan import Reason, StepKind
from tropa.planning.standing import FactBook
from tropa.planning.units import World, in_each_world, read, ticks, up

VISITOR_RANK = 1


@dataclass(frozen=True, slots=True)
class Road:
    """An action as far as a class is concerned: what wishes may be about it, and what bars it from which day on."""

    action: Action
    touches: frozenset[tuple[WishKind, str]]
    bars: tuple[tuple[Reason, int], ...]

    @property
    def key(self) -> str:
        """Names the action among all: applications and end states exist once for each place."""
        return (
            self.action.id if self.action.kind is StepKind.LEG else f"{self.action.id} {self.action.origin}"
        )


@dataclass(frozen=True, slots=True)
class Compiled:
    """A class's roads on a day, and what is closed for all of the class."""

    atlas: Atlas
    on: date
    borders: Borders
    spots: tuple[Spot, ...]
    roads: tuple[Road, ...]
    columns: Columns
    closed: tuple[tuple[str, tuple[Reason, ...]], ...]
    considered: int
    paper_ids: tuple[str, ...]
    least_days: Mapping[str, int]
    shiftable: bool


class Compilations:
    """Remembers the compilations of one atlas; the oldest goes when there are too many."""

    def __init__(self, atlas: Atlas, most: int = 64) -> None:
        self._atlas, self._most = atlas, most
        self._known: dict[object, Compiled] = {}

    def of(self, person: PersonFacts, on: date, *, confirmed: bool) -> Compiled:
        """The compilation for a person's class."""
        zone_of = self._atlas.countries
        zones = frozenset(zone_of[stay.country].value.zone for stay in person.past_stays)
        members = tuple(
            Companion("", one.profile, (), one.statuses, one.citizenship) for one in person.members
        )
        key = (members, zones, on, confirmed)
        if key not in self._known:
            if len(self._known) >= self._most:
                del self._known[next(iter(self._known))]
            self._known[key] = _Compiler(self._atlas, members, zones, on, confirmed).compile()
        return self._known[key]


class _Compiler:
    def __init__(
        self, atlas: Atlas, members: tuple[Companion, ...], zones: frozenset[str], on: date, confirmed: bool
    ) -> None:
        self.atlas, self.members, self.on, self.confirmed = atlas, members, on, confirmed
        self.known_zones = zones
        self.book = FactBook(atlas, on, confirmed)
        self.paper_ids = tuple(atlas.papers)
        self.papers = {id_: number for number, id_ in enumerate(self.paper_ids)}
        self.borders = Borders(self.book, self.papers, zones)
        self.dangers = Dangers(atlas, [member.profile for member in members], on)
        self.closed: list[tuple[str, tuple[Reason, ...]]] = []
        self.places = {id_: number for number, id_ in enumerate(atlas.places)}
        self.considered = 0
        self.spots = tuple(self._spot(id_) for id_ in atlas.places)

    def compile(self) -> Compiled:
        found = (*self._legs(), *self._applications(), *self._havens())
        roads = tuple(replace(road, action=with_least(road.action, self.spots)) for road in found)
        tracked = self._least_days()
        return Compiled(
            atlas=self.atlas,
            on=self.on,
            borders=self.borders,
            spots=self.spots,
            roads=roads,
            columns=columns_of([road.action for road in roads], len(self.members)),
            closed=tuple(self.closed),
            considered=self.considered,
            paper_ids=self.paper_ids,
            least_days=tracked,
            shiftable=not self.known_zones & tracked.keys(),
        )

    # --- places -----------------------------------------------------------------------------------------------------

    def _spot(self, id_: str) -> Spot:
        place = self.atlas.places[id_].value
        country = self.atlas.countries.get(place.country)
        danger = self.dangers.of(HazardSubject.DAY_OF_STAY, id_, place.country)
        living = self.atlas.living.get(place.country)
        return Spot(
            id=id_,
            country=place.country,
            zone=country.value.zone if country else place.country,
            is_post=place.what is PlaceKind.POST,
            home=place.country == self.members[0].citizenship,
            daily=danger if isinstance(danger, Danger) else None,
            living=self._figures(living, living.value.euros_per_day, len(self.members)) if living else None,
            living_fact=living.id if living else None,
        )

    def _figures(self, fact: Fact[Value], numbers: Range, times: int = 1) -> Figures:
        """A range in the three worlds; what nobody confirmed in time stands at its pessimistic end."""
        fresh = self.confirmed or self.atlas.usable(fact, self.on)
        current = numbers if fresh else numbers.pessimistic
        return in_each_world(lambda world: read(current, world) * times)

    def _least_days(self) -> dict[str, int]:
        """Zones in which days of an earlier stay count later, with the fewest days a rule of theirs gives."""
        found: dict[str, int] = {}
        for country, fact in self.atlas.countries.items():
            for rule in self.atlas.stay_rules(country):
                if rule.value.counts in (StayKind.SLIDING, StayKind.CALENDAR_YEAR):
                    days = rule.value.days or 0
                    found[fact.value.zone] = min(days, found.get(fact.value.zone, days))
        return found

    # --- legs -------------------------------------------------------------------------------------------------------

    def _legs(self) -> Iterator[Road]:
        for fact in self.atlas.legs:
            self.considered += 1
            road = self._leg(fact)
            if isinstance(road, Road):
                yield road
            else:
                self.closed.append((fact.id, road))

    def _leg(self, fact: Fact[Leg]) -> Road | tuple[Reason, ...]:
        leg = fact.value
        origin, target = self.spots[self.places[leg.origin]], self.spots[self.places[leg.target]]
        window = self.book.permission(fact)
        if isinstance(window, Reason):
            return (window,)
        crosses = leg.crosses_border and origin.zone != target.zone
        ways, refused = self._ways_in(leg, target) if crosses else ((), ())
        danger = self._leg_danger(fact, origin, target, crosses)
        if isinstance(danger, UnknownDanger):
            return (*refused, _unknown(danger))
        if refused:
            return refused
        bars, checks = self._exit(origin.country, leg) if crosses else ((), ())
        action = Action(
            id=fact.id,
            kind=StepKind.LEG,
            origin=self.places[leg.origin],
            target=self.places[leg.target],
            mode=leg.mode.value,
            first_day=window.first,
            last_day=window.last,
            requires=() if crosses else tuple(self.borders.masks(leg.papers) for _ in self.members),
            admissions=ways,
            before=_whole(lambda world: ticks(days=read(leg.wait_days, world))),
            ticks=_whole(lambda world: ticks(days=read(leg.wait_days, world), hours=read(leg.hours, world))),
            price=self._figures(fact, leg.euros, len(self.members)),
            danger=danger,
            new_zone=crosses,
            stay_needed=True,
            facts=(fact.id, *checks, *danger.facts),
            fragile=_fragile(fact, danger),
        )
        touches = {
            (WishKind.LEG, fact.id),
            (WishKind.MODE, leg.mode.value),
            (WishKind.COUNTRY, target.country),
        }
        return Road(action, frozenset(touches), bars)

    def _exit(self, country: str, leg: Leg) -> tuple[tuple[tuple[Reason, int], ...], tuple[str, ...]]:
        bars: dict[tuple[Reason, int], None] = {}
        checks: dict[str, None] = {}
        for member in self.members:
            found, facts = self.borders.exit(country, leg.mode, member)
            bars.update(dict.fromkeys(found))
            checks.update(dict.fromkeys(facts))
        return tuple(bars), tuple(checks)

    def _ways_in(
        self, leg: Leg, target: Spot
    ) -> tuple[tuple[tuple[Admission, ...], ...], tuple[Reason, ...]]:
        """For each member every way to be let in, or the reasons why somebody never is."""
        found: list[tuple[Admission, ...]] = []
        for member in self.members:
            if target.country == member.citizenship:
                found.append((OPEN_BORDER,))
                continue
            ways, refused = self.borders.entries(target.country, leg.mode, member.citizenship, leg.papers)
            if refused:
                return (), refused
            found.append(ways)
        return tuple(found), ()

    def _leg_danger(
        self, fact: Fact[Leg], origin: Spot, target: Spot, crosses: bool
    ) -> Danger | UnknownDanger:
        parts = []
        if crosses:
            parts.append(self.dangers.of(HazardSubject.EXIT_CHECK, fact.id, origin.id, origin.country))
            parts.append(self.dangers.of(HazardSubject.ENTRY_CHECK, fact.id, target.id, target.country))
        way = self.dangers.of(HazardSubject.LEG, fact.id, origin.id, origin.country)
        if isinstance(way, Danger) or not crosses:
            parts.append(way)
        known = []
        for part in parts:
            if isinstance(part, UnknownDanger):
                return part
            known.append(part)
        return added(*known)

    # --- papers and end states --------------------------------------------------------------------------------------

    def _applications(self) -> Iterator[Road]:
        ended = [fact for fact in self.atlas.obtains if not self.book.is_permission(fact)]
        for fact in self.atlas.obtains:
            if not self.book.is_permission(fact):
                continue
            for number, spot in enumerate(self.spots):
                if spot.country in fact.value.countries and not spot.is_post:
                    yield from self._open_or_closed(fact, number, self._application(fact, number, ended))

    def _havens(self) -> Iterator[Road]:
        for fact in self.atlas.protections:
            for number, spot in enumerate(self.spots):
                if spot.country == fact.value.country and not spot.is_post:
                    yield from self._open_or_closed(fact, number, self._haven(fact, number))

    def _open_or_closed(
        self, fact: Fact[Value], number: int, road: Road | tuple[Reason, ...]
    ) -> Iterator[Road]:
        self.considered += 1
        if isinstance(road, Road):
            yield road
        else:
            self.closed.append((f"{fact.id} {number}", road))

    def _application(
        self, fact: Fact[Obtain], number: int, ended: list[Fact[Obtain]]
    ) -> Road | tuple[Reason, ...]:
        offer, spot = fact.value, self.spots[number]
        window = self.book.permission(fact)
        danger = self.dangers.of(HazardSubject.OFFICE, fact.id, spot.id, spot.country)
        if isinstance(window, Reason):
            return (window,)
        if isinstance(danger, UnknownDanger):
            return (_unknown(danger),)
        last = window.last
        for end in ended:
            if end.value.paper == offer.paper and spot.country in end.value.countries:
                last = min(last, self.book.prohibited_from(end) - 1)
                if last < 0:
                    return (Reason("programme_closed", (("fact", end.id),)),)
        time = _whole(lambda world: ticks(days=read(offer.days, world)))
        action = Action(
            id=fact.id,
            kind=StepKind.OBTAIN,
            origin=number,
            target=number,
            first_day=window.first,
            last_day=last,
            requires=tuple(self.borders.masks(offer.requires) for _ in self.members),
            before=time,
            ticks=time,
            price_each=self._figures(fact, offer.euros),
            danger=danger,
            refusal=offer.refusal,
            gains=self.papers[offer.paper],
            surrenders=sum(1 << self.papers[paper] for paper in offer.surrenders),
            stay_needed=True,
            facts=(fact.id, *danger.facts),
            fragile=_fragile(fact, danger),
        )
        touches = {
            (WishKind.PAPER, offer.paper),
            (WishKind.OFFICE, offer.office.value),
            (WishKind.COUNTRY, spot.country),
        }
        return Road(action, frozenset(touches), self._ban_bars() if offer.needs_no_exit_ban else ())

    def _ban_bars(self) -> tuple[tuple[Reason, int], ...]:
        statuses = (Status.EXIT_BAN, Status.SUMMONS_IN_REGISTER)
        found = (self.borders.bar(member, status) for member in self.members for status in statuses)
        return tuple(dict.fromkeys((reason, ALWAYS_FIRST) for reason in found if reason is not None))

    def _haven(self, fact: Fact[Protection], number: int) -> Road | tuple[Reason, ...]:
        haven, spot = fact.value, self.spots[number]
        window = self.book.permission(fact)
        danger = self.dangers.of(HazardSubject.RESIDUAL, fact.id, spot.id, spot.country)
        if isinstance(window, Reason):
            return (window,)
        if isinstance(danger, UnknownDanger):
            return (_unknown(danger),)
        share = haven.share_positive
        time = _whole(lambda world: ticks(days=read(haven.days, world)))
        action = Action(
            id=fact.id,
            kind=StepKind.PROTECTION,
            origin=number,
            target=SAFE,
            first_day=window.first,
            last_day=window.last,
            requires=tuple(self.borders.masks(haven.needs) for _ in self.members),
            before=time,
            ticks=time,
            price=self._figures(fact, haven.euros, len(self.members)),
            danger=danger,
            refusal=Range(1 - share.high, 1 - share.point, 1 - share.low) if share else None,
            rank=haven.what.rank,
            stay_needed=False,
            lawful_days=up(haven.days.high) if haven.what.rank == VISITOR_RANK else 0,
            facts=(fact.id, *danger.facts),
            fragile=_fragile(fact, danger),
        )
        return Road(action, frozenset({(WishKind.COUNTRY, spot.country)}), ())


def _fragile(fact: Fact[Value], danger: Danger) -> tuple[Reason, ...]:
    marks = [Reason("judged_danger", (("fact", id_),)) for id_ in danger.judged]
    if fact.is_judgement:
        marks.append(Reason("judged_fact", (("fact", fact.id),)))
    return tuple(marks)


def _whole(figure: Callable[[World], int]) -> tuple[int, int, int]:
    return figure(World.OPTIMISTIC), figure(World.POINT), figure(World.PESSIMISTIC)


def _unknown(danger: UnknownDanger) -> Reason:
    return Reason(
        "danger_unknown",
        (("subject", danger.subject.value), ("scope", danger.scope), ("profile", danger.profile.value)),
    )
