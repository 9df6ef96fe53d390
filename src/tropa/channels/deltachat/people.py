"""Who somebody is on Delta Chat: the key they sign with, not the address they write from.

Kept true: a handle follows from the key alone, so nobody becomes somebody else by writing from their address; what came
without a key is somebody of its own, and is never answered. The route holds what an answer needs (address, key, the
conversation's timer), so that nothing about people has to last in the core.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from dataclasses import dataclass, field

from tropa.channels.values import Handle

ADDRESS = re.compile(r"[^\s<>,;:\"\\\x00-\x1f]{1,190}@[^\s<>,;:\"\\\x00-\x1f]{1,190}")
KEY_LINE = re.compile(r"^KEY:data:application/pgp-keys;base64\\?,([A-Za-z0-9+/=]+)\r?$", re.MULTILINE)
LARGEST_KEY = 64 * 1024
LONGEST_TIMER = 10 * 365 * 24 * 3600
PUBLIC_KEY = 6


class NotAPerson(ValueError):
    """No key, no address, or neither of their form."""


@dataclass(frozen=True, slots=True)
class Person:
    """One side of a conversation of two. `key` is an OpenPGP public key, or empty for who wrote without one."""

    address: str = field(repr=False)
    key: bytes = field(repr=False)
    timer: int = 0  # seconds after which the conversation's messages disappear; 0 for never

    @property
    def handle(self) -> Handle:
        """Canonical: the digest of the primary key; of who has none, the address in small letters. NotAPerson."""
        if self.key:
            return Handle("key:" + hashlib.sha256(primary_key(self.key)).hexdigest())
        return Handle("mail:" + self.address.lower())

    @property
    def route(self) -> bytes:
        """What answering needs, to be sealed with the handle."""
        return json.dumps(
            {"address": self.address, "key": base64.b64encode(self.key).decode(), "timer": self.timer}
        ).encode()

    @property
    def card(self) -> str:
        """The contact as the core takes one; without a name."""
        key = base64.b64encode(self.key).decode()
        lines = (
            "BEGIN:VCARD",
            "VERSION:4.0",
            f"EMAIL:{self.address}",
            f"FN:{self.address}",
            f"KEY:data:application/pgp-keys;base64\\,{key}",
            "END:VCARD",
        )
        return "\r\n".join(lines) + "\r\n"


def person_at(address: object, *, card: str = "", timer: int = 0) -> Person:
    """The person of a contact the core knows. Raises NotAPerson."""
    if not isinstance(address, str) or not ADDRESS.fullmatch(address):
        raise NotAPerson("no address")
    if not card:
        return Person(address, b"", timer)
    found = KEY_LINE.search(card)
    if found is None:
        raise NotAPerson("no key")
    person = Person(address, _bytes(found[1]), timer)
    _ = person.handle
    return person


def read_route(route: bytes) -> Person:
    """The person of a route. Raises NotAPerson."""
    try:
        said = json.loads(route)
    except (ValueError, RecursionError):
        raise NotAPerson("no route") from None
    if not isinstance(said, dict) or not isinstance(said.get("key"), str):
        raise NotAPerson("no route")
    address, timer = said.get("address"), said.get("timer", 0)
    if not isinstance(address, str) or not ADDRESS.fullmatch(address) or not is_timer(timer):
        raise NotAPerson("no route")
    person = Person(address, _bytes(said["key"]), timer)
    _ = person.handle
    return person


def is_timer(seconds: object) -> bool:
    """Whether this is a number of seconds a message may have."""
    return isinstance(seconds, int) and not isinstance(seconds, bool) and 0 <= seconds <= LONGEST_TIMER


def primary_key(key: bytes) -> bytes:
    """The body of the first packet, which has to be a public key (RFC 9580, 4.2). Raises NotAPerson."""
    if len(key) < 3 or not key[0] & 0x80:
        raise NotAPerson("no packet")
    first, rest = key[0], key[1:]
    if first & 0x40:
        tag, (size, begin) = first & 0x3F, _new_length(rest)
    else:
        tag, (size, begin) = (first >> 2) & 0x0F, _old_length(first & 3, rest)
    if tag != PUBLIC_KEY or size < 6 or begin + size > len(rest):
        raise NotAPerson("no public key")
    return rest[begin : begin + size]


def _new_length(rest: bytes) -> tuple[int, int]:
    if rest[0] < 192:
        return rest[0], 1
    if rest[0] < 224:
        return ((rest[0] - 192) << 8) + rest[1] + 192, 2
    if rest[0] == 255 and len(rest) > 5:
        return int.from_bytes(rest[1:5], "big"), 5
    raise NotAPerson("a key in pieces")


def _old_length(kind: int, rest: bytes) -> tuple[int, int]:
    size = {0: 1, 1: 2, 2: 4}.get(kind)
    if size is None:
        raise NotAPerson("a key without end")
    return int.from_bytes(rest[:size], "big"), size


def _bytes(text: str) -> bytes:
    if len(text) > LARGEST_KEY:
        raise NotAPerson("a key too large")
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NotAPerson("no key") from None
