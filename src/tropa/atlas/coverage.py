"""What the atlas covers and what it does not: by country, by leg, and in the words of its recorded gaps.

Kept true: absence is never shown as safety. A country one can reach without a hazard for some class, a rule
for stays or a price of living is listed, because the planner closes what it does not know and somebody has to
find it out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from tropa.atlas.kinds import Gap, Leg, Value
from tropa.atlas.model import Confidence, Effect, Fact, Standing
from tropa.atlas.terms import HazardSubject, Kind, ProfileClass
from tropa.atlas.world import Atlas


@dataclass(frozen=True, slots=True)
class CountryCoverage:
    """One country: how many facts of which kind, legs in and out, what is missing, and its recorded gaps."""

    country: str
    facts: tuple[tuple[Kind, int], ...]
    legs_in: int
    legs_out: int
    missing: tuple[Kind, ...]
    unknown_hazards: tuple[tuple[HazardSubject, ProfileClass], ...]
    gaps: tuple[Fact[Gap], ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """The whole report for one day. `legs_without_source` stand on general knowledge alone."""

    on: date
    countries: tuple[CountryCoverage, ...]
    legs_without_source: tuple[Fact[Leg], ...]
    other_gaps: tuple[Fact[Gap], ...]
    confidences: tuple[tuple[Confidence, int], ...]
    closed: tuple[tuple[str, Standing], ...]


def coverage(atlas: Atlas, on: date) -> Coverage:
    """What the atlas covers on a day. `closed`: permissions that may not be used on it, with the reason."""
    counted = Counter(fact.confidence for fact in atlas.facts.values())
    return Coverage(
        on=on,
        countries=tuple(_country(atlas, country, on) for country in sorted(atlas.countries)),
        legs_without_source=tuple(leg for leg in atlas.legs if leg.confidence is not Confidence.SOURCED),
        other_gaps=tuple(gap for gap in atlas.gaps if gap.value.about not in atlas.countries),
        confidences=tuple((confidence, counted[confidence]) for confidence in Confidence),
        closed=tuple((fact.id, standing) for fact, standing in atlas.closed_permissions(on)),
    )


def _country(atlas: Atlas, country: str, on: date) -> CountryCoverage:
    facts = Counter(fact.kind for fact in atlas.facts.values() if _belongs(fact, country, atlas))
    arriving = [leg for leg in atlas.legs if _crosses_into(leg, country, atlas)]
    leaving = [leg for leg in atlas.legs if _crosses_out_of(leg, country, atlas)]
    reachable = bool(arriving or leaving)
    return CountryCoverage(
        country=country,
        facts=tuple((kind, facts[kind]) for kind in Kind if facts[kind]),
        legs_in=len(arriving),
        legs_out=len(leaving),
        missing=tuple(_missing(atlas, country, bool(arriving))),
        unknown_hazards=tuple(_unknown_hazards(atlas, country, on, bool(arriving), bool(leaving)))
        if reachable
        else (),
        gaps=tuple(gap for gap in atlas.gaps if gap.value.about == country),
    )


def _belongs(fact: Fact[Value], country: str, atlas: Atlas) -> bool:
    value = fact.value
    if isinstance(value, Leg):
        return atlas.places[value.origin].value.country == country
    return country in (getattr(value, name, None) for name in ("country", "iso2", "scope"))


def _crosses_into(leg: Fact[Leg], country: str, atlas: Atlas) -> bool:
    return leg.value.crosses_border and atlas.places[leg.value.target].value.country == country


def _crosses_out_of(leg: Fact[Leg], country: str, atlas: Atlas) -> bool:
    return leg.value.crosses_border and atlas.places[leg.value.origin].value.country == country


def _stays_within(leg: Fact[Leg], country: str, atlas: Atlas) -> bool:
    return not leg.value.crosses_border and atlas.places[leg.value.origin].value.country == country


def _missing(atlas: Atlas, country: str, can_arrive: bool) -> Iterator[Kind]:
    if any(place.value.is_start for place in atlas.places.values() if place.value.country == country):
        return  # one leaves the home country; nothing about arriving there is missed
    if not can_arrive:
        yield Kind.LEG
    if not any(rule.effect is Effect.PERMISSION for rule in atlas.entry_rules(country)):
        yield Kind.ENTRY_RULE
    if not atlas.stay_rules(country):
        yield Kind.STAY_RULE
    if country not in atlas.living:
        yield Kind.LIVING
    if not atlas.protections_in(country):
        yield Kind.PROTECTION


def _unknown_hazards(
    atlas: Atlas, country: str, on: date, can_arrive: bool, can_leave: bool
) -> Iterator[tuple[HazardSubject, ProfileClass]]:
    asked = [HazardSubject.DAY_OF_STAY]
    if can_leave:
        asked.append(HazardSubject.EXIT_CHECK)
    if can_arrive:
        asked.append(HazardSubject.ENTRY_CHECK)
    if any(_stays_within(leg, country, atlas) for leg in atlas.legs):
        asked.append(HazardSubject.LEG)
    for subject in asked:
        for profile in ProfileClass:
            if not atlas.hazards(subject, country, profile, on):
                yield subject, profile
