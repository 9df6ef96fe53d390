"""The desk's own key: it seals what the desk must read before anybody has unlocked, the TOTP secrets.

It lies in a file of its own, outside the database (`TROPA_SERVICE_KEY`). In the example world that file lies
beside the data; in service it is to be handed over by the service manager, and the operators' guide says how.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from functools import cache
from pathlib import Path

from tropa.desk.conf import conf
from tropa.desk.new_file import write_new
from tropa.desk.staff.errors import NoServiceKey
from tropa.envelope import Context, Seed, unwrap, wrap


def make_service_key(path: Path) -> None:
    """Write a new key, readable by its owner alone. An existing one is kept: everything sealed
    rests on it. Raises OSError; then there is none.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileExistsError):
        write_new(path, secrets.token_bytes(Seed.length))


def service_seed() -> Seed:
    """The key's seed. Raises NoServiceKey."""
    return _seed_at(conf.service_key)


@cache
def _seed_at(path: Path) -> Seed:
    try:
        return Seed(path.read_bytes())
    except (OSError, ValueError):
        raise NoServiceKey(f"no service key at {path}") from None


def _totp_context(member_id: str) -> Context:
    return Context("totp secret", 1, "staff_member", "totp_sealed", member_id)


def seal_totp(secret: bytes, member_id: str) -> bytes:
    """A member's TOTP secret as it is stored."""
    return wrap(service_seed().subkey("totp"), _totp_context(member_id), secret, random=secrets.token_bytes)


def open_totp(sealed: bytes, member_id: str) -> bytes:
    """The secret again. Raises CannotOpen when the row was changed or moved."""
    return unwrap(service_seed().subkey("totp"), _totp_context(member_id), sealed)
