"""Calling somebody in for today: a shift, and the keys of everything that waits.

Whoever is called in opens what arrives from now on, and the untaken threads the coordinator who calls can open; what
others took stays closed to them.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from tropa.desk.staff.models import Member
from tropa.desk.staff.reader import Reader
from tropa.desk.staff.visit_rows import NEVER_NEEDED
from tropa.desk.vault.duty import grant_duty, open_duty_seeds
from tropa.desk.vault.errors import NoGrant
from tropa.desk.vault.models import DutyEpoch, DutyGrant, Shift
from tropa.desk.vault.shifts import add_shift


def off_shift(*, on: date) -> QuerySet[Member]:
    """Who may be on duty and has no shift that day, with how many cases they lead; who leads least first."""
    shifted = Shift.objects.filter(first_day__lte=on, last_day__gte=on).values("member_id")
    working = Member.objects.filter(active=True, on_duty=True).exclude(pk__in=shifted).defer(*NEVER_NEEDED)
    ended = Q(leads__phase__in=["closed", "safe"])
    loads = working.annotate(load=Count("leads", filter=~ended, distinct=True))
    return loads.order_by("load", "pseudonym")


@transaction.atomic
def call_in(*, reader: Reader, member: Member) -> int:
    """Put somebody on duty today; how many keys they were given. Done twice it is done once.

    Raises NoGrant for anybody but a coordinator, and for whoever may not be on duty.
    """
    today = reader.now.date()
    if not (member.active and member.on_duty):
        raise NoGrant
    kept = Shift.objects.filter(member=member, first_day__lte=today, last_day__gte=today)
    if not kept.exists():
        add_shift(reader=reader, member=member, first_day=today, last_day=today)
    held = open_duty_seeds(reader=reader)
    mine = set(DutyGrant.objects.filter(member=member).values_list("epoch_id", flat=True))
    wanted = DutyEpoch.objects.filter(pk__in=held.keys() - mine, opened_day__lte=today)
    current = wanted.filter(threads__waiting=True) | wanted.filter(closed_day=None)
    granted = 0
    for epoch in current.distinct().order_by("number"):
        grant_duty(reader=reader, epoch=epoch, member=member)
        granted += 1
    return granted
