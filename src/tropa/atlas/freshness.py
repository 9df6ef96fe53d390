"""How fresh the facts are: what falls due, whose it is, what is closed by age, and how long each kind may rest.

Kept true: what has expired is told apart by what that does: a permission is closed until somebody confirms it, a
prohibition stands and somebody is asked to look.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from tropa.atlas.kinds import Leg, Value
from tropa.atlas.model import Effect, Fact, Review, Standing
from tropa.atlas.terms import Kind, Mode
from tropa.atlas.world import Atlas

WEEK: Final = timedelta(days=7)

REVIEW_DAYS: Final[Mapping[Kind, int]] = {
    Kind.INCIDENT: 14,
    Kind.HAZARD: 14,
    Kind.STOP: 14,
    Kind.LEG: 30,
    Kind.ENTRY_RULE: 30,
    Kind.STAY_RULE: 30,
    Kind.EXIT_CHECK: 30,
    Kind.OBTAIN: 30,
    Kind.PAPER: 30,
    Kind.PAPER_REFUSAL: 30,
    Kind.GAP: 30,
    Kind.ENTRY_CHECK: 30,
    Kind.CONTACT: 30,
    Kind.CROSSING: 14,
    Kind.DECISIONS: 180,
    Kind.PROVISION: 90,
    Kind.CLOCK: 90,
    Kind.PROTECTION: 90,
    Kind.LIVING: 90,
    Kind.TREATY: 180,
    Kind.EXTRADITION: 90,
    Kind.FIGURE: 180,
    Kind.SETTLING: 180,
    Kind.COUNTRY: 180,
    Kind.PLACE: 180,
}
"""Days until a fact of a kind must be looked at again."""

POST_DAYS: Final = 14
"""The same for a leg over a land border: posts close overnight."""


def review_days(fact: Fact[Value]) -> int:
    """Days this fact may rest after somebody has looked at it."""
    if isinstance(fact.value, Leg) and fact.value.crosses_border and fact.value.mode is not Mode.AIR:
        return POST_DAYS
    return REVIEW_DAYS[fact.kind]


@dataclass(frozen=True, slots=True)
class Freshness:
    """The state of review on a day. `closed`: permissions that open nothing, with the reason; `standing`:
    prohibitions past their day, which bind on; `loose`: information past its day, which counts at its worst end.
    """

    on: date
    falling_due: tuple[Fact[Value], ...]
    closed: tuple[tuple[Fact[Value], Standing], ...]
    standing: tuple[Fact[Value], ...]
    loose: tuple[Fact[Value], ...]


def freshness(atlas: Atlas, on: date, *, within: timedelta = WEEK) -> Freshness:
    """What falls due within the time given, and what is overdue, each by day of review, then by id."""
    facts = sorted(atlas.facts.values(), key=lambda fact: (fact.review_by, fact.id))
    overdue = [fact for fact in facts if fact.review_by < on]
    return Freshness(
        on=on,
        falling_due=tuple(fact for fact in facts if on <= fact.review_by <= on + within),
        closed=atlas.closed_permissions(on),
        standing=tuple(fact for fact in overdue if fact.effect is Effect.PROHIBITION),
        loose=tuple(fact for fact in overdue if fact.effect is Effect.INFORMATION),
    )


def due_by_owner(
    atlas: Atlas, on: date, *, within: timedelta = WEEK
) -> Mapping[str, tuple[Fact[Value], ...]]:
    """What is overdue or falls due, by the role that owns it; roles in the order of the alphabet."""
    found: dict[str, list[Fact[Value]]] = defaultdict(list)
    for fact in sorted(atlas.facts.values(), key=lambda fact: (fact.review_by, fact.id)):
        if fact.review_by <= on + within:
            found[fact.owner].append(fact)
    return {owner: tuple(found[owner]) for owner in sorted(found)}


def never_reviewed(atlas: Atlas) -> Iterator[Fact[Value]]:
    """Facts nobody of the organisation has looked at."""
    return (fact for fact in atlas.facts.values() if fact.review is Review.UNVERIFIED)


def resting_on(atlas: Atlas, source_id: str) -> tuple[Fact[Value], ...]:
    """The facts that name a source: what can be reviewed in one go with that text at hand."""
    return tuple(
        fact for fact in atlas.facts.values() if any(source.id == source_id for source in fact.sources)
    )
