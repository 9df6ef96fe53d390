"""What the recovery key opens, once k trustees have joined their shares: every case seed and duty epoch.

A key that was opened counts only if it is the very key its signed row is committed to. Each copy sealed to recovery
is signed by whoever made the key: one that somebody changed, swapped or took away is counted once a day, though nobody
can open it. A recovery counts those that did not open; the rehearsal, which writes nothing, says how many.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from tropa.desk.audit.refusals import refuse, refuse_daily
from tropa.desk.vault.duty import duty_public
from tropa.desk.vault.duty_links import rested_on
from tropa.desk.vault.errors import NotCommitted
from tropa.desk.vault.key_chain import verified_key
from tropa.desk.vault.models import CaseKey, DutyEpoch
from tropa.desk.vault.pinned import recovery_public
from tropa.desk.vault.statements import (
    case_recovery_signature_context,
    copy_is_signed,
    duty_recovery_context,
    duty_recovery_signature_context,
    recovery_context,
)
from tropa.desk.vault.wrapping_keys import unwrap_seed, wrapping_key, wrapping_keys
from tropa.envelope import BadKey, CannotOpen, SealingKey, SealingPublicKey, Seed, open_sealed


@dataclass(frozen=True, slots=True)
class Recoverable:
    """How many keys of a kind there are, and how many of them recovery opens."""

    there: int
    opened: int

    @property
    def complete(self) -> bool:
        """Whether nothing of this kind would be lost."""
        return self.there == self.opened


@dataclass(frozen=True, slots=True)
class Reach:
    """What recovery opens today."""

    case_keys: Recoverable
    duty_epochs: Recoverable


def reach_of(key: SealingKey) -> Reach:
    """Open every copy sealed to recovery, and count. Nothing opened is kept."""
    cases = sum(1 for _each in opened_case_keys(key))
    epochs = sum(1 for _each in opened_duty_epochs(key))
    return Reach(
        Recoverable(CaseKey.objects.count(), cases),
        Recoverable(DutyEpoch.objects.filter(destroyed=False).count(), epochs),
    )


def opened_case_keys(key: SealingKey) -> Iterator[tuple[CaseKey, Seed]]:
    """Every epoch of every case whose copy opens to the very key the case is committed to."""
    for row in CaseKey.objects.select_related("signer__issuer").order_by("pk"):
        with suppress(NotCommitted, CannotOpen, BadKey, ValueError):
            inner = open_sealed(key, recovery_context(row.id), bytes(row.recovery or b""))
            seed = unwrap_seed(wrapping_key(row.case_id), row.id, inner)
            yield row, _committed(seed, verified_key(row))


def opened_duty_epochs(key: SealingKey) -> Iterator[tuple[DutyEpoch, Seed]]:
    """Every duty epoch likewise."""
    for row in DutyEpoch.objects.select_related("signer__issuer").order_by("pk"):
        with suppress(NotCommitted, CannotOpen, BadKey, ValueError):
            inner = open_sealed(key, duty_recovery_context(row.id), bytes(row.recovery or b""))
            yield row, _committed(Seed(inner), duty_public(row))


def count_unopened(*, case_keys: Iterable[str], duty_epochs: Iterable[str], on: date) -> None:
    """Count every copy that did not open, given the ids of those that did. A case that was destroyed has none."""
    unopened = CaseKey.objects.exclude(pk__in=list(case_keys))
    there = wrapping_keys(unopened.values_list("case_id", flat=True))
    for row in unopened:
        if row.case_id in there:
            refuse(table="vault_casekey", row=row.pk, day=on)
    for epoch in DutyEpoch.objects.filter(destroyed=False).exclude(pk__in=list(duty_epochs)):
        refuse(table="vault_dutyepoch", row=epoch.pk, day=on)


def count_unsigned(*, on: date) -> int:
    """Count, once a day each, copies that are not what their key's maker signed, and epochs whose copy was destroyed
    while things rest on them; how many. Without a recovery key there are no copies.
    """
    if recovery_public() is None:
        return 0
    keys = CaseKey.objects.select_related("signer__issuer").order_by("pk")
    found = [("vault_casekey", key.pk) for key in keys if not _key_is_signed(key)]
    epochs = DutyEpoch.objects.filter(destroyed=False).select_related("signer__issuer").order_by("pk")
    found += [("vault_dutyepoch", one.pk) for one in epochs if not _epoch_is_signed(one)]
    lost = rested_on().filter(destroyed=True).values_list("pk", flat=True)
    found += [("vault_dutyepoch", epoch_id) for epoch_id in lost]
    for table, row in found:
        refuse_daily(table=table, row=row, day=on)
    return len(found)


def _key_is_signed(key: CaseKey) -> bool:
    place = case_recovery_signature_context(key.pk)
    return copy_is_signed(key.signer, key.day, place, key.recovery, bytes(key.recovery_signature))


def _epoch_is_signed(one: DutyEpoch) -> bool:
    place = duty_recovery_signature_context(one.pk)
    return copy_is_signed(one.signer, one.opened_day, place, one.recovery, bytes(one.recovery_signature))


def _committed(seed: Seed, public: SealingPublicKey) -> Seed:
    if seed.sealing().public != public:
        raise CannotOpen
    return seed
