"""The two slots of an account: locked seeds that nobody can tell apart, nor from a dummy.

One slot holds the person's own seed. The other holds a dummy that no passphrase opens, or the seed of an empty desk
for a duress passphrase. Which is which is drawn anew each time; slots and companion are always written together, and
both slots are always tried, at one cost each, whatever the first gave. So neither the disk, nor two copies of it, nor
the time unlocking takes says whether somebody has a duress passphrase: the server itself does not know.

The companion is the person's own signature over the other seed's public key, wrapped under that seed, or random bytes
of the same length. Refused: a slot whose seed is neither the certified one nor vouched for so; whoever writes to the
database plants no door, not even one to an empty desk.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from tropa.desk.staff.background import giving_way
from tropa.desk.staff.models import Member
from tropa.desk.staff.slow_hash import profile
from tropa.envelope import (
    BadSignature,
    CannotOpen,
    Context,
    EnvelopeError,
    Seed,
    SigningPublicKey,
    WrongPassphrase,
    dummy_lock,
    lock_seed,
    sign,
    unlock_seed,
    unwrap,
    verify,
    wrap,
)

SLOTS = ("slot_one", "slot_two")
COMPANION_BYTES = 285  # format byte, nonce, a signature padded to the smallest size, tag


@dataclass(frozen=True, slots=True)
class Door:
    """A seed and the passphrase that is to open it."""

    seed: Seed
    passphrase: str = field(repr=False)


class Opened(NamedTuple):
    """What a passphrase opened, and in which slot."""

    seed: Seed
    slot: str


def slot_context(member_id: str, slot: str) -> Context:
    """The place of a locked seed; `slot` is one of SLOTS."""
    return Context("staff seed", 1, "staff_member", slot, member_id)


def fresh_slots(*, member_id: str, own: Door, duress: Door | None = None) -> dict[str, bytes]:
    """Both slots and their companion, by column. Costs a slow hash for each door."""
    first, second = SLOTS if secrets.randbelow(2) else SLOTS[::-1]
    if duress is None:
        other = dummy_lock(profile(), secrets.token_bytes)  # no hash: random bytes of the right form
        companion = b"\x01" + secrets.token_bytes(COMPANION_BYTES - 1)
    else:
        other = lock(member_id, duress, second)
        vouched = sign(own.seed.signing(), _vouching(member_id), duress.seed.signing().public.raw)
        key = duress.seed.subkey("vouched for")
        companion = wrap(key, _companion(member_id), vouched, random=secrets.token_bytes)
    return {first: lock(member_id, own, first), second: other, "companion_sealed": companion}


def lock(member_id: str, door: Door, slot: str) -> bytes:
    """This seed behind this passphrase, for this slot; one slow hash."""
    place = slot_context(member_id, slot)
    return giving_way(lambda: lock_seed(door.seed, door.passphrase, profile(), secrets.token_bytes, place))


def open_slots(member: Member, passphrase: str) -> Opened | None:
    """What the passphrase opens. Both slots are tried, whatever the first gives: two slow hashes."""
    found: Opened | None = None
    for slot in SLOTS:
        blob = bytes(getattr(member, slot))
        try:
            place = slot_context(member.id, slot)
            seed = giving_way(partial(unlock_seed, blob, passphrase, place, weakest=profile()))
        except (
            WrongPassphrase,
            EnvelopeError,
        ):  # a slot somebody has written over is as good as a wrong passphrase
            continue
        found = Opened(seed, slot)
    return found


def voucher(member: Member, seed: Seed) -> bytes:
    """The member's signature over this seed's public key, from the companion.

    Raises CannotOpen or BadSignature when the person never made this seed.
    """
    signature = unwrap(seed.subkey("vouched for"), _companion(member.id), bytes(member.companion_sealed))
    check_voucher(member, seed.signing().public, signature)
    return signature


def check_voucher(member: Member, public: SigningPublicKey, signature: bytes) -> None:
    """Return if the member vouched for this key as that of their empty desk. Raises BadSignature."""
    own = SigningPublicKey(bytes(member.sign_public))
    verify(own, _vouching(member.id), public.raw, signature)


def is_vouched(member: Member, seed: Seed) -> bool:
    """Whether this is the seed of the member's empty desk."""
    try:
        voucher(member, seed)
    except (CannotOpen, BadSignature):
        return False
    return True


def _vouching(member_id: str) -> Context:
    return Context("empty desk", 1, "staff_member", "companion_sealed", member_id)


def _companion(member_id: str) -> Context:
    return Context("companion", 1, "staff_member", "companion_sealed", member_id)
