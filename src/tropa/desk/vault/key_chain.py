"""Which key is a case's: from the duty epoch its thread was taken from, link by link, to the newest.

The first key is signed by an adviser or coordinator and by the key of the duty epoch, so only somebody who could
read the thread can have taken it; it names the thread. Each later key is signed by whoever made it and by the key
before it, so only a holder of the case can have made it. A row without its links was planted and is passed over; a
newest key that was begun once (`begun_epochs`) and is gone lets nothing be sealed to the one before it.
"""

from __future__ import annotations

from collections.abc import Sequence

from tropa.desk import clock
from tropa.desk.audit.refusals import refuse
from tropa.desk.vault.begun_epochs import has_begun
from tropa.desk.vault.duty import duty_public
from tropa.desk.vault.errors import NotCommitted
from tropa.desk.vault.models import CaseKey
from tropa.desk.vault.statements import (
    case_key_context,
    case_key_link_context,
    case_key_statement,
    check_statement,
)
from tropa.desk.vault.trust import verified_caseworker
from tropa.envelope import EnvelopeError, SealingPublicKey, SigningPublicKey, verify

FIRST_EPOCH = 1

_believed: set[tuple[object, ...]] = (
    set()
)  # chains whose signatures verified in this process, by all they say


def key_chain(case_id: str) -> list[CaseKey]:
    """The case's keys from the first on, each verified by the one before. Raises NotCommitted without a first.

    One query, and more only for what this process has not verified yet.
    """
    rows = {key.epoch: key for key in CaseKey.objects.filter(case_id=case_id).select_related("duty_epoch")}
    chain: list[CaseKey] = []
    while (key := rows.get(len(chain) + FIRST_EPOCH)) is not None:
        try:
            _verify(key, chain[-1] if chain else None)
        except NotCommitted:
            refuse(table="vault_casekey", row=key.pk, day=clock.now().date())
            break
        chain.append(key)
    if not chain:
        raise NotCommitted
    return chain


def newest_key(case_id: str) -> CaseKey:
    """The last key of the chain. Raises NotCommitted when there is none, or a later one was begun and is gone."""
    return newest_of(key_chain(case_id))


def newest_of(chain: Sequence[CaseKey]) -> CaseKey:
    """The last key of this chain, as `newest_key`."""
    newest = chain[-1]
    if has_begun(newest.case_id, newest.epoch + 1):
        raise NotCommitted
    return newest


def verified_key(key: CaseKey) -> SealingPublicKey:
    """The key of this row, if it stands in its case's chain. Raises NotCommitted."""
    if not any(_said(one) == _said(key) for one in key_chain(key.case_id)):
        raise NotCommitted
    return SealingPublicKey(bytes(key.seal_public))


def _verify(key: CaseKey, before: CaseKey | None) -> None:
    """Raises NotCommitted unless signer and link hold. Verified once a process, then known by all rows say.

    The signer is held against their certificate as it was on the day of the row, which they wrote themselves:
    somebody whose certificate has run out can still sign for a day on which it had not.
    """
    said = (*_said(key), _said(before) if before else None)
    if said in _believed:
        return
    try:
        verified_caseworker(key.signer, key.day)
        statement = case_key_statement(key)
        check_statement(key.signer, key.day, case_key_context(key.id), statement, bytes(key.signature))
        verify(_linking(key, before), case_key_link_context(key.id), statement, bytes(key.link))
    except EnvelopeError:
        raise NotCommitted from None
    _believed.add(said)


def _linking(key: CaseKey, before: CaseKey | None) -> SigningPublicKey:
    """The key this row's link was made with."""
    if before is not None:
        return SigningPublicKey(bytes(before.sign_public))
    if key.duty_epoch is None:
        raise NotCommitted
    duty_public(key.duty_epoch)
    return SigningPublicKey(bytes(key.duty_epoch.sign_public))


def _said(key: CaseKey) -> tuple[object, ...]:
    """All that counts of a row."""
    keys = (bytes(key.seal_public), bytes(key.sign_public), bytes(key.signature), bytes(key.link))
    return (key.id, key.case_id, key.epoch, *keys, key.thread, key.duty_epoch_id, key.day, key.signer_id)
