"""People on Matrix, on an implementation of the encryption that shares no line with ours (mautrix over libolm).

A program of its own, run by the Python of the server's environment: it reads a command a line from standard input,
answers each with a line, and says on further lines what people's devices show. Nothing is stored.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from pathlib import Path
from typing import Any

from mautrix.client import Client
from mautrix.client.state_store import MemoryStateStore
from mautrix.crypto import MemoryCryptoStore, OlmMachine, StateStore
from mautrix.crypto.attachments import decrypt_attachment, encrypt_attachment
from mautrix.types import (
    EventType,
    FileInfo,
    Format,
    MediaMessageEventContent,
    Membership,
    MemberStateEventContent,
    MessageType,
    RoomCreatePreset,
    TextMessageEventContent,
    TrustState,
)

ENCRYPTED = {"type": "m.room.encryption", "state_key": "", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}
logging.basicConfig(level=logging.CRITICAL)


def say(**words: object) -> None:
    """A line for the tests."""
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


class Rooms(MemoryStateStore, StateStore):
    """Who is in which room."""

    async def find_shared_rooms(self, user_id: str) -> list[str]:
        return [room for room, members in self.members.items() if user_id in members]


class Person:
    """One person with one device."""

    def __init__(self, url: str, user: str) -> None:
        self.keys, rooms = MemoryCryptoStore(user, "pickle"), Rooms()
        self.client = Client(mxid=user, base_url=url, sync_store=self.keys, state_store=rooms)
        self.client.crypto = OlmMachine(self.client, self.keys, rooms)
        self.rooms: dict[str, str] = {}
        self.sent: dict[str, Any] = {}

    async def start(self, password: str) -> None:
        await self.client.login(password=password, device_name="phone")
        await self.client.crypto.load()
        await self.client.crypto.share_keys()
        self.client.add_event_handler(EventType.ROOM_MESSAGE, self._message)
        self.client.add_event_handler(EventType.ROOM_MEMBER, self._member)
        self.client.start(None)

    async def stop(self) -> None:
        self.client.stop()
        await self.client.api.session.close()

    async def _message(self, event: Any) -> None:
        if event.sender == self.client.mxid:
            return
        sealed = "mautrix" in event and event["mautrix"].get("was_encrypted", False)
        if event.content.msgtype == MessageType.FILE:
            file = event.content.file
            data = await self.client.download_media(file.url)
            content = decrypt_attachment(data, file.key.key, file.hashes["sha256"], file.iv)
            say(to=self.client.mxid, file=event.content.body, content=content.hex(), sealed=sealed)
        else:
            say(to=self.client.mxid, text=event.content.body, sealed=sealed)

    async def _member(self, event: Any) -> None:
        if event.state_key != self.client.mxid:
            reason = event.content.get("reason", "") or ""
            say(
                to=self.client.mxid, member=event.state_key, now=event.content.membership.value, reason=reason
            )

    async def room(self, desk: str, *, others: tuple[str, ...] = (), encrypted: bool = True) -> str:
        name = f"{desk} {others} {encrypted}"
        if name not in self.rooms:
            room = self.rooms[name] = await self.client.create_room(
                is_direct=True,
                invitees=[desk, *others],
                preset=RoomCreatePreset.TRUSTED_PRIVATE,
                initial_state=[ENCRYPTED] if encrypted else [],
            )
            members = dict.fromkeys((desk, *others), MemberStateEventContent(membership=Membership.INVITE))
            members[self.client.mxid] = MemberStateEventContent(membership=Membership.JOIN)
            # whoever was asked to come gets the keys too, as apps do it
            await self.client.state_store.set_members(room, members)
        return self.rooms[name]


class People:
    """Everybody, by user id."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.known: dict[str, Person] = {}

    async def do(self, words: dict[str, Any]) -> object:
        """One command."""
        name = words.pop("do")
        if name == "begin":
            person = self.known[words["user"]] = Person(self.url, words["user"])
            await person.start(words["password"])
            return None
        if name == "end":
            for person in self.known.values():
                await person.stop()
            self.known.clear()
            return None
        return await getattr(self, name)(self.known[words.pop("user")], **words)

    async def write(self, person: Person, desk: str, text: str, **room: Any) -> str:
        place = await person.room(desk, **room)
        name = await person.client.send_text(place, text)
        person.sent[name] = place
        return str(name)

    async def edit(self, person: Person, event: str, text: str) -> str:
        content = TextMessageEventContent(msgtype=MessageType.TEXT, body=text, format=Format.HTML)
        content.set_edit(event)
        return str(await person.client.send_message(person.sent[event], content))

    async def react(self, person: Person, event: str, key: str) -> str:
        return str(await person.client.react(person.sent[event], event, key))

    async def take_back(self, person: Person, event: str) -> str:
        return str(await person.client.redact(person.sent[event], event))

    async def file(self, person: Person, desk: str, text: str, name: str, path: str, announced: int) -> str:
        room = await person.room(desk)
        data = Path(path).read_bytes()
        sealed, file = encrypt_attachment(data)
        file.url = await person.client.upload_media(sealed, mime_type="application/octet-stream")
        info = FileInfo(size=announced, mimetype="image/jpeg")
        content = MediaMessageEventContent(msgtype=MessageType.FILE, body=text or name, file=file, info=info)
        content["filename"] = name
        return str(await person.client.send_message(room, content))

    async def raw(self, person: Person, desk: str, kind: str, content: dict[str, Any], **room: Any) -> str:
        place = await person.room(desk, **room)
        path = (
            f"_matrix/client/v3/rooms/{place}/send/{kind}/{id(content)}-{asyncio.get_running_loop().time()}"
        )
        answer = await person.client.api.request("PUT", path, content)  # in clear, as it is
        return str(answer["event_id"])

    async def strange(self, person: Person, desk: str, contents: list[dict[str, Any]]) -> None:
        """Whatever a content is, encrypted as a message."""
        room = await person.room(desk)
        for content in contents:
            await person.client.send_message_event(room, EventType.ROOM_MESSAGE, content)

    async def leave(self, person: Person, desk: str) -> None:
        await person.client.leave_room(await person.room(desk))

    async def trust(self, person: Person, desk: str, device: str) -> bool:
        found = await person.keys.get_device(desk, device)
        return bool(await person.client.crypto.resolve_trust(found) >= TrustState.CROSS_SIGNED_UNTRUSTED)


async def main(url: str) -> None:
    people = People(url)
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=2**26)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        words = json.loads(line)
        number = words.pop("number")
        try:
            say(number=number, result=await people.do(words))
        except Exception as problem:  # noqa: BLE001  the test says what it was doing
            say(number=number, problem=f"{type(problem).__name__}: {problem}")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
