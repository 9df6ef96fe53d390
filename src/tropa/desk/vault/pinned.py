"""Public keys that lie outside the database, so that whoever can write to it cannot change them.

`pinned/root.pub` holds the organisation's root signing key as 64 hex digits. `pinned/recovery.pub`, if there
is one, holds the recovery key (X-Wing, hex) and on a second line the root's signature over it. Both are read
once a process.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tropa.desk.conf import conf
from tropa.desk.vault.errors import NoPinnedRoot
from tropa.envelope import Context, SealingPublicKey, SigningKey, SigningPublicKey, sign, verify

ROOT_FILE = "root.pub"
RECOVERY_FILE = "recovery.pub"
RECOVERY_CONTEXT = Context("recovery key", 1, "pinned", "recovery", "organisation")


def root_public() -> SigningPublicKey:
    """The organisation's root. Raises NoPinnedRoot before the set-up ceremony, or when the file
    is damaged.
    """
    return _root_in(conf.pinned / ROOT_FILE)


def recovery_public() -> SealingPublicKey | None:
    """The recovery key, verified by the root; None when the organisation has none yet.

    Raises BadSignature when the file is not what the root signed.
    """
    return _recovery_in(conf.pinned / RECOVERY_FILE)


def pin_root(public: SigningPublicKey) -> None:
    """Write the root's public key, once: a pinned root is never replaced by the program."""
    conf.pinned.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (conf.pinned / ROOT_FILE).open("x", encoding="ascii") as file:
        file.write(public.raw.hex() + "\n")


def pin_recovery(public: SealingPublicKey, root: SigningKey) -> None:
    """Write the recovery key with the root's signature."""
    signature = sign(root, RECOVERY_CONTEXT, public.raw)
    with (conf.pinned / RECOVERY_FILE).open("x", encoding="ascii") as file:
        file.write(f"{public.raw.hex()}\n{signature.hex()}\n")


@cache
def _root_in(path: Path) -> SigningPublicKey:
    try:
        return SigningPublicKey(bytes.fromhex(path.read_text(encoding="ascii")))
    except (OSError, ValueError):
        raise NoPinnedRoot(f"no root public key at {path}") from None


@cache
def _recovery_in(path: Path) -> SealingPublicKey | None:
    if not path.exists():
        return None
    public, signature = (bytes.fromhex(line) for line in path.read_text(encoding="ascii").splitlines())
    verify(root_public(), RECOVERY_CONTEXT, public, signature)
    return SealingPublicKey(public)
