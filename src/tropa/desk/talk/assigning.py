"""Giving a thread to somebody by name, who accepts or declines.

Nobody loses a person over it: whoever gives stays second holder, so that a thread declined has its giver again, and one
nobody accepts stands on both their pages. Whoever declines loses the access the giving gave them.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection, transaction

from tropa.desk.audit.acts import Act
from tropa.desk.audit.services import record
from tropa.desk.cases.models import Assignment, Case
from tropa.desk.staff.models import Member
from tropa.desk.staff.reader import Reader
from tropa.desk.talk.candidates import may_hold
from tropa.desk.talk.errors import CannotHold, NothingAssigned
from tropa.desk.talk.models import Thread
from tropa.desk.talk.services import refuse_taken, take
from tropa.desk.vault.services import grant_case, holders, open_newest, revoke_case

WAITS = """
SELECT EXISTS (SELECT 1 FROM cases_assignment WHERE case_id = %s AND (giver_id = %s OR taker_id = %s))
"""


@dataclass(frozen=True, slots=True)
class Given:
    """A thread somebody gave and nobody accepted yet; `mine`: it waits for the reader's word."""

    thread: Thread
    assignment: Assignment
    mine: bool


@transaction.atomic
def assign(*, reader: Reader, thread: Thread, member: Member) -> Case:
    """Let `member` lead the thread's case, with the reader (or who led it) as second; an untaken one is taken for them.

    Raises CannotHold for whoever may hold no cases, oneself or who leads it already, AlreadyTaken, NoGrant.
    """
    today = reader.now.date()
    if member.pk == reader.member.pk or not member.active or not may_hold(member, today):
        raise CannotHold
    locked = Thread.objects.select_for_update(of=("self",)).select_related("case").get(pk=thread.pk)
    if locked.case_id != thread.case_id:  # somebody took or gave it since the page was drawn
        refuse_taken(reader=reader, thread=locked)
    if locked.case is None:
        case = take(reader=reader, thread=locked, lead=member, second=reader.member)
        granted = True
    else:
        case = locked.case
        granted = _hand_on(reader, case, member)
    values = {"giver": reader.member, "taker": member, "granted": granted, "day": today}
    Assignment.objects.update_or_create(case=case, defaults=values)
    detail = {"case": case.pk, "member": member.pk}
    record(reader=reader, act=Act.ASSIGNED, detail=detail, now=reader.now)
    thread.case, thread.duty_epoch = case, None
    return case


@transaction.atomic
def accept(*, reader: Reader, case: Case) -> None:
    """Take on what one was given. Raises NoGrant, NothingAssigned when it was taken back or is somebody else's."""
    open_newest(reader=reader, case=case)
    if not Assignment.objects.filter(case=case, taker=reader.member).delete()[0]:
        raise NothingAssigned
    record(reader=reader, act=Act.ACCEPTED, detail={"case": case.pk}, now=reader.now)


@transaction.atomic
def decline(*, reader: Reader, case: Case) -> None:
    """Give it back to whoever gave it; the giver takes it back by the same act while it is not accepted.

    Raises NoGrant, NothingAssigned, and CannotHold when the giver holds it no longer.
    """
    open_newest(reader=reader, case=case)
    waiting = Assignment.objects.select_for_update(of=("self",)).select_related("giver", "taker")
    found = waiting.filter(case=case).first()
    if found is None or reader.member.pk not in {found.giver_id, found.taker_id}:
        raise NothingAssigned
    held_by = {one.pk for one in holders(case, reader.now.date())}
    if found.giver_id not in held_by:
        raise CannotHold
    found.delete()
    row = Case.objects.select_for_update().get(pk=case.pk)
    row.lead, row.second = found.giver, row.second if row.second_id != found.giver_id else found.taker
    row.save(update_fields=["lead", "second"])
    if found.granted and found.taker_id in held_by:
        revoke_case(reader=reader, case=row, member=found.taker)
    case.refresh_from_db()
    record(reader=reader, act=Act.DECLINED, detail={"case": case.pk}, now=reader.now)


def given(*, reader: Reader) -> list[Given]:
    """What waits for the reader's word, and what the reader gave that waits for another's; the oldest first."""
    rows = Assignment.objects.filter(taker=reader.member) | Assignment.objects.filter(giver=reader.member)
    waiting = {row.case_id: row for row in rows.select_related("giver", "taker").order_by("day")}
    threads = {thread.case_id: thread for thread in Thread.objects.filter(case_id__in=waiting)}
    return [
        Given(threads[case_id], row, row.taker_id == reader.member.pk)
        for case_id, row in waiting.items()
        if case_id in threads
    ]


def assignment_of(*, reader: Reader, thread: Thread) -> Assignment | None:
    """What waits to be accepted in this thread, for its giver and taker."""
    me = reader.member.pk
    with connection.cursor() as cursor:
        cursor.execute(WAITS, [thread.case_id, me, me])
        if not cursor.fetchone()[0]:  # nearly always; to build the query costs more than to ask
            return None
    return Assignment.objects.filter(case_id=thread.case_id).select_related("giver", "taker").first()


def _hand_on(reader: Reader, case: Case, member: Member) -> bool:
    """Make `member` the lead of a case one holds; whether they had to be let in."""
    open_newest(reader=reader, case=case)
    row = Case.objects.select_for_update().get(pk=case.pk)
    if row.lead_id == member.pk:
        raise CannotHold
    before = {one.pk for one in holders(row, reader.now.date())}
    if member.pk not in before:
        grant_case(reader=reader, case=row, member=member)
    row.lead, row.second = member, reader.member
    row.save(update_fields=["lead", "second"])
    case.lead, case.second = row.lead, row.second
    return member.pk not in before
