"""One action of a class of people at a time: what the atlas says of a leg, an application or an end state.

Kept true: an action whose danger, price or duration is not known, or whose fact may not be used on that day, is closed,
with every reason; what a status bars is kept apart, because "what if it did not hold" must be answerable. `compiling`
works the same figures out for all actions at once; the tests hold the two against each other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from tropa.atlas import (
    Atlas,
    Fact,
    HazardSubject,
    Leg,
    Mode,
    Obtain,
    PlaceKind,
    Protection,
    Range,
    Requirement,
    Status,
    StayKind,
    Value,
)
from tropa.planning.borders import OPEN_BORDER, Borders
from tropa.planning.carrying import Changes
from tropa.planning.dangers import Danger, Dangers, Figures, UnknownDanger, added
from tropa.planning.graph import ALWAYS_FIRST, SAFE, Action, Admission, Spot
from tropa.planning.person import Companion
from tropa.planning.plan import Reason, StepKind
from tropa.planning.standing import FactBook
from tropa.planning.timetables import boarding, hours_into_quarter
from tropa.planning.units import World, in_each_world, read, ticks, up

VISITOR_RANK = 1
_OPEN = (OPEN_BORDER,)

Bars = tuple[tuple[Reason, int], ...]
"""What may stop somebody, each with the first day it binds."""


@dataclass(frozen=True, slots=True)
class Road:
    """An action as far as a class is concerned, and what bars it from which day on."""

    action: Action
    bars: Bars


class Roads:
    """Makes the actions of one class on one day."""

    def __init__(
        self,
        atlas: Atlas,
        members: tuple[Companion, ...],
        zones: frozenset[str],
        on: date,
        confirmed: bool,
        *,
        after: tuple[Roads, Changes] | None = None,
    ) -> None:
        self.atlas, self.members, self.on, self.confirmed = atlas, members, on, confirmed
        self.book = FactBook(atlas, on, confirmed)
        self.paper_ids = tuple(atlas.papers)
        self.papers = {id_: number for number, id_ in enumerate(self.paper_ids)}
        self.borders = Borders(self.book, self.papers, zones)
        self.dangers = Dangers(atlas, [member.profile for member in members], on)
        if after is not None:
            earlier, changes = after
            self.dangers.carry_over(earlier.dangers, changes.hazards)
            if changes.borders is not None and earlier.paper_ids == self.paper_ids:
                self.borders.carry_over(earlier.borders, changes.borders)
        self.places = {id_: number for number, id_ in enumerate(atlas.places)}
        self.spots = tuple(self._spot(id_) for id_ in atlas.places)
        self.ended = [fact for fact in atlas.obtains if not self.book.is_permission(fact)]

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
            living=self.figures(living, living.value.euros_per_day, len(self.members)) if living else None,
            living_fact=living.id if living else None,
        )

    def figures(self, fact: Fact[Value], numbers: Range, times: int = 1) -> Figures:
        """A range in the three worlds; what nobody confirmed in time stands at its pessimistic end."""
        fresh = self.confirmed or self.atlas.usable(fact, self.on)
        current = numbers if fresh else numbers.pessimistic
        return in_each_world(lambda world: read(current, world) * times)

    def least_days(self) -> dict[str, int]:
        """Zones in which days of an earlier stay count later, with the fewest days a rule of theirs gives."""
        found: dict[str, int] = {}
        for country, fact in self.atlas.countries.items():
            for rule in self.atlas.stay_rules(country):
                if rule.value.counts in (StayKind.SLIDING, StayKind.CALENDAR_YEAR):
                    days = rule.value.days or 0
                    found[fact.value.zone] = min(days, found.get(fact.value.zone, days))
        return found

    # --- legs -------------------------------------------------------------------------------------------------------

    def leg(self, fact: Fact[Leg]) -> Road | tuple[Reason, ...]:
        """The road of a leg, or every reason that closes it."""
        leg = fact.value
        origin, target = self.spots[self.places[leg.origin]], self.spots[self.places[leg.target]]
        window = self.book.permission(fact)
        if isinstance(window, Reason):
            return (window,)
        crosses = leg.crosses_border and origin.zone != target.zone
        ways, refused = self.ways_in(target.country, leg.mode, leg.papers) if crosses else ((), ())
        danger = self._leg_danger(fact, origin, target, crosses)
        if isinstance(danger, UnknownDanger):
            return (*refused, unknown(danger))
        if refused:
            return refused
        bars, checks = self.exit(origin.country, leg.mode) if crosses else ((), ())
        late = hours_into_quarter(leg.departures)
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
            ticks=_whole(
                lambda world: ticks(days=read(leg.wait_days, world), hours=read(leg.hours, world) + late)
            ),
            departs=boarding(leg.departures, self.on),
            price=self.figures(fact, leg.euros, len(self.members)),
            danger=danger,
            new_zone=crosses,
            stay_needed=True,
            facts=(fact.id, *checks, *danger.facts),
            fragile=_fragile(fact, danger),
        )
        return Road(action, bars)

    def exit(self, country: str, mode: Mode) -> tuple[Bars, tuple[str, ...]]:
        """What may stop somebody of the party from leaving, and the facts looked at."""
        bars: dict[tuple[Reason, int], None] = {}
        checks: dict[str, None] = {}
        for member in self.members:
            found, facts = self.borders.exit(country, mode, member)
            bars.update(dict.fromkeys(found))
            checks.update(dict.fromkeys(facts))
        return tuple(bars), tuple(checks)

    def ways_in(
        self, country: str, mode: Mode, papers: Requirement
    ) -> tuple[tuple[tuple[Admission, ...], ...], tuple[Reason, ...]]:
        """For each member every way to be let in with a leg's own papers on top, or why somebody never is."""
        found: list[tuple[Admission, ...]] = []
        for member in self.members:
            if country == member.citizenship:
                found.append(_OPEN)
                continue
            ways, refused = self.borders.entries(country, mode, member.citizenship, papers)
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

    def application(self, fact: Fact[Obtain], number: int) -> Road | tuple[Reason, ...]:
        """The road of an application at a place, or what closes it."""
        offer, spot = fact.value, self.spots[number]
        window = self.book.permission(fact)
        danger = self.dangers.of(HazardSubject.OFFICE, fact.id, spot.id, spot.country)
        if isinstance(window, Reason):
            return (window,)
        if isinstance(danger, UnknownDanger):
            return (unknown(danger),)
        last = window.last
        for end in self.ended:
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
            price_each=self.figures(fact, offer.euros),
            danger=danger,
            refusal=offer.refusal,
            gains=self.papers[offer.paper],
            surrenders=sum(1 << self.papers[paper] for paper in offer.surrenders),
            stay_needed=True,
            facts=(fact.id, *danger.facts),
            fragile=_fragile(fact, danger),
        )
        return Road(action, self.ban_bars() if offer.needs_no_exit_ban else ())

    def ban_bars(self) -> Bars:
        """What bars an application that a ban on leaving closes."""
        statuses = (Status.EXIT_BAN, Status.SUMMONS_IN_REGISTER)
        found = (self.borders.bar(member, status) for member in self.members for status in statuses)
        return tuple(dict.fromkeys((reason, ALWAYS_FIRST) for reason in found if reason is not None))

    def haven(self, fact: Fact[Protection], number: int) -> Road | tuple[Reason, ...]:
        """The road to an end state at a place, or what closes it."""
        haven, spot = fact.value, self.spots[number]
        window = self.book.permission(fact)
        danger = self.dangers.of(HazardSubject.RESIDUAL, fact.id, spot.id, spot.country)
        if isinstance(window, Reason):
            return (window,)
        if isinstance(danger, UnknownDanger):
            return (unknown(danger),)
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
            price=self.figures(fact, haven.euros, len(self.members)),
            danger=danger,
            refusal=Range(1 - share.high, 1 - share.point, 1 - share.low) if share else None,
            rank=haven.what.rank,
            stay_needed=False,
            lawful_days=up(haven.days.high) if haven.what.rank == VISITOR_RANK else 0,
            facts=(fact.id, *danger.facts),
            fragile=_fragile(fact, danger),
        )
        return Road(action, ())


def _fragile(fact: Fact[Value], danger: Danger) -> tuple[Reason, ...]:
    marks = [Reason("judged_danger", (("fact", id_),)) for id_ in danger.judged]
    if fact.is_judgement:
        marks.append(Reason("judged_fact", (("fact", fact.id),)))
    return tuple(marks)


def _whole(figure: Callable[[World], int]) -> tuple[int, int, int]:
    return figure(World.OPTIMISTIC), figure(World.POINT), figure(World.PESSIMISTIC)


def unknown(danger: UnknownDanger) -> Reason:
    """The reason that names a gap."""
    return Reason(
        "danger_unknown",
        (("subject", danger.subject.value), ("scope", danger.scope), ("profile", danger.profile.value)),
    )
