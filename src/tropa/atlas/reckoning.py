"""What counts allow to be said of a hazard: for each class and kind of event, and for all harm together.

Kept true: without a known exposure there is no estimate; an incident is counted for every class and subject nobody told
it apart from; it counts when the hazard names it, or when it became known once the hazard had been stated. The
estimate changes nothing by itself: what is in force a researcher sets, with a reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from tropa.atlas.basics import Range, Text, probability
from tropa.atlas.contradictions import HARMS, countries_of_scope, speaks_to
from tropa.atlas.estimates import event_rate
from tropa.atlas.kinds import Hazard, Incident
from tropa.atlas.model import Fact
from tropa.atlas.terms import IncidentKind, ProfileClass
from tropa.atlas.world import Atlas


@dataclass(frozen=True, slots=True)
class Estimate:
    """`counted` events in `units` of `what` for one class. `event` None: any harm. `chance`: of at least one such event
    in one unit, the 95 % interval of the Gamma-Poisson posterior and its mean.
    """

    profile: ProfileClass
    event: IncidentKind | None
    counted: int
    units: float
    what: Text
    chance: Range


def estimates_of(atlas: Atlas, hazard: Fact[Hazard]) -> tuple[Estimate, ...]:
    """By class in the hazard's order: all harm first, then each kind. Nothing where nobody counted the exposure."""
    if hazard.value.exposure is None:
        return ()
    return tuple(
        estimate for profile in hazard.value.classes for estimate in _for_class(atlas, hazard, profile)
    )


def _for_class(atlas: Atlas, hazard: Fact[Hazard], profile: ProfileClass) -> Iterator[Estimate]:
    exposure = hazard.value.exposure
    assert exposure is not None
    counted = [fact for fact in counted_for(atlas, hazard) if _is_about(fact, profile)]
    for event in (None, *HARMS):
        number = sum(event is None or fact.value.what is event for fact in counted)
        chance = probability(*event_rate(number, exposure.units).chance())
        yield Estimate(profile, event, number, exposure.units, exposure.what, chance)


def counted_for(atlas: Atlas, hazard: Fact[Hazard]) -> tuple[Fact[Incident], ...]:
    """The incidents that count for a hazard, latest first: those it names, and those known since it was stated."""
    places = set(countries_of_scope(hazard.value.scope, atlas.facts))
    stated = _known(atlas, hazard)
    return tuple(
        fact
        for fact in atlas.incidents
        if fact.value.what in HARMS
        and (
            fact.id in hazard.value.incidents
            or (fact.value.country in places and _since(atlas, fact, stated))
        )
        and (fact.id in hazard.value.incidents or speaks_to(fact.value, hazard.value))
    )


def _since(atlas: Atlas, fact: Fact[Incident], stated: date) -> bool:
    """Of one day nobody knows which came first: what we wrote down ourselves then is counted."""
    known = _known(atlas, fact)
    return known > stated or (known == stated and fact.recorded is not None)


def _known(atlas: Atlas, fact: Fact[Hazard] | Fact[Incident]) -> date:
    return fact.recorded or atlas.meta.published


def _is_about(fact: Fact[Incident], profile: ProfileClass) -> bool:
    return not fact.value.classes or profile in fact.value.classes
