"""Passwords, and the queue every slow hash stands in: one at a time, a bounded number waiting, in this
process.

Whoever floods the sign-in page fills the queue and is refused politely; memory stays bounded. The drop, which is
another process, comes first: hashes run in a thread that gives way to everything else (`background`). A password is
stored as Argon2id in PHC form; its cost stands in the text.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import assert_never

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from tropa.desk.conf import conf
from tropa.desk.staff.background import giving_way
from tropa.desk.staff.errors import SignInBusy
from tropa.envelope import PassphraseProfile

MOST_WAITING = 8
LONGEST_REST = 2.0
"""Seconds."""


class SlowQueue:
    """Lets one through at a time, keeps `places` waiting, refuses the rest at once."""

    def __init__(self, places: int) -> None:
        self._places = threading.BoundedSemaphore(places + 1)
        self._one = threading.Lock()
        self._rest_until = 0.0  # by the monotonic clock; whoever holds `_one` reads and writes it

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for one's turn. Raises SignInBusy without waiting when every place is taken.

        Between two turns the machine rests as long as the first took: a full queue uses half a core at most.
        """
        if not self._places.acquire(blocking=False):
            raise SignInBusy
        try:
            with self._one:
                time.sleep(max(0.0, self._rest_until - time.monotonic()))
                began = time.monotonic()
                try:
                    yield
                finally:
                    ended = time.monotonic()
                    self._rest_until = ended + min(ended - began, LONGEST_REST)
        finally:
            self._places.release()


QUEUE = SlowQueue(MOST_WAITING)


def profile() -> PassphraseProfile:
    """How dear a guess is made: production, or in tests alone cheap (`conf` refuses it anywhere else)."""
    match conf.passphrase_profile:
        case "production":
            return PassphraseProfile.PRODUCTION
        case "cheap":
            return PassphraseProfile.CHEAP
        case other:
            raise ValueError(f"no such profile: {other}")


@dataclass(frozen=True, slots=True)
class PasswordCost:
    """Memory in KiB, passes and lanes of Argon2id for a password, which a second factor stands beside."""

    memory: int
    passes: int
    lanes: int


def password_cost() -> PasswordCost:
    """The cost new passwords are hashed at."""
    match profile():
        case PassphraseProfile.PRODUCTION:
            return PasswordCost(memory=32 * 1024, passes=3, lanes=1)
        case PassphraseProfile.CHEAP:
            return PasswordCost(memory=64, passes=1, lanes=1)
        case other:
            assert_never(other)


def hash_password(password: str) -> str:
    """The PHC text to store for `password`."""
    cost = password_cost()
    hashing = Argon2id(
        salt=secrets.token_bytes(16),
        length=32,
        iterations=cost.passes,
        lanes=cost.lanes,
        memory_cost=cost.memory,
    )
    return giving_way(lambda: hashing.derive_phc_encoded(password.encode()))


def password_fits(password: str, stored: str) -> bool:
    """Whether `password` is the stored one. An unreadable stored text fits nothing."""
    try:
        giving_way(lambda: Argon2id.verify_phc_encoded(password.encode(), stored))
    except (InvalidKey, ValueError):
        return False
    return True


@cache
def nobodys_password() -> str:
    """What a password is compared with when nobody has that pseudonym: the same work, and it never fits."""
    return hash_password(secrets.token_urlsafe(32))
