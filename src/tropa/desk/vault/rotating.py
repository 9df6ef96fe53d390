"""A case's next key: made when somebody is shut out, or let in without its history.

The new seed is granted to everybody who holds the case and is to hold it on; what is written from then on opens
with nothing else. What was written before keeps its key: whoever copied that key and gets at the database reads it
still, and the pages say so. One case is one short transaction; killed in the middle, nothing has changed.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import connection, transaction

from tropa.desk.audit.acts import Act
from tropa.desk.audit.services import record
from tropa.desk.cases.models import Case
from tropa.desk.staff.models import Member
from tropa.desk.staff.reader import Reader
from tropa.desk.vault.case_grants import grant_seed, held_case_ids, open_case_seed, running, seal_grant
from tropa.desk.vault.case_keys import CaseSeed, make_next_key
from tropa.desk.vault.errors import LastHolder, NoGrant
from tropa.desk.vault.key_chain import newest_key
from tropa.desk.vault.models import CaseGrant, CaseKey, Rotation
from tropa.desk.vault.standby import due_for_parts, share_out
from tropa.envelope import EnvelopeError

WAITING = """
SELECT EXISTS (SELECT 1 FROM vault_rotation) OR EXISTS (SELECT 1 FROM vault_casegrant WHERE ends_day < %s)
"""
AT_ONCE = 8
"""Cases that get a new key in one request, so that nobody waits long for a page."""


@transaction.atomic
def grant_case(
    *, reader: Reader, case: Case, member: Member, ends_day: date | None = None, history: bool = True
) -> CaseGrant:
    """Let `member` open this case, until the end of `ends_day` if one is given.

    Without `history` the case gets a new key first, and they read what is written from then on. Raises NoGrant
    unless the reader can open the case, and when `member` holds it already; an EnvelopeError for keys that do not
    verify.
    """
    held = open_newest(reader=reader, case=case)
    mine = CaseGrant.objects.filter(key__case=case, member=member)
    if mine.filter(running(reader.now.date())).exists():
        raise NoGrant
    mine.delete()  # ended ones; what they opened before is granted anew, or not
    if not history:
        made = _next(reader, case, held, without=())
        held = CaseSeed(made.epoch, made.seed)
    keys = {key.epoch: key for key in CaseKey.objects.filter(case=case)}
    for epoch, seed in held.earlier.items():
        seal_grant(reader=reader, key=keys[epoch], seed=seed, member=member, ends_day=ends_day)
    return grant_seed(reader=reader, key=keys[held.epoch], seed=held.seed, member=member, ends_day=ends_day)


@transaction.atomic
def revoke_case(*, reader: Reader, case: Case, member: Member) -> None:
    """Shut `member` out of this case: their grants go, and the case gets a new key. Whom they led it for leads.

    Raises NoGrant unless the reader can open the case, and LastHolder when nobody would hold it without an end.
    """
    held = open_newest(reader=reader, case=case)
    if member.pk not in {one.pk for one in holders(case, reader.now.date())}:
        raise NoGrant
    if not lasting_holders(case, reader.now.date(), without=[member.pk]):
        raise LastHolder
    CaseGrant.objects.filter(key__case=case, member=member).delete()
    _pass_on(case, member, reader)
    _next(reader, case, held, without=[member.pk])
    detail = {"case": case.pk, "member": member.pk}
    record(reader=reader, act=Act.REVOKED, detail=detail, now=reader.now)


@transaction.atomic
def rotate_case(*, reader: Reader, case: Case) -> int:
    """A new key for this case and all who hold it today; the number of its epoch. What was queued for it is done.

    Raises NoGrant unless the reader can open the case.
    """
    Case.objects.select_for_update().get(pk=case.pk)
    held = open_newest(reader=reader, case=case)
    return _next(reader, case, held, without=()).epoch


def open_newest(*, reader: Reader, case: Case) -> CaseSeed:
    """The seeds of somebody who holds the newest epoch. Raises NoGrant for anybody else."""
    held = open_case_seed(reader=reader, case=case)
    if held.epoch != newest_key(case.pk).epoch:
        raise NoGrant
    return held


def holders(case: Case, on: date) -> list[Member]:
    """Who works here and holds the case that day, in no order that tells anything."""
    grants = CaseGrant.objects.filter(running(on), key__case=case, member__active=True)
    return list(
        Member.objects.filter(pk__in=grants.values("member_id")).select_related("issuer").order_by("id")
    )


def lasting_holders(case: Case, on: date, *, without: Collection[str] = ()) -> list[Member]:
    """Those of them whose grant has no last day, but for some."""
    grants = CaseGrant.objects.filter(key__case=case, ends_day=None).exclude(member_id__in=without)
    lasting = set(grants.values_list("member_id", flat=True))
    return [one for one in holders(case, on) if one.pk in lasting]


def due_for_a_key(*, reader: Reader, most: int | None = None) -> list[Case]:
    """Cases the reader holds that wait for a new key, at most `most`: somebody left who could open them, or a grant
    has ended.
    """
    today = reader.now.date()
    if not _anything_waits(today):
        return []
    mine = CaseGrant.objects.filter(running(today), member=reader.member).values("key__case_id")
    queued = Rotation.objects.values("case_id")
    ended = CaseGrant.objects.filter(ends_day__lt=today).values("key__case_id")
    due = Case.objects.filter(pk__in=mine).filter(pk__in=queued.union(ended)).order_by("pk")
    return list(due[:most] if most else due)


def _anything_waits(today: date) -> bool:
    """Whether any case at all waits for a key; nearly always not, and everybody's Today asks."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING, [connection.ops.adapt_datefield_value(today)])
        return bool(cursor.fetchone()[0])


def rotate_what_is_due(*, reader: Reader) -> int:
    """Give new keys to at most `AT_ONCE` cases the reader holds; how many got one. The next visit goes on."""
    done = 0
    for case in due_for_a_key(reader=reader, most=AT_ONCE):
        try:
            rotate_case(reader=reader, case=case)
        except NoGrant:
            continue  # held from an earlier epoch only, or taken away this moment
        done += 1
    return done


def share_what_is_due(*, reader: Reader) -> int:
    """Give the coordinators of today their parts of at most `AT_ONCE` keys the reader holds; how many were done."""
    done = 0
    for key in due_for_parts(reader=reader, case_ids=held_case_ids(reader=reader), most=AT_ONCE):
        seed = open_case_seed(reader=reader, case=key.case).each().get(key.epoch)
        if seed is None:
            continue
        with transaction.atomic():
            share_out(reader=reader, key=key, seed=seed)
            detail = {"case": key.case_id, "epoch": str(key.epoch)}
            record(reader=reader, act=Act.SHARED_OUT, detail=detail, now=reader.now)
        done += 1
    return done


def _next(reader: Reader, case: Case, held: CaseSeed, *, without: Collection[str]) -> CaseSeed:
    """Make the next key and grant it to who holds the case; ended grants and what was queued are gone."""
    today = reader.now.date()
    CaseGrant.objects.filter(key__case=case, ends_day__lt=today).delete()
    ends = dict(
        CaseGrant.objects.filter(key__case=case, key__epoch=held.epoch).values_list("member_id", "ends_day")
    )
    key, made = make_next_key(reader=reader, case=case, held=held)
    for member in holders(case, today):
        if member.pk not in ends or member.pk in without:
            continue
        try:
            seal_grant(reader=reader, key=key, seed=made.seed, member=member, ends_day=ends[member.pk])
        except EnvelopeError:  # a certificate that ran out shuts out only whose it is
            continue
    Rotation.objects.filter(case=case).delete()
    detail = {"case": case.pk, "epoch": str(key.epoch)}
    record(reader=reader, act=Act.ROTATED, detail=detail, now=reader.now)
    return made


def _pass_on(case: Case, member: Member, reader: Reader) -> None:
    """Nobody who was shut out leads, or is the second."""
    row = Case.objects.select_for_update().get(pk=case.pk)
    others = [one for one in lasting_holders(case, reader.now.date()) if one.pk != member.pk]
    if row.lead_id == member.pk:
        row.lead = next((one for one in others if one.pk == row.second_id), others[0])
    if row.second_id in {member.pk, row.lead_id}:
        row.second = next((one for one in others if one.pk != row.lead_id), None)
    row.save(update_fields=["lead", "second"])
    case.lead, case.second = row.lead, row.second
