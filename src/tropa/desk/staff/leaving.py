"""Leaving: one act, one transaction, and somebody reaches nothing any more.

Visits, claims, unused invitations, duty and case grants end at once; a new duty epoch is opened without the
leaver; cases they led pass to the second holder; every case whose key they could open is queued for a new key.
What they signed in and unlocked with is taken out of their row: password, second factor, recovery codes, passkeys and
both slots, the duress one with the other; and where their browser is told and
where they are asked to come are erased.
What they have read cannot be called back, and neither can a key they have copied: that is why the queue stands
on the page until it is empty.

No case is lost: where nobody else holds one, two coordinators open it together (`break_glass`), and the page says
which cases wait for that. Where there are no two, the leaver's grant stays as the only way to it but for the
trustees, and their slots stay with it, locked to somebody who can no longer sign in.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet

from tropa.desk.audit.acts import Act
from tropa.desk.audit.services import record
from tropa.desk.cases.models import Case
from tropa.desk.push.models import PushSubscription
from tropa.desk.scrub import scrub
from tropa.desk.staff.certifying import roster
from tropa.desk.staff.coordinating import coordinators_only
from tropa.desk.staff.errors import NotOneself
from tropa.desk.staff.models import Claim, Member, Visit
from tropa.desk.staff.reader import Reader
from tropa.desk.vault.call_in_addresses import forget_leaver
from tropa.desk.vault.duty import open_duty_epoch
from tropa.desk.vault.models import CaseGrant, DutyGrant, Rotation
from tropa.desk.vault.standby import on_standby

NO_SIGN_IN: dict[str, Any] = {
    "password": "",
    "totp_sealed": b"",
    "totp_last_step": 0,
    "recovery_codes_sealed": b"",
    "alarms_sealed": b"",
    "abilities_sealed": b"",
}
NO_SLOTS: dict[str, Any] = {"slot_one": b"", "slot_two": b"", "companion_sealed": b""}


@dataclass(frozen=True, slots=True)
class Left:
    """What ended: how many visits, how many cases are queued for a new key, and how many nobody else holds."""

    visits: int
    queued: int
    held_by_nobody_else: int


@transaction.atomic
def leave(*, reader: Reader, member: Member) -> Left:
    """End everything `member` could reach. Raises NotCoordinator, and NotOneself: a coordinator who leaves is
    let go by another, so the organisation never loses its last.
    """
    coordinators_only(reader)
    if reader.member.pk == member.pk:
        raise NotOneself
    Member.objects.filter(pk=member.pk).update(active=False, on_duty=False, **NO_SIGN_IN)
    member.passkeys.all().delete()
    PushSubscription.objects.filter(member=member).delete()
    forget_leaver(member=member)
    visits = Visit.objects.filter(member=member).delete()[1].get("staff.Visit", 0)
    Claim.objects.filter(member=member).delete()
    member.invitations.filter(used=False).delete()
    DutyGrant.objects.filter(member=member).delete()
    cases = list(Case.objects.filter(keys__grants__member=member).distinct())
    held = held_by_somebody([case.pk for case in cases], reader.now.date())
    nobodys = [case.pk for case in cases if case.pk not in held]
    standby = on_standby(nobodys)
    alone = [case_id for case_id in nobodys if case_id not in standby]
    CaseGrant.objects.filter(member=member).exclude(key__case_id__in=alone).delete()
    if not alone:
        Member.objects.filter(pk=member.pk).update(**NO_SLOTS)
    for case in cases:
        Rotation.objects.get_or_create(case=case, left=member, defaults={"day": reader.now.date()})
    _pass_on(member, nobodys)
    record(reader=reader, act=Act.LEFT, detail={"member": member.id}, now=reader.now)
    open_duty_epoch(reader=reader, roster=roster(reader.now.date()))
    transaction.on_commit(scrub)
    return Left(visits=visits, queued=len(cases), held_by_nobody_else=len(nobodys))


def held_by_somebody(case_ids: Collection[str], on: date) -> set[str]:
    """Those of these cases that somebody who works here can open that day."""
    grants = CaseGrant.objects.filter(key__case_id__in=case_ids, member__active=True)
    running = grants.filter(Q(ends_day=None) | Q(ends_day__gte=on))
    return set(running.values_list("key__case_id", flat=True))


def queued_rotations() -> QuerySet[Rotation]:
    """Cases that wait for a new key, longest first."""
    return Rotation.objects.select_related("case__lead", "case__second", "left").order_by("day", "id")


def _pass_on(member: Member, alone: Collection[str]) -> None:
    """The second holder leads what the leaver led; nobody is second where the leaver was."""
    Case.objects.filter(second=member).update(second=None)
    led = Case.objects.filter(lead=member, second__isnull=False).exclude(pk__in=alone)
    led.update(lead=F("second"), second=None)
