"""Turns what a class could do into one party's safety graph: wishes, papers, deadline and setting applied.

Kept true: preferences are compiled away (what a wish forbids does not exist in the graph), and every action that
does not make it into the graph is counted under the reasons that closed it. An action that asks for papers which
nobody in the party has or can obtain is left out too, so that the search never walks towards a door that cannot open.
All of it is done on columns, a whole world at a time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tropa.planning.borders import passed_days
from tropa.planning.columns import CLOSES, DEPARTS, GAINS, OPENS, RANK, TARGET
from tropa.planning.compiled import LEG, OFFICES, Compiled
from tropa.planning.compiling import Compilations
from tropa.planning.graph import ALWAYS_LAST, SAFE, Closures, SafetyGraph
from tropa.planning.groundwork import MODES
from tropa.planning.needs import Needs
from tropa.planning.person import PersonFacts, WishKind, WishVerdict
from tropa.planning.plan import Reason
from tropa.planning.setting import Setting
from tropa.planning.starting import HeldDates, held_dates, start_state
from tropa.planning.stays import HORIZON_DAYS
from tropa.planning.timetables import waits_worth_trying

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


def build(compilations: Compilations, person: PersonFacts, on: date, setting: Setting) -> SafetyGraph:
    """The graph of one party in one setting."""
    compiled = compilations.of(person, on, confirmed=setting.confirmed)
    return _Builder(compiled, person, setting).build()


def for_party(graph: SafetyGraph, person: PersonFacts, needs: Needs, shut: Flags) -> SafetyGraph:
    """The same acts for another party of the same class, with the same papers and the same wishes but for what only
    closes acts (`shut`; those stay in the graph): its start, dates and limits. `needs`: of the graph."""
    compiled, least = graph.compiled, person.least_haven
    papers = {id_: number for number, id_ in enumerate(compiled.paper_ids)}
    dates = held_dates(person.members, papers, compiled.on)
    later = bool(graph.events) or any(first > 0 for held in dates for _, first, _ in held)
    party = replace(
        graph,
        person=person,
        start=None,
        start_country=compiled.atlas.places[person.place].value.country,
        held_dates=dates,
        shiftable=_shiftable(compiled, person),
        deadline_day=_deadline_day(compiled, person, graph.setting),
        events=_events(compiled, graph.numbers[~shut], dates) if later else (),
        fragile_start=(),
        valid_cache={},
    )
    pins = [wish for wish in person.wishes if wish.verdict is WishVerdict.PIN]
    begun = start_state(party, compiled.borders, pins)
    made = replace(begun, needs=needs.of(begun))
    made.same_acts_as(graph, least.rank if least else 0)
    return made


def touched(compiled: Compiled, wishes: Collection[tuple[WishKind, str]]) -> Flags:
    """The acts that wishes, each a kind and what it is about, would close."""
    shut = np.zeros(len(compiled.columns.origins), np.bool_)
    for kind, about in wishes:
        shut |= _touched(compiled, kind, about)
    return shut


def _touched(compiled: Compiled, kind: WishKind, about: str) -> Flags:
    """The acts a wish is about."""
    touched = np.zeros(len(compiled.columns.origins), np.bool_)
    match kind:
        case WishKind.COUNTRY:
            return np.asarray(compiled.about == compiled.countries.get(about, -1))
        case WishKind.LEG:
            touched[compiled.by_id.get(about, [])] = True
            return np.asarray(touched & (compiled.source == LEG))
        case WishKind.MODE:
            return np.asarray(compiled.mode == [mode.value for mode in MODES].index(about))
        case WishKind.PAPER:
            return np.asarray(compiled.columns.acts[:, GAINS] == compiled.paper_ids.index(about))
        case WishKind.OFFICE:
            return np.asarray(compiled.office == [office.value for office in OFFICES].index(about))


def _shiftable(compiled: Compiled, person: PersonFacts) -> bool:
    zones = {compiled.atlas.countries[stay.country].value.zone for stay in person.past_stays}
    return not zones & compiled.least_days.keys()


def _deadline_day(compiled: Compiled, person: PersonFacts, setting: Setting) -> int:
    return (
        passed_days(compiled.on, person.deadline) if person.deadline and not setting.any_day else ALWAYS_LAST
    )


class _Builder:
    def __init__(self, compiled: Compiled, person: PersonFacts, setting: Setting) -> None:
        self.compiled, self.person, self.setting = compiled, person, setting
        self.start_country = compiled.atlas.places[person.place].value.country
        self.wishes = [wish for wish in person.wishes if wish not in setting.waived]
        self.pins = [wish for wish in self.wishes if wish.verdict is WishVerdict.PIN]
        self.never = sorted({(w.kind, w.about) for w in self.wishes if w.verdict is WishVerdict.NEVER})
        self.wanted = {w.about for w in self.wishes if w.verdict is not WishVerdict.NEVER}
        least = person.least_haven
        self.least_rank = least.rank if least and not setting.any_haven else 0
        self.closed: Counter[Reason] = Counter()
        papers = {id_: number for number, id_ in enumerate(compiled.paper_ids)}
        self.dates = held_dates(person.members, papers, compiled.on)
        self.given = sum(1 << papers[paper] for paper in setting.given_papers)
        acts = compiled.columns.acts
        self.origin, self.target = compiled.columns.origins, acts[:, TARGET]
        self.last = acts[:, CLOSES].copy()

    def build(self) -> SafetyGraph:
        compiled, person = self.compiled, self.person
        numbers = np.flatnonzero(self._within_reach(self._open()))
        graph = SafetyGraph(
            person=person,
            setting=self.setting,
            compiled=compiled,
            numbers=numbers,
            last_days=self.last[numbers],
            pins=self._pins()[numbers],
            aligned=self._aligned(numbers),
            start=None,
            needs=np.zeros((0, 1, 2), np.int64),
            start_country=self.start_country,
            goal=(1 << len(self.pins)) - 1,
            pin_count=len(self.pins),
            held_dates=self.dates,
            tracked_zones=frozenset(compiled.least_days),
            shiftable=_shiftable(compiled, person),
            deadline_day=_deadline_day(compiled, person, self.setting),
            events=_events(compiled, numbers, self.dates),
            closures=Closures(Counter(compiled.closed) + self.closed),
            fragile_start=(),
        )
        begun = start_state(graph, compiled.borders, self.pins)
        return replace(begun, needs=Needs(begun).of(begun))

    def _open(self) -> Flags:
        """The acts no wish, bar or least end state closes; what closes an act is counted under every reason."""
        compiled = self.compiled
        home_wanted = bool({compiled.roads.members[0].citizenship} & self.wanted)
        home_start = self.start_country == compiled.roads.members[0].citizenship
        there = np.ones(len(self.origin), np.bool_)
        if not home_start and not home_wanted:
            there &= ~compiled.home[self.origin]
        open_ = there.copy()
        for kind, about in self.never:
            touched = _touched(self.compiled, kind, about)
            self._close(
                open_, touched & there, Reason("wish_never", (("wish", kind.value), ("about", about)))
            )
        if not home_wanted:
            returns = (compiled.source == LEG) & ~compiled.home[self.origin]
            returns &= np.where(self.target == SAFE, False, compiled.home[self.target])
            home = compiled.roads.members[0].citizenship
            self._close(open_, returns & there, Reason("home_return", (("country", home),)))
        self._bars(open_, there)
        for left_out in self.setting.without:
            open_[compiled.by_id.get(left_out, [])] = False
        ranks = compiled.columns.acts[:, RANK]
        low = (ranks > 0) & (ranks < self.least_rank) & there
        for row in np.flatnonzero(low).tolist():
            self.closed[Reason("haven_rank", (("haven", compiled.rank_reason(row)),))] += 1
        return np.asarray(open_ & ~low)

    def _close(self, open_: Flags, chosen: Flags, reason: Reason) -> None:
        count = int(chosen.sum())
        if count:
            self.closed[reason] += count
            open_ &= ~chosen

    def _bars(self, open_: Flags, there: Flags) -> None:
        for number, bars in enumerate(self.compiled.bar_lists):
            chosen = (self.compiled.bars == number) & there
            for reason, first in bars:
                if self._waived(reason):
                    continue
                self.last[chosen] = np.minimum(self.last[chosen], first - 1)
                if first <= 0:
                    self._close(open_, chosen, reason)

    def _waived(self, reason: Reason) -> bool:
        if reason.code == "status_unknown":
            return self.setting.no_bars or self.setting.lifted
        return reason.code == "status_bars" and self.setting.lifted

    def _aligned(self, numbers: Ints) -> Ints:
        columns = self.compiled.columns
        return waits_worth_trying(
            len(self.compiled.spots),
            self.origin[numbers],
            self.target[numbers],
            columns.timed[self.setting.world, numbers, 1],
            columns.acts[numbers, DEPARTS],
        )

    def _pins(self) -> Ints:
        pins = np.zeros(len(self.origin), np.int64)
        for number, wish in enumerate(self.pins[:62]):
            pins[_touched(self.compiled, wish.kind, wish.about)] |= 1 << number
        return pins

    # --- papers -----------------------------------------------------------------------------------------------------

    def _within_reach(self, open_: Flags) -> Flags:
        """The acts whose papers each member has, will have, or may obtain by other such acts."""
        columns, shared = self.compiled.columns, self.compiled.shared
        reach = self._reach(open_)
        met = [shared.met(shown)[columns.requires[:, n]] for n, shown in enumerate(reach)]
        let_in = [shared.let_in(shown)[columns.admits[:, n]] for n, shown in enumerate(reach)]
        possible = np.where(
            columns.acts[:, GAINS] >= 0, np.any(met, axis=0), np.all(met, axis=0) & np.all(let_in, axis=0)
        )
        out_of_reach = int((open_ & ~possible).sum())
        if out_of_reach:
            self.closed[Reason("papers_out_of_reach")] += out_of_reach
        return np.asarray(open_ & possible)

    def _reach(self, open_: Flags) -> list[int]:
        columns, shared = self.compiled.columns, self.compiled.shared
        reach = [self._held(member) for member in range(len(self.dates))]
        rows = np.flatnonzero(open_ & (columns.acts[:, GAINS] >= 0))
        asked = columns.requires[rows].tolist()
        gained = columns.acts[rows, GAINS].tolist()
        offers = {(tuple(lists), gains) for lists, gains in zip(asked, gained, strict=True)}
        grown = True
        while grown:
            grown = False
            met = [shared.met(shown) for shown in reach]
            for lists, gains in offers:
                for member, which in enumerate(lists):
                    if met[member][which] and not reach[member] >> gains & 1:
                        reach[member] |= 1 << gains
                        grown = True
        return reach

    def _held(self, member: int) -> int:
        mask = self.given
        for bit, _, _ in self.dates[member]:
            mask |= bit
        return mask


def _events(compiled: Compiled, numbers: Ints, dates: Sequence[HeldDates]) -> tuple[int, ...]:
    """Later days on which a rule or a paper in hand begins to open anything."""
    columns, ways = compiled.columns, compiled.shared.ways
    opens = set(np.unique(columns.acts[numbers, OPENS]).tolist())
    for which in np.unique(columns.admits[numbers]).tolist():
        if which >= 0:
            opens |= set(ways.rows[ways.first[which] : ways.first[which + 1], 3].tolist())
    opens |= {first for held in dates for _, first, _ in held}
    return tuple(sorted(day for day in opens if 0 < day <= HORIZON_DAYS))
