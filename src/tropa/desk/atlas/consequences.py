"""What going from one state of the atlas to another means for plans: the names to look for among their tags.

Kept true: whatever could be walked before and cannot now is closed; a new prohibition closes for every plan through its
country (of a paper: with that paper). What only says something else that a plan's danger, ways or deadlines rest on is
changed. Costs of living, incidents by themselves and a mere review shake nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from tropa.atlas import (
    Atlas,
    Effect,
    EntryRule,
    ExitCheck,
    Fact,
    Kind,
    Obtain,
    PaperRefusal,
    PartialDate,
    Review,
    StayRule,
    Value,
)
from tropa.desk.plans.fact_tags import country_name, paper_name
from tropa.desk.plans.shaken import Groups

WEIGHTY = frozenset(
    {
        Kind.COUNTRY,
        Kind.PAPER,
        Kind.LEG,
        Kind.EXIT_CHECK,
        Kind.ENTRY_RULE,
        Kind.STAY_RULE,
        Kind.PAPER_REFUSAL,
        Kind.OBTAIN,
        Kind.PROTECTION,
        Kind.HAZARD,
        Kind.CLOCK,
        Kind.PROVISION,
    }
)
"""Kinds whose wording a plan's safety rests on."""


@dataclass(frozen=True, slots=True)
class Consequences:
    """Groups of names: a plan that rests on all names of one is meant."""

    closed: Groups
    changed: Groups


def consequences(before: Atlas, after: Atlas, on: date) -> Consequences:
    """What plans made before have to be looked for."""
    closed = frozenset(_closed(before, after, on))
    return Consequences(closed, frozenset(_changed(before, after)) - closed)


def _closed(before: Atlas, after: Atlas, on: date) -> Iterator[frozenset[str]]:
    for fact in before.facts.values():
        if fact.effect is Effect.PERMISSION and before.usable(fact, on):
            now = after.facts.get(fact.id)
            if now is None or now.effect is not Effect.PERMISSION or not after.usable(now, on):
                yield frozenset({fact.id})
    for hazard in set(after.doubts.refuted) - set(before.doubts.refuted):
        yield frozenset({hazard})
    for fact in after.facts.values():
        if fact.effect is Effect.PROHIBITION and before.facts.get(fact.id) is not fact:
            old = before.facts.get(fact.id)
            if old is None or _said(old) != _said(fact):
                yield from forbidden(fact)


def forbidden(fact: Fact[Value]) -> Iterator[frozenset[str]]:
    """Whom a new or reworded prohibition stops. A stop closes permissions, which are found by themselves."""
    match fact.value:
        case EntryRule(country=country) | ExitCheck(country=country) | StayRule(country=country):
            yield frozenset({country_name(country)})
        case PaperRefusal(country=country, paper=paper):
            yield frozenset({country_name(country), paper_name(paper)})
        case Obtain(paper=paper):
            yield frozenset({paper_name(paper)})
        case _:
            return


def _changed(before: Atlas, after: Atlas) -> Iterator[frozenset[str]]:
    for fact in before.facts.values():
        now = after.facts.get(fact.id)
        if now is not fact and fact.kind in WEIGHTY and (now is None or _said(now) != _said(fact)):
            yield frozenset({fact.id})
    for hazard in set(after.doubts.doubted) - set(before.doubts.doubted):
        yield frozenset({hazard})


def _said(fact: Fact[Value]) -> Fact[Value]:
    """The fact without who looked at it and when, and on what it rests."""
    return replace(
        fact,
        sources=(),
        as_of=_NO_DAY,
        review_by=date.min,
        owner="",
        review=Review.REVIEWED,
        note=None,
        recorded=None,
    )


_NO_DAY = PartialDate(date.min, date.min, "")
