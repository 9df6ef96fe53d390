"""What was worked out for one atlas and still holds for the next, which differs by a fact or two.

Kept true: facts are immutable, so a fact that is the very same object says the same; whatever rests on one that is not
is worked out anew. Where other facts are stopped, or other days of review count, nothing is carried over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tropa.atlas import (
    Atlas,
    Country,
    EntryRule,
    Fact,
    Hazard,
    HazardSubject,
    Kind,
    PaperRefusal,
    StayRule,
    Value,
)

GROUND = frozenset({Kind.LEG, Kind.PLACE, Kind.COUNTRY})


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs: `hazards` by subject and scope, `borders` the countries one enters otherwise (None: all)."""

    kinds: frozenset[Kind]
    hazards: frozenset[tuple[HazardSubject, str]]
    borders: frozenset[str] | None
    scopes_differ: bool

    @property
    def same_ground(self) -> bool:
        """Whether legs, places, zones and what hazards are about are as they were."""
        return not self.kinds & GROUND and not self.scopes_differ


def changes_between(before: Atlas, after: Atlas) -> Changes | None:
    """What differs; None where nothing may be carried over."""
    if before.reviewed_as_of != after.reviewed_as_of or before.stops != after.stops:
        return None
    differing = tuple(_differing(before, after))
    hazards = {(fact.value.subject, fact.value.scope) for fact in differing if isinstance(fact.value, Hazard)}
    hazards |= set(_doubted(before, after))
    return Changes(
        kinds=frozenset(fact.kind for fact in differing),
        hazards=frozenset(hazards),
        borders=_borders(differing),
        scopes_differ=before.hazard_scopes != after.hazard_scopes,
    )


def _differing(before: Atlas, after: Atlas) -> Iterator[Fact[Value]]:
    """Both versions of what is not the same any more."""
    was, now = before.facts, after.facts
    for name, fact in now.items():
        old = was.get(name)
        if old is not fact:
            yield fact
            if old is not None:
                yield old
    if len(was) != len(now) or was.keys() != now.keys():
        yield from (was[name] for name in was.keys() - now.keys())


def _doubted(before: Atlas, after: Atlas) -> Iterator[tuple[HazardSubject, str]]:
    if before.doubts == after.doubts:
        return
    for atlas in (before, after):
        for name in (*atlas.doubts.doubted, *atlas.doubts.refuted):
            fact = atlas.facts.get(name)
            if fact is not None and isinstance(fact.value, Hazard):
                yield fact.value.subject, fact.value.scope


def _borders(differing: Iterable[Fact[Value]]) -> frozenset[str] | None:
    found = set()
    for fact in differing:
        match fact.value:
            case EntryRule(country=code) | StayRule(country=code) | PaperRefusal(country=code):
                found.add(code)
            case Country(iso2=code):
                found.add(code)
            case _ if fact.kind is Kind.PAPER:
                return None
            case _:
                pass
    return frozenset(found)
