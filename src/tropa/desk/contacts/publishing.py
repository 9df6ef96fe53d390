"""Publishing keys: asked for at the desk, certified by the root when trustees meet, good for a year.

The private half follows from the coordinator's own seed and the key's random id, so nothing of it is stored and nobody
else can make it. A row counts only if the root's certificate in it names this very key and this very coordinator.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from tropa.desk.audit.acts import Act
from tropa.desk.audit.services import record
from tropa.desk.contacts.errors import NoKeyAsked, NoPublishingKey
from tropa.desk.contacts.models import PublishingKey
from tropa.desk.identifiers import new_id
from tropa.desk.staff.coordinating import coordinators_only
from tropa.desk.staff.reader import Reader
from tropa.desk.vault.pinned import root_public
from tropa.desk.vault.trust import verified_certificate
from tropa.envelope import (
    COORDINATOR,
    PUBLISHER,
    ROOT,
    BadCertificate,
    Certificate,
    EnvelopeError,
    Seed,
    SigningKey,
    SigningPublicKey,
    certify,
    check_signer,
)

CERTIFIED_FOR = timedelta(days=365)
NAME_BYTES = 8


@dataclass(frozen=True, slots=True)
class UsableKey:
    """A publishing key the root certified, with its private half, and the last day it is good on."""

    row: PublishingKey
    key: SigningKey
    last: date


def ask_key(*, reader: Reader) -> PublishingKey:
    """Make a key that waits to be certified; the same again while one waits. Raises NotCoordinator."""
    coordinators_only(reader)
    with transaction.atomic():
        waiting = (
            PublishingKey.objects.select_for_update().filter(member=reader.member, certificate=b"").first()
        )
        if waiting is not None:
            return waiting
        key_id = new_id()
        public = _private(reader.seed, key_id).public
        row = PublishingKey(id=key_id, member=reader.member, sign_public=public.raw, day=reader.now.date())
        row.save(force_insert=True)
        record(reader=reader, act=Act.PUBLISHING_ASKED, detail={"key": row.pk}, now=reader.now)
    return row


def waiting_keys(*, on: date) -> list[PublishingKey]:
    """Keys of people who work here and are certified as coordinators that day, which nobody has certified yet."""
    rows = PublishingKey.objects.select_related("member__issuer").filter(certificate=b"", member__active=True)
    return [row for row in rows.order_by("day", "pk") if _coordinates(row, on)]


def certify_key(*, root: SigningKey, key_id: str, name: str, now: datetime) -> PublishingKey:
    """The root's word, for a year, for the key whose owner read out `name`. Raises NoKeyAsked."""
    on = now.date()
    with transaction.atomic():
        row = PublishingKey.objects.select_for_update(of=("self",)).select_related("member__issuer").filter(
            pk=key_id, certificate=b"", member__active=True
        ).first()  # fmt: skip
        if row is None or not _coordinates(row, on) or _plain(key_name(row)) != _plain(name):
            raise NoKeyAsked
        row.certificate = certify(root, _certificate(row, on))
        row.save(update_fields=["certificate"])
        record(reader=None, act=Act.PUBLISHING_CERTIFIED, detail={"key": row.pk}, now=now)
    return row


def key_name(row: PublishingKey) -> str:
    """What its owner reads out to the trustees: 64 bits over the key and whose it is."""
    covered = b"tropa publishing key name 1\0" + row.member_id.encode() + bytes(row.sign_public)
    digits = hashlib.sha256(covered).hexdigest()[: 2 * NAME_BYTES]
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def usable_key(*, reader: Reader) -> UsableKey:
    """The reader's publishing key that is good longest. Raises NotCoordinator, NoPublishingKey."""
    coordinators_only(reader)
    on, found = reader.now.date(), []
    for row in PublishingKey.objects.filter(member=reader.member).exclude(certificate=b""):
        key = _private(reader.seed, row.pk)
        try:
            certificate = checked(row, on)
        except EnvelopeError:
            continue
        if key.public == certificate.sign_public:
            found.append(UsableKey(row, key, certificate.expires))
    if not found:
        raise NoPublishingKey
    return max(found, key=lambda one: (one.last, one.row.pk))


def checked(row: PublishingKey, on: date) -> Certificate:
    """The root's certificate for this row, valid that day. Raises EnvelopeError."""
    certificate = check_signer(bytes(row.certificate), root_public(), on)
    if (certificate.subject, certificate.sign_public.raw) != (row.member_id, bytes(row.sign_public)):
        raise BadCertificate("the certificate is for another key or person")
    return certificate


def _certificate(row: PublishingKey, on: date) -> Certificate:
    return Certificate(
        subject=row.member_id,
        role=PUBLISHER,
        seal_public=verified_certificate(row.member, on).seal_public,
        sign_public=SigningPublicKey(bytes(row.sign_public)),
        issued=on,
        expires=on + CERTIFIED_FOR,
        issuer=ROOT,
    )


def _coordinates(row: PublishingKey, on: date) -> bool:
    try:
        return verified_certificate(row.member, on).role == COORDINATOR
    except EnvelopeError:
        return False


def _private(seed: Seed, key_id: str) -> SigningKey:
    return Seed(seed.subkey(f"publishing {key_id}").raw).signing()


def _plain(name: str) -> str:
    return "".join(name.split()).lower()
