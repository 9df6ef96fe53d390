"""What people change about their own account: password, passphrases, recovery codes, visits.

Each change asks for the password once more, so that whoever finds a desk open cannot keep a way back into it, and
what it makes worthless ends at once. The log holds these acts without a signature: they belong to the account and not
to a key, and a person under duress leaves the same rows as anybody.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tropa.desk.audit.acts import Act
from tropa.desk.audit.services import record
from tropa.desk.frame import Notice
from tropa.desk.scrub import scrub
from tropa.desk.staff import passkeys, recovery_codes
from tropa.desk.staff.empty_desk import EmptyDesk
from tropa.desk.staff.errors import WrongPassphraseTyped, WrongPassword
from tropa.desk.staff.kept_slots import count_if_changed, note_replaced
from tropa.desk.staff.models import Member, Visit
from tropa.desk.staff.reader import Reader
from tropa.desk.staff.slots import Door, fresh_slots, lock, open_slots
from tropa.desk.staff.slow_hash import QUEUE, hash_password, password_fits
from tropa.envelope import Seed

TOLD_DAYS = 14  # so long Today says that a recovery code was used or that new ones were made


def change_password(*, visit: Visit, password: str, new_password: str, now: datetime) -> int:
    """Give the account another password and end its other visits; how many ended.

    Raises WrongPassword and SignInBusy; nothing is changed then.
    """
    with QUEUE.turn():
        if not password_fits(password, visit.member.password):
            raise WrongPassword
        hashed = hash_password(new_password)
    with transaction.atomic():
        Member.objects.filter(pk=visit.member_id).update(password=hashed)
        ended = _end_others(visit)
        record(reader=None, act=Act.PASSWORD_CHANGED, detail={"member": visit.member_id}, now=now)
    scrub()
    return ended


def change_passphrases(
    *, visit: Visit, passphrase: str, new: str, duress: str, opened: Reader | EmptyDesk
) -> None:
    """Put both slots anew: the key behind `new`, and an empty desk behind `duress` (empty: nothing is behind it).

    Every other visit ends. In an empty desk only what its own passphrase opens is put anew: what lies behind the other
    slot cannot be reached from there, and `duress` is taken and forgotten.

    Raises WrongPassphraseTyped when `passphrase` does not open this desk or the slots are not what was last written,
    and SignInBusy; nothing is changed then.
    """
    member = Member.objects.get(pk=visit.member_id)
    changed = count_if_changed(member=member, on=opened.now.date())
    with QUEUE.turn():
        found = open_slots(member, passphrase)
        if found is None or changed or found.seed != opened.seed:
            raise WrongPassphraseTyped
        own = Door(opened.seed, new)
        if isinstance(opened, EmptyDesk):
            columns = {found.slot: lock(member.id, own, found.slot)}
        else:
            other = Door(Seed.generate(secrets.token_bytes), duress) if duress else None
            columns = fresh_slots(member_id=member.id, own=own, duress=other)
    with transaction.atomic():
        Member.objects.filter(pk=member.pk).update(**columns)
        note_replaced(before=member, after=Member.objects.get(pk=member.pk))
        _end_others(visit)
        record(reader=None, act=Act.PASSPHRASES_CHANGED, detail={"member": member.id}, now=opened.now)
    scrub()


def make_codes(*, visit: Visit, password: str, now: datetime) -> list[str]:
    """Ten new recovery codes, to be shown once; earlier ones are good no more. Raises as `change_password`."""
    check_password(member=visit.member, password=password)
    return recovery_codes.make_codes(member=visit.member, now=now)


def check_password(*, member: Member, password: str) -> None:
    """Return if this is the member's password. Raises WrongPassword and SignInBusy."""
    with QUEUE.turn():
        if not password_fits(password, member.password):
            raise WrongPassword


def close_tour(*, member: Member) -> None:
    """Offer this member the tour no more."""
    Member.objects.filter(pk=member.pk).update(tour_closed=True)


def end_other_visits(*, visit: Visit, now: datetime) -> int:
    """End every visit of this person but this one; how many ended. Their sealed keys leave the disk."""
    with transaction.atomic():
        ended = _end_others(visit)
        if ended:
            record(reader=None, act=Act.VISITS_ENDED, detail={"member": visit.member_id}, now=now)
    scrub()
    return ended


def account_notices(*, member: Member, on: date) -> list[Notice]:
    """What somebody has to know about their own account, for a fortnight: it may not have been them."""
    kept = recovery_codes.kept_codes(member)
    since, said = on - timedelta(days=TOLD_DAYS), []
    if kept.last_used is not None and kept.last_used >= since:
        left = ngettext("%(count)d code is left.", "%(count)d codes are left.", kept.left)
        words = _(
            "A recovery code signed you in on %(day)s. If it was not you, change your password on your account's page."
        )
        text = f"{words} {left}" % {"day": date_format(kept.last_used, "j E"), "count": kept.left}
        said.append(Notice(kind="stale", icon="info", text=text))
    if kept.made_on is not None and kept.made_on >= since:
        words = _(
            "Recovery codes of your account were made on %(day)s. If it was not you, make new ones and change "
            "your password."
        )
        said.append(Notice(kind="", icon="info", text=words % {"day": date_format(kept.made_on, "j E")}))
    for one in passkeys.passkeys_of(member):
        if one.day is not None and one.day >= since:
            words = _(
                "The passkey “%(name)s” was added on %(day)s. If it was not you, remove it on your account's page."
            )
            text = words % {"name": one.name, "day": date_format(one.day, "j E")}
            said.append(Notice(kind="", icon="info", text=text))
    return said


def _end_others(visit: Visit) -> int:
    others = Visit.objects.filter(member_id=visit.member_id).exclude(pk=visit.pk)
    return others.delete()[1].get("staff.Visit", 0)
