"""Public keys that lie outside the database, so that whoever can write to it cannot change them.

`pinned/root.pub` holds the organisation's root signing key as 64 hex digits. `pinned/recovery.pub`, if there
is one, holds the recovery key (X-Wing, hex) and on a second line the root's signature over it. Both are read
once a process. A pinned key is never replaced by the program.

The ceremony pins both in one step (the folder is prepared beside its place and renamed), with a file
`unfinished` in it until the organisation stands in the database: a ceremony that was cut short is told from
one that was held, and only a folder with that file is ever taken away again.
"""

from __future__ import annotations

import os
import shutil
from functools import cache
from pathlib import Path

from tropa.desk.conf import conf
from tropa.desk.vault.errors import NoPinnedRoot
from tropa.envelope import Context, SealingPublicKey, SigningKey, SigningPublicKey, sign, verify

ROOT_FILE = "root.pub"
RECOVERY_FILE = "recovery.pub"
UNFINISHED_FILE = "unfinished"
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
    path = conf.pinned / RECOVERY_FILE
    return _recovery_in(path) if path.exists() else None


def pin_root(public: SigningPublicKey) -> None:
    """Write the root's public key, once."""
    conf.pinned.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(conf.pinned / ROOT_FILE, _root_text(public))


def pin_recovery(public: SealingPublicKey, root: SigningKey) -> None:
    """Write the recovery key with the root's signature, once."""
    _write(conf.pinned / RECOVERY_FILE, _recovery_text(public, root))


def pin_organisation(*, root: SigningKey, recovery: SealingPublicKey) -> None:
    """Pin both keys, or neither; unfinished until `finish_pinning`. OSError when keys are pinned already."""
    prepared = conf.pinned.with_name(f"{conf.pinned.name}.new")
    if prepared.exists():  # an earlier ceremony ended while it wrote here
        shutil.rmtree(prepared)
    prepared.mkdir(mode=0o700, parents=True)
    _write(prepared / ROOT_FILE, _root_text(root.public))
    _write(prepared / RECOVERY_FILE, _recovery_text(recovery, root))
    _write(prepared / UNFINISHED_FILE, "the organisation does not stand in the database yet\n")
    _flush(prepared)
    prepared.rename(conf.pinned)  # refused by the system when a folder with anything in it is there
    _flush(conf.pinned.parent)


def pinning_is_unfinished() -> bool:
    """Whether keys are pinned whose organisation may not stand in the database."""
    return (conf.pinned / UNFINISHED_FILE).exists()


def finish_pinning() -> None:
    """The organisation stands: from here on the pinned keys are never taken away."""
    (conf.pinned / UNFINISHED_FILE).unlink(missing_ok=True)
    _flush(conf.pinned)


def unpin_unfinished() -> None:
    """Take away keys of a ceremony that founded nothing. ValueError for any others."""
    if not pinning_is_unfinished():
        raise ValueError("pinned keys of an organisation are not taken away")
    for name in (ROOT_FILE, RECOVERY_FILE):
        (conf.pinned / name).unlink(missing_ok=True)
    _flush(conf.pinned)
    (conf.pinned / UNFINISHED_FILE).unlink()
    conf.pinned.rmdir()
    _root_in.cache_clear()
    _recovery_in.cache_clear()


def _root_text(public: SigningPublicKey) -> str:
    return f"{public.raw.hex()}\n"


def _recovery_text(public: SealingPublicKey, root: SigningKey) -> str:
    return f"{public.raw.hex()}\n{sign(root, RECOVERY_CONTEXT, public.raw).hex()}\n"


def _write(path: Path, text: str) -> None:
    with path.open("x", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _flush(folder: Path) -> None:
    """Make names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@cache
def _root_in(path: Path) -> SigningPublicKey:
    try:
        return SigningPublicKey(bytes.fromhex(path.read_text(encoding="ascii")))
    except (OSError, ValueError):
        raise NoPinnedRoot(f"no root public key at {path}") from None


@cache
def _recovery_in(path: Path) -> SealingPublicKey:
    public, signature = (bytes.fromhex(line) for line in path.read_text(encoding="ascii").splitlines())
    verify(root_public(), RECOVERY_CONTEXT, public, signature)
    return SealingPublicKey(public)
