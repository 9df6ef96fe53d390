"""What housekeeping does by the clocks: judge and destroy, each kind in a transaction of its own.

An unanswered thread has no clock. Two rounds at once destroy nothing twice: rows are locked and judged anew.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from tropa.desk.cases.models import Case, Lane
from tropa.desk.conf import conf
from tropa.desk.retention.clocks import CLOSED, due_of
from tropa.desk.retention.destroying import destroy, destroy_facts
from tropa.desk.retention.models import Cause
from tropa.desk.retention.timing import day_of
from tropa.desk.talk.models import Thread


@transaction.atomic
def destroy_threads(*, now: datetime) -> int:
    """Answered threads without a case whose retention day is over; how many."""
    due = Thread.objects.filter(retention_day__lt=day_of(now), waiting=False, case=None)
    due = due.exclude(lane=Lane.ABUSE)  # nobody asked them yet: somebody has to take it and do so
    ids = list(due.select_for_update(of=("self",)).values_list("pk", flat=True))
    return destroy(cause=Cause.RETENTION, now=now, threads=ids).threads


@transaction.atomic
def destroy_cases(*, now: datetime) -> int:
    """Closed cases after their time, with threads, card, plans and keys; how many."""
    on = day_of(now)
    due = [one.case.pk for one in due_of(_closed(on, conf.closed_days), on=on) if one.goes(on)]
    return destroy(cause=Cause.RETENTION, now=now, cases=due).cases


@transaction.atomic
def destroy_planned(*, now: datetime) -> int:
    """Plan facts and plans of closed cases after theirs; of how many cases."""
    on = day_of(now)
    due = [one.case.pk for one in due_of(_closed(on, conf.facts_days), on=on) if one.facts_go(on)]
    return destroy_facts(cause=Cause.RETENTION, now=now, cases=due)


def _closed(on: date, days: int) -> list[Case]:
    """Cases closed so many days ago, locked."""
    rows = Case.objects.filter(phase__in=CLOSED, closed_day__lt=on - timedelta(days=days))
    return list(rows.select_for_update(of=("self",)))
