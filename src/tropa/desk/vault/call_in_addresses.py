"""Where a volunteer who is off shift wants to be asked to come: sealed to each coordinator, and to themself.

Kept true: no service key opens it, and no colleague; a coordinator opens it by an act of their own that stands in the
log, never by looking at a list; it is believed only as its owner signed it; leaving erases it, and so does the owner.
Whoever comes to coordinate later is sealed to by the owner's next visit. The desk itself sends nothing there: a
message from an account of ours would tell that messenger who works for us.

In an empty desk what is chosen looks the same on the disk and is signed by nobody, so nobody is shown it.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from django.db import transaction

from tropa.desk.audit.acts import Act
from tropa.desk.audit.refusals import refuse
from tropa.desk.audit.services import record
from tropa.desk.scrub import scrub
from tropa.desk.staff.coordinating import coordinates
from tropa.desk.staff.models import Member
from tropa.desk.staff.reader import Reader
from tropa.desk.vault.errors import NoGrant
from tropa.desk.vault.models import CallInAddress
from tropa.desk.vault.trust import coordinators, verified_signer
from tropa.envelope import (
    Context,
    EnvelopeError,
    SealingPublicKey,
    Seed,
    open_sealed,
    seal,
    sign,
    verify,
)

LONGEST = 120
SIGNATURE_BYTES = 65


class Way(StrEnum):
    """By what somebody wants to be asked."""

    SIGNAL = "signal"
    TELEGRAM = "telegram"
    PHONE = "phone"
    MAIL = "mail"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Reached:
    """The way, and the address as its owner typed it: one line of printable characters."""

    way: Way
    address: str = field(repr=False)

    def __post_init__(self) -> None:
        good = isinstance(self.address, str) and self.address.isprintable()
        if not good or not 0 < len(self.address) <= LONGEST:
            raise ValueError("one line of at most 120 printable characters")


def read_reached(content: bytes) -> Reached:
    """What was sealed, format 1. Raises ValueError."""
    try:
        said = json.loads(content)
        return Reached(Way(said["way"]), said["address"])
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError("no address of this format") from error


def written(reached: Reached) -> bytes:
    """Format 1: JSON in UTF-8; the owner's signature stands before it."""
    return json.dumps({"way": reached.way, "address": reached.address}, ensure_ascii=False).encode()


@transaction.atomic
def choose(*, member: Member, seed: Seed | None, reached: Reached, on: date) -> None:
    """Let coordinators ask there, and nowhere else. `seed` is None in an empty desk."""
    CallInAddress.objects.filter(member=member).delete()
    _seal_to(member, seed or Seed.generate(secrets.token_bytes), reached, _recipients(member, on))
    transaction.on_commit(scrub)


@transaction.atomic
def forget(*, member: Member) -> None:
    """Nobody finds out there how to ask them any more."""
    CallInAddress.objects.filter(member=member).delete()
    transaction.on_commit(scrub)


@transaction.atomic
def forget_leaver(*, member: Member) -> None:
    """Erase what a leaver chose, and what was sealed to them as a coordinator."""
    CallInAddress.objects.filter(member=member).delete()
    CallInAddress.objects.filter(recipient=member).delete()


def chosen_by(members: Iterable[str]) -> set[str]:
    """Those of these members who chose a way. One query, nothing opened."""
    rows = CallInAddress.objects.filter(member_id__in=list(members))
    return set(rows.values_list("member_id", flat=True))


@transaction.atomic
def ask(*, reader: Reader, member: Member) -> Reached | None:
    """Where to ask this person, for a coordinator who calls them in now; it stands in the log that they looked.

    None when they chose nothing that opens and verifies. Raises NoGrant for anybody but a coordinator.
    """
    on = reader.now.date()
    if not coordinates(reader):
        raise NoGrant
    record(reader=reader, act=Act.ASKED_TO_COME, detail={"member": member.pk}, now=reader.now)
    row = CallInAddress.objects.filter(member=member, recipient=reader.member).first()
    return _opened(reader, row, on) if row else None


def seal_to_new_coordinators(*, reader: Reader) -> int:
    """Seal what the reader chose to whoever coordinates now and lacks it, and take it from who no longer does."""
    own = CallInAddress.objects.filter(member=reader.member, recipient=reader.member).first()
    if own is None:
        return 0
    on = reader.now.date()
    wanted = _recipients(reader.member, on)
    rows = CallInAddress.objects.filter(member=reader.member)
    rows.exclude(recipient_id__in=[one.pk for one in wanted]).delete()
    have = set(rows.values_list("recipient_id", flat=True))
    missing = {one: public for one, public in wanted.items() if one.pk not in have}
    reached = _opened(reader, own, on) if missing else None
    if reached is None:
        return 0
    with transaction.atomic():
        _seal_to(reader.member, reader.seed, reached, missing)
    return len(missing)


def _recipients(member: Member, on: date) -> dict[Member, SealingPublicKey]:
    """Each coordinator, and the owner."""
    return dict(coordinators(on)) | {member: SealingPublicKey(bytes(member.seal_public))}


def _seal_to(
    member: Member, seed: Seed, reached: Reached, recipients: dict[Member, SealingPublicKey]
) -> None:
    content = written(reached)
    for recipient, public in recipients.items():
        at = place(member.pk, recipient.pk)
        sealed = seal(public, at, sign(seed.signing(), at, content) + content)
        CallInAddress.objects.create(member=member, recipient=recipient, sealed=sealed)


def _opened(reader: Reader, row: CallInAddress, on: date) -> Reached | None:
    at = place(row.member_id, row.recipient_id)
    try:
        opened = open_sealed(reader.seed.sealing(), at, bytes(row.sealed))
        signature, content = opened[:SIGNATURE_BYTES], opened[SIGNATURE_BYTES:]
        verify(verified_signer(row.member, on), at, content, signature)
        return read_reached(content)
    except (EnvelopeError, ValueError):
        refuse(table="vault_callinaddress", row=str(row.pk), day=on)
        return None


def place(member_id: str, recipient_id: str) -> Context:
    """Where one copy lies; its signature names the same place."""
    return Context("call-in address", 1, "vault_callinaddress", "sealed", f"{member_id}.{recipient_id}")
