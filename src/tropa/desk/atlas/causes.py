"""What was changed lately under a plan that was stopped or marked: the changes of facts it rests on, newest first.

Kept true: nothing is opened for it; the plan's keyed tags tell, as they told when it was marked. Named is what was
changed since two weeks before the plan runs out, for no plan lives longer. A mere review is no cause, nor a proposal.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from django.urls import reverse
from django.utils.translation import gettext as _

from tropa.atlas import Effect, Incident
from tropa.atlas.overlay import Act
from tropa.desk.atlas.consequences import WEIGHTY
from tropa.desk.atlas.content import read_content
from tropa.desk.atlas.in_force import InForce, in_force, in_order
from tropa.desk.atlas.resting import groups_of_change
from tropa.desk.atlas.stored import StoredChange
from tropa.desk.pages.fact_words import title_of
from tropa.desk.plans.fact_tags import touched
from tropa.desk.plans.models import Plan
from tropa.desk.plans.review import LONGEST_LIFE

MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Cause:
    """One change under a plan, in words, and where it is told."""

    words: str
    address: str
    day: date


def causes_of(plan: Plan) -> tuple[Cause, ...]:
    """The newest changes under a plan, three at most."""
    state, since = in_force(), (plan.expires - LONGEST_LIFE).date()
    recent = (row for row in reversed(in_order(state.rows)) if _counted_from(row) >= since)
    return tuple(islice((_told(state, row) for row in recent if _is_under(state, row, plan)), MOST_NAMED))


def _counted_from(row: StoredChange) -> date:
    return row.second_day or row.day


def _is_under(state: InForce, row: StoredChange, plan: Plan) -> bool:
    facts = list(_weighty(state, row))
    return bool(facts) and touched(plan.pk, bytes(plan.fact_tags), groups_of_change(state.atlas, facts))


def _weighty(state: InForce, row: StoredChange) -> Iterator[str]:
    """Ids of the facts of a change that can shake a plan."""
    if row.act in {Act.REVIEWED, Act.PROPOSED}:
        return
    try:
        seen = read_content(row.content).facts
    except (ValueError, TypeError, KeyError):
        return
    for one in seen:
        fact = state.atlas.facts.get(one.fact_id)
        if (
            row.act == Act.STOP
            or fact is None
            or fact.kind in WEIGHTY
            or fact.effect is Effect.PROHIBITION
            or isinstance(fact.value, Incident)
        ):
            yield one.fact_id


def _told(state: InForce, row: StoredChange) -> Cause:
    fact = state.atlas.facts.get(row.subject)
    what = {"what": title_of(fact) if fact else row.subject}
    match row.act:
        case Act.STOP:
            words = _("stopped: %(what)s") % what
        case Act.ADDED:
            words = _("added: %(what)s") % what
        case _:
            words = _("changed: %(what)s") % what
    return Cause(words, reverse("desk:change", args=[row.id]), _counted_from(row))
