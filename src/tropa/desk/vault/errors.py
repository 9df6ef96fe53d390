"""What the vault refuses.

VaultError
├── NoGrant          this person holds no valid grant for this case or duty epoch
│   └── BeforeGrant  they hold the case from a later epoch on than this was sealed in
├── NotTogether      two different coordinators with parts of the case's seeds are needed to open it
├── LastHolder       nobody would be left to open the case, or nobody without an end
├── NotCommitted     a case key or duty epoch carries no signature that verifies up to the root: a planted key
├── NoDutyEpoch      no duty epoch verifies, so nothing could be sealed to people on duty
├── ClockSetBack     the clock is behind the last signed act: nothing is opened or written until it is right
└── NoPinnedRoot     the organisation's root public key is not pinned (see `pinned`)
"""

from __future__ import annotations


class VaultError(Exception):
    """Root of what the vault refuses."""


class NoGrant(VaultError):
    """No grant opens this for this person."""


class BeforeGrant(NoGrant):
    """Sealed in an epoch this person was not granted."""


class NotTogether(VaultError):
    """This is not an act of two coordinators that can be done now."""


class LastHolder(VaultError):
    """A case without anybody to open it."""


class NotCommitted(VaultError):
    """A stored public key is not vouched for."""


class NoDutyEpoch(VaultError):
    """Nobody on duty has a key that verifies."""


class ClockSetBack(VaultError):
    """Time runs below the last signed act."""


class NoPinnedRoot(VaultError):
    """There is no root to verify up to."""
