"""Certifying a newcomer: only after their fingerprint was read out and typed in, and without any history.

What is compared is what the newcomer's own browser showed against the keys that lie in the database now: keys
that somebody put there in between have another fingerprint and are never certified. An adviser comes on duty
with a new duty epoch, so that they read what arrives from now on and nothing before.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import QuerySet

from tropa.desk.audit.acts import Act
from tropa.desk.audit.services import record
from tropa.desk.staff.coordinating import coordinators_only
from tropa.desk.staff.errors import NotWaiting, OtherKeys
from tropa.desk.staff.invitations import key_fingerprint
from tropa.desk.staff.joining import Certifier, certify_keys
from tropa.desk.staff.models import Member
from tropa.desk.staff.reader import Reader
from tropa.desk.vault.duty import open_duty_epoch
from tropa.desk.vault.shifts import roster_of


def waiting_newcomers() -> QuerySet[Member]:
    """Those who made keys and whom nobody has certified."""
    return Member.objects.select_related("team").filter(active=False, certificate=b"").order_by("pseudonym")


@transaction.atomic
def certify_newcomer(*, reader: Reader, member_id: str, fingerprint: str) -> Member:
    """Vouch for a newcomer's keys; from now on they sign in.

    Raises NotCoordinator, NotWaiting, and OtherKeys when the fingerprint typed is not that of the keys here.
    """
    member = _waiting(reader, member_id)
    if _digits(fingerprint) != _digits(key_fingerprint(member)):
        raise OtherKeys
    certifier = Certifier(reader.seed.signing(), reader.member)
    certify_keys(member=member, certifier=certifier, on=reader.now.date())
    member.active = True
    member.save(update_fields=["certificate", "issuer", "active"])
    record(reader=reader, act=Act.CERTIFIED, detail={"member": member.id}, now=reader.now)
    if member.on_duty:
        open_duty_epoch(reader=reader, roster=roster(reader.now.date()))
    return member


@transaction.atomic
def refuse_newcomer(*, reader: Reader, member_id: str) -> None:
    """Throw a newcomer's keys away; they hold nothing. Raises NotCoordinator, NotWaiting."""
    member = _waiting(reader, member_id)
    record(reader=reader, act=Act.NEWCOMER_REFUSED, detail={"member": member.id}, now=reader.now)
    member.delete()


def roster(on: date) -> Sequence[Member]:
    """Who is on duty that day and whose keys verify; one certificate that has run out stops nobody else."""
    return roster_of(on)


def _waiting(reader: Reader, member_id: str) -> Member:
    coordinators_only(reader)
    member = waiting_newcomers().select_for_update(of=("self",)).filter(pk=member_id).first()
    if member is None:
        raise NotWaiting
    return member


def _digits(text: str) -> str:
    return "".join(digit for digit in text.lower() if digit.isalnum())
