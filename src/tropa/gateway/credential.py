"""The gateway's service credential: a seed, and the key that handles are indexed with.

It lies in a file of its own (`TROPA_GATEWAY_KEY`), made when the first account is added. In service that file does not
lie beside the data: the service manager brings it from the TPM, or a person enters it after the machine has started
(`tropa channel unlock`); until then nothing is received or sent. A digest of it is pinned, so that neither a new
credential made by mistake nor somebody else's is ever taken for it: everything sealed rests on the first.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from pathlib import Path

from tropa.desk.conf import conf
from tropa.desk.new_file import write_new
from tropa.envelope import Seed, SymmetricKey
from tropa.gateway.errors import NoGatewayKey, WrongGatewayKey

HEAD = "tropa gateway key 1"
PINNED = "gateway.id"


@dataclass(frozen=True, slots=True)
class GatewayKeys:
    """`seed` opens addresses, accounts and state; `index` makes the tags they are found by."""

    seed: Seed
    index: SymmetricKey

    @classmethod
    def generate(cls) -> GatewayKeys:
        """Fresh ones."""
        return cls(Seed.generate(secrets.token_bytes), SymmetricKey.generate(secrets.token_bytes))

    @property
    def text(self) -> str:
        """The file's content, also to be written down and typed in."""
        return f"{HEAD}\n{self.seed.raw.hex()}\n{self.index.raw.hex()}\n"

    @property
    def identity(self) -> str:
        """What is pinned: tells nothing of the keys."""
        return hashlib.sha256(b"tropa gateway identity 1" + self.seed.raw + self.index.raw).hexdigest()


def read_keys(path: Path | None = None) -> GatewayKeys:
    """The credential, held against what is pinned. Raises NoGatewayKey, WrongGatewayKey."""
    path = path or conf.gateway_key
    try:
        text = path.read_text(encoding="ascii")
    except FileNotFoundError:
        raise NoGatewayKey(f"no gateway key at {path}") from None
    except (OSError, ValueError):
        raise WrongGatewayKey(f"the gateway key at {path} does not read") from None
    return keys_of(text)


def keys_of(text: str) -> GatewayKeys:
    """The credential in this text, held against what is pinned. Raises WrongGatewayKey."""
    lines = text.split("\n")
    try:
        head, seed, index = lines[0].strip(), bytes.fromhex(lines[1]), bytes.fromhex(lines[2])
        keys = GatewayKeys(Seed(seed), SymmetricKey(index))
    except (ValueError, IndexError):
        raise WrongGatewayKey("that is no gateway key") from None
    if head != HEAD or pinned_identity() not in {None, keys.identity}:
        raise WrongGatewayKey("that is not the gateway key everything here rests on")
    return keys


def pinned_identity() -> str | None:
    """The identity of the one credential; None before there is any."""
    try:
        return (conf.pinned / PINNED).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None


def keys_for_adding() -> GatewayKeys:
    """The credential, made if there never was one. Raises NoGatewayKey when there was and it is not here."""
    if pinned_identity() is not None:
        return read_keys()
    if conf.gateway_key.exists():  # made, and the disk was full before it was pinned
        keys = read_keys()
    else:
        keys = GatewayKeys.generate()
        write_keys(keys)
    conf.pinned.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_new(conf.pinned / PINNED, f"{keys.identity}\n".encode())
    return keys


def write_keys(keys: GatewayKeys) -> None:
    """Put the credential where the processes look for it, readable by its owner alone. FileExistsError when one is."""
    conf.gateway_key.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_new(conf.gateway_key, keys.text.encode())
