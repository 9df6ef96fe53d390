"""Who may leave a country and who may enter one: exit checks, entry rules, refused papers and the stay an entry gives.

Kept true: a prohibition beats every permission, but it never turns a further paper into a harm: whoever holds a refused
passport and an accepted one shows the accepted one. An unknown status stops a person at the exit as a known one does
(fail closed). Entering one's own country needs no rule. A stay rule that may not be used leaves the day of entry only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from tropa.atlas import (
    Answer,
    Atlas,
    EntryRule,
    Fact,
    Mode,
    Range,
    Requirement,
    Status,
    StayKind,
    StayRule,
)
from tropa.planning.graph import ALWAYS_FIRST, ALWAYS_LAST, Admission
from tropa.planning.person import Companion, answer_of
from tropa.planning.plan import Reason
from tropa.planning.standing import FactBook, Window
from tropa.planning.stays import StayLimit, shift_free

OPEN_BORDER = Admission(0, 0, 0, ALWAYS_FIRST, ALWAYS_LAST, (), None, (), ())


class Borders:
    """Answers for one atlas and day; entries are remembered by country, mode, citizenship and leg papers."""

    def __init__(self, book: FactBook, papers: Mapping[str, int], known_zones: frozenset[str]) -> None:
        self._book = book
        self._atlas: Atlas = book.atlas
        self._papers = papers
        self._known_zones = known_zones
        self._travel = sum(
            1 << n for id_, n in papers.items() if self._atlas.papers[id_].value.travel_document
        )
        self._entries: dict[
            tuple[str, Mode, str, Requirement], tuple[tuple[Admission, ...], tuple[Reason, ...]]
        ] = {}

    def carry_over(self, earlier: Borders, changed: frozenset[str]) -> None:
        """Remember what was found for the same papers and zones before one entered these countries otherwise."""
        self._entries = {key: found for key, found in earlier._entries.items() if key[0] not in changed}

    def masks(self, asked: Requirement) -> tuple[int, ...]:
        """A requirement as masks of paper numbers."""
        return tuple(self._mask(alternative) for alternative in asked.alternatives)

    def _mask(self, papers: frozenset[str]) -> int:
        return sum(1 << self._papers[paper] for paper in papers)

    def exit(
        self, country: str, mode: Mode, member: Companion
    ) -> tuple[tuple[tuple[Reason, int], ...], tuple[str, ...]]:
        """What may stop a member from leaving, each with the first day it binds, and the facts looked at."""
        bars: list[tuple[Reason, int]] = []
        facts: list[str] = []
        for fact in self._atlas.exit_checks(country):
            if fact.value.modes and mode not in fact.value.modes:
                continue
            facts.append(fact.id)
            for status in fact.value.stops:
                reason = self.bar(member, status)
                if reason is not None:
                    bars.append((reason, self._book.prohibited_from(fact)))
        return tuple(bars), tuple(facts)

    def bar(self, member: Companion, status: Status) -> Reason | None:
        """The reason a status bars this member, or None if it is known not to hold."""
        answer = answer_of(member, status)
        if answer is Answer.NO:
            return None
        code = "status_bars" if answer is Answer.YES else "status_unknown"
        return Reason(code, (("status", status.value),))

    def entries(
        self, country: str, mode: Mode, citizenship: str, asked: Requirement
    ) -> tuple[tuple[Admission, ...], tuple[Reason, ...]]:
        """Every way a citizen is let in by this mode with the leg's own papers on top; if none, the reasons."""
        key = (country, mode, citizenship, asked)
        if key not in self._entries:
            self._entries[key] = self._find_entries(country, mode, citizenship, asked)
        return self._entries[key]

    def _find_entries(
        self, country: str, mode: Mode, citizenship: str, asked: Requirement
    ) -> tuple[tuple[Admission, ...], tuple[Reason, ...]]:
        rules = [
            fact
            for fact in self._atlas.entry_rules(country)
            if fact.value.citizenship == citizenship and (not fact.value.modes or mode in fact.value.modes)
        ]
        found: list[Admission] = []
        reasons: list[Reason] = []
        for fact in rules:
            if not self._book.is_permission(fact):
                continue
            window = self._book.permission(fact)
            if isinstance(window, Reason):
                reasons.append(window)
                continue
            found.extend(self._admissions(fact, window, rules, asked))
        if found:
            return tuple(found), ()
        return (), tuple(reasons) or (Reason("entry_closed", (("country", country),)),)

    def _admissions(
        self, rule: Fact[EntryRule], window: Window, rules: list[Fact[EntryRule]], asked: Requirement
    ) -> Iterator[Admission]:
        for shown in rule.value.papers.alternatives:
            for on_top in asked.alternatives:
                papers = shown | on_top
                last = min(window.last, self._refused_from(rule.value.country, papers, rules) - 1)
                true_limits, stay_facts, stay = self._limits(rule.value.country, papers)
                limits = true_limits if self._zone_known(rule.value.country) else shift_free(true_limits)
                first, last = max(window.first, stay.first), min(last, stay.last)
                if last < max(first, 0):
                    continue
                mask = self._mask(papers)
                yield Admission(
                    papers=mask,
                    travel=mask & self._travel,
                    passport_days=rule.value.passport_days or 0,
                    first_day=first,
                    last_day=last,
                    limits=limits,
                    turned_back=self._current(rule, rule.value.turned_back),
                    facts=(rule.id,),
                    stay_facts=stay_facts,
                )

    def _zone_known(self, country: str) -> bool:
        """Whether the party has stays of its own behind it there, which stand on fixed days of the calendar."""
        return self._atlas.countries[country].value.zone in self._known_zones

    def _refused_from(self, country: str, papers: frozenset[str], rules: list[Fact[EntryRule]]) -> int:
        days = [ALWAYS_LAST + 1]
        days.extend(
            self._book.prohibited_from(rule)
            for rule in rules
            if not self._book.is_permission(rule) and rule.value.papers.met_by(papers)
        )
        days.extend(
            self._book.prohibited_from(refusal)
            for refusal in self._atlas.refusals(country)
            if refusal.value.paper in papers
        )
        return min(days)

    def _limits(
        self, country: str, papers: frozenset[str]
    ) -> tuple[tuple[StayLimit, ...], tuple[str, ...], Window]:
        limits: list[StayLimit] = []
        facts: list[str] = []
        first, last = ALWAYS_FIRST, ALWAYS_LAST
        for fact in self._atlas.stay_rules(country):
            if not fact.value.papers.met_by(papers):
                continue
            window = self._book.permission(fact)
            facts.append(fact.id)
            if isinstance(window, Reason):
                limits.append(StayLimit(StayKind.NOT_RECORDED, 0, 0, fact.id))
                continue
            limits.append(_limit(fact))
            first, last = max(first, window.first), min(last, window.last)
        return tuple(limits), tuple(facts), Window(first, last)

    def limits_for(self, country: str, held: frozenset[str]) -> tuple[StayLimit, ...]:
        """The rules that bind somebody who is in a country already and entered on papers they hold."""
        return self._limits(country, held)[0]

    def _current(self, fact: Fact[EntryRule], numbers: Range | None) -> Range | None:
        if numbers is None or self._atlas.usable(fact, self._book.on) or self._book.confirmed:
            return numbers
        return numbers.pessimistic


def _limit(fact: Fact[StayRule]) -> StayLimit:
    rule = fact.value
    if rule.counts in (StayKind.NOT_LIMITED, StayKind.NOT_RECORDED) or rule.days is None:
        counts = StayKind.NOT_LIMITED if rule.counts is StayKind.NOT_LIMITED else StayKind.NOT_RECORDED
        return StayLimit(counts, 0, 0, fact.id)
    return StayLimit(rule.counts, rule.days, rule.window or 0, fact.id)


def passed_days(on: date, day: date) -> int:
    """A calendar day counted from the day of planning."""
    return (day - on).days
