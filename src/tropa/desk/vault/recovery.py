"""What the recovery key opens, once k trustees have joined their shares: every case seed and duty epoch.

A key that was opened counts only if it is the very key its signed row is committed to. Copies sealed to
recovery are not signed: whoever writes to the database can spoil one, and opening them all, which the
rehearsal does, shows it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tropa.desk.vault.duty import duty_public
from tropa.desk.vault.errors import NotCommitted
from tropa.desk.vault.key_chain import verified_key
from tropa.desk.vault.models import CaseKey, DutyEpoch
from tropa.desk.vault.statements import duty_recovery_context, recovery_context
from tropa.envelope import BadKey, CannotOpen, Context, SealingKey, SealingPublicKey, Seed, open_sealed


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
    cases = [_opens(key, one) for one in _case_copies()]
    epochs = [_opens(key, one) for one in _duty_copies()]
    return Reach(Recoverable(len(cases), sum(cases)), Recoverable(len(epochs), sum(epochs)))


@dataclass(frozen=True, slots=True)
class _Copy:
    place: Context
    public: SealingPublicKey | None  # None: the row's own key does not verify
    blob: bytes | memoryview[int] | None


def _case_copies() -> Iterator[_Copy]:
    for key in CaseKey.objects.select_related("signer__issuer").order_by("pk"):
        try:
            public = verified_key(key)
        except NotCommitted:
            public = None
        yield _Copy(recovery_context(key.id), public, key.recovery)


def _duty_copies() -> Iterator[_Copy]:
    for epoch in DutyEpoch.objects.select_related("signer__issuer").order_by("pk"):
        try:
            public = duty_public(epoch)
        except NotCommitted:
            public = None
        yield _Copy(duty_recovery_context(epoch.id), public, epoch.recovery)


def _opens(key: SealingKey, copy: _Copy) -> bool:
    if copy.public is None or copy.blob is None:
        return False
    try:
        return Seed(open_sealed(key, copy.place, bytes(copy.blob))).sealing().public == copy.public
    except (CannotOpen, BadKey, ValueError):
        return False
