"""Case keys: a seed for each epoch, made by whoever takes the thread and anew whenever somebody is shut out.

New content is sealed to the newest key of a chain that verifies (`key_chain`). What was written under an earlier
epoch opens with that epoch's seed, for those who hold it: a grant is a seed, so somebody granted from an epoch on
has nothing that opens what is older.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction

from tropa.desk.cases.models import Case
from tropa.desk.identifiers import new_id
from tropa.desk.staff.reader import Reader
from tropa.desk.vault.begun_epochs import note_begun
from tropa.desk.vault.errors import BeforeGrant, NoGrant
from tropa.desk.vault.key_chain import FIRST_EPOCH, newest_key
from tropa.desk.vault.models import CaseKey, DutyEpoch
from tropa.desk.vault.pinned import recovery_public
from tropa.desk.vault.standby import share_out
from tropa.desk.vault.statements import (
    case_key_context,
    case_key_link_context,
    case_key_statement,
    case_recovery_signature_context,
    recovery_context,
    sign_copy,
)
from tropa.desk.vault.trust import verified_caseworker
from tropa.desk.vault.wrapping_keys import make_wrapping_key, wrap_seed, wrapping_key
from tropa.envelope import EnvelopeError, SealingPublicKey, Seed, SigningKey, SymmetricKey, seal, sign


@dataclass(frozen=True, slots=True)
class CaseSeed:
    """The newest seed of a case somebody holds, and the earlier ones they hold, by epoch."""

    epoch: int
    seed: Seed
    earlier: Mapping[int, Seed] = field(default_factory=dict)

    def wrapping(self) -> SymmetricKey:
        """The key under which opened content of the case is kept."""
        return self.seed.subkey("case content")

    def at(self, epoch: int) -> CaseSeed:
        """The seed of the epoch a row was sealed in. Raises BeforeGrant when it is not among those held."""
        if epoch == self.epoch:
            return self
        if epoch not in self.earlier:
            raise BeforeGrant
        return CaseSeed(epoch, self.earlier[epoch])

    def each(self) -> dict[int, Seed]:
        """All seeds by epoch."""
        return {**self.earlier, self.epoch: self.seed}


@dataclass(frozen=True, slots=True)
class CasePublic:
    """What to seal new content of a case to, and the thread the case was made for."""

    epoch: int
    public: SealingPublicKey
    thread_id: str


@dataclass(frozen=True, slots=True)
class TakenFrom:
    """Where a case comes from: its thread, and the duty epoch that let somebody take it, opened."""

    thread_id: str
    epoch: DutyEpoch
    seed: Seed


def case_public(case: Case) -> CasePublic:
    """The case's newest key, verified. Raises NotCommitted for a key nobody who may hold cases signed."""
    key = newest_key(case.pk)
    thread = key.thread if key.epoch == FIRST_EPOCH else first_thread(case.pk)
    return CasePublic(epoch=key.epoch, public=SealingPublicKey(bytes(key.seal_public)), thread_id=thread)


def first_thread(case_id: str) -> str:
    """The thread a case was made for, from its first key, whose signatures the caller has verified."""
    return CaseKey.objects.values_list("thread", flat=True).get(case_id=case_id, epoch=FIRST_EPOCH)


def make_case_key(*, reader: Reader, case: Case, taken: TakenFrom) -> tuple[CaseKey, CaseSeed]:
    """The first key of a new case, linked to the duty epoch its thread was taken from.

    Grants nothing: the caller grants it in the same transaction. Raises NoGrant for a reader whose certificate
    does not let them hold cases: nobody would believe the key.
    """
    key = CaseKey(case=case, epoch=FIRST_EPOCH, thread=taken.thread_id, duty_epoch=taken.epoch)
    make_wrapping_key(case.pk)
    return _made(reader, key, taken.seed.signing())


def make_next_key(*, reader: Reader, case: Case, held: CaseSeed) -> tuple[CaseKey, CaseSeed]:
    """The key after the one held, linked to it. As `make_case_key`; the earlier seeds stay with the reader."""
    key, made = _made(reader, CaseKey(case=case, epoch=held.epoch + 1), held.seed.signing())
    epoch = key.epoch
    transaction.on_commit(lambda: note_begun(case.pk, epoch))
    return key, CaseSeed(made.epoch, made.seed, held.each())


def _made(reader: Reader, key: CaseKey, linking: SigningKey) -> tuple[CaseKey, CaseSeed]:
    try:
        verified_caseworker(reader.member, reader.now.date())
    except EnvelopeError:
        raise NoGrant from None
    seed = Seed.generate(secrets.token_bytes)
    key.id, key.signer, key.day = new_id(), reader.member, reader.now.date()
    key.seal_public, key.sign_public = seed.sealing().public.raw, seed.signing().public.raw
    statement = case_key_statement(key)
    key.signature = sign(reader.seed.signing(), case_key_context(key.id), statement)
    key.link = sign(linking, case_key_link_context(key.id), statement)
    recovery = recovery_public()
    if recovery is not None:
        key.recovery = seal(
            recovery, recovery_context(key.id), wrap_seed(wrapping_key(key.case_id), key.id, seed)
        )
        place = case_recovery_signature_context(key.id)
        key.recovery_signature = sign_copy(reader.seed.signing(), place, key.recovery)
    key.save(force_insert=True)
    share_out(reader=reader, key=key, seed=seed)
    return key, CaseSeed(epoch=key.epoch, seed=seed)
