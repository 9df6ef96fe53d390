"""When a closed case and its plan facts go: by the day it was closed, by what was written since, and by its holds.

A case goes after the longest of three: its days after closing; the days of an answered thread after the last word that
was written in it since; the end of a hold. It never goes while somebody waits for an answer in it. A clock set back
keeps nothing longer: days are judged by `timing.day_of`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Max, Q

from tropa.desk.cases.models import Case, Phase
from tropa.desk.conf import conf
from tropa.desk.plans.ended_steps import unsettled
from tropa.desk.plans.models import Release
from tropa.desk.retention.asking import stay_for_it

CLOSED = (Phase.CLOSED, Phase.SAFE)


@dataclass(frozen=True, slots=True)
class Due:
    """What goes of a closed case, each after the end of its day. `facts_last_day` None: no plan facts and no plan."""

    case: Case
    last_day: date
    facts_last_day: date | None
    hold_last_day: date | None
    waiting: bool  # somebody waits for an answer: nothing goes
    asks_first: bool  # they asked to record abuse, and did not say that it may go: nothing goes
    expected: bool  # a step's check-in is still awaited: plans stay

    def goes(self, on: date) -> bool:
        """Whether the case is due that day."""
        return not (self.waiting or self.asks_first) and self.last_day < on

    def facts_go(self, on: date) -> bool:
        """Whether plan facts and plans are due that day."""
        kept = self.waiting or self.expected or self.asks_first
        return not kept and self.facts_last_day is not None and self.facts_last_day < on


def due_of(cases: Iterable[Case], *, on: date) -> list[Due]:
    """The clocks of those of these cases that are closed. Four queries, however many there are."""
    ids = [case.pk for case in cases]
    rows = Case.objects.filter(pk__in=ids, phase__in=CLOSED, closed_day__isnull=False)
    counted = rows.annotate(
        last_word=Max("threads__day"),
        unanswered=Count("threads", filter=Q(threads__waiting=True), distinct=True),
        hold_last_day=Max("holds__last_day", filter=Q(holds__last_day__gte=on)),
        planned=Count("plans", distinct=True) + Count("plan_facts", distinct=True),
    )
    found, expected = list(counted.order_by("pk")), _expected(ids)
    stay = stay_for_it(found)
    return [_due(case, expected, stay) for case in found]


def _due(case: Case, expected: set[str], stay: set[str]) -> Due:
    told: dict[str, date | None] = {name: getattr(case, name) for name in ("last_word", "hold_last_day")}
    word, hold = told["last_word"], told["hold_last_day"]
    closed = case.closed_day
    assert closed is not None
    written = word + timedelta(days=conf.answered_days) if word and word > closed else closed
    held = hold or closed
    facts = max(closed + timedelta(days=conf.facts_days), held)
    return Due(
        case=case,
        last_day=max(closed + timedelta(days=conf.closed_days), written, held),
        facts_last_day=facts if getattr(case, "planned") else None,  # noqa: B009  # annotated
        hold_last_day=hold,
        waiting=bool(getattr(case, "unanswered")),  # noqa: B009  # annotated
        asks_first=case.pk in stay,
        expected=case.pk in expected,
    )


def _expected(case_ids: list[str]) -> set[str]:
    """Those of the cases in which a check-in is still awaited."""
    rows = dict(
        Release.objects.filter(step__plan__case_id__in=case_ids).values_list("pk", "step__plan__case_id")
    )
    return {rows[each] for each in unsettled(rows)}
