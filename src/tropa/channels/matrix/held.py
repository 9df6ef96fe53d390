"""Messages whose key has not come: kept until it does, said to be unreadable when it is late.

Kept true: a message without its key is never dropped; after a minute it is shown as unreadable and stays here for a
week, because a phone that was switched off may still send the key; if it does, the message follows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

HELD = "held"
SAID_AFTER = 60.0
KEPT_FOR = 7 * 24 * 3600.0
MOST_HELD = 200
"""More at once are said to be unreadable right away, oldest first, and not kept."""


@dataclass(frozen=True, slots=True)
class HeldEvent:
    """One event of a room; `at` in seconds since 1970, `said` once it was shown as unreadable."""

    room: str = field(repr=False)
    event: Mapping[str, Any] = field(repr=False)
    at: float
    said: bool = False

    @property
    def name(self) -> object:
        """The event's id."""
        return self.event.get("event_id")


def read_held(stored: bytes | None) -> tuple[HeldEvent, ...]:
    """As it was stored."""
    return tuple(HeldEvent(**each) for each in json.loads(stored)) if stored else ()


def stored_held(held: Iterable[HeldEvent]) -> bytes:
    """To be stored."""
    kept = [{"room": each.room, "event": dict(each.event), "at": each.at, "said": each.said} for each in held]
    return json.dumps(kept).encode()


def with_more(held: tuple[HeldEvent, ...], more: Iterable[HeldEvent]) -> tuple[HeldEvent, ...]:
    """Each event once."""
    names = {each.name for each in held}
    return held + tuple(each for each in more if each.name not in names)


def due(
    held: tuple[HeldEvent, ...], now: float, said_after: float
) -> tuple[tuple[HeldEvent, ...], tuple[HeldEvent, ...]]:
    """Those to be said unreadable now, and those that stay."""
    late = [each for each in held if not each.said and now - each.at >= said_after]
    waiting = [each for each in held if not each.said and each not in late]
    over = waiting[: max(0, len(waiting) - MOST_HELD)]
    say = (*late, *over)
    stay = [
        replace(each, said=each.said or each in say)
        for each in held
        if each not in over and now - each.at < KEPT_FOR
    ]
    said = [each for each in stay if each.said]
    gone = {id(each) for each in said[: max(0, len(said) - MOST_HELD)]}
    return say, tuple(each for each in stay if id(each) not in gone)
