"""Destroys threads, cases and plan facts: first the word that they go, then the keys, then the rows and files.

In this order, each on the disk before the next is. A line outside the database says what goes (a restore
destroys it again); a case's wrapping key is overwritten (no copy of its seeds opens any more, whoever has which key);
rows and files go with the receipt and the log's record of it, in one transaction. Killed or out of room between two
steps, nothing that was begun opens half: before the key is gone all of it is there, afterwards none of it opens, and
the next round of housekeeping ends what was begun. No receipt says so before that.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from tropa.desk.audit.acts import Act
from tropa.desk.audit.services import record
from tropa.desk.cases.models import Case
from tropa.desk.plans.models import Plan, PlanFacts
from tropa.desk.receipts import Destroyed, facts_id, note_destroyed, noted
from tropa.desk.retention.models import Cause, Receipt
from tropa.desk.retention.timing import day_of
from tropa.desk.retention.writing_receipts import receipts_for
from tropa.desk.talk.models import Entry, Thread
from tropa.desk.vault.wrapping_keys import destroy_wrapping_keys
from tropa.desk.work.models import Finding, OpenCopy


@dataclass(frozen=True, slots=True)
class Gone:
    """How many threads and cases went."""

    threads: int
    cases: int


@transaction.atomic
def destroy(*, cause: Cause, now: datetime, threads: Iterable[str] = (), cases: Iterable[str] = ()) -> Gone:
    """Destroy these cases with all their threads, and these threads.

    The caller has judged, in the same transaction, that they may go; of two who do it at once one finds nothing left.
    Raises OSError when the disk does not take it.
    """
    gone = list(Case.objects.select_for_update().filter(pk__in=set(cases)).values_list("pk", flat=True))
    going = Thread.objects.select_for_update().filter(Q(pk__in=set(threads)) | Q(case_id__in=gone))
    parted = list(going.values_list("pk", flat=True))
    if not gone and not parted:
        return Gone(0, 0)
    receipts = receipts_for(cause=cause, on=day_of(now), threads=parted, cases=gone, facts={})
    Thread.objects.filter(pk__in=parted).delete()
    Case.objects.filter(pk__in=gone).delete()
    Receipt.objects.bulk_create(receipts)
    detail = {"by": str(cause), Destroyed.THREAD: str(len(parted)), Destroyed.CASE: str(len(gone))}
    record(reader=None, act=Act.DESTROYED, detail=detail, now=now)
    note_destroyed({Destroyed.THREAD: parted, Destroyed.CASE: gone})
    destroy_wrapping_keys(gone)  # last: what the database refuses has destroyed nothing
    return Gone(len(parted), len(gone))


@transaction.atomic
def destroy_facts(*, cause: Cause, now: datetime, cases: Iterable[str]) -> int:
    """Destroy plan facts and plans of these cases, the sentinel's copies included; of how many cases. As `destroy`."""
    gone = list(Case.objects.select_for_update().filter(pk__in=set(cases)).values_list("pk", flat=True))
    sealed = dict(PlanFacts.objects.filter(case_id__in=gone).values_list("case_id", "sealed"))
    facts = {each: facts_id(each, bytes(sealed.get(each, b""))) for each in gone}
    plans = list(Plan.objects.filter(case_id__in=gone).values_list("pk", flat=True))
    if not sealed and not plans:
        return 0
    receipts = receipts_for(cause=cause, on=day_of(now), threads=[], cases=[], facts=facts)
    for rows in (Plan.objects, PlanFacts.objects, OpenCopy.objects, Finding.objects):
        rows.filter(case_id__in=gone).delete()
    Receipt.objects.bulk_create(receipts)
    detail = {"by": str(cause), Destroyed.FACTS: str(len(gone))}
    record(reader=None, act=Act.DESTROYED, detail=detail, now=now)
    note_destroyed({Destroyed.FACTS: facts.values(), Destroyed.PLAN: plans})
    return len(gone)


@transaction.atomic
def end_what_was_begun(*, now: datetime) -> int:
    """Destroy what the file outside the database says is destroyed and a crash left standing; how much went."""
    threads = noted(Destroyed.THREAD, Thread.objects.values_list("pk", flat=True))
    cases = noted(Destroyed.CASE, Case.objects.values_list("pk", flat=True))
    gone = destroy(cause=Cause.UNFINISHED, now=now, threads=threads, cases=cases)
    return gone.threads + gone.cases + _smaller_things()


def destroy_again(*, known: set[bytes]) -> int:
    """In a database being restored: destroy what these lines say was destroyed; how much went. Writes nothing down and
    touches no key.
    """
    count = 0
    for kind, rows in ((Destroyed.THREAD, Thread.objects), (Destroyed.CASE, Case.objects)):
        again = noted(kind, rows.values_list("pk", flat=True), known=known)
        rows.filter(pk__in=again).delete()
        count += len(again)
    return count + _smaller_things(known)


def _smaller_things(known: set[bytes] | None = None) -> int:
    """Entries, plans and plan facts that are written down as destroyed and stand again."""
    entries = noted(Destroyed.ENTRY, Entry.objects.values_list("pk", flat=True), known=known)
    plans = noted(Destroyed.PLAN, Plan.objects.values_list("pk", flat=True), known=known)
    named = {
        facts_id(one, bytes(sealed)): one for one, sealed in PlanFacts.objects.values_list("pk", "sealed")
    }
    facts = [named[each] for each in noted(Destroyed.FACTS, named, known=known)]
    Entry.objects.filter(pk__in=entries).delete()
    Plan.objects.filter(pk__in=plans).delete()
    PlanFacts.objects.filter(pk__in=facts).delete()
    OpenCopy.objects.filter(pk__in=facts).delete()
    return len(entries) + len(plans) + len(facts)
