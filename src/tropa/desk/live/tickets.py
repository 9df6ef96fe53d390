"""Tickets: that this visit may watch this topic, as the desk gives them out with a page.

A ticket is good for one visit and one topic while the processes run that share the key. Somebody in an empty desk gets
a ticket for silence, which nobody who looks at the page can tell from another.
"""

from __future__ import annotations

import hmac
from enum import Enum, auto

LENGTH = 32


class Watching(Enum):
    """What a ticket is good for."""

    NOTHING = auto()  # it is not ours
    SILENCE = auto()  # a stream that says nothing
    CHANGES = auto()


def ticket(key: bytes, *, visit: str, topic: str, silent: bool = False) -> str:
    """The ticket, in hex."""
    message = b"\0".join(
        (b"tropa live 1", b"silence" if silent else b"changes", visit.encode(), topic.encode())
    )
    return hmac.digest(key, message, "sha256").hex()[:LENGTH]


def good_for(key: bytes, given: str, *, visit: str, topic: str) -> Watching:
    """What this ticket is good for."""
    changes = hmac.compare_digest(given.encode(), ticket(key, visit=visit, topic=topic).encode())
    silence = hmac.compare_digest(given.encode(), ticket(key, visit=visit, topic=topic, silent=True).encode())
    if changes:
        return Watching.CHANGES
    return Watching.SILENCE if silence else Watching.NOTHING
