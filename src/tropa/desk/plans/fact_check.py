"""Whether the facts a plan rests on may be used today, and if not, who can change that."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from tropa.atlas import Effect, Standing, UnknownFactError
from tropa.desk import clock
from tropa.desk.facts import atlas, look_again
from tropa.desk.plans.errors import ClosedFact, FactsClosed


def closed_facts(ids: Iterable[str], on: date | None = None) -> tuple[ClosedFact, ...]:
    """Those facts that may not be used on a day (today), in the order of their ids.

    A permission past its review is closed; a fact the atlas no longer has is closed too. Information past its
    review closes nothing by itself: the planner has counted it at its worst end.
    """
    day = on or clock.facts_day()
    found = []
    for fact_id in sorted(set(ids)):
        try:
            fact = atlas().fact(fact_id)
        except UnknownFactError:
            found.append(ClosedFact(fact_id, None, None, ""))
            continue
        standing = atlas().standing(fact, day)
        if fact.effect is Effect.PERMISSION and standing is not Standing.USABLE:
            found.append(ClosedFact(fact_id, standing, fact.review_by, fact.owner))
    return tuple(found)


def require_open(ids: Iterable[str]) -> None:
    """Raise FactsClosed, naming them, if some may not be used at this moment: a stop counts from when it was said,
    not from when the page was asked for.
    """
    look_again()
    closed = closed_facts(ids)
    if closed:
        raise FactsClosed(closed)
