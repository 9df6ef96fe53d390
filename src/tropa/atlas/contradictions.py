"""Hazards that an incident speaks against: flagged until somebody has looked at them.

Kept true: an incident never makes a hazard look smaller. It counts against every hazard of its country, class and
subject that was stated before anybody knew of it and does not name it among what it rests on. Where the exposure is
known, only a count that the stated upper end cannot explain is a contradiction, and then the hazard is closed;
where nobody counted, one incident is enough, and the hazard stands at its upper end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final

from tropa.atlas.estimates import contradicts
from tropa.atlas.kinds import Country, Hazard, Incident, Leg, Obtain, Place, Protection, Value
from tropa.atlas.model import Fact
from tropa.atlas.references import EVERY_MEMBER_STATE
from tropa.atlas.terms import HazardSubject, IncidentKind
from tropa.atlas.world import Atlas, Doubts

HARMS: Final = (
    IncidentKind.DETAINED_RELEASED,
    IncidentKind.ABDUCTED,
    IncidentKind.DEPORTED,
    IncidentKind.EXTRADITED,
)
"""What a hazard is the chance of."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A hazard and the incidents nobody had in mind when it was stated. `refuted`: too many for its upper end."""

    hazard: str
    incidents: tuple[str, ...]
    refuted: bool


def contradictions(
    facts: Mapping[str, Fact[Value]],
    *,
    published: date,
    learned: Mapping[str, datetime] | None = None,
    only: str | None = None,
) -> tuple[Contradiction, ...]:
    """Every contradicted hazard, in the order of ids. `learned`: when a fact was written down, where more is known
    than its day; facts without a day were written down when the pack was published. `only`: ask about one hazard.
    """
    known = learned or {}

    def moment(fact: Fact[Value]) -> datetime:
        return known.get(fact.id) or datetime.combine(fact.recorded or published, time.min, UTC)

    harms: dict[str, list[Fact[Incident]]] = defaultdict(list)
    for fact in facts.values():
        if isinstance(fact.value, Incident) and fact.value.what in HARMS:
            incident: Fact[Any] = fact
            harms[fact.value.country].append(incident)
    found: list[Contradiction] = []
    latest = {country: max(map(moment, members)) for country, members in harms.items()}
    newest = max(latest.values(), default=None)
    for fact in facts.values() if only is None else (facts[only],):
        if isinstance(fact.value, Hazard):
            hazard: Fact[Any] = fact
            stated = moment(fact)
            if newest is None or stated >= newest:
                continue  # nothing happened since: the common case, and there are many hazards
            countries = [
                one
                for one in set(countries_of_scope(fact.value.scope, facts))
                if latest.get(one, stated) > stated
            ]
            later = [
                one
                for country in sorted(countries)
                for one in harms[country]
                if moment(one) > stated and speaks_to(one.value, fact.value)
            ]
            found.extend(_judged(hazard, later))
    return tuple(found)


def doubts(found: tuple[Contradiction, ...]) -> Doubts:
    """What the atlas is told of them."""
    return Doubts(
        doubted=tuple(one.hazard for one in found if not one.refuted),
        refuted=tuple(one.hazard for one in found if one.refuted),
    )


def _judged(hazard: Fact[Hazard], later: list[Fact[Incident]]) -> Iterator[Contradiction]:
    unseen = tuple(sorted(one.id for one in later if one.id not in hazard.value.incidents))
    if not unseen:
        return
    if hazard.value.exposure is None:
        yield Contradiction(hazard.id, unseen, refuted=False)
        return
    counted = len({*hazard.value.incidents, *unseen})
    if contradicts(hazard.value.chance, counted, hazard.value.exposure.units):
        yield Contradiction(hazard.id, unseen, refuted=True)


def doubted_by(atlas: Atlas, incident: Incident) -> tuple[str, ...]:
    """The hazards in doubt now that an incident speaks to, by whatever incident they came into doubt."""
    found: list[str] = []
    for hazard in (*atlas.doubts.doubted, *atlas.doubts.refuted):
        match atlas.facts[hazard].value:
            case Hazard(scope=scope) as value:
                where = set(countries_of_scope(scope, atlas.facts))
                if incident.country in where and speaks_to(incident, value):
                    found.append(hazard)
            case _:
                continue
    return tuple(found)


def speaks_to(incident: Incident, hazard: Hazard) -> bool:
    """Whether an incident is about the subject and one of the classes of a hazard."""
    classes, subjects = incident.classes, incident.subjects
    if subjects and hazard.subject not in subjects:
        return False
    if not subjects and hazard.subject is HazardSubject.OFFICE:
        return False  # an office is where somebody applied; nobody says the person did
    return not classes or any(one in classes for one in hazard.classes)


def countries_of_scope(scope: str, facts: Mapping[str, Fact[Value]]) -> Iterator[str]:
    """The countries a hazard is about, and the union they belong to."""
    if scope not in facts:
        return
    value = facts[scope].value
    if isinstance(value, Country):
        yield value.iso2
        if EVERY_MEMBER_STATE in value.blocs:
            yield EVERY_MEMBER_STATE
    elif isinstance(value, (Place, Protection)):
        yield from countries_of_scope(value.country, facts)
    elif isinstance(value, Leg):
        yield from countries_of_scope(value.origin, facts)
        yield from countries_of_scope(value.target, facts)
    elif isinstance(value, Obtain):
        for country in value.countries:
            yield from countries_of_scope(country, facts)
