"""Whoever asks us to record abuse is asked before anything of theirs is destroyed.

The wish stands in the triage card, sealed; that there is something to ask stands in a row of its own, because clocks
open nothing. Until the person's answer is recorded, and while it is that they want it kept, no clock destroys anything
of the case. What they erase themselves goes at once: the drop asks them there.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from tropa.desk.audit.acts import Act
from tropa.desk.audit.services import record
from tropa.desk.cases.models import Case, Lane
from tropa.desk.retention.models import AskFirst, Wanted
from tropa.desk.staff.reader import Reader
from tropa.desk.vault.services import open_newest


def note_wish(case: Case, *, wants: bool) -> None:
    """What a saved card says. A wish that is taken off the card leaves nothing to ask, unless an answer stands."""
    if wants:
        AskFirst.objects.get_or_create(case=case)
    else:
        AskFirst.objects.filter(case=case, answer=Wanted.NOT_ASKED).delete()


@transaction.atomic
def record_answer(*, reader: Reader, case: Case, kept: bool) -> None:
    """What they answered: that it is kept, or that it may go. A later answer stands instead. Raises NoGrant."""
    open_newest(reader=reader, case=case)
    answer = Wanted.KEPT if kept else Wanted.MAY_GO
    values = {"answer": answer, "member": reader.member, "day": reader.now.date()}
    AskFirst.objects.update_or_create(case=case, defaults=values)
    detail = {"case": case.pk, "answer": str(answer)}
    record(reader=reader, act=Act.ASKED_BEFORE, detail=detail, now=reader.now)


def answer_of(case: Case) -> Wanted | None:
    """What stands about asking; None when there is nothing to ask."""
    return answers_of([case]).get(case.pk)


def answers_of(cases: Collection[Case]) -> dict[str, Wanted]:
    """The same for many cases, by id. One query."""
    rows = AskFirst.objects.filter(case_id__in=[case.pk for case in cases]).values_list("case_id", "answer")
    asked = {case.pk: Wanted.NOT_ASKED for case in cases if case.lane == Lane.ABUSE}
    return asked | {case_id: Wanted(answer) for case_id, answer in rows}


def stay_for_it(cases: Collection[Case]) -> set[str]:
    """Ids of those of which nothing goes by itself."""
    return {case_id for case_id, answer in answers_of(cases).items() if answer is not Wanted.MAY_GO}
