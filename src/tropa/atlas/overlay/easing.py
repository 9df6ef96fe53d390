"""Whether a change opens or eases something: then one person is not enough.

Kept true: what cannot be shown to close counts as easing. So a permission may be taken away, ended earlier or stopped
by one person, and every other change of its value takes two; a hazard may be raised by one, at all three ends at once.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import assert_never

from tropa.atlas.basics import Range
from tropa.atlas.kinds import Hazard, Value
from tropa.atlas.model import Effect, Fact, Review
from tropa.atlas.terms import Kind

ABOUT_MONEY_OR_WORDS = frozenset(
    {Kind.LIVING, Kind.INCIDENT, Kind.CLOCK, Kind.GAP, Kind.FIGURE, Kind.SETTLING}
)
"""Kinds that neither open nor close a way; an incident can only raise doubts."""


def eases(before: Fact[Value] | None, after: Fact[Value] | None) -> bool:
    """Whether going from one version of a fact to the other may open a way or make one look safer. None: no fact."""
    if before is None:
        return after is not None and _opens_by_being_there(after)
    if after is None:
        return _closes_by_being_there(before)
    if (before.kind, before.effect) != (after.kind, after.effect):
        return eases(before, None) or eases(None, after)
    if _told(before) == _told(after):
        return _dates_ease(before, after)
    match after.effect:
        case Effect.PERMISSION:
            return True
        case Effect.PROHIBITION:
            return after.kind is not Kind.STOP
        case Effect.INFORMATION:
            return _information_eases(before.value, after.value, after.kind)
        case _:
            assert_never(after.effect)


def _opens_by_being_there(fact: Fact[Value]) -> bool:
    if fact.effect is Effect.INFORMATION:
        return fact.kind not in ABOUT_MONEY_OR_WORDS  # a hazard that was unknown kept its way closed
    return fact.effect is Effect.PERMISSION


def _closes_by_being_there(fact: Fact[Value]) -> bool:
    """Whether a way may open when it goes. An incident that goes takes its doubt along; a hazard closes its way."""
    return fact.effect is Effect.PROHIBITION or fact.kind is Kind.INCIDENT


def _dates_ease(before: Fact[Value], after: Fact[Value]) -> bool:
    begins, ends = ((one.valid_from or date.min, one.valid_until or date.max) for one in (before, after))
    if after.effect is Effect.PROHIBITION:
        return ends[0] > begins[0] or ends[1] < begins[1]
    if after.kind in ABOUT_MONEY_OR_WORDS:
        return False
    return ends[0] < begins[0] or ends[1] > begins[1]


def _information_eases(before: Value, after: Value, kind: Kind) -> bool:
    if kind in ABOUT_MONEY_OR_WORDS:
        return kind is Kind.INCIDENT and before != after  # what it speaks against may no longer be so
    if isinstance(before, Hazard) and isinstance(after, Hazard):
        same_else = replace(before, chance=after.chance, incidents=after.incidents) == after
        higher = all(new >= old for old, new in zip(_ends(before), _ends(after), strict=True))
        return not (same_else and higher)
    return True


def _ends(hazard: Hazard) -> tuple[float, float, float]:
    return hazard.chance.low, hazard.chance.point, hazard.chance.high


def _told(fact: Fact[Value]) -> tuple[object, ...]:
    return (fact.value, fact.effect)


def stricter(ours: Fact[Value], theirs: Fact[Value]) -> tuple[Fact[Value], ...]:
    """What is in force until a conflict with the pack is settled: never more open than either side.

    A prohibition beats a permission, two prohibitions hold together, a hazard takes the higher of each end, a
    permission counts as never reviewed; other information is ours unless it might open something.
    """
    if Effect.PROHIBITION in (ours.effect, theirs.effect):
        if ours.effect is theirs.effect:
            return ours, replace(theirs, id=f"{ours.id}.pack")
        return (theirs if theirs.effect is Effect.PROHIBITION else ours,)
    if isinstance(ours.value, Hazard) and isinstance(theirs.value, Hazard):
        pairs = zip(_ends(ours.value), _ends(theirs.value), strict=True)
        low, point, high = (max(pair) for pair in pairs)
        return (replace(ours, value=replace(ours.value, chance=Range(low, point, high))),)
    if ours.effect is Effect.PERMISSION:
        return (replace(ours, review=Review.UNVERIFIED),)
    return (theirs if eases(theirs, ours) else ours,)
