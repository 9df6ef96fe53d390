"""From one answer of the server to what people said: gaps filled, invitations answered, keys learned, events opened.

Kept true: everything that needs the network comes first, so that an answer that could not be followed up is asked for
again and nothing of it is half done; what the server left out is walked back to; a message whose key has not come is
held. A room of more than two is left with a word, and so is one that everybody may enter: whatever is said there others
hear. In a room that is not encrypted the person is told so, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tropa.channels.matrix.held import HeldEvent, due, with_more
from tropa.channels.matrix.machine import Machine, Opened, Shut
from tropa.channels.matrix.people import People
from tropa.channels.matrix.reading import Opener, Said, place_of, read_said, unreadable
from tropa.channels.matrix.server import Refused, Server
from tropa.channels.matrix.sync import Sync, Timeline
from tropa.channels.notes import Notes
from tropa.channels.texts import gettext_noop as _
from tropa.channels.texts import in_language
from tropa.channels.values import DedupeKey, Incoming

PAGE = 100
MOST_PAGES = 300
GROUP = _("Others can read in this room. Please start a chat with this account alone.")
IN_CLEAR = _(
    "This room is not encrypted, so nothing is answered here. Please start an encrypted chat with this account."
)


@dataclass(frozen=True, slots=True)
class Heard:
    """A message, and what opened it: room, session and index; None for what was not encrypted or did not open."""

    item: Incoming
    read: tuple[str, str, int] | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """What one answer came to."""

    heard: tuple[Heard, ...]
    held: tuple[HeldEvent, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Listener:
    """Listens as one account. `enrolled` in milliseconds since 1970: what is older was never meant for this device."""

    user: str
    enrolled: int
    server: Server
    machine: Machine
    notes: Notes
    people: People
    opener: Opener
    said_after: float

    async def take(self, sync: Sync, since: str | None, held: tuple[HeldEvent, ...], now: float) -> Turn:
        """Follow the answer up. Raises Refused, NotSent, NoAnswer: nothing was done that may not be done again."""
        sealed = [event for event in sync.to_device if event.get("type") == "m.room.encrypted"]
        self.people.forget(sync.changed)
        await self.people.learn({str(event.get("sender")) for event in sealed if place_of_sender(event)})
        for room, state in sync.invites.items():
            await self._answer_invitation(room, state)
        rooms = [(timeline.room, await self._events(timeline, since)) for timeline in sync.timelines]
        for room, events in rooms:
            await self._tell_when_in_clear(room, events)
        for event in sealed:
            await self.machine.receive(event, self.people.owners)
        if sync.keys_left is not None:
            self.machine.make_one_time_keys(sync.keys_left)
        heard, waiting = await self._open_held(held)
        more: list[HeldEvent] = []
        for room, events in rooms:
            for event in events:
                found = await self._hear(room, event)
                if isinstance(found, Heard):
                    heard.append(found)
                elif found is Shut.NO_KEY_YET:
                    more.append(HeldEvent(room, event, now))
        return self.say_late(with_more(waiting, more), now, heard)

    def say_late(self, held: tuple[HeldEvent, ...], now: float, heard: Iterable[Heard] = ()) -> Turn:
        """Those held too long are said to be unreadable."""
        late, stay = due(held, now, self.said_after)
        said = []
        for each in late:
            if (place := place_of(each.event)) is not None:
                name, sender = place
                item = unreadable(each.room, sender, DedupeKey(name), each.event.get("content"))
                said.append(Heard(item))
        return Turn((*heard, *said), stay)

    # -- rooms -------------------------------------------------------------------------------------------------

    async def _answer_invitation(self, room: str, state: Sequence[Mapping[str, Any]]) -> None:
        """Enter a room somebody made to speak with us; leave at once what everybody may enter."""
        for event in state:
            content = event.get("content")
            content = content if isinstance(content, Mapping) else {}
            open_to_all = event.get("type") == "m.room.join_rules" and content.get("join_rule") == "public"
            if open_to_all or (event.get("type") == "m.room.create" and "type" in content):
                await self._leave(room)
                return
        await self._ask("join", room, {})

    async def _leave(self, room: str) -> None:
        await self._ask("leave", room, {"reason": _in_both_languages(GROUP)})

    async def _ask(self, what: str, room: str, body: Mapping[str, Any]) -> None:
        """A request that may be refused for good, and then does not matter."""
        try:
            await self.server.call("POST", "rooms", room, what, body=body)
        except Refused as refused:
            if refused.status in {401, 429} or refused.status >= 500:
                raise

    async def _events(self, timeline: Timeline, since: str | None) -> list[Mapping[str, Any]]:
        """What is new in a room, oldest first; nothing of a room that was never one of two."""
        name = f"room {timeline.room}"
        known = await self.notes.get(name) is not None
        people = timeline.people
        if not known and people is None:
            people = await self._count(timeline.room)
        if people is not None and people > 2:
            await self._leave(timeline.room)
            if not known:
                return []
        if not known:
            self.notes.put(name, b"1")
        events = list(timeline.events)
        if timeline.before is not None and not any(map(self._invites_us, events)):
            events = await self._older(timeline.room, timeline.before, since if known else None) + events
        invited = max((at for at, event in enumerate(events) if self._invites_us(event)), default=-1)
        events = events[invited + 1 :]
        return events if since is not None else [event for event in events if self._is_for_this_device(event)]

    async def _count(self, room: str) -> int | None:
        try:
            answer = await self.server.call("GET", "rooms", room, "joined_members")
        except Refused as refused:
            if refused.status in {403, 404}:
                return None  # we are no longer in it
            raise
        joined = answer.get("joined")
        return len(joined) if isinstance(joined, Mapping) else None

    async def _older(self, room: str, before: str, since: str | None) -> list[Mapping[str, Any]]:
        """What the server left out, back to what we know or to the invitation."""
        older: list[Mapping[str, Any]] = []
        place: object = before
        for _page in range(MOST_PAGES):
            query = {
                "dir": "b",
                "from": str(place),
                "limit": str(PAGE),
                "filter": '{"lazy_load_members":true}',
            }
            answer = await self.server.call(
                "GET", "rooms", room, "messages", query=query | ({"to": since} if since else {})
            )
            chunk, following = answer.get("chunk"), answer.get("end")
            found = (
                [event for event in chunk if isinstance(event, Mapping)] if isinstance(chunk, list) else []
            )
            older += found
            if not found or not isinstance(following, str) or following == place:
                break
            if any(map(self._invites_us, found)):
                break
            if since is None and not self._is_for_this_device(found[-1]):
                break
            place = following
        return older[::-1]

    def _invites_us(self, event: Mapping[str, Any]) -> bool:
        content = event.get("content")
        return (
            event.get("type") == "m.room.member"
            and event.get("state_key") == self.user
            and isinstance(content, Mapping)
            and content.get("membership") == "invite"
        )

    def _is_for_this_device(self, event: Mapping[str, Any]) -> bool:
        stamp = event.get("origin_server_ts")
        return not isinstance(stamp, int) or stamp >= self.enrolled

    async def _tell_when_in_clear(self, room: str, events: Sequence[Mapping[str, Any]]) -> None:
        """Somebody wrote in clear: where that is how the room is, say so, once for each answer of the server."""
        clear = [
            event for event in events if event.get("type") == "m.room.message" and self._is_theirs(event)
        ]
        if not clear or await is_encrypted(self.server, room):
            return
        said = {"msgtype": "m.notice", "body": _in_both_languages(IN_CLEAR)}
        transaction = f"clear{clear[-1].get('event_id')}"
        try:
            await self.server.call("PUT", "rooms", room, "send", "m.room.message", transaction, body=said)
        except Refused as refused:
            if refused.status in {401, 429} or refused.status >= 500:
                raise

    # -- events ------------------------------------------------------------------------------------------------

    def _is_theirs(self, event: Mapping[str, Any]) -> bool:
        place = place_of(event)
        return place is not None and place[1] != self.user

    async def _open_held(self, held: tuple[HeldEvent, ...]) -> tuple[list[Heard], tuple[HeldEvent, ...]]:
        heard, waiting = [], []
        for each in held:
            found = await self._hear(each.room, each.event)
            if isinstance(found, Heard):
                heard.append(found)
            elif found is Shut.NO_KEY_YET:
                waiting.append(each)
        return heard, tuple(waiting)

    async def _hear(self, room: str, event: Mapping[str, Any]) -> Heard | Shut | None:
        """One event; None when nobody said anything in it that is not known."""
        place, content = place_of(event), event.get("content")
        if place is None or place[1] == self.user or not content:
            return None  # ours, nobody's, or taken back before it reached us
        name, sender = place
        stamp = event.get("origin_server_ts")
        if event.get("type") != "m.room.encrypted":
            said = Said(room, sender, DedupeKey(name), stamp, event.get("type"), content, encrypted=False)
            return _heard(read_said(said, self.opener))
        if not isinstance(content, Mapping):
            return _heard(unreadable(room, sender, DedupeKey(name)))
        opened = await self.machine.open(room, sender, content)
        if isinstance(opened, Opened):
            key = DedupeKey(f"{opened.session} {opened.index}")
            said = Said(room, sender, key, stamp, opened.kind, opened.content, encrypted=True)
            return _heard(read_said(said, self.opener), (room, opened.session, opened.index))
        if opened is Shut.BROKEN:
            return _heard(unreadable(room, sender, DedupeKey(name), content))
        return opened


async def is_encrypted(server: Server, room: str) -> bool:
    """Whether the room's state says that messages in it are encrypted. Raises as a call."""
    try:
        answer = await server.call("GET", "rooms", room, "state", "m.room.encryption")
    except Refused as refused:
        if refused.status in {403, 404}:
            return False
        raise
    return answer.get("algorithm") == "m.megolm.v1.aes-sha2"


def place_of_sender(event: Mapping[str, Any]) -> bool:
    """Whether an event from a device says who sent it."""
    return place_of({"event_id": "$0", "sender": event.get("sender")}) is not None


def _heard(item: Incoming | None, read: tuple[str, str, int] | None = None) -> Heard | None:
    return Heard(item, read) if item is not None else None


def _in_both_languages(message: str) -> str:
    return f"{in_language(message, 'ru')}\n\n{in_language(message, 'en')}"
