"""Closing a case, reopening it, holding it and letting the hold go: acts of a holder of the case, each with a reason.

Closing starts the clocks, reopening stops them, a hold keeps everything until its last day is over. What has begun to
be destroyed is neither reopened nor held.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from tropa.desk.audit.acts import Act
from tropa.desk.audit.services import record
from tropa.desk.cases.models import Case, Phase
from tropa.desk.receipts import Destroyed, noted
from tropa.desk.retention.clocks import CLOSED
from tropa.desk.retention.errors import BadEnd, Going, NotClosed, NotOpen
from tropa.desk.retention.models import Closing, Hold
from tropa.desk.retention.reasons import seal_reason
from tropa.desk.staff.reader import Reader
from tropa.desk.vault.services import open_newest

LONGEST_HOLD = timedelta(days=366)


@transaction.atomic
def close_case(*, reader: Reader, case: Case, safe: bool, reason: str) -> None:
    """Close the case, because the person is safe or because the help has ended otherwise. The clocks begin.

    Raises NoGrant, NotOpen, Going, NoReason.
    """
    held, row = open_newest(reader=reader, case=case), _locked(case)
    if row.phase in CLOSED:
        raise NotOpen
    closing = Closing(case=row, member=reader.member, before=row.phase)
    seal_reason(closing, reason, held)
    Closing.objects.filter(case=row).delete()
    closing.save(force_insert=True)
    _move(row, Phase.SAFE if safe else Phase.CLOSED, reader.now.date(), case)
    detail = {"case": row.pk, "phase": row.phase}
    record(reader=reader, act=Act.CASE_CLOSED, detail=detail, now=reader.now)


@transaction.atomic
def reopen_case(*, reader: Reader, case: Case) -> None:
    """Stop the clocks: the case stands where it stood before. Raises NoGrant, NotClosed, Going."""
    open_newest(reader=reader, case=case)
    row = _locked(case)
    if row.phase not in CLOSED:
        raise NotClosed
    closing = Closing.objects.filter(case=row).first()
    before = Phase(closing.before) if closing else Phase.ADVICE
    Closing.objects.filter(case=row).delete()
    _move(row, Phase.ADVICE if before in CLOSED else before, None, case)
    record(reader=reader, act=Act.CASE_REOPENED, detail={"case": row.pk}, now=reader.now)


@transaction.atomic
def hold_case(*, reader: Reader, case: Case, last_day: date, reason: str) -> Hold:
    """Keep the case until the end of a day, for a court or an inquiry; instead of any hold it has.

    Raises NoGrant, Going, NoReason, BadEnd.
    """
    held, row = open_newest(reader=reader, case=case), _locked(case)
    today = reader.now.date()
    if not today <= last_day <= today + LONGEST_HOLD:
        raise BadEnd
    hold = Hold(case=row, member=reader.member, day=today, last_day=last_day)
    seal_reason(hold, reason, held)
    Hold.objects.filter(case=row).delete()
    hold.save(force_insert=True)
    detail = {"case": row.pk, "until": last_day.isoformat()}
    record(reader=reader, act=Act.CASE_HELD, detail=detail, now=reader.now)
    return hold


@transaction.atomic
def lift_hold(*, reader: Reader, case: Case) -> None:
    """Let the hold go; the clocks go on as if it had not been. Raises NoGrant."""
    open_newest(reader=reader, case=case)
    if Hold.objects.filter(case=case).delete()[0]:
        record(reader=reader, act=Act.HOLD_LIFTED, detail={"case": case.pk}, now=reader.now)


def _locked(case: Case) -> Case:
    """The row, locked. Raises Going."""
    row = Case.objects.select_for_update().get(pk=case.pk)
    if noted(Destroyed.CASE, [row.pk]):
        raise Going
    return row


def _move(row: Case, phase: Phase, closed_day: date | None, told: Case) -> None:
    row.phase, row.closed_day = phase, closed_day
    row.save(update_fields=["phase", "closed_day"])
    told.phase, told.closed_day = phase, closed_day
