"""A case's seeds lie under the case's wrapping key, wherever they lie: destroyed, it opens none of them for anybody.

What is sealed to a holder, to recovery or as a part to a coordinator is not the seed but the seed wrapped under this
key. So whoever has a person's key, or the recovery key, and an older copy of the database opens nothing of a case whose
wrapping key is gone; and whoever has the wrapping keys alone has nothing they open, for the seal lies outside.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from tropa.desk.conf import conf
from tropa.desk.vault.key_store import KeyStore
from tropa.envelope import CannotOpen, Context, Seed, SymmetricKey, unwrap, wrap


def make_wrapping_key(case_id: str) -> None:
    """Make and store the key of a new case. Raises OSError, and then there is none."""
    _store().add(case_id, SymmetricKey.generate(secrets.token_bytes))


def destroy_wrapping_keys(case_ids: Iterable[str]) -> int:
    """From here on no seed of these cases opens, wherever a copy of it lies. How many keys there were.

    Raises OSError.
    """
    return _store().destroy(case_ids)


def wrapping_keys(case_ids: Iterable[str]) -> dict[str, SymmetricKey]:
    """The keys of these cases; one that was destroyed is left out. Raises OSError."""
    return _store().keys(case_ids)


def wrapping_key(case_id: str) -> SymmetricKey:
    """The key of this case. Raises CannotOpen when it was destroyed or never made."""
    found = wrapping_keys([case_id])
    if case_id not in found:
        raise CannotOpen
    return found[case_id]


def wrap_seed(key: SymmetricKey, key_id: str, seed: Seed) -> bytes:
    """An epoch's seed, as it is sealed to holders and to recovery."""
    return wrap(key, _seed_place(key_id), seed.raw, random=secrets.token_bytes)


def unwrap_seed(key: SymmetricKey, key_id: str, wrapped: bytes) -> Seed:
    """The seed again. Raises CannotOpen."""
    raw = unwrap(key, _seed_place(key_id), wrapped)
    if len(raw) != Seed.length:
        raise CannotOpen
    return Seed(raw)


def wrap_part(key: SymmetricKey, key_id: str, member_id: str, part: bytes) -> bytes:
    """One coordinator's part of an epoch's seed, as it is sealed to them."""
    return wrap(key, _part_place(key_id, member_id), part, random=secrets.token_bytes)


def unwrap_part(key: SymmetricKey, key_id: str, member_id: str, wrapped: bytes) -> bytes:
    """The part again. Raises CannotOpen."""
    return unwrap(key, _part_place(key_id, member_id), wrapped)


def stored_keys() -> bytes:
    """The store's content, for a backup. Raises OSError."""
    return _store().content()


def _seed_place(key_id: str) -> Context:
    return Context("case seed", 1, "vault_casekey", "seed", key_id)


def _part_place(key_id: str, member_id: str) -> Context:
    return Context("case seed part", 1, "vault_casekey", "seed part", f"{key_id}.{member_id}")


def _store() -> KeyStore:
    return _store_at(conf.case_keys)


@cache
def _store_at(path: Path) -> KeyStore:
    return KeyStore(path)
