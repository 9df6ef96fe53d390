"""The map of a plan set: the chosen plan's way, the others thin, and each country as it is for this person.

A country is shaded by what the atlas holds for the person's class: the chance of being returned or seized
within two years of staying there. Nothing known: blank.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tropa.atlas import Atlas, Fact, Hazard, HazardSubject, ProfileClass, Protection
from tropa.desk.facts import atlas
from tropa.desk.map.view import MapPlace, MapView, MapWay, Shade, map_view
from tropa.desk.pages.fact_words import named
from tropa.desk.plans.names import Names
from tropa.planning.person import PersonFacts
from tropa.planning.plan import Plan, StepKind

HIGH, MIDDLE = 0.25, 0.05
DAYS = 180


def map_of(
    plans: Sequence[Plan], chosen: Plan | None, names: Names, person: PersonFacts, on: date
) -> MapView:
    """The map of these plans."""
    order: list[str] = [person.place]
    ways: list[MapWay] = []
    for plan in sorted(plans, key=lambda one: one is not chosen):
        for step in plan.steps:
            for place in (step.origin, step.target):
                if place not in order:
                    order.append(place)
            if step.kind is StepKind.LEG:
                ways.append(MapWay(order.index(step.origin), order.index(step.target), plan is chosen))
    on_chosen = {p for step in chosen.steps for p in (step.origin, step.target)} if chosen else set()
    known = [place for place in order if place in names.places]
    index = {order.index(place): number for number, place in enumerate(known)}
    places = [
        MapPlace(
            name=names.place(place),
            longitude=names.places[place].longitude,
            latitude=names.places[place].latitude,
            here=place == person.place,
            chief=place in on_chosen,
        )
        for place in known
    ]
    drawn = [
        MapWay(index[way.origin], index[way.target], way.chief)
        for way in ways
        if way.origin in index and way.target in index
    ]
    codes = list(dict.fromkeys(names.places[place].country for place in known))
    shades = _shades(plans, person.profile, on)
    return map_view(places, drawn, shades, {code: named(code) for code in codes})


def _shades(plans: Sequence[Plan], profile: ProfileClass, on: date) -> dict[str, Shade]:
    world = atlas()
    shades = {code: shade_of(code, profile, on, world) for code in world.countries}
    for plan in plans:
        haven = atlas().facts.get(plan.haven)
        if (
            haven is not None
            and isinstance(haven.value, Protection)
            and shades.get(haven.value.country) is not Shade.HIGH
        ):
            shades[haven.value.country] = Shade.HAVEN
    return shades


def shade_of(country: str, profile: ProfileClass, on: date, world: Atlas) -> Shade:
    """How dangerous a stay is for people of a class, by the worst end of what is stated."""
    worst = worst_of_staying(country, profile, on, world)
    if worst is None:
        return Shade.NONE
    _fact, chance = worst
    if chance > HIGH:
        return Shade.HIGH
    return Shade.MIDDLE if chance > MIDDLE else Shade.LOW


def worst_of_staying(
    country: str, profile: ProfileClass, on: date, world: Atlas
) -> tuple[Fact[Hazard], float] | None:
    """The fact that decides, and the chance it gives at its worst end: of the years after somebody came or, where
    nothing is stated of them, of half a year there; None where nothing is stated at all.
    """
    lasting = [
        (fact, world.chance(fact, on).high)
        for scope in (country, *(end.id for end in world.protections_in(country)))
        for fact in world.hazards(HazardSubject.RESIDUAL, scope, profile, on)
    ]
    stated = lasting or [
        (fact, 1 - (1 - world.chance(fact, on).high) ** DAYS)
        for fact in world.hazards(HazardSubject.DAY_OF_STAY, country, profile, on)
    ]
    return max(stated, key=lambda one: one[1], default=None)
