"""Compiles an atlas, a person, a day and a setting into a safety graph.

Kept true: preferences are compiled away here (what a wish forbids does not exist in the graph), and every action that
does not make it into the graph is counted under the reasons that closed it. Refused, and named: an action whose danger,
price or duration is not known, whose fact may not be used on that day, or that an exit check or a wish forbids.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tropa.atlas import Atlas, Fact, HazardSubject, Leg, Obtain, PlaceKind, Protection, Range, Status
from tropa.planning.borders import OPEN_BORDER, Borders, passed_days
from tropa.planning.dangers import Danger, Dangers, Figures, UnknownDanger, added
from tropa.planning.graph import ALWAYS_LAST, SAFE, Action, Admission, Closures, SafetyGraph, Spot
from tropa.planning.person import Companion, PersonFacts, Wish, WishKind, WishVerdict
from tropa.planning.plan import Reason, StepKind
from tropa.planning.setting import Setting
from tropa.planning.standing import FactBook, Window
from tropa.planning.starting import held_dates, start_state
from tropa.planning.stays import HORIZON_DAYS
from tropa.planning.units import day_of, in_each_world, read, ticks

LEGS_IN_ZONE = 4


def build(atlas: Atlas, person: PersonFacts, on: date, setting: Setting) -> SafetyGraph:
    """The graph of one party; `start` is None if the place of the person is not usable at all."""
    return _Builder(atlas, person, on, setting).build()


class _Builder:
    def __init__(self, atlas: Atlas, person: PersonFacts, on: date, setting: Setting) -> None:
        self.atlas, self.person, self.on, self.setting = atlas, person, on, setting
        self.book = FactBook(atlas, on, setting.confirmed)
        self.members = person.members
        self.paper_ids = tuple(atlas.papers)
        self.papers = {id_: number for number, id_ in enumerate(self.paper_ids)}
        zone_of = {code: fact.value.zone for code, fact in atlas.countries.items()}
        self.known_zones = frozenset(zone_of[stay.country] for stay in person.past_stays)
        self.borders = Borders(self.book, setting, self.papers, self.known_zones)
        self.dangers = Dangers(atlas, [member.profile for member in self.members], on)
        self.closures = Closures()
        self.place_ids = tuple(atlas.places)
        self.places = {id_: number for number, id_ in enumerate(self.place_ids)}
        self.start_country = atlas.places[person.place].value.country
        self.wishes = [wish for wish in person.wishes if wish not in setting.waived]
        self.pins = [wish for wish in self.wishes if wish.verdict is WishVerdict.PIN]
        self.considered = 0
        self.spots = tuple(self._spot(id_) for id_ in self.place_ids)

    def build(self) -> SafetyGraph:
        actions: list[list[Action]] = [[] for _ in self.spots]
        for action in (*self._legs(), *self._applications(), *self._havens()):
            actions[action.origin].append(action)
        deadline = self.person.deadline
        graph = SafetyGraph(
            atlas=self.atlas,
            person=self.person,
            on=self.on,
            setting=self.setting,
            spots=self.spots,
            actions_at=tuple(tuple(found) for found in actions),
            start=None,
            goal=(1 << len(self.pins)) - 1,
            paper_ids=self.paper_ids,
            pin_count=len(self.pins),
            held_dates=held_dates(self.members, self.papers, self.on),
            tracked_zones=self._tracked_zones(),
            shiftable=not self.known_zones & self._tracked_zones(),
            longest_need=self._longest_need(actions),
            deadline_day=passed_days(self.on, deadline)
            if deadline and not self.setting.any_day
            else ALWAYS_LAST,
            last_event=self._last_event(actions),
            considered=self.considered,
            closures=self.closures,
            fragile_start=(),
            valid_cache={},
        )
        return start_state(graph, self.borders, self.pins)

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
            home=place.country == self.person.citizenship,
            at_start=place.country == self.start_country,
            daily=danger if isinstance(danger, Danger) else None,
            living=self._figures(living, living.value.euros_per_day, len(self.members)) if living else None,
            living_fact=living.id if living else None,
        )

    def _figures(self, fact: Fact, numbers: Range, times: int = 1) -> Figures:  # type: ignore[type-arg]
        """A range in the three worlds; what nobody confirmed in time stands at its pessimistic end."""
        fresh = self.atlas.usable(fact, self.on) or self.setting.confirmed
        current = numbers if fresh else numbers.pessimistic
        return in_each_world(lambda world: read(current, world) * times)

    def _tracked_zones(self) -> frozenset[str]:
        """Zones in which days of an earlier stay count later; the others forget a stay when it ends."""
        return frozenset(
            self.atlas.countries[fact.value.country].value.zone
            for country in self.atlas.countries
            for fact in self.atlas.stay_rules(country)
            if fact.value.counts.value in ("sliding", "calendar_year")
        )

    def _longest_need(self, actions: list[list[Action]]) -> dict[str, int]:
        """For each zone as many applications as may be made, each as long as the longest, and four legs."""
        need: dict[str, int] = {}
        for spot, found in zip(self.spots, actions, strict=True):
            world = self.setting.world
            offices = [action.ticks[world] for action in found if action.kind is StepKind.OBTAIN]
            legs = [action.ticks[world] for action in found if action.kind is StepKind.LEG]
            longest = self.person.further_papers * max(offices, default=0) + LEGS_IN_ZONE * max(legs, default=0)
            need[spot.zone] = max(need.get(spot.zone, 1), day_of(longest) + 2)
        return need

    def _last_event(self, actions: list[list[Action]]) -> int:
        opens = [0]
        for action in (action for found in actions for action in found):
            opens.append(action.first_day)
            opens.extend(way.first_day for ways in action.admissions for way in ways)
        opens.extend(first for dates in held_dates(self.members, self.papers, self.on) for _, first, _ in dates)
        return min(HORIZON_DAYS, max(opens))

    # --- legs -------------------------------------------------------------------------------------------------------

    def _legs(self) -> Iterator[Action]:
        for fact in self.atlas.legs:
            self.considered += 1
            action = self._leg(fact)
            if isinstance(action, Action):
                yield action
            else:
                self.closures.add(fact.id, *action)

    def _leg(self, fact: Fact[Leg]) -> Action | tuple[Reason, ...]:
        leg = fact.value
        origin, target = self.spots[self.places[leg.origin]], self.spots[self.places[leg.target]]
        window = self.book.permission(fact)
        reasons = [*self._leg_wishes(fact, target)]
        if isinstance(window, Reason):
            return (window, *reasons)
        crosses = leg.crosses_border and origin.zone != target.zone
        admissions, last, facts, why = self._crossing(leg, origin, target) if crosses else ((), ALWAYS_LAST, (), ())
        reasons.extend(why)
        danger = self._leg_danger(fact, origin, target, crosses)
        if isinstance(danger, UnknownDanger):
            reasons.append(_unknown(danger))
        if reasons or isinstance(danger, UnknownDanger):
            return tuple(reasons)
        wait = in_each_world(lambda world: ticks(days=read(leg.wait_days, world)))
        whole = in_each_world(
            lambda world: ticks(days=read(leg.wait_days, world), hours=read(leg.hours, world))
        )
        return Action(
            id=fact.id,
            kind=StepKind.LEG,
            origin=self.places[leg.origin],
            target=self.places[leg.target],
            mode=leg.mode.value,
            first_day=window.first,
            last_day=min(window.last, last),
            requires=() if crosses else tuple(self.borders.masks(leg.papers) for _ in self.members),
            admissions=admissions,
            before=(int(wait[0]), int(wait[1]), int(wait[2])),
            ticks=(int(whole[0]), int(whole[1]), int(whole[2])),
            price=self._figures(fact, leg.euros, len(self.members)),
            price_each=(0.0, 0.0, 0.0),
            danger=danger,
            refusal=None,
            gains=-1,
            surrenders=0,
            pins=self._pin_bits(
                (WishKind.LEG, fact.id), (WishKind.MODE, leg.mode.value), (WishKind.COUNTRY, target.country)
            ),
            rank=0,
            new_zone=crosses,
            stay_needed=True,
            facts=(fact.id, *facts, *danger.facts),
            fragile=self._fragile(fact, danger),
        )

    def _leg_wishes(self, fact: Fact[Leg], target: Spot) -> Iterator[Reason]:
        yield from self._never(WishKind.LEG, fact.id)
        yield from self._never(WishKind.MODE, fact.value.mode.value)
        yield from self._never(WishKind.COUNTRY, target.country)
        allowed = {wish.about for wish in self.wishes if wish.verdict is not WishVerdict.NEVER}
        leaves = not self.spots[self.places[fact.value.origin]].home
        if target.home and leaves and target.country not in allowed:
            yield Reason("home_return", (("country", target.country),))

    def _crossing(
        self, leg: Leg, origin: Spot, target: Spot
    ) -> tuple[tuple[tuple[Admission, ...], ...], int, tuple[str, ...], tuple[Reason, ...]]:
        last = ALWAYS_LAST
        admissions: list[tuple[Admission, ...]] = []
        facts: list[str] = []
        reasons: list[Reason] = []
        for member in self.members:
            leaves_until, why, checks = self.borders.exit(origin.country, leg.mode, member)
            last = min(last, leaves_until)
            facts.extend(checks)
            if last < 0:
                reasons.extend(why)
            ways, refused = self._ways_in(leg, target, member)
            admissions.append(ways)
            reasons.extend(refused)
        return tuple(admissions), last, tuple(dict.fromkeys(facts)), tuple(dict.fromkeys(reasons))

    def _ways_in(
        self, leg: Leg, target: Spot, member: Companion
    ) -> tuple[tuple[Admission, ...], tuple[Reason, ...]]:
        if target.country == member.citizenship:
            return (OPEN_BORDER,), ()
        return self.borders.entries(target.country, leg.mode, member.citizenship, leg.papers)

    def _leg_danger(self, fact: Fact[Leg], origin: Spot, target: Spot, crosses: bool) -> Danger | UnknownDanger:
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

    def _applications(self) -> Iterator[Action]:
        closed_programmes = [fact for fact in self.atlas.obtains if not self.book.is_permission(fact)]
        for fact in self.atlas.obtains:
            if self.book.is_permission(fact):
                yield from self._application(fact, closed_programmes)

    def _application(self, fact: Fact[Obtain], closed: list[Fact[Obtain]]) -> Iterator[Action]:
        offer = fact.value
        window = self.book.permission(fact)
        for number, spot in enumerate(self.spots):
            if spot.country not in offer.countries or spot.is_post:
                continue
            self.considered += 1
            reasons = list(self._application_wishes(fact, spot))
            danger = self.dangers.of(HazardSubject.OFFICE, fact.id, spot.id, spot.country)
            if isinstance(danger, UnknownDanger):
                reasons.append(_unknown(danger))
            last = ALWAYS_LAST
            for ended in closed:
                if ended.value.paper == offer.paper and spot.country in ended.value.countries:
                    last = min(last, self.book.prohibited_from(ended) - 1)
                    if last < 0:
                        reasons.append(Reason("programme_closed", (("fact", ended.id),)))
            if isinstance(window, Reason):
                reasons.insert(0, window)
            if reasons or isinstance(danger, UnknownDanger) or isinstance(window, Reason):
                self.closures.add(f"{fact.id} {spot.id}", *reasons)
                continue
            yield self._application_action(fact, number, Window(window.first, min(window.last, last)), danger)

    def _application_wishes(self, fact: Fact[Obtain], spot: Spot) -> Iterator[Reason]:
        yield from self._never(WishKind.COUNTRY, spot.country)
        yield from self._never(WishKind.PAPER, fact.value.paper)
        yield from self._never(WishKind.OFFICE, fact.value.office.value)
        if fact.value.needs_no_exit_ban:
            for member in self.members:
                for status in (Status.EXIT_BAN, Status.SUMMONS_IN_REGISTER):
                    bar = self.borders.bar(member, status)
                    if bar is not None:
                        yield bar

    def _application_action(self, fact: Fact[Obtain], number: int, window: Window, danger: Danger) -> Action:
        offer = fact.value
        time = in_each_world(lambda world: ticks(days=read(offer.days, world)))
        whole = (int(time[0]), int(time[1]), int(time[2]))
        return Action(
            id=fact.id,
            kind=StepKind.OBTAIN,
            origin=number,
            target=number,
            mode="",
            first_day=window.first,
            last_day=window.last,
            requires=tuple(self.borders.masks(offer.requires) for _ in self.members),
            admissions=(),
            before=whole,
            ticks=whole,
            price=(0.0, 0.0, 0.0),
            price_each=self._figures(fact, offer.euros),
            danger=danger,
            refusal=offer.refusal,
            gains=self.papers[offer.paper],
            surrenders=sum(1 << self.papers[paper] for paper in offer.surrenders),
            pins=self._pin_bits((WishKind.PAPER, offer.paper), (WishKind.OFFICE, offer.office.value)),
            rank=0,
            new_zone=False,
            stay_needed=True,
            facts=(fact.id, *danger.facts),
            fragile=self._fragile(fact, danger),
        )

    def _havens(self) -> Iterator[Action]:
        least = self.person.least_haven
        rank = least.rank if least and not self.setting.any_haven else 0
        for fact in self.atlas.protections:
            window = self.book.permission(fact)
            for number, spot in enumerate(self.spots):
                if spot.country != fact.value.country or spot.is_post:
                    continue
                self.considered += 1
                reasons = list(self._never(WishKind.COUNTRY, spot.country))
                if fact.value.what.rank < rank:
                    reasons.append(Reason("haven_rank", (("haven", fact.value.what.value),)))
                danger = self.dangers.of(HazardSubject.RESIDUAL, fact.id, spot.id, spot.country)
                if isinstance(danger, UnknownDanger):
                    reasons.append(_unknown(danger))
                if isinstance(window, Reason):
                    reasons.insert(0, window)
                if reasons or isinstance(danger, UnknownDanger) or isinstance(window, Reason):
                    self.closures.add(f"{fact.id} {spot.id}", *reasons)
                    continue
                yield self._haven(fact, number, window, danger)

    def _haven(self, fact: Fact[Protection], number: int, window: Window, danger: Danger) -> Action:
        haven = fact.value
        time = in_each_world(lambda world: ticks(days=read(haven.days, world)))
        share = haven.share_positive
        return Action(
            id=fact.id,
            kind=StepKind.PROTECTION,
            origin=number,
            target=SAFE,
            mode="",
            first_day=window.first,
            last_day=window.last,
            requires=tuple(self.borders.masks(haven.needs) for _ in self.members),
            admissions=(),
            before=(int(time[0]), int(time[1]), int(time[2])),
            ticks=(int(time[0]), int(time[1]), int(time[2])),
            price=self._figures(fact, haven.euros, len(self.members)),
            price_each=(0.0, 0.0, 0.0),
            danger=danger,
            refusal=Range(1 - share.high, 1 - share.point, 1 - share.low) if share else None,
            gains=-1,
            surrenders=0,
            pins=0,
            rank=haven.what.rank,
            new_zone=False,
            stay_needed=False,
            facts=(fact.id, *danger.facts),
            fragile=self._fragile(fact, danger),
        )

    # --- wishes and marks -------------------------------------------------------------------------------------------

    def _never(self, kind: WishKind, about: str) -> Iterator[Reason]:
        if Wish(kind, about, WishVerdict.NEVER) in self.wishes:
            yield Reason("wish_never", (("wish", kind.value), ("about", about)))

    def _pin_bits(self, *touched: tuple[WishKind, str]) -> int:
        return sum(1 << n for n, wish in enumerate(self.pins) if (wish.kind, wish.about) in touched)

    def _fragile(self, fact: Fact, danger: Danger) -> tuple[Reason, ...]:  # type: ignore[type-arg]
        marks = [Reason("judged_danger", (("fact", id_),)) for id_ in danger.judged]
        if fact.is_judgement:
            marks.append(Reason("judged_fact", (("fact", fact.id),)))
        return tuple(marks)


def _unknown(danger: UnknownDanger) -> Reason:
    return Reason(
        "danger_unknown",
        (("subject", danger.subject.value), ("scope", danger.scope), ("profile", danger.profile.value)),
    )
