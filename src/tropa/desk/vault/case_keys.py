"""Case keys: made when a case is, granted to its holders, opened by them alone.

A case key is sealed to only after its commitment, signed by an adviser or coordinator, verifies up to the pinned
root; a grant is believed only if it is signed likewise and opens to the very key the case is committed to.
Whoever writes to the database can therefore neither have later messages sealed to a key of theirs nor slip
one to a holder. A case has one key as long as keys are not exchanged: a row with a later epoch was planted and is
passed over, whoever signed it. A grant's last day stands in what was signed and in what was wrapped.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import QuerySet

from tropa.desk.audit.acts import Act
from tropa.desk.audit.services import record
from tropa.desk.cases.models import Case
from tropa.desk.identifiers import new_id
from tropa.desk.staff.models import Member
from tropa.desk.staff.reader import Reader
from tropa.desk.vault.errors import NoGrant, NotCommitted
from tropa.desk.vault.models import CaseGrant, CaseKey
from tropa.desk.vault.pinned import recovery_public
from tropa.desk.vault.statements import (
    case_grant_context,
    case_grant_place,
    case_grant_statement,
    case_key_context,
    case_key_statement,
    check_statement,
    recovery_context,
)
from tropa.desk.vault.trust import verified_caseworker, verified_recipient
from tropa.envelope import (
    CannotOpen,
    EnvelopeError,
    SealingPublicKey,
    Seed,
    SymmetricKey,
    open_sealed,
    seal,
    sign,
    unwrap,
    wrap,
)


@dataclass(frozen=True, slots=True)
class CaseSeed:
    """The opened seed of one epoch of a case's key."""

    epoch: int
    seed: Seed

    def wrapping(self) -> SymmetricKey:
        """The key under which opened content of the case is kept."""
        return self.seed.subkey("case content")


@dataclass(frozen=True, slots=True)
class CasePublic:
    """What to seal new content of a case to."""

    epoch: int
    public: SealingPublicKey


FIRST_EPOCH = 1  # and the only one, until a new key is signed with the one before it

_believed: set[tuple[object, ...]] = set()  # rows whose signature verified in this process, by all they say


def case_public(case: Case) -> CasePublic:
    """The case's key, verified. Raises NotCommitted for a key nobody who may hold cases signed."""
    key = CaseKey.objects.filter(case=case, epoch=FIRST_EPOCH).first()
    if key is None:
        raise NotCommitted
    return CasePublic(epoch=key.epoch, public=verified_key(key))


def make_case_key(*, reader: Reader, case: Case) -> tuple[CaseKey, CaseSeed]:
    """A key pair for a new case, committed to by the reader; sealed to recovery where there is one.

    Grants nothing: the caller grants it in the same transaction. Raises NoGrant for a reader whose certificate
    does not let them hold cases: nobody would believe the key.
    """
    try:
        verified_caseworker(reader.member, reader.now.date())
    except EnvelopeError:
        raise NoGrant from None
    seed = Seed.generate(secrets.token_bytes)
    key = CaseKey(
        id=new_id(),
        case=case,
        epoch=FIRST_EPOCH,
        seal_public=seed.sealing().public.raw,
        signer=reader.member,
        day=reader.now.date(),
    )
    key.signature = sign(reader.seed.signing(), case_key_context(key.id), case_key_statement(key))
    recovery = recovery_public()
    if recovery is not None:
        key.recovery = seal(recovery, recovery_context(key.id), seed.raw)
    key.save(force_insert=True)
    return key, CaseSeed(epoch=key.epoch, seed=seed)


@transaction.atomic
def grant_case(*, reader: Reader, case: Case, member: Member, ends_day: date | None = None) -> CaseGrant:
    """Let `member` open this case. Raises NoGrant unless the reader can open it."""
    opened = open_case_seed(reader=reader, case=case)
    key = CaseKey.objects.get(case=case, epoch=opened.epoch)
    return grant_seed(reader=reader, key=key, seed=opened.seed, member=member, ends_day=ends_day)


def grant_seed(
    *, reader: Reader, key: CaseKey, seed: Seed, member: Member, ends_day: date | None = None
) -> CaseGrant:
    """Seal a case's seed to one holder, whose key is verified first, and sign that it was granted."""
    grant = CaseGrant(
        key=key, member=member, granted_by=reader.member, day=reader.now.date(), ends_day=ends_day
    )
    recipient = verified_recipient(member, reader.now.date())
    grant.sealed = seal(recipient, case_grant_context(grant, "sealed"), seed.raw)
    grant.signature = sign(
        reader.seed.signing(), case_grant_context(grant, "signature"), case_grant_statement(grant)
    )
    grant.save(force_insert=True)
    detail = {"case": key.case_id, "member": member.id}
    record(reader=reader, act=Act.GRANTED, detail=detail, now=reader.now)
    return grant


def open_case_seed(*, reader: Reader, case: Case) -> CaseSeed:
    """The newest seed of the case the reader holds. Raises NoGrant when they hold none that is
    valid today.
    """
    seeds = _opened(reader, _valid(reader).filter(key__case_id=case.pk))
    if case.pk not in seeds:
        raise NoGrant
    return seeds[case.pk]


def open_case_seeds(*, reader: Reader, case_ids: Collection[str]) -> dict[str, CaseSeed]:
    """The same for many cases in one query (more only the first time); cases not held are left out."""
    return _opened(reader, _valid(reader).filter(key__case_id__in=case_ids)) if case_ids else {}


def held_case_ids(*, reader: Reader) -> QuerySet[CaseGrant, str]:
    """Ids of the cases the reader holds a grant for today, as a subquery."""
    return _valid(reader).values_list("key__case_id", flat=True)


def _valid(reader: Reader) -> QuerySet[CaseGrant]:
    grants = CaseGrant.objects.filter(member_id=reader.member.id)
    return grants.exclude(ends_day__lt=reader.now.date())


def _opened(reader: Reader, grants: QuerySet[CaseGrant]) -> dict[str, CaseSeed]:
    """Seeds by case, the newest epoch of each; grants that do not open or verify are as if they
    were not there.
    """
    wrapping = reader.seed.subkey("case grants")
    found: dict[str, CaseSeed] = {}
    unopened: list[str] = []
    columns = ("pk", "key_id", "key__case_id", "key__epoch", "ends_day", "wrapped")
    for grant_id, key_id, case_id, epoch, ends_day, wrapped in grants.values_list(*columns):
        if wrapped is None:
            unopened.append(grant_id)
            continue
        place = case_grant_place(
            "wrapped", case_id=case_id, key_id=key_id, member_id=reader.member.id, ends_day=ends_day
        )
        with suppress(EnvelopeError):
            _add(found, case_id, CaseSeed(epoch, Seed(unwrap(wrapping, place, bytes(wrapped)))))
    if unopened:
        rows = CaseGrant.objects.filter(pk__in=unopened)
        for grant in rows.select_related("key__signer__issuer", "granted_by__issuer"):
            with suppress(EnvelopeError, NotCommitted):
                _add(found, grant.key.case_id, CaseSeed(grant.key.epoch, _first_opening(reader, grant)))
    return found


def _add(found: dict[str, CaseSeed], case_id: str, opened: CaseSeed) -> None:
    if case_id not in found or found[case_id].epoch < opened.epoch:
        found[case_id] = opened


def _first_opening(reader: Reader, grant: CaseGrant) -> Seed:
    """Open with the member's own key, check who granted what, and keep it wrapped so that the
    next time is quick.
    """
    check_statement(
        grant.granted_by,
        grant.day,
        case_grant_context(grant, "signature"),
        case_grant_statement(grant),
        bytes(grant.signature),
    )
    seed = Seed(open_sealed(reader.seed.sealing(), case_grant_context(grant, "sealed"), bytes(grant.sealed)))
    if seed.sealing().public != verified_key(grant.key):
        raise CannotOpen
    context = case_grant_context(grant, "wrapped")
    wrapped = wrap(reader.seed.subkey("case grants"), context, seed.raw, random=secrets.token_bytes)
    CaseGrant.objects.filter(pk=grant.pk).update(wrapped=wrapped)
    return seed


def verified_key(key: CaseKey) -> SealingPublicKey:
    """The key of this row; verified once a process, then known by the row's whole content.

    The signer is held against their certificate as it was on the day of the row, which they wrote themselves:
    somebody whose certificate has run out can still sign for a day on which it had not.
    """
    public, signature = bytes(key.seal_public), bytes(key.signature)
    said = (key.id, key.case_id, key.epoch, public, signature, key.day, key.signer_id)
    if said not in _believed:
        if key.epoch != FIRST_EPOCH:
            raise NotCommitted
        try:
            verified_caseworker(key.signer, key.day)
            check_statement(key.signer, key.day, case_key_context(key.id), case_key_statement(key), signature)
        except EnvelopeError:
            raise NotCommitted from None
        _believed.add(said)
    return SealingPublicKey(public)
