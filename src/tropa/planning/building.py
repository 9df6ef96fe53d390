"""Turns what a class could do into one party's safety graph: wishes, papers, deadline and setting applied.

Kept true: preferences are compiled away (what a wish forbids does not exist in the graph), and every action that
does not make it into the graph is counted under the reasons that closed it. An action that asks for papers which
nobody in the party has or can obtain is left out too, so that the search never walks towards a door that cannot open.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from tropa.atlas import Protection
from tropa.planning.borders import passed_days
from tropa.planning.compiling import Compilations, Compiled, Road
from tropa.planning.graph import ALWAYS_LAST, Action, Closures, SafetyGraph, satisfied
from tropa.planning.person import PersonFacts, WishVerdict
from tropa.planning.plan import Reason, StepKind
from tropa.planning.setting import Setting
from tropa.planning.starting import HeldDates, held_dates, start_state
from tropa.planning.stays import HORIZON_DAYS, NO_LIMIT, last_lawful_day
from tropa.planning.units import day_of

LEGS_IN_ZONE = 4


def build(compilations: Compilations, person: PersonFacts, on: date, setting: Setting) -> SafetyGraph:
    """The graph of one party in one setting."""
    compiled = compilations.of(person, on, confirmed=setting.confirmed)
    return _Builder(compiled, person, setting).build()


class _Builder:
    def __init__(self, compiled: Compiled, person: PersonFacts, setting: Setting) -> None:
        self.compiled, self.person, self.setting = compiled, person, setting
        self.start_country = compiled.atlas.places[person.place].value.country
        self.wishes = [wish for wish in person.wishes if wish not in setting.waived]
        self.pins = [wish for wish in self.wishes if wish.verdict is WishVerdict.PIN]
        self.never = {(w.kind, w.about) for w in self.wishes if w.verdict is WishVerdict.NEVER}
        self.wanted = {w.about for w in self.wishes if w.verdict is not WishVerdict.NEVER}
        least = person.least_haven
        self.least_rank = least.rank if least and not setting.any_haven else 0
        self.closures = Closures()
        papers = {id_: number for number, id_ in enumerate(compiled.paper_ids)}
        self.dates = held_dates(person.members, papers, compiled.on)
        self.given = sum(1 << papers[paper] for paper in setting.given_papers)

    def build(self) -> SafetyGraph:
        compiled, person = self.compiled, self.person
        for key, reasons in compiled.closed:
            self.closures.add(key, *reasons)
        opened = [(n, action) for n, road in enumerate(compiled.roads) for action in self._open(road)]
        kept = self._within_reach(opened)
        kept.sort(key=lambda numbered: (numbered[1].origin, numbered[0]))
        found = tuple(action for _, action in kept)
        limited = person.deadline is not None and not self.setting.any_day
        graph = SafetyGraph(
            atlas=compiled.atlas,
            person=person,
            on=compiled.on,
            setting=self.setting,
            spots=compiled.spots,
            actions=found,
            columns=compiled.columns,
            numbers=np.array([number for number, _ in kept], np.int64),
            start=None,
            start_country=self.start_country,
            goal=(1 << len(self.pins)) - 1,
            paper_ids=compiled.paper_ids,
            pin_count=len(self.pins),
            held_dates=self.dates,
            tracked_zones=frozenset(compiled.least_days),
            least_days=compiled.least_days,
            shiftable=compiled.shiftable,
            longest_need={},
            deadline_day=passed_days(compiled.on, person.deadline)
            if person.deadline and limited
            else ALWAYS_LAST,
            events=_events(found, self.dates),
            considered=compiled.considered,
            closures=self.closures,
            fragile_start=(),
            valid_cache={},
        )
        begun = start_state(graph, compiled.borders, self.pins)
        return replace(begun, longest_need=longest_need(begun))

    def _open(self, road: Road) -> Iterator[Action]:
        """The action of a road with its pins, unless a wish, a bar or the least end state closes it."""
        if self._behind(road.action):
            return
        reasons = [*self._wish_reasons(road)]
        last = road.action.last_day
        for reason, first in road.bars:
            if not self._waived(reason):
                last = min(last, first - 1)
                if first <= 0:
                    reasons.append(reason)
        if 0 < road.action.rank < self.least_rank:
            haven = self.compiled.atlas.fact(road.action.id).value
            assert isinstance(haven, Protection)
            reasons.append(Reason("haven_rank", (("haven", haven.what.value),)))
        if reasons:
            self.closures.add(road.key, *reasons)
            return
        pins = sum(1 << n for n, wish in enumerate(self.pins) if (wish.kind, wish.about) in road.touches)
        changed = pins or last != road.action.last_day
        yield replace(road.action, pins=pins, last_day=last) if changed else road.action

    def _behind(self, action: Action) -> bool:
        """Whether the action begins in the home country while the party is abroad and does not wish to go back."""
        spot = self.compiled.spots[action.origin]
        return spot.home and spot.country != self.start_country and spot.country not in self.wanted

    def _wish_reasons(self, road: Road) -> Iterator[Reason]:
        for kind, about in sorted(road.touches & self.never):
            yield Reason("wish_never", (("wish", kind.value), ("about", about)))
        if road.action.kind is StepKind.LEG:
            spots = self.compiled.spots
            target = spots[road.action.target]
            if target.home and not spots[road.action.origin].home and target.country not in self.wanted:
                yield Reason("home_return", (("country", target.country),))

    def _waived(self, reason: Reason) -> bool:
        if reason.code == "status_unknown":
            return self.setting.no_bars or self.setting.lifted
        return reason.code == "status_bars" and self.setting.lifted

    def _within_reach(self, numbered: list[tuple[int, Action]]) -> list[tuple[int, Action]]:
        """The actions whose papers each member has, will have, or may obtain by other such actions."""
        reach = [self._held(member) for member in range(len(self.dates))]
        offers = [action for _, action in numbered if action.gains >= 0]
        grown = True
        while grown:
            grown = False
            for offer in offers:
                for member, masks in enumerate(offer.requires):
                    if not reach[member] >> offer.gains & 1 and satisfied(masks, reach[member]):
                        reach[member] |= 1 << offer.gains
                        grown = True
        kept = []
        for number, action in numbered:
            if _possible(action, reach):
                kept.append((number, action))
            else:
                self.closures.add(f"{action.id} {action.origin}", Reason("papers_out_of_reach"))
        return kept

    def _held(self, member: int) -> int:
        mask = self.given
        for bit, _, _ in self.dates[member]:
            mask |= bit
        return mask


def _possible(action: Action, reach: Sequence[int]) -> bool:
    """Whether every member may have the papers one day; for an application one member who applies is enough."""
    met = [satisfied(masks, shown) for masks, shown in zip(action.requires, reach, strict=False)]
    if action.gains >= 0:
        return any(met)
    entered = all(
        satisfied([way.papers for way in ways], shown)
        for ways, shown in zip(action.admissions, reach, strict=False)
    )
    return all(met) and entered


def longest_need(graph: SafetyGraph) -> dict[str, int]:
    """For each zone the days that everything a plan can still do there takes: applications, four legs, an end state.

    Only applications that fit into a lawful stay count, and as many as a plan may make. Where a party may wait for its
    income, and where something opens on a later day, no such bound holds.
    """
    world, person = graph.setting.world, graph.person
    stays = _longest_stays(graph)
    offices: dict[str, set[int]] = {}
    other: dict[str, int] = {}
    for spot, actions in zip(graph.spots, graph.actions_at, strict=True):
        for action in actions:
            days = day_of(action.ticks[world]) + 1
            if action.kind is StepKind.OBTAIN:
                if days <= stays.get(spot.zone, NO_LIMIT):
                    offices.setdefault(spot.zone, set()).add(days)
                continue
            whole = action.lawful_days if action.kind is StepKind.PROTECTION else LEGS_IN_ZONE * days
            other[spot.zone] = max(other.get(spot.zone, 0), whole)
    need: dict[str, int] = {}
    for spot in graph.spots:
        most = stays.get(spot.zone, NO_LIMIT)
        need[spot.zone] = _longest_chain(offices.get(spot.zone, set()), person.further_papers, most)
        need[spot.zone] += other.get(spot.zone, 0) + 1
    if person.income_euros:
        need[graph.atlas.countries[graph.start_country].value.zone] = NO_LIMIT
    return need


def _longest_stays(graph: SafetyGraph) -> dict[str, int]:
    """For each zone with limits the longest stay any entry can give, none behind it."""
    longest: dict[str, int] = {}
    for actions in graph.actions_at:
        for action in actions:
            zone = graph.spots[action.target].zone
            for way in (way for ways in action.admissions for way in ways):
                days = last_lawful_day(way.limits, 0, (), graph.on) + 1
                longest[zone] = max(longest.get(zone, 0), days)
    if graph.start is not None:
        zone = graph.spots[graph.start.place].zone
        longest[zone] = max(longest.get(zone, 0), graph.start.last + 1)
    return longest


def _longest_chain(lengths: set[int], times: int, most: int) -> int:
    """The longest sum of up to `times` of these lengths that fits into `most` days."""
    sums = {0}
    for _ in range(times):
        sums |= {whole + length for whole in sums for length in lengths if whole + length <= most}
    return max(sums)


def _events(actions: Sequence[Action], dates: Sequence[HeldDates]) -> tuple[int, ...]:
    """Later days on which a rule or a paper in hand begins to open anything."""
    opens = {action.first_day for action in actions}
    opens |= {way.first_day for action in actions for ways in action.admissions for way in ways}
    opens |= {first for held in dates for _, first, _ in held}
    return tuple(sorted(day for day in opens if 0 < day <= HORIZON_DAYS))
