"""Destroys threads and cases: first the word that they go, then the keys, then the rows and files.

In this order, each step on the disk before the next begins. A line outside the database says what goes (a restore
destroys it again); a case's wrapping key is overwritten (no copy of its seeds opens any more, whoever has which key);
rows and files go with what is written about it, in one transaction. Killed or out of room between two steps, nothing
that was begun opens half: before the key is gone all of it is there, afterwards none of it opens, and the next round of
housekeeping ends what was begun. Nothing is called destroyed before that.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.db.models import Q

from tropa.desk.audit.acts import Act
from tropa.desk.audit.services import record
from tropa.desk.cases.models import Case
from tropa.desk.receipts import Destroyed, note_destroyed, noted
from tropa.desk.talk.models import Thread
from tropa.desk.vault.wrapping_keys import destroy_wrapping_keys


class Cause(StrEnum):
    """Why something went. Names are stored: never renamed."""

    RETENTION = "retention"
    APPLICANT = "applicant"
    UNFINISHED = "unfinished"  # begun before, and cut short


@transaction.atomic
def destroy(
    *, cause: Cause, now: datetime, threads: Iterable[str] = (), cases: Iterable[str] = ()
) -> tuple[int, int]:
    """Destroy these cases with all their threads, and these threads; how many threads and cases went.

    The caller has judged, in the same transaction, that they may go; of two who do it at once one finds nothing left.
    Raises OSError when the disk does not take it.
    """
    gone = list(Case.objects.select_for_update().filter(pk__in=set(cases)).values_list("pk", flat=True))
    going = Thread.objects.select_for_update().filter(Q(pk__in=set(threads)) | Q(case_id__in=gone))
    parted = list(going.values_list("pk", flat=True))
    if not gone and not parted:
        return 0, 0
    note_destroyed({Destroyed.THREAD: parted, Destroyed.CASE: gone})
    destroy_wrapping_keys(gone)
    Thread.objects.filter(pk__in=parted).delete()
    Case.objects.filter(pk__in=gone).delete()
    detail = {"by": str(cause), Destroyed.THREAD: str(len(parted)), Destroyed.CASE: str(len(gone))}
    record(reader=None, act=Act.DESTROYED, detail=detail, now=now)
    return len(parted), len(gone)


@transaction.atomic
def end_what_was_begun(*, now: datetime) -> int:
    """Destroy what the file outside the database says is destroyed and a crash left standing; how much went."""
    threads = noted(Destroyed.THREAD, Thread.objects.values_list("pk", flat=True))
    cases = noted(Destroyed.CASE, Case.objects.values_list("pk", flat=True))
    return sum(destroy(cause=Cause.UNFINISHED, now=now, threads=threads, cases=cases))
