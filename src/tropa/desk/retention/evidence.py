"""What people sent to show who they are: it goes when it was decided about, and not with the rest of the case.

A holder marks a message as such evidence; the decision destroys it, with its files, in the same act
(`TROPA_VERIFICATION_DAYS` is 0), or housekeeping does so many days later. A hold keeps it, and so does a question
nobody has put yet (`asking`).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max

from tropa.desk.audit.acts import Act
from tropa.desk.audit.services import record
from tropa.desk.cases.models import Case
from tropa.desk.conf import conf
from tropa.desk.receipts import Destroyed, note_destroyed
from tropa.desk.retention.asking import stay_for_it
from tropa.desk.retention.errors import NoSuchMessage
from tropa.desk.retention.models import Cause, Evidence, Hold, Receipt
from tropa.desk.retention.timing import day_of
from tropa.desk.retention.writing_receipts import receipts_for_evidence
from tropa.desk.staff.reader import Reader
from tropa.desk.talk.applicants import OWN_KINDS
from tropa.desk.talk.models import Entry, Thread
from tropa.desk.vault.services import open_newest


@transaction.atomic
def mark_evidence(*, reader: Reader, case: Case, entry_id: str) -> None:
    """This message shows who they are, and is there for the decision alone. Raises NoGrant, NoSuchMessage."""
    open_newest(reader=reader, case=case)
    entry = Entry.objects.filter(pk=entry_id, thread__case=case, kind__in=OWN_KINDS).first()
    if entry is None:
        raise NoSuchMessage
    Evidence.objects.get_or_create(entry=entry, defaults={"case": case})
    record(reader=reader, act=Act.EVIDENCE_MARKED, detail={"case": case.pk}, now=reader.now)


@transaction.atomic
def decide(*, reader: Reader, case: Case, confirmed: bool) -> int:
    """It was looked at, and they are who they say or not. How many messages went at once. Raises NoGrant."""
    open_newest(reader=reader, case=case)
    waiting = Evidence.objects.filter(case=case, decided_day=None)
    if not waiting.update(decided_day=reader.now.date()):
        return 0
    detail = {"case": case.pk, "confirmed": "yes" if confirmed else "no"}
    record(reader=reader, act=Act.VERIFIED, detail=detail, now=reader.now)
    return destroy_evidence(now=reader.now)


@transaction.atomic
def destroy_evidence(*, now: datetime) -> int:
    """Messages whose days after the decision are over, with their files; how many. Raises OSError."""
    on = day_of(now)
    due = Evidence.objects.filter(decided_day__lte=on - timedelta(days=conf.verification_days))
    held = Hold.objects.filter(last_day__gte=on).values("case_id")
    rows = list(due.exclude(case_id__in=held).select_for_update(of=("self",)).select_related("case"))
    stay = stay_for_it([row.case for row in rows])
    ids = [row.entry_id for row in rows if row.case_id not in stay]
    if not ids:
        return 0
    threads = list(Thread.objects.filter(entries__pk__in=ids).values_list("pk", flat=True).distinct())
    receipts = receipts_for_evidence(cause=Cause.RETENTION, on=on, entries=ids)
    Entry.objects.filter(pk__in=ids).delete()
    for thread_id in threads:
        last = Entry.objects.filter(thread_id=thread_id, kind__in=OWN_KINDS).aggregate(last=Max("sequence"))
        Thread.objects.filter(pk=thread_id).update(last_heard=last["last"] or 0)
    Receipt.objects.bulk_create(receipts)
    detail = {"by": str(Cause.RETENTION), Destroyed.ENTRY: str(len(ids))}
    record(reader=None, act=Act.DESTROYED, detail=detail, now=now)
    note_destroyed({Destroyed.ENTRY: ids})
    return len(ids)
