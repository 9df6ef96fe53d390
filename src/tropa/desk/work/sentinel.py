"""The sentinel's key: with it a process may read plan facts without anybody being there. Off unless switched on.

Kept true: while there is no pinned public half nothing is ever sealed to a sentinel; the public half lies in the
pinned directory, so that whoever writes the database cannot plant another; the private half lies in a file of its own
(`TROPA_SENTINEL_KEY`) that need not be on the machines that serve pages, nor on a disk at all. It opens plan facts and
fronts, and nothing else: no message, card, handle or approved plan. It signs what it found.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from tropa.desk.conf import conf
from tropa.desk.new_file import write_new
from tropa.desk.pinned_file import take_away
from tropa.desk.work.errors import AlreadyOn, NoSentinelKey, WrongSentinelKey
from tropa.envelope import SealingPublicKey, Seed, SigningPublicKey

HEAD = "tropa sentinel key 1"
PINNED_HEAD = "tropa sentinel public 1"
PINNED = "sentinel.public"


@dataclass(frozen=True, slots=True)
class SentinelPublic:
    """What copies are sealed to, and what findings are verified with."""

    sealing: SealingPublicKey
    signing: SigningPublicKey

    @property
    def text(self) -> str:
        """The pinned file's content."""
        return f"{PINNED_HEAD}\n{self.sealing.raw.hex()}\n{self.signing.raw.hex()}\n"


def sentinel_public() -> SentinelPublic | None:
    """The public half; None while the sentinel is off. Raises WrongSentinelKey for a file that does not read."""
    try:
        text = (conf.pinned / PINNED).read_text(encoding="ascii")
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        raise WrongSentinelKey("the pinned half of the sentinel's key does not read") from None
    lines = text.split("\n")
    try:
        head, sealing, signing = lines[0], bytes.fromhex(lines[1]), bytes.fromhex(lines[2])
        found = SentinelPublic(SealingPublicKey(sealing), SigningPublicKey(signing))
    except (ValueError, IndexError):
        raise WrongSentinelKey("the pinned half of the sentinel's key does not read") from None
    if head != PINNED_HEAD:
        raise WrongSentinelKey("the pinned half of the sentinel's key does not read")
    return found


def sentinel_seed() -> Seed:
    """The private half, held against the pinned one. Raises NoSentinelKey, WrongSentinelKey."""
    pinned = sentinel_public()
    if pinned is None:
        raise NoSentinelKey("the sentinel is off")
    try:
        lines = conf.sentinel_key.read_text(encoding="ascii").split("\n")
        seed = Seed(bytes.fromhex(lines[1]))
    except FileNotFoundError:
        raise NoSentinelKey(f"no sentinel key at {conf.sentinel_key}") from None
    except (OSError, ValueError, IndexError):
        raise WrongSentinelKey(f"the sentinel key at {conf.sentinel_key} does not read") from None
    if lines[0] != HEAD or _public(seed) != pinned:
        raise WrongSentinelKey("that is not the sentinel key everything here was sealed to")
    return seed


def switch_on() -> Path:
    """Make the key and pin its public half; where the private half was written. Raises AlreadyOn."""
    if sentinel_public() is not None:
        raise AlreadyOn("there is a sentinel already")
    seed = Seed.generate(secrets.token_bytes)
    conf.sentinel_key.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    conf.pinned.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        write_new(conf.sentinel_key, f"{HEAD}\n{seed.raw.hex()}\n".encode())
    except FileExistsError:
        raise AlreadyOn(f"there is a key at {conf.sentinel_key} already") from None
    write_new(conf.pinned / PINNED, _public(seed).text.encode())
    return conf.sentinel_key


def destroy_keys() -> None:
    """Both halves are gone when this returns; where the private one lies elsewhere it has to be destroyed there."""
    for path in (conf.pinned / PINNED, conf.sentinel_key):
        if path.parent.is_dir():
            take_away(path)


def _public(seed: Seed) -> SentinelPublic:
    return SentinelPublic(seed.sealing().public, seed.signing().public)
