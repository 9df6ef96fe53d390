"""The rules held against an atlas: which of them speak on a day, and why others do not.

Kept true: a rule speaks only while it is in force and every fact it rests on may be used that day. A fact that awaits
review, is overdue or stopped suspends the rule, prohibitions included: what it would say goes to a person. A rule
before its first or after its last day says nothing of that day, and if its condition is met a person is asked, for what
held then is not known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from tropa.atlas import Atlas, Clock, Fact, Review, Standing, Value
from tropa.counsel.interview.book import Book
from tropa.counsel.interview.conditions import clocks_of
from tropa.counsel.interview.days import clocks_in
from tropa.counsel.interview.errors import Fault
from tropa.counsel.interview.model import TERM, Rule

DATED_AWAY = (Standing.NOT_YET_VALID, Standing.NO_LONGER_VALID)


class Force(StrEnum):
    """Whether a rule speaks on a day."""

    SPEAKS = "speaks"
    SUSPENDED = (
        "suspended"  # a fact may not be used: to be reviewed, overdue, stopped, or gone from the atlas
    )
    NOT_IN_FORCE = "not in force"


@dataclass(frozen=True, slots=True)
class RuleForce:
    """Whether a rule speaks, and the facts that keep it from speaking."""

    force: Force
    because: tuple[str, ...] = ()


SPEAKS = RuleForce(Force.SPEAKS)


@dataclass(frozen=True, slots=True)
class LawOfDay:
    """What each rule may say on one day, and the days of the clocks that may be used."""

    day: date
    forces: dict[str, RuleForce]
    clocks: dict[str, int]


@dataclass(slots=True)
class Law:
    """A book over an atlas. Days are worked out once; the last few are kept."""

    book: Book
    atlas: Atlas
    _days: dict[date, LawOfDay] = field(default_factory=dict)

    def on(self, day: date) -> LawOfDay:
        """What the rules may say on a day."""
        found = self._days.get(day)
        if found is None:
            if len(self._days) >= 64:
                self._days.clear()
            found = self._days[day] = LawOfDay(
                day=day,
                forces={rule.id: self._force(rule, day) for rule in self.book.rules},
                clocks={
                    fact.id: fact.value.days for fact in self.atlas.clocks if self.atlas.usable(fact, day)
                },
            )
        return found

    def _force(self, rule: Rule, day: date) -> RuleForce:
        standings = {name: self._standing(name, day) for name in facts_of(rule)}
        gone = tuple(name for name, standing in standings.items() if standing in DATED_AWAY)
        if gone or not rule.in_force(day):
            return RuleForce(Force.NOT_IN_FORCE, gone)
        closed = tuple(name for name, standing in standings.items() if standing is not Standing.USABLE)
        return RuleForce(Force.SUSPENDED, closed) if closed else SPEAKS

    def _standing(self, name: str, day: date) -> Standing | None:
        fact = self.atlas.facts.get(name)
        if fact is None:
            return None
        standing = self.atlas.standing(fact, day)
        return self._confirmed(fact, day) if standing is Standing.USABLE else standing

    def _confirmed(self, fact: Fact[Value], day: date) -> Standing:
        """A prohibition binds plans unreviewed; told to a person as certain it must have been confirmed as well."""
        as_of = self.atlas.reviewed_as_of
        if fact.review is Review.UNVERIFIED and not (as_of is not None and as_of <= day):
            return Standing.UNVERIFIED
        return Standing.REVIEW_OVERDUE if fact.review_by < day else Standing.USABLE

    def dated(self, rule: Rule, day: date) -> bool:
        """Whether a rule is in force on a day by dates alone, its own and those of its facts; reviews apart."""
        known = [self.atlas.facts[name] for name in facts_of(rule) if name in self.atlas.facts]
        return rule.in_force(day) and all(fact.in_force(day) for fact in known)

    def changes_after(self, day: date, within: timedelta) -> tuple[date, ...]:
        """The days on which a rule comes into force or ends, after a day."""
        found: set[date] = set()
        for rule in self.book.rules:
            facts = [self.atlas.facts[name] for name in facts_of(rule) if name in self.atlas.facts]
            for first, last in (
                (rule.first, rule.last),
                *((one.valid_from, one.valid_until) for one in facts),
            ):
                found |= {first} if first else set()
                found |= {last + timedelta(days=1)} if last else set()
        return tuple(sorted(one for one in found if day < one <= day + within))


def facts_of(rule: Rule) -> tuple[str, ...]:
    """Every fact a rule rests on: those it names, and the clocks it counts by."""
    named = dict.fromkeys(rule.rests_on)
    named.update(dict.fromkeys(sorted(clocks_of(rule.when))))
    for dated in rule.dates:
        named.update(dict.fromkeys(sorted(clocks_in(dated.day))))
    return tuple(named)


def faults_of(book: Book, atlas: Atlas) -> Iterator[Fault]:
    """Where rules and atlas do not fit: a fact that does not exist, a clock that is none or is not named among the
    facts, a rule that claims to be in force before a fact it rests on, or after it.
    """
    for rule in book.rules:
        for name in facts_of(rule):
            fact = atlas.facts.get(name)
            if fact is None:
                yield Fault(rule.file, rule.line, f"the atlas has no fact “{name}”")
                continue
            if name not in rule.rests_on:
                yield Fault(rule.file, rule.line, f"counts by “{name}”, which “rests on” does not name")
            yield from _dates_apart(rule, fact)
        for name in {*TERM.findall(rule.text.en), *TERM.findall(rule.text.ru)} - set(rule.rests_on):
            yield Fault(rule.file, rule.line, f"tells the term of “{name}”, which “rests on” does not name")
        counted = clocks_of(rule.when).union(*(clocks_in(dated.day) for dated in rule.dates))
        for name in sorted(counted & set(atlas.facts)):
            if not isinstance(atlas.facts[name].value, Clock):
                yield Fault(rule.file, rule.line, f"“{name}” is no clock")


def _dates_apart(rule: Rule, fact: Fact[Value]) -> Iterator[Fault]:
    first, last = fact.valid_from, fact.valid_until
    if first is not None and (rule.first is None or rule.first < first):
        yield Fault(rule.file, rule.line, f"in force before “{fact.id}”, which begins on {first}")
    if last is not None and (rule.last is None or rule.last > last):
        yield Fault(rule.file, rule.line, f"in force after “{fact.id}”, which ends on {last}")
