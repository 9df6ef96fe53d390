"""Who is on duty on which days, and the duty epochs prepared for it.

An epoch is made beforehand for every day on which others come on duty, within two weeks, and is sealed to from that
day on. On a day nobody covers, everybody who may be on duty is its roster: a message never waits for a shift. A
coordinator who has a day without anybody before them is told in time.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from tropa.desk.staff.models import Member, Role
from tropa.desk.staff.reader import Reader
from tropa.desk.vault.duty import forget_prepared, open_duty_epoch, prepared_days
from tropa.desk.vault.errors import NoGrant
from tropa.desk.vault.models import DutyEpoch, Shift
from tropa.desk.vault.shift_calendar import HOURS, KeptShift
from tropa.desk.vault.trust import verified_certificate
from tropa.envelope import COORDINATOR, EnvelopeError

AHEAD = timedelta(days=14)
ALARM = timedelta(days=3)


def roster_of(on: date) -> list[Member]:
    """Who opens what arrives on a day: who has a shift and the coordinators on duty; with no shift, all on duty."""
    shifted = set(
        Shift.objects.filter(first_day__lte=on, last_day__gte=on).values_list("member_id", flat=True)
    )
    people = Member.objects.select_related("issuer").filter(active=True, on_duty=True).order_by("id")
    working = [member for member in people if _verifies(member, on)]
    covering = [member for member in working if member.pk in shifted]
    if not covering:
        return working
    return [member for member in working if member in covering or member.role == Role.COORDINATOR]


def uncovered_days(on: date) -> list[date]:
    """Days from `on` on, within three, that nobody covers; none where no shifts are kept at all."""
    if not any_kept(on):
        return []
    days = [on + timedelta(days=ahead) for ahead in range(ALARM.days + 1)]
    working = Member.objects.filter(active=True, on_duty=True)
    return [
        day
        for day in days
        if not Shift.objects.filter(first_day__lte=day, last_day__gte=day, member__in=working).exists()
    ]


@transaction.atomic
def add_shift(
    *,
    reader: Reader,
    member: Member,
    first_day: date,
    last_day: date,
    from_hour: int = 0,
    until_hour: int = HOURS,
) -> Shift:
    """Put somebody on duty for these days, and prepare the epochs anew; keys are of whole days, whatever the hours.

    Raises NoGrant for anybody but a coordinator, ValueError for days that are over or in the wrong order, and for hours
    likewise.
    """
    _coordinators_only(reader)
    if not reader.now.date() <= last_day or not first_day <= last_day:
        raise ValueError("days that are over, or in the wrong order")
    if not 0 <= from_hour < until_hour <= HOURS:
        raise ValueError("hours in the wrong order")
    shift = Shift.objects.create(
        member=member, first_day=first_day, last_day=last_day, from_hour=from_hour, until_hour=until_hour
    )
    prepare(reader=reader)
    return shift


@transaction.atomic
def remove_shift(*, reader: Reader, shift_id: str) -> Shift | None:
    """Take a shift back, and prepare the epochs anew; which it was. Raises NoGrant for anybody but a coordinator."""
    _coordinators_only(reader)
    gone = Shift.objects.filter(pk=shift_id).first()
    Shift.objects.filter(pk=shift_id).delete()
    prepare(reader=reader)
    return gone


def shifts_between(first: date, last: date) -> list[KeptShift]:
    """Shifts of people who may be on duty, on any of these days. One query."""
    rows = Shift.objects.filter(
        first_day__lte=last, last_day__gte=first, member__active=True, member__on_duty=True
    )
    return [
        KeptShift(*row)
        for row in rows.values_list(
            "id", "member_id", "member__pseudonym", "first_day", "last_day", "from_hour", "until_hour"
        )
    ]


def any_kept(on: date) -> bool:
    """Whether shifts are kept here at all: some lately or to come."""
    return Shift.objects.filter(last_day__gte=on - AHEAD).exists()


@transaction.atomic
def prepare(*, reader: Reader) -> int:
    """Make the epochs of the next two weeks whose rosters differ from the day before; how many were made.

    What was prepared for the same days and people stays. Raises NoGrant for anybody but a coordinator.
    """
    _coordinators_only(reader)
    today = reader.now.date()
    wanted = _changes(today) if Shift.objects.exists() else {}
    if {day: {one.pk for one in people} for day, people in wanted.items()} == prepared_days(after=today):
        return 0
    forget_prepared(after=today)
    for day, people in wanted.items():
        open_duty_epoch(reader=reader, roster=people, opens=day)
    return len(wanted)


def prepare_if_coordinator(*, reader: Reader) -> int:
    """`prepare` at the visit of a coordinator; nothing at anybody else's."""
    try:
        return prepare(reader=reader)
    except NoGrant:
        return 0


def _changes(today: date) -> dict[date, list[Member]]:
    """Days after today on which others are on duty than the day before, with who is."""
    changes: dict[date, list[Member]] = {}
    newest = DutyEpoch.objects.filter(opened_day__lte=today).order_by("-number").first()
    before = set(newest.grants.values_list("member_id", flat=True)) if newest else set()
    for ahead in range(1, AHEAD.days + 1):
        day = today + timedelta(days=ahead)
        people = roster_of(day)
        if {one.pk for one in people} != before:
            changes[day], before = people, {one.pk for one in people}
    return changes


def _coordinators_only(reader: Reader) -> None:
    try:
        certificate = verified_certificate(reader.member, reader.now.date())
    except EnvelopeError:
        raise NoGrant from None
    if certificate.role != COORDINATOR:
        raise NoGrant


def _verifies(member: Member, on: date) -> bool:
    try:
        verified_certificate(member, on)
    except EnvelopeError:
        return False
    return True
