"""Invitations: a coordinator gives one out, one person makes keys with it, once and within a day.

The database keeps a digest of the code. Whoever made keys can do nothing with them: no sign-in, no grant, no
history, until a coordinator has compared their fingerprint and certified them. Without a good code no slow
hash is computed, so a stranger can make no work here.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from tropa.desk.audit.acts import Act
from tropa.desk.audit.services import record
from tropa.desk.clock import next_minute
from tropa.desk.staff.coordinating import coordinators_only
from tropa.desk.staff.errors import (
    InvitationExpired,
    InvitationUsed,
    NotCoordinator,
    PseudonymTaken,
    UnknownInvitation,
)
from tropa.desk.staff.joining import Newcomer, Secrets, prepare_newcomer
from tropa.desk.staff.kept_slots import note_first
from tropa.desk.staff.models import Gender, Invitation, Member, Role, Team
from tropa.desk.staff.reader import Reader
from tropa.desk.staff.slow_hash import QUEUE

INVITATION_HOURS = 24
CODE_BYTES = 15  # 24 letters of base32
FINGERPRINT_BYTES = 10
INVITED_ROLES = (Role.ADVISER, Role.RESEARCHER)  # coordinators are certified by the root


@dataclass(frozen=True, slots=True)
class Applicant:
    """What a newcomer chooses; role and team are the invitation's."""

    pseudonym: str
    gender: Gender
    language: str
    kept: Secrets = field(repr=False)


def invite(*, reader: Reader, role: Role, team: Team) -> str:
    """A new code, in groups of four; it is shown once. Raises NotCoordinator."""
    coordinators_only(reader)
    if role not in INVITED_ROLES:
        raise NotCoordinator
    code = base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode()
    with transaction.atomic():
        Invitation.objects.create(
            id=_digest(code),
            issuer=reader.member,
            role=role,
            team=team,
            ends_after=next_minute(reader.now + timedelta(hours=INVITATION_HOURS)),
        )
        record(reader=reader, act=Act.INVITED, detail={"role": role, "team": team.id}, now=reader.now)
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def good_invitation(*, code: str, now: datetime) -> Invitation:
    """The invitation with this code, if somebody may join with it now. Raises InvitationRefused's kinds."""
    invitation = Invitation.objects.select_related("issuer", "team").filter(pk=_digest(code)).first()
    if invitation is None or not invitation.issuer.active:
        raise UnknownInvitation
    if invitation.used:
        raise InvitationUsed
    if invitation.ends_after <= now:
        raise InvitationExpired
    return invitation


def join(*, code: str, applicant: Applicant, now: datetime) -> Member:
    """Make keys for a newcomer, who then waits to be certified.

    Raises InvitationRefused's kinds, PseudonymTaken (the invitation stays good), SignInBusy.
    """
    invitation = good_invitation(code=code, now=now)
    if Member.objects.filter(pseudonym=applicant.pseudonym).exists():
        raise PseudonymTaken
    newcomer = Newcomer(
        applicant.pseudonym,
        applicant.gender,
        Role(invitation.role),
        invitation.team,
        applicant.language,
        on_duty=invitation.role == Role.ADVISER,
    )
    with QUEUE.turn():
        member = prepare_newcomer(newcomer=newcomer, kept=applicant.kept).member
    member.active = False
    with transaction.atomic():
        # of two who use one code at once, one does
        if not Invitation.objects.filter(pk=invitation.pk, used=False).update(used=True):
            raise InvitationUsed
        try:
            with transaction.atomic():
                member.save(force_insert=True)
        except IntegrityError:
            raise PseudonymTaken from None
        note_first(member=member)
        Invitation.objects.filter(pk=invitation.pk).update(newcomer=member)
        record(reader=None, act=Act.JOINED, detail={"member": member.id}, now=now)
    return member


def key_fingerprint(member: Member) -> str:
    """A short name of somebody's keys, to be read out: 80 bits as five groups of four hex digits."""
    keys = bytes(member.seal_public) + bytes(member.sign_public)
    covered = b"tropa key fingerprint 1\0" + member.id.encode() + keys
    digits = hashlib.sha256(covered).digest()[:FINGERPRINT_BYTES].hex()
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def _digest(code: str) -> str:
    letters = "".join(letter for letter in code.upper() if letter.isalnum())
    return hashlib.sha256(b"tropa invitation 1\0" + letters.encode(errors="replace")).hexdigest()
