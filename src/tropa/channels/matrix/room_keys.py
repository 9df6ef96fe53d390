"""The key of a room as it was handed to us, and which of its messages were read.

Kept true: once messages are stored, the key goes forward past them, so that nobody who takes the state afterwards opens
them from what a server kept; a message sent out of order still opens, unless a hundred later ones were read before it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import vodozemac

PICKLED_WITH = bytes(32)
"""Pickles are sealed as the rest of the state is; a key of their own adds nothing."""
MOST_OPEN = 100
"""How far behind the newest message read the key may stay for one that has not come yet."""


@dataclass(frozen=True, slots=True)
class RoomKey:
    """`given_at` is the first index it ever opened, `first` the first it opens now, `read` what is read from there."""

    session: str
    sender: str = field(repr=False)
    curve: str
    given_at: int
    first: int
    read: frozenset[int]
    _key: vodozemac.InboundGroupSession = field(repr=False)

    @classmethod
    def given(cls, key: str, *, sender: str, curve: str) -> RoomKey:
        """As it came from a device. Raises ValueError."""
        session = vodozemac.InboundGroupSession(vodozemac.SessionKey(key))
        first = session.first_known_index
        return cls(session.session_id, sender, curve, first, first, frozenset(), session)

    @classmethod
    def read_stored(cls, value: bytes) -> RoomKey:
        """As it was stored."""
        said = json.loads(value)
        key = vodozemac.InboundGroupSession.from_pickle(said["key"], PICKLED_WITH)
        return cls(
            key.session_id,
            said["sender"],
            said["curve"],
            said["given_at"],
            said["first"],
            frozenset(said["read"]),
            key,
        )

    def stored(self) -> bytes:
        """To be stored."""
        said = {
            "sender": self.sender,
            "curve": self.curve,
            "given_at": self.given_at,
            "first": self.first,
            "read": sorted(self.read),
            "key": self._key.pickle(PICKLED_WITH),
        }
        return json.dumps(said).encode()

    def is_better_than(self, known: RoomKey) -> bool:
        """Whether this one, of the same device, opens what the known one never did."""
        return (self.sender, self.curve) == (known.sender, known.curve) and self.first < known.given_at

    def has_read(self, index: int) -> bool:
        """Whether the message with this index was read."""
        return self.given_at <= index < self.first or index in self.read

    def opened(self, message: vodozemac.MegolmMessage) -> tuple[bytes, int]:
        """Its text and its index. Raises ValueError."""
        found = self._key.decrypt(message)
        return found.plaintext, found.message_index

    def after(self, indexes: Iterable[int]) -> RoomKey:
        """The key once these were read."""
        read = {*self.read, *indexes}
        first = max([self.first, *(index - MOST_OPEN for index in read)])
        while first in read:
            first += 1
        exported = self._key.export_at(first)
        if exported is None:
            return replace(self, read=frozenset(read))
        key = vodozemac.InboundGroupSession.import_session(exported)
        return replace(self, first=first, read=frozenset(each for each in read if each > first), _key=key)
