"""Which open plans rest on a fact or country: those of the reader's own cases by name, all others as a number."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from tropa.atlas import Atlas, Country, Fact, Paper, Place, Value
from tropa.desk.plans.fact_tags import country_name, paper_name
from tropa.desk.plans.queries import held_plans
from tropa.desk.plans.shaken import Groups, resting_on
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


def resting(reader: Reader, groups: Groups) -> Resting:
    """Nothing is opened: tags tell. Two queries."""
    ids = resting_on(groups)
    if not ids:
        return Resting(0, ())
    held = held_plans(reader=reader).filter(pk__in=ids)
    mine = (Mine(name_of(plan.thread).text, reverse("desk:review", args=[plan.pk])) for plan in held)
    return Resting(len(ids), tuple(sorted(mine, key=lambda one: one.who)))
