"""What one answer of `/sync` holds for us, read from whatever came; nothing in it makes this raise."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tropa.channels.matrix.reading import ROOM

TIMELINE = 50
"""Events of a room the server gives at once; the others are fetched."""
NOTHING = {"not_types": ["*"]}
FILTER = json.dumps(
    {
        "presence": NOTHING,
        "account_data": NOTHING,
        "room": {
            "account_data": NOTHING,
            "ephemeral": NOTHING,
            "state": {"lazy_load_members": True},
            "timeline": {"limit": TIMELINE, "lazy_load_members": True},
            "include_leave": False,
        },
    },
    separators=(",", ":"),
)


@dataclass(frozen=True, slots=True)
class Timeline:
    """What is new in a room; `before` is where what was left out begins, going back."""

    room: str = field(repr=False)
    events: tuple[Mapping[str, Any], ...] = field(repr=False)
    before: str | None
    people: int | None
    """How many are in it or asked to come, with us; None when the server does not say."""


@dataclass(frozen=True, slots=True)
class Sync:
    """One answer."""

    following: str
    to_device: tuple[Mapping[str, Any], ...] = field(repr=False)
    changed: frozenset[str] = field(repr=False)
    keys_left: int | None
    invites: Mapping[str, tuple[Mapping[str, Any], ...]] = field(repr=False)
    timelines: tuple[Timeline, ...] = field(repr=False)


def read_sync(answer: Mapping[str, Any]) -> Sync | None:
    """The answer; None for one that does not say where to go on."""
    following = answer.get("next_batch")
    if not isinstance(following, str) or not following:
        return None
    rooms = _mapping(answer.get("rooms"))
    lists = _mapping(answer.get("device_lists"))
    count = _mapping(answer.get("device_one_time_keys_count")).get("signed_curve25519", 0)
    told = "device_one_time_keys_count" in answer and isinstance(count, int) and not isinstance(count, bool)
    return Sync(
        following,
        _events(_mapping(answer.get("to_device")).get("events")),
        frozenset(each for part in ("changed", "left") for each in _texts(lists.get(part))),
        count if told else None,
        {
            room: _events(_mapping(said.get("invite_state")).get("events"))
            for room, said in _rooms(rooms.get("invite"))
        },
        tuple(_timeline(room, said) for part in ("join", "leave") for room, said in _rooms(rooms.get(part))),
    )


def _timeline(room: str, said: Mapping[str, Any]) -> Timeline:
    timeline, summary = _mapping(said.get("timeline")), _mapping(said.get("summary"))
    before = timeline.get("prev_batch")
    left_out = timeline.get("limited") is True and isinstance(before, str)
    counts = [summary.get(f"m.{each}_member_count") for each in ("joined", "invited")]
    known = [count for count in counts if isinstance(count, int) and not isinstance(count, bool)]
    return Timeline(
        room, _events(timeline.get("events")), before if left_out else None, sum(known) if known else None
    )


def _rooms(part: object) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for room, said in _mapping(part).items():
        if isinstance(room, str) and ROOM.fullmatch(room):
            yield room, _mapping(said)


def _events(listed: object) -> tuple[Mapping[str, Any], ...]:
    return tuple(each for each in listed if isinstance(each, Mapping)) if isinstance(listed, list) else ()


def _texts(listed: object) -> list[str]:
    return [each for each in listed if isinstance(each, str)] if isinstance(listed, list) else []


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
