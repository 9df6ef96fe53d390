"""What the atlas's first page gathers: countries by danger for one class, stops, what is due and whose it is."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from tropa.atlas import Atlas, Confidence, ProfileClass, Review, Source
from tropa.atlas.freshness import Freshness, due_by_owner, freshness
from tropa.desk.atlas.by_country import facts_by_country
from tropa.desk.atlas.in_force import InForce
from tropa.desk.map.view import MapView, Shade, map_view
from tropa.desk.pages.fact_words import named
from tropa.desk.pages.field_words import owner_words
from tropa.desk.plans.map_of_plans import shade_of, worst_of_staying

SOURCES_SHOWN = 8


@dataclass(frozen=True, slots=True)
class CountryRow:
    """A country in the list: its shade for the class asked for, how many facts, how many of them closed by age."""

    code: str
    name: str
    shade: Shade
    facts: int
    stopped: bool


@dataclass(frozen=True, slots=True)
class StopRow:
    """A stop in force. `overdue`: past its review day, and closed all the same."""

    scope: str
    title: str
    why: str
    since: date | None
    review_by: date
    overdue: bool
    is_country: bool


def countries_for(atlas: Atlas, profile: ProfileClass, on: date) -> list[CountryRow]:
    """Every country in the order of the alphabet of the page's language."""
    shades = _shades(atlas, profile, on)
    by_code = facts_by_country(atlas)
    stopped = {stop.value.scope for stop in atlas.stops}
    rows = (
        CountryRow(
            code,
            named(code),
            Shade.HIGH if code in stopped else shades[code],
            len(by_code.get(code, ())),
            code in stopped,
        )
        for code in atlas.countries
    )
    return sorted(rows, key=lambda row: row.name.casefold().replace("ё", "е"))


@lru_cache(maxsize=16)
def _shades(atlas: Atlas, profile: ProfileClass, on: date) -> dict[str, Shade]:
    return {code: shade_of(code, profile, on, atlas) for code in atlas.countries}


def map_for(atlas: Atlas, profile: ProfileClass, on: date) -> MapView:
    """The map coloured by the danger of staying; where nothing is known, or a stop is in force, it says so."""
    shades = dict(_shades(atlas, profile, on))
    for stop in atlas.stops:
        if stop.value.scope in shades:
            shades[stop.value.scope] = Shade.HIGH
    return map_view([], [], shades, {code: named(code) for code in atlas.countries}, name_size=8.0)


def judged_on(atlas: Atlas, profile: ProfileClass, on: date) -> tuple[int, int]:
    """How many countries have their colour by judgement, and how many have a colour."""
    deciding = [worst_of_staying(code, profile, on, atlas) for code in atlas.countries]
    coloured = [worst for worst in deciding if worst is not None]
    return sum(fact.confidence is Confidence.JUDGEMENT for fact, _chance in coloured), len(coloured)


def stops_now(state: InForce, on: date) -> list[StopRow]:
    """Every stop, overdue ones first."""
    rows = [
        StopRow(
            scope=stop.value.scope,
            title=named(stop.value.scope),
            why=stop.value.said,
            since=stop.recorded,
            review_by=stop.review_by,
            overdue=stop.review_by < on,
            is_country=stop.value.scope in state.atlas.countries,
        )
        for stop in state.atlas.stops
    ]
    return sorted(rows, key=lambda row: (not row.overdue, row.title))


@lru_cache(maxsize=2)
def fresh_on(atlas: Atlas, on: date) -> Freshness:
    """The state of review on a day, worked out once."""
    return freshness(atlas, on)


@lru_cache(maxsize=2)
def _counts_by_owner(atlas: Atlas, on: date) -> tuple[tuple[str, int], ...]:
    return tuple((owner, len(facts)) for owner, facts in due_by_owner(atlas, on).items())


def by_owner(atlas: Atlas, on: date) -> list[tuple[str, str, int]]:
    """Owners with what is overdue or falls due this week: id, name, how many; most first."""
    rows = [(owner, owner_words(owner), count) for owner, count in _counts_by_owner(atlas, on)]
    return sorted(rows, key=lambda row: (-row[2], row[1]))


def never_by_source(atlas: Atlas, on: date) -> list[tuple[Source, int]]:
    """Sources whose facts wait for a first or another look today, by how many: where a batch brings most."""
    counts: Counter[str] = Counter()
    sources: dict[str, Source] = {}
    waiting: dict[str, set[str]] = defaultdict(set)
    for fact in atlas.facts.values():
        if (fact.review is Review.UNVERIFIED and atlas.reviewed_as_of is None) or fact.review_by < on:
            for source in fact.sources:
                waiting[source.id].add(fact.id)
                sources[source.id] = source
    counts.update({source: len(facts) for source, facts in waiting.items()})
    return [(sources[source], count) for source, count in counts.most_common(SOURCES_SHOWN)]
