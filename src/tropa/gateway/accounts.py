"""The accounts this machine runs: a sealed file each, in `channels` of the data directory.

A file's name is the account's; token and settings lie wrapped under the gateway's key, so neither whoever takes the
disk nor whoever writes to the database can read or change what a process connects to.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tropa.desk.conf import conf
from tropa.desk.new_file import write_new
from tropa.desk.training import in_training
from tropa.envelope import CannotOpen, Context, unwrap, wrap
from tropa.gateway.credential import GatewayKeys
from tropa.gateway.errors import AccountDamaged, AccountExists, GatewayError, NoSuchAccount, TrainingWorld

NAME = re.compile(r"[a-z][a-z0-9-]{0,38}")
SUFFIX = ".account"


@dataclass(frozen=True, slots=True)
class Account:
    """One account: its name here, its channel, and what it is told."""

    name: str
    channel: str
    settings: Mapping[str, str] = field(repr=False)


def refuse_in_training() -> None:
    """Return where accounts may be. Raises TrainingWorld."""
    if in_training():
        raise TrainingWorld("this is a training world: nothing is sent from it and nothing comes in")


def folder() -> Path:
    """Where the accounts lie."""
    return conf.data / "channels"


def account_names() -> list[str]:
    """Every account of this machine, without opening any."""
    return sorted(path.stem for path in folder().glob(f"*{SUFFIX}") if NAME.fullmatch(path.stem))


def add_account(account: Account, keys: GatewayKeys) -> None:
    """Store it. Raises AccountExists, TrainingWorld, GatewayError for a name no file may have, OSError."""
    refuse_in_training()
    if not NAME.fullmatch(account.name):
        raise GatewayError("an account's name is small Latin letters, digits and hyphens")
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    body = json.dumps({"channel": account.channel, "settings": dict(account.settings)}).encode()
    sealed = wrap(keys.seed.subkey("accounts"), _place(account.name), body, random=secrets.token_bytes)
    try:
        write_new(_path(account.name), sealed)
    except FileExistsError:
        raise AccountExists(account.name) from None


def read_account(name: str, keys: GatewayKeys) -> Account:
    """The account again. Raises NoSuchAccount, AccountDamaged, TrainingWorld."""
    refuse_in_training()
    if not NAME.fullmatch(name) or not _path(name).exists():
        raise NoSuchAccount(name)
    try:
        body = unwrap(keys.seed.subkey("accounts"), _place(name), _path(name).read_bytes())
        return read_settings(name, body)
    except (CannotOpen, ValueError):
        raise AccountDamaged(name) from None


def read_settings(name: str, body: bytes) -> Account:
    """An account as it was sealed. Raises ValueError."""
    try:
        said = json.loads(body)
        return Account(
            name, str(said["channel"]), {str(key): str(one) for key, one in said["settings"].items()}
        )
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("no account of this format") from error


def remove_account(name: str) -> None:
    """Forget the account; people and threads stay. Raises NoSuchAccount."""
    if not NAME.fullmatch(name) or not _path(name).exists():
        raise NoSuchAccount(name)
    _path(name).unlink()


def _path(name: str) -> Path:
    return folder() / f"{name}{SUFFIX}"


def _place(name: str) -> Context:
    return Context("channel account", 1, "channels", "account", name)
