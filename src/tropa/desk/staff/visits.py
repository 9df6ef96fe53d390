"""A visit's token: the cookie's value. Its digest is the row's id; a key made from it seals the unlocked
seed.

A copied database therefore neither signs anybody in nor opens anything.
"""

from __future__ import annotations

import hashlib
import secrets

from tropa.desk.staff.visit_ids import visit_id
from tropa.envelope import Context, Seed, SymmetricKey, unwrap, wrap

__all__ = ["new_token", "open_seed", "seal_seed", "visit_id"]


def new_token() -> str:
    """256 random bits for a cookie."""
    return secrets.token_urlsafe(32)


def seal_seed(seed: Seed, token: str) -> bytes:
    """The unlocked seed as the visit keeps it."""
    return wrap(_key(token), _context(token), seed.raw, random=secrets.token_bytes)


def open_seed(sealed: bytes, token: str) -> Seed:
    """The seed again. Raises CannotOpen for another token's or a changed row."""
    return Seed(unwrap(_key(token), _context(token), sealed))


def _key(token: str) -> SymmetricKey:
    return Seed(hashlib.sha256(b"tropa visit key 1\0" + token.encode()).digest()).subkey("visit")


def _context(token: str) -> Context:
    return Context("unlocked seed", 1, "staff_visit", "sealed_seed", visit_id(token))
