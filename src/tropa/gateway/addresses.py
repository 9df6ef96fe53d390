"""How a person is reached, as it is stored: wrapped under the gateway's key, for the one thread it belongs to.

With handle and route stands the thread's own seed, drawn when they first wrote: their words are signed with it,
answers are sealed to it, and the thread's id follows from it. So an address cannot be put under another thread, an
answer cannot be led to another person, and once the row is gone nobody opens what was sealed to it.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Final

from tropa.envelope import (
    ApplicantPublic,
    CannotOpen,
    Context,
    Seed,
    SymmetricKey,
    thread_id_of,
    unwrap,
    wrap,
)
from tropa.gateway.credential import GatewayKeys

FORMAT = b"\x01"
MOST_REMEMBERED: Final = 8192
_of_their_thread: Final[set[bytes]] = set()


@dataclass(frozen=True, slots=True)
class Reached:
    """One person on one account. `told`: they have been told the truth about the channel."""

    account: str
    handle: str = field(repr=False)
    route: bytes = field(repr=False)
    seed: Seed
    language: str
    told: bool = False
    answered: str = (
        ""  # the hour in which a machine last answered them, as `2026-11-22 14`; "" when it never did
    )
    news: bool = False  # they asked to be told when our addresses change

    def is_of(self, thread_id: str) -> bool:
        """Whether this address was made for the thread: its id follows from the seed. What did is remembered by a
        digest, for as long as the process lives: deriving the keys costs a message as much as sealing it.
        """
        known = hashlib.sha256(b"tropa address of " + self.seed.raw + thread_id.encode()).digest()
        if known in _of_their_thread:
            return True
        if thread_id_of(ApplicantPublic.of(self.seed)) != thread_id:
            return False
        if len(_of_their_thread) >= MOST_REMEMBERED:
            _of_their_thread.clear()
        _of_their_thread.add(known)
        return True


class AddressBook:
    """Wraps and opens addresses."""

    def __init__(self, keys: GatewayKeys) -> None:
        self._key: SymmetricKey = keys.seed.subkey("addresses")
        self._remote: SymmetricKey = keys.seed.subkey("remote ids")

    def seal(self, thread_id: str, reached: Reached) -> bytes:
        """The address as it is stored."""
        said = {
            "account": reached.account,
            "handle": reached.handle,
            "route": reached.route.hex(),
            "seed": reached.seed.raw.hex(),
            "language": reached.language,
            "told": reached.told,
            "answered": reached.answered,
            "news": int(reached.news),  # a digit, so that the length tells nothing
        }
        body = FORMAT + json.dumps(said).encode()
        return wrap(self._key, _place(thread_id), body, random=secrets.token_bytes)

    def seal_remote(self, key: str, remote_id: str) -> bytes:
        """What the service calls a message that went out, kept for erasing it there."""
        return wrap(self._remote, _remote_place(key), remote_id.encode(), random=secrets.token_bytes)

    def open_remote(self, key: str, sealed: bytes) -> str:
        """The same again. Raises CannotOpen."""
        return unwrap(self._remote, _remote_place(key), sealed).decode()

    def open(self, thread_id: str, sealed: bytes) -> Reached:
        """The address again. Raises CannotOpen for one that was moved, changed, or sealed by somebody else."""
        body = unwrap(self._key, _place(thread_id), sealed)
        try:
            if body[:1] != FORMAT:
                raise CannotOpen
            said = json.loads(body[1:])
            return Reached(
                account=said["account"],
                handle=said["handle"],
                route=bytes.fromhex(said["route"]),
                seed=Seed(bytes.fromhex(said["seed"])),
                language=said["language"],
                told=said["told"],
                answered=said.get("answered", ""),  # addresses of before machines answered have none
                news=said.get("news", 0) == 1,
            )
        except (ValueError, KeyError, TypeError):
            raise CannotOpen from None


def _place(thread_id: str) -> Context:
    return Context("address", 1, "messengers_address", "sealed", thread_id)


def _remote_place(key: str) -> Context:
    return Context("remote id", 1, "messengers_outgoing", "sealed_remote", key)
