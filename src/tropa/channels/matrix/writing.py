"""What goes out: encrypted for the one person of a room, on devices that are theirs, or not at all.

Kept true: the key of a room goes to the devices of the one person it is for, whoever else a server says is there;
nothing is written into a room that is not encrypted or has others in it; a key between devices moves forward on disk
before what it encrypted leaves; the same key of a message makes one event, however often it is tried.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import vodozemac

from tropa.channels.matrix.devices import Device
from tropa.channels.matrix.files import encrypted
from tropa.channels.matrix.listening import is_encrypted
from tropa.channels.matrix.machine import MEGOLM, Machine
from tropa.channels.matrix.people import People
from tropa.channels.matrix.reading import read_route
from tropa.channels.matrix.server import NoAnswer, NotSent, Refused, Server
from tropa.channels.notes import Notes
from tropa.channels.values import Failed, Outgoing, OutgoingFile, Retry, SendResult, Sent, Unknown

MOST_MESSAGES = 100
LONGEST = 7 * 24 * 3600.0
STORED_WITHIN = 20.0
REFUSED_FOR = 300.0
NO_KEYS_FOR = 60.0


class NotToBeSent(Exception):
    """It must not go, or not now; holds the outcome."""

    def __init__(self, outcome: SendResult) -> None:
        super().__init__()
        self.outcome = outcome


@dataclass(slots=True)
class _OwnKey:
    """The key we encrypt with in one room, in this process alone, and the devices that have it."""

    session: vodozemac.GroupSession
    devices: frozenset[Device]
    begun: float
    messages: int = 0


@dataclass(slots=True)
class Writer:
    """Writes as one account."""

    user: str
    server: Server
    machine: Machine
    notes: Notes
    people: People
    _keys: dict[str, _OwnKey] = field(default_factory=dict)
    _encrypted: set[str] = field(default_factory=set)

    async def send(self, out: Outgoing) -> SendResult:
        """One attempt; text and files are an event each."""
        try:
            room, person = read_route(out.reply_route)
        except ValueError:
            return Failed("no_such_person")
        if person.lower() != out.handle:
            return Failed("no_such_person")
        began = False
        try:
            await self._check(room, person)
            key = await self._key(room, person)
            names = []
            if out.text or not out.attachments:
                content = {"msgtype": "m.text", "body": out.text}
                began = True
                names.append(await self._put(room, key, content, out.key))
            for number, file in enumerate(out.attachments):
                content = await self._uploaded(file)
                began = True
                names.append(await self._put(room, key, content, f"{out.key}.file{number}"))
        except NotToBeSent as why:
            return why.outcome
        except Refused as refused:
            return outcome_of(refused)
        except NotSent:
            return Retry(5.0, "unreachable")
        except NoAnswer:
            return Unknown("no_answer") if began else Retry(5.0, "unreachable")
        return Sent(" ".join(names))

    async def redact(self, room: str, event: str) -> bool:
        """Ask that an event of ours be taken back."""
        transaction = "redact" + hashlib.sha256(f"{room} {event}".encode()).hexdigest()[:32]
        try:
            await self.server.call("PUT", "rooms", room, "redact", event, transaction, body={})
        except (Refused, NotSent, NoAnswer):
            return False
        return True

    async def _check(self, room: str, person: str) -> None:
        """Raises NotToBeSent unless the room is the person's and ours alone, and encrypted."""
        answer = await self.server.call("GET", "rooms", room, "joined_members")
        joined = answer.get("joined")
        members = set(joined) if isinstance(joined, Mapping) else set()
        if person not in members:
            raise NotToBeSent(Failed("blocked"))
        if members - {person, self.user}:
            raise NotToBeSent(Failed("others_in_room"))
        if room not in self._encrypted:
            if not await is_encrypted(self.server, room):
                raise NotToBeSent(Failed("room_in_clear"))
            self._encrypted.add(room)  # no room ever goes back

    async def _key(self, room: str, person: str) -> _OwnKey:
        """The key of this room, in the hands of every device of the person. Raises NotToBeSent, and as a call."""
        devices = frozenset((await self.people.person(person)).written_to)
        if not devices:
            raise NotToBeSent(Retry(NO_KEYS_FOR, "no_device", whole_account=False))
        key = self._keys.get(room)
        old = key is not None and (key.messages >= MOST_MESSAGES or time.monotonic() - key.begun > LONGEST)
        if key is None or old or key.devices != devices:
            key = _OwnKey(vodozemac.GroupSession(), devices, time.monotonic())
            await self._hand_out(room, person, key.session, sorted(devices, key=lambda each: each.name))
            self._keys[room] = key
        return key

    async def _hand_out(
        self, room: str, person: str, session: vodozemac.GroupSession, devices: Sequence[Device]
    ) -> None:
        without = [device for device in devices if not await self.machine.has_session(device)]
        for device, one_time_key in await self.people.claim(without):
            self.machine.begin_session(device, one_time_key)
        content = {
            "algorithm": MEGOLM,
            "room_id": room,
            "session_id": session.session_id,
            "session_key": session.session_key.to_base64(),
        }
        sealed = {
            device.name: self.machine.seal_to_device(device, "m.room_key", content) for device in devices
        }
        messages = {name: event for name, event in sealed.items() if event is not None}
        if not messages:
            raise NotToBeSent(Retry(NO_KEYS_FOR, "no_keys", whole_account=False))
        try:
            await asyncio.wait_for(self.notes.until_stored(), STORED_WITHIN)
        except TimeoutError:
            raise NotToBeSent(Retry(NO_KEYS_FOR, "keys_not_stored")) from None
        transaction = hashlib.sha256(repr(messages).encode()).hexdigest()[:32]
        await self.server.call(
            "PUT", "sendToDevice", "m.room.encrypted", transaction, body={"messages": {person: messages}}
        )

    async def _uploaded(self, file: OutgoingFile) -> dict[str, Any]:
        """A message about a file that lies on the server without a name."""
        sealed, opened_by = encrypted(file.content)
        opened_by["url"] = await self.server.upload(sealed)
        info = {"size": len(file.content), "mimetype": file.media_type}
        return {
            "msgtype": "m.file",
            "body": file.name,
            "filename": file.name,
            "file": opened_by,
            "info": info,
        }

    async def _put(self, room: str, key: _OwnKey, content: Mapping[str, Any], transaction: str) -> str:
        sealed = self.machine.seal_in_room(key.session, room, "m.room.message", content)
        key.messages += 1
        answer = await self.server.call(
            "PUT", "rooms", room, "send", "m.room.encrypted", transaction, body=sealed
        )
        name = answer.get("event_id")
        if not isinstance(name, str):
            raise NoAnswer("no event")
        return name


def outcome_of(refused: Refused) -> SendResult:
    """What a refusal means for the message."""
    match refused.status:
        case 429:
            return Retry(refused.after or 5.0, "rate_limited")
        case 401:
            return Retry(REFUSED_FOR, "account_refused")
        case 403:
            return Failed("blocked")
        case 404:
            return Failed("no_such_person")
        case 413:
            return Failed("too_long")
        case status if status >= 500 or status < 400:
            return Unknown("no_answer")
        case _:
            return Failed("too_long" if refused.code == "M_TOO_LARGE" else "refused")
