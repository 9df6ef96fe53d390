"""What an emergency stop closes.

Kept true: a stop only ever closes. It binds from the moment it is in the atlas, on every day asked about; no review, no
date and no question "what if all were confirmed" opens it. Out of a stopped country the ways stay open, and the rules
of stay hold: whoever is there already has to be able to plan the way out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from tropa.atlas.kinds import EntryRule, Leg, Obtain, Place, Protection, Stop, Value
from tropa.atlas.model import Effect, Fact


def closures(facts: Mapping[str, Fact[Value]]) -> Mapping[str, tuple[Fact[Stop], ...]]:
    """By the id of each permission that is stopped, the stops that cover it, in the order of ids."""
    stops = stops_by_scope(facts)
    if not stops:
        return {}
    found: dict[str, tuple[Fact[Stop], ...]] = {}
    for fact in facts.values():
        if fact.effect is Effect.PERMISSION:
            covering = {stop.id: stop for scope in _scopes(fact, facts) for stop in stops.get(scope, ())}
            if covering:
                found[fact.id] = tuple(covering[stop] for stop in sorted(covering))
    return found


def stops_by_scope(facts: Mapping[str, Fact[Value]]) -> Mapping[str, list[Fact[Stop]]]:
    """The stops in the atlas by what they name."""
    found: dict[str, list[Fact[Stop]]] = defaultdict(list)
    for fact in facts.values():
        if isinstance(fact.value, Stop):
            stop: Fact[Any] = fact
            found[stop.value.scope].append(stop)
    return found


def _scopes(fact: Fact[Value], facts: Mapping[str, Fact[Value]]) -> Iterator[str]:
    """Everything a stop may name that closes this permission whole."""
    yield fact.id
    value = fact.value
    if isinstance(value, Leg):
        yield value.target
        target = facts.get(value.target)
        if value.crosses_border and target is not None and isinstance(target.value, Place):
            yield target.value.country
    elif isinstance(value, (EntryRule, Protection)):
        yield value.country
    elif isinstance(value, Obtain):
        yield value.paper
        if len(value.countries) == 1:
            yield value.countries[0]


def closed_offices(
    obtains: tuple[Fact[Obtain], ...], facts: Mapping[str, Fact[Value]]
) -> Iterator[Fact[Obtain]]:
    """For a paper one may ask for in several countries: a prohibition for each stopped one, named as the stop is.

    The paper stays open elsewhere; a programme ended in one country is what planning already knows.
    """
    stops = stops_by_scope(facts)
    if not stops:
        return
    for fact in obtains:
        if fact.effect is Effect.PERMISSION and len(fact.value.countries) > 1:
            for country in fact.value.countries:
                for stop in stops.get(country, ()):
                    value = replace(fact.value, countries=(country,))
                    yield replace(fact, id=stop.id, value=value, effect=Effect.PROHIBITION, valid_from=None)
