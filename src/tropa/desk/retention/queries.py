"""Reading about keeping: what goes of one case and when, what goes soon, and who has waited too long."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce

from tropa.desk.audit.readings import note_reading
from tropa.desk.cases.models import Case
from tropa.desk.clock import said_in_utc
from tropa.desk.conf import conf
from tropa.desk.retention.asking import answer_of
from tropa.desk.retention.clocks import CLOSED, Due, due_of
from tropa.desk.retention.models import Closing, Hold, Wanted
from tropa.desk.retention.reasons import open_reason
from tropa.desk.retention.timing import day_of
from tropa.desk.staff.reader import Reader
from tropa.desk.talk.inbox_rows import ON_DUTY
from tropa.desk.talk.models import Thread
from tropa.desk.vault.case_grants import HELD
from tropa.desk.vault.last_act import require_time_runs_on
from tropa.desk.vault.models import DutyGrant
from tropa.desk.vault.services import of_held_cases, open_case_seed

MOST_COUNTED = 1000
TOO_LONG = "t.waiting AND t.waiting_since <= %s"
FIRST_ON_DUTY = f"""
SELECT MIN((SELECT t.waiting_since FROM talk_thread t WHERE {TOO_LONG} AND t.duty_epoch_id = d.epoch_id
    ORDER BY t.waiting_since LIMIT 1))
FROM vault_dutygrant d WHERE d.member_id = %s
"""  # noqa: S608  # literals of this module, as below
"""The first of each epoch stands first in the index; all of them together would have to be gone through."""
IN_CASES = f"SELECT t.waiting_since FROM talk_thread t WHERE {TOO_LONG} AND t.case_id IN ({HELD})"  # noqa: S608
COUNTED_ON_DUTY = f"""
SELECT COUNT(*) FROM (SELECT 1 AS one FROM talk_thread t WHERE {TOO_LONG} AND t.duty_epoch_id IN ({ON_DUTY})
    LIMIT %s) alone
"""  # noqa: S608
MOST_ALONE = 50
"""Threads nobody has taken that are named as going soon; Today names eight."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One case: its clocks if it is closed, who closed or holds it, and their reasons as far as they open."""

    due: Due | None
    closing: Closing | None
    closing_reason: str = field(repr=False)
    hold: Hold | None
    hold_reason: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class GoesSoon:
    """A thread that goes after a day, or only the plans of its case."""

    thread: Thread
    last_day: date
    facts_only: bool
    ask: bool = False  # it does not go: they are to be asked first


@dataclass(frozen=True, slots=True)
class TooLong:
    """How many people have waited too long for an answer, and since when the first of them; `more`: there are more than
    were counted.
    """

    count: int
    since: datetime
    more: bool = False


def kept(*, reader: Reader, case: Case) -> Kept:
    """What stands about keeping this case, noted as a reading of it. Raises NoGrant, and as `note_reading`."""
    held, on = open_case_seed(reader=reader, case=case), day_of(reader.now)
    note_reading(reader=reader, held=case)
    closing = Closing.objects.filter(case=case).select_related("member").first()
    hold = Hold.objects.filter(case=case, last_day__gte=on).select_related("member").first()
    return Kept(
        due=next(iter(due_of([case], on=on)), None),
        closing=closing,
        closing_reason=open_reason(closing, held) if closing else "",
        hold=hold,
        hold_reason=open_reason(hold, held) if hold else "",
    )


def until_warned(on: date) -> date:
    """The last day of which it is said that something goes on it."""
    return on + timedelta(days=conf.warning_days)


def goes_soon(*, reader: Reader, closed: bool = True, untaken: bool = True) -> list[GoesSoon]:
    """What of the reader's cases, or of duty's threads they open, goes within the days of a warning; first what goes
    first. `closed`, `untaken`: whether there are closed cases, and such threads, at all.
    """
    on = day_of(reader.now)
    found = _cases_that_go(reader, on) if closed else []
    if untaken:
        found += _untaken_that_go(reader, until_warned(on))
    return sorted(found, key=lambda one: (one.last_day, one.thread.pk))


def _cases_that_go(reader: Reader, on: date) -> list[GoesSoon]:
    until = until_warned(on)
    soonest = min(conf.closed_days, conf.facts_days)
    cases = Case.objects.filter(pk__in=of_held_cases(reader=reader), phase__in=CLOSED)
    found: list[GoesSoon] = []
    for due in due_of(cases.filter(closed_day__lt=until - timedelta(days=soonest - 1)), on=on):
        thread = Thread.objects.filter(case=due.case).first()
        if thread is None or due.waiting:
            continue
        if due.asks_first:
            if answer_of(due.case) is Wanted.NOT_ASKED:
                found.append(GoesSoon(thread, due.last_day, facts_only=False, ask=True))
        elif due.last_day <= until:
            found.append(GoesSoon(thread, due.last_day, facts_only=False))
        elif due.facts_last_day is not None and due.facts_last_day <= until and not due.expected:
            found.append(GoesSoon(thread, due.facts_last_day, facts_only=True))
    return found


def _untaken_that_go(reader: Reader, until: date) -> list[GoesSoon]:
    # found by their day, not by their epoch: of an epoch there may be thousands, within these days a handful
    epoch = Coalesce("duty_epoch_id", Value(""))
    alone = Thread.objects.alias(epoch=epoch).filter(
        waiting=False, retention_day__lte=until, epoch__in=_epochs(reader)
    )
    soonest_alone = alone.order_by("retention_day", "id")[:MOST_ALONE]
    return [GoesSoon(one, one.retention_day, facts_only=False) for one in soonest_alone if one.retention_day]


def waiting_too_long(*, reader: Reader) -> TooLong | None:
    """People the reader can answer who have waited longer than people are told, counted up to 1000; None when there is
    nobody. Three queries, written out because everybody's Today asks them.
    """
    require_time_runs_on(reader.now)
    limit = connection.ops.adapt_datetimefield_value(reader.now - timedelta(hours=conf.unanswered_hours))
    me, today = reader.member.pk, connection.ops.adapt_datefield_value(reader.now.date())
    with connection.cursor() as cursor:
        cursor.execute(FIRST_ON_DUTY, [limit, me])
        first = cursor.fetchone()[0]
        # SQLite knows a moment only where it stands in a column, not what is made of one
        on_duty = said_in_utc(datetime.fromisoformat(first) if isinstance(first, str) else first)
        cursor.execute(IN_CASES, [limit, me, today])
        in_cases = [since for (said,) in cursor.fetchall() if (since := said_in_utc(said))]
        starts = [since for since in (on_duty, min(in_cases, default=None)) if since]
        if not starts:
            return None
        cursor.execute(COUNTED_ON_DUTY, [limit, me, MOST_COUNTED + 1])
        count = len(in_cases) + int(cursor.fetchone()[0])
    return TooLong(min(count, MOST_COUNTED), min(starts), more=count > MOST_COUNTED)


def _epochs(reader: Reader) -> QuerySet[DutyGrant, str]:
    return DutyGrant.objects.filter(member=reader.member).values_list("epoch_id", flat=True)
