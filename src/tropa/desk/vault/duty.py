"""Duty epochs: the keys to which messages are sealed while nobody has taken a thread.

A coordinator opens an epoch and grants its seed to the roster. Only an epoch whose signature verifies up to
the pinned root is ever sealed to, and of those the one with the highest number: a planted one is passed over. The
highest number ever opened stands in a file outside the database (`highest`); when its epoch is gone, nothing is
sealed to an earlier one, whoever calls it open. `closed_day` is for people to read and decides nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import date

from django.db import connection, transaction

from tropa.desk import clock
from tropa.desk.audit.acts import Act
from tropa.desk.audit.refusals import refuse
from tropa.desk.audit.services import record
from tropa.desk.identifiers import new_id
from tropa.desk.staff.models import Member, Role
from tropa.desk.staff.reader import Reader
from tropa.desk.vault.errors import NoDutyEpoch, NoGrant, NotCommitted
from tropa.desk.vault.highest import highest_opened, note_opened
from tropa.desk.vault.models import DutyEpoch, DutyGrant
from tropa.desk.vault.pinned import recovery_public
from tropa.desk.vault.statements import (
    check_statement,
    duty_epoch_context,
    duty_epoch_statement,
    duty_grant_context,
    duty_grant_place,
    duty_grant_statement,
    duty_recovery_context,
    duty_recovery_signature_context,
    sign_copy,
)
from tropa.desk.vault.trust import verified_certificate, verified_recipient
from tropa.envelope import (
    COORDINATOR,
    CannotOpen,
    EnvelopeError,
    SealingPublicKey,
    Seed,
    open_sealed,
    seal,
    sign,
    unwrap,
    wrap,
)

NEWEST = """
    SELECT id, number, seal_public, sign_public, signer_id, signature, opened_day, closed_day FROM vault_dutyepoch
    WHERE opened_day <= %s ORDER BY number DESC LIMIT 1
"""
GRANTS = "SELECT id, epoch_id, wrapped FROM vault_dutygrant WHERE member_id = %s"
_believed: set[tuple[object, ...]] = set()  # rows whose signature verified in this process, by all they say
_newest: dict[tuple[object, ...], DutyEpoch] = {}  # the newest row, by all it says, once it was verified


def current_duty_epoch() -> DutyEpoch:
    """The newest epoch that verifies, not to be changed by whoever asks: the next one gets the same object.

    Raises NoDutyEpoch when none does, or only one beneath the highest that was ever opened. One query, written out
    because every message that arrives asks it.
    """
    highest, today = highest_opened(), clock.now().date()
    with connection.cursor() as cursor:
        cursor.execute(NEWEST, [connection.ops.adapt_datefield_value(today)])
        newest = cursor.fetchone()
    content = tuple(bytes(part) if isinstance(part, memoryview) else part for part in newest or ())
    found = _newest.get(content)
    if found is None:
        found = _newest_that_verifies(highest, today)
        if content[:1] == (found.id,):  # else the newest row was planted, and is looked at again each time
            _newest.clear()
            _newest[content] = found
    if found.number < highest:
        raise NoDutyEpoch
    if found.number > highest and not connection.in_atomic_block:
        note_opened(found.number)  # prepared ahead, and its day has come
    return found


def _newest_that_verifies(highest: int, today: date) -> DutyEpoch:
    begun = DutyEpoch.objects.filter(number__gte=highest, opened_day__lte=today)
    for epoch in begun.order_by("-number"):
        try:
            duty_public(epoch)
        except NotCommitted:
            refuse(table="vault_dutyepoch", row=epoch.pk, day=today)
        else:
            return epoch
    raise NoDutyEpoch


def duty_public(epoch: DutyEpoch) -> SealingPublicKey:
    """The epoch's key, verified. Raises NotCommitted for a key no coordinator signed.

    A row is verified once a process and then known by its whole content, so that a message that arrives costs
    no look at certificates.
    """
    public, signature = bytes(epoch.seal_public), bytes(epoch.signature)
    said = (
        epoch.id,
        epoch.number,
        public,
        bytes(epoch.sign_public),
        signature,
        epoch.opened_day,
        epoch.signer_id,
    )
    if said not in _believed:
        _check_epoch(epoch, signature)
        _believed.add(said)
    return SealingPublicKey(public)


def _check_epoch(epoch: DutyEpoch, signature: bytes) -> None:
    try:
        check_statement(
            epoch.signer,
            epoch.opened_day,
            duty_epoch_context(epoch.id),
            duty_epoch_statement(epoch),
            signature,
        )
        certificate = verified_certificate(epoch.signer, epoch.opened_day)
    except EnvelopeError:
        raise NotCommitted from None
    if certificate.role != COORDINATOR:
        raise NotCommitted


@transaction.atomic
def open_duty_epoch(*, reader: Reader, roster: Sequence[Member], opens: date | None = None) -> DutyEpoch:
    """A new epoch, granted to the roster and to recovery; what arrives from now on, or from the day it `opens`, is
    sealed to it. Coordinators only (NoGrant).

    Earlier epochs stay: threads that rest on them are still openable by those who held them. One that opens now
    takes the place of all that were prepared: somebody may have left since. Needs to write to the pinned directory.
    """
    if reader.member.role != Role.COORDINATOR:
        raise NoGrant
    if opens is None:
        forget_prepared(after=reader.now.date())
    seed = Seed.generate(secrets.token_bytes)
    last = DutyEpoch.objects.order_by("-number").values_list("number", flat=True).first() or 0
    last = max(last, highest_opened())
    epoch = DutyEpoch(
        id=new_id(),
        number=last + 1,
        seal_public=seed.sealing().public.raw,
        sign_public=seed.signing().public.raw,
        signer=reader.member,
        opened_day=opens or reader.now.date(),
    )
    epoch.signature = sign(reader.seed.signing(), duty_epoch_context(epoch.id), duty_epoch_statement(epoch))
    recovery = recovery_public()
    if recovery is not None:
        epoch.recovery = seal(recovery, duty_recovery_context(epoch.id), seed.raw)
        place = duty_recovery_signature_context(epoch.id)
        epoch.recovery_signature = sign_copy(reader.seed.signing(), place, epoch.recovery)
    if opens is None:
        DutyEpoch.objects.filter(closed_day=None).update(closed_day=reader.now.date())
    epoch.save(force_insert=True)
    for member in roster:
        _grant(reader, epoch, seed, member)
    if opens is None:
        transaction.on_commit(lambda: note_opened(epoch.number))
    record(reader=reader, act=Act.DUTY_OPENED, detail={"epoch": epoch.id}, now=reader.now)
    return epoch


def prepared_days(*, after: date) -> dict[date, set[str]]:
    """Days after this one for which an epoch is prepared, with the ids of who opens it."""
    found: dict[date, set[str]] = {}
    for epoch in DutyEpoch.objects.filter(opened_day__gt=after).prefetch_related("grants"):
        found[epoch.opened_day] = {grant.member_id for grant in epoch.grants.all()}
    return found


def forget_prepared(*, after: date) -> None:
    """Destroy epochs whose day has not come: nothing was ever sealed to them."""
    DutyEpoch.objects.filter(opened_day__gt=after).delete()


@transaction.atomic
def grant_duty(*, reader: Reader, epoch: DutyEpoch, member: Member) -> DutyGrant:
    """Let one more person on the roster open this epoch. Raises NoGrant when the reader cannot."""
    grant = _grant(reader, epoch, open_duty_seed(reader=reader, epoch=epoch), member)
    record(
        reader=reader, act=Act.DUTY_GRANTED, detail={"epoch": epoch.id, "member": member.id}, now=reader.now
    )
    return grant


def grant_recovered(*, reader: Reader, epoch: DutyEpoch, seed: Seed) -> DutyGrant:
    """Keep an epoch's seed that recovery opened; whoever calls this writes it into the log."""
    return _grant(reader, epoch, seed, reader.member)


def _grant(reader: Reader, epoch: DutyEpoch, seed: Seed, member: Member) -> DutyGrant:
    grant = DutyGrant(epoch=epoch, member=member, granted_by=reader.member, day=reader.now.date())
    recipient = verified_recipient(member, reader.now.date())
    grant.sealed = seal(recipient, duty_grant_context(grant, "sealed"), seed.raw)
    grant.signature = sign(
        reader.seed.signing(), duty_grant_context(grant, "signature"), duty_grant_statement(grant)
    )
    grant.save(force_insert=True)
    return grant


def open_duty_seed(*, reader: Reader, epoch: DutyEpoch) -> Seed:
    """The epoch's seed for somebody on its roster. Raises NoGrant."""
    seeds = _opened(reader, [row for row in _grants(reader) if row[1] == epoch.id])
    if epoch.id not in seeds:
        raise NoGrant
    return seeds[epoch.id]


def open_duty_seeds(*, reader: Reader) -> dict[str, Seed]:
    """Every duty seed the reader holds, by epoch id, in one query (and more only the first time)."""
    return _opened(reader, _grants(reader))


def _grants(reader: Reader) -> list[tuple[str, str, bytes | None]]:
    with connection.cursor() as cursor:
        cursor.execute(GRANTS, [reader.member.id])
        return list(cursor.fetchall())


def _opened(reader: Reader, grants: Iterable[tuple[str, str, bytes | None]]) -> dict[str, Seed]:
    """Seeds of the grants that open and verify; others are counted, and else as if they were not there."""
    key = reader.seed.subkey("duty grants")
    seeds: dict[str, Seed] = {}
    unopened: list[str] = []
    for grant_id, epoch_id, wrapped in grants:
        if wrapped is None:
            unopened.append(grant_id)
            continue
        place = duty_grant_place("wrapped", epoch_id=epoch_id, member_id=reader.member.id)
        try:
            seeds[epoch_id] = Seed(unwrap(key, place, bytes(wrapped)))
        except EnvelopeError:
            refuse(table="vault_dutygrant", row=grant_id, day=reader.now.date())
    if unopened:
        rows = DutyGrant.objects.filter(pk__in=unopened).select_related("epoch", "granted_by__issuer")
        for grant in rows:
            try:
                seeds[grant.epoch_id] = _first_opening(reader, grant)
            except EnvelopeError:
                refuse(table="vault_dutygrant", row=grant.pk, day=reader.now.date())
    return seeds


def _first_opening(reader: Reader, grant: DutyGrant) -> Seed:
    """Open with the member's own key, check who granted it, and keep it wrapped so that the
    next time is quick.
    """
    check_statement(
        grant.granted_by,
        grant.day,
        duty_grant_context(grant, "signature"),
        duty_grant_statement(grant),
        bytes(grant.signature),
    )
    seed = Seed(open_sealed(reader.seed.sealing(), duty_grant_context(grant, "sealed"), bytes(grant.sealed)))
    if seed.sealing().public.raw != bytes(grant.epoch.seal_public):
        raise CannotOpen
    context = duty_grant_context(grant, "wrapped")
    wrapped = wrap(reader.seed.subkey("duty grants"), context, seed.raw, random=secrets.token_bytes)
    DutyGrant.objects.filter(pk=grant.pk).update(wrapped=wrapped)
    return seed
