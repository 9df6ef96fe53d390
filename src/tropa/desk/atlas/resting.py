"""Which open plans rest on a fact or country: those of the reader's own cases by name, all others as a number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from tropa.atlas import Atlas, Country, Effect, Fact, Incident, Paper, Place, Value
from tropa.atlas.contradictions import doubted_by
from tropa.desk.atlas.consequences import consequences, forbidden
from tropa.desk.plans.fact_tags import country_name, paper_name
from tropa.desk.plans.queries import held_plans
from tropa.desk.plans.shaken import Groups, resting_on, shaken_by
from tropa.desk.staff.reader import Reader
from tropa.desk.talk.pseudonyms import name_of


@dataclass(frozen=True, slots=True)
class Mine:
    """A plan of a case the reader holds."""

    who: str
    address: str


@dataclass(frozen=True, slots=True)
class Resting:
    """How many open plans there are, and which of them the reader may open."""

    plans: int
    mine: tuple[Mine, ...]

    @property
    def others(self) -> int:
        """Plans of which the reader knows only that they are there."""
        return self.plans - len(self.mine)


def groups_of(atlas: Atlas, fact_id: str) -> Groups:
    """What to look for among the tags of plans for a fact; a country also by the ways through it."""
    fact: Fact[Value] | None = atlas.facts.get(fact_id)
    groups = {frozenset({fact_id})}
    match fact.value if fact else None:
        case Country(iso2=code):
            groups.add(frozenset({country_name(code)}))
        case Paper():
            groups.add(frozenset({paper_name(fact_id)}))
        case Place():
            for leg in atlas.legs:
                if leg.value.target == fact_id:
                    groups.add(frozenset({leg.id}))
        case _:
            pass
    return frozenset(groups)


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What a change does or did to plans: those that end, and those that have to be looked at anew."""

    ended: Resting
    marked: Resting

    def __bool__(self) -> bool:
        return bool(self.ended.plans or self.marked.plans)


def aftermath(reader: Reader, groups: Groups) -> Aftermath:
    """What changes of these facts did to plans nobody has written anew since. Nothing is opened: tags tell."""
    ended, marked = shaken_by(groups)
    return Aftermath(_told(reader, ended), _told(reader, marked))


def foreseen(reader: Reader, before: Atlas, after: Atlas, on: date) -> Aftermath:
    """What going from one atlas to another would do to plans in review or approved."""
    told = consequences(before, after, on)
    ended = resting_on(told.closed) if told.closed else []
    marked = [plan for plan in resting_on(told.changed) if plan not in ended] if told.changed else []
    return Aftermath(_told(reader, ended), _told(reader, marked))


def groups_of_change(atlas: Atlas, fact_ids: Iterable[str]) -> Groups:
    """What to look for among the tags of plans for all facts of a change: what forbids is found by whom it stops, an
    incident by the hazards it put in doubt.
    """
    found: set[frozenset[str]] = set()
    for fact_id in fact_ids:
        found |= groups_of(atlas, fact_id)
        fact = atlas.facts.get(fact_id)
        if fact is not None and fact.effect is Effect.PROHIBITION:
            found |= set(forbidden(fact))
        if fact is not None and isinstance(fact.value, Incident):
            found |= {frozenset({hazard}) for hazard in doubted_by(atlas, fact.value)}
    return frozenset(found)


def resting(reader: Reader, groups: Groups) -> Resting:
    """Nothing is opened: tags tell. Two queries."""
    return _told(reader, resting_on(groups))


def _told(reader: Reader, ids: list[str]) -> Resting:
    if not ids:
        return Resting(0, ())
    held = held_plans(reader=reader).filter(pk__in=ids)
    mine = (Mine(name_of(plan.thread).text, reverse("desk:review", args=[plan.pk])) for plan in held)
    return Resting(len(ids), tuple(sorted(mine, key=lambda one: one.who)))
