"""Which facts belong to which country, looked up once for each state of the atlas."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache

from tropa.atlas import Atlas, Fact, Hazard, Incident, Leg, Obtain, Place, Protection, Value
from tropa.atlas.search import countries_of

EVERY_MEMBER_STATE = "EU"


@lru_cache(maxsize=2)
def facts_by_country(atlas: Atlas) -> Mapping[str, tuple[Fact[Value], ...]]:
    """Every fact under each country it is about, in the order of ids; a leg under both its ends."""
    found: dict[str, list[Fact[Value]]] = defaultdict(list)
    for fact in atlas.facts.values():
        for code in countries_of(atlas, fact):
            found[code].append(fact)
    return {code: tuple(facts) for code, facts in found.items()}


def facts_of(atlas: Atlas, code: str) -> tuple[Fact[Value], ...]:
    """The facts of one country."""
    return facts_by_country(atlas).get(code, ())


def incidents_of(atlas: Atlas, code: str) -> list[Fact[Incident]]:
    """What happened in a country, and in the union it is a member of, latest first and undated last."""
    country = atlas.countries[code].value
    places = {code, *({EVERY_MEMBER_STATE} & set(country.blocs))}
    return [fact for fact in atlas.incidents if fact.value.country in places]


def hazards_of(atlas: Atlas, code: str) -> list[Fact[Hazard]]:
    """The hazards stated for a country, for its places, and for the programmes and end states that are its alone."""
    return [fact for fact in _hazards(facts_of(atlas, code)) if _belongs(atlas, fact.value.scope, code)]


def _hazards(facts: Iterable[Fact[Value]]) -> Iterable[Fact[Hazard]]:
    for fact in facts:
        if isinstance(fact.value, Hazard):
            yield fact  # type: ignore[misc]  # mypy does not narrow a fact by its value


def _belongs(atlas: Atlas, scope: str, code: str) -> bool:
    if scope == code:
        return True
    fact = atlas.facts.get(scope)
    match fact.value if fact else None:
        case Place(country=country) | Protection(country=country):
            return country == code
        case Obtain(countries=countries):
            return countries == (code,)
        case Leg(origin=origin, target=target):
            homes = {atlas.places[place].value.country for place in (origin, target) if place in atlas.places}
            return homes == {code}
        case _:
            return False
