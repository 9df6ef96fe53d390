"""The key of web push: what subscriptions are sealed to, and what a push service knows our notices by.

Kept true: while there is no pinned public half nobody can switch notices on; it lies in the pinned directory, so that
whoever writes the database cannot plant another; the private half lies in a file of its own (`TROPA_PUSH_KEY`) that
only the sending process reads. It opens where browsers are reached, and nothing else.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tropa.desk.conf import conf
from tropa.desk.new_file import write_new
from tropa.desk.pinned_file import take_away
from tropa.desk.push.errors import AlreadyOn, NoPushKey, WrongPushKey
from tropa.envelope import SealingPublicKey, Seed

HEAD = "tropa push key 1"
PINNED_HEAD = "tropa push public 1"
PINNED = "push.public"
CURVE = ec.SECP256R1()
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the curve's group (NIST P-256)."""


@dataclass(frozen=True, slots=True)
class PushPublic:
    """`sealing` is what subscriptions are sealed to; `sender` is the point, 65 bytes, that browsers are given and push
    services check our signatures with (VAPID, RFC 8292).
    """

    sealing: SealingPublicKey
    sender: bytes

    @property
    def text(self) -> str:
        """The pinned file's content."""
        return f"{PINNED_HEAD}\n{self.sealing.raw.hex()}\n{self.sender.hex()}\n"


def push_public() -> PushPublic | None:
    """The public half; None while push is off. Raises WrongPushKey for a file that does not read."""
    try:
        text = (conf.pinned / PINNED).read_text(encoding="ascii")
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        raise WrongPushKey("the pinned half of the push key does not read") from None
    lines = text.split("\n")
    try:
        head, sealing, sender = lines[0], bytes.fromhex(lines[1]), bytes.fromhex(lines[2])
        found = PushPublic(SealingPublicKey(sealing), sender)
        ec.EllipticCurvePublicKey.from_encoded_point(CURVE, sender)
    except (ValueError, IndexError):
        raise WrongPushKey("the pinned half of the push key does not read") from None
    if head != PINNED_HEAD:
        raise WrongPushKey("the pinned half of the push key does not read")
    return found


def push_seed() -> Seed:
    """The private half, held against the pinned one. Raises NoPushKey, WrongPushKey."""
    pinned = push_public()
    if pinned is None:
        raise NoPushKey("push is off")
    try:
        lines = conf.push_key.read_text(encoding="ascii").split("\n")
        seed = Seed(bytes.fromhex(lines[1]))
    except FileNotFoundError:
        raise NoPushKey(f"no push key at {conf.push_key}") from None
    except (OSError, ValueError, IndexError):
        raise WrongPushKey(f"the push key at {conf.push_key} does not read") from None
    if lines[0] != HEAD or _public(seed) != pinned:
        raise WrongPushKey("that is not the push key everything here was sealed to")
    return seed


def sender_key(seed: Seed) -> ec.EllipticCurvePrivateKey:
    """What notices are signed with: a number below the curve's order, from 256 bits of the seed."""
    number = int.from_bytes(seed.subkey("push sender").raw, "big")
    return ec.derive_private_key(number % (ORDER - 1) + 1, CURVE)


def switch_on() -> Path:
    """Make the key and pin its public half; where the private half was written. Raises AlreadyOn."""
    if push_public() is not None:
        raise AlreadyOn("push is on already")
    seed = Seed.generate(secrets.token_bytes)
    conf.push_key.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    conf.pinned.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        write_new(conf.push_key, f"{HEAD}\n{seed.raw.hex()}\n".encode())
    except FileExistsError:
        raise AlreadyOn(f"there is a key at {conf.push_key} already") from None
    write_new(conf.pinned / PINNED, _public(seed).text.encode())
    return conf.push_key


def destroy_keys() -> None:
    """Both halves are gone when this returns; where the private one lies elsewhere it has to be destroyed there."""
    for path in (conf.pinned / PINNED, conf.push_key):
        if path.parent.is_dir():
            take_away(path)


def _public(seed: Seed) -> PushPublic:
    point = sender_key(seed).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return PushPublic(seed.sealing().public, point)
