"""One message to one person, once, encrypted to the devices of their account, or not at all.

Kept true: the keys that encrypted it are stored before it leaves, so that none ever encrypts twice; the text goes to
nobody but the person of the handle; what was not taken and what may have been taken end differently.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

from slixmpp.exceptions import XMPPError
from slixmpp.xmlstream.xmlstream import NotConnectedError

from tropa.channels.errors import Unreachable
from tropa.channels.notes import Notes
from tropa.channels.values import Failed, Outgoing, OutgoingFile, Retry, SendResult, Sent, Unknown
from tropa.channels.xmpp.files import NotPut, put, sealed
from tropa.channels.xmpp.keys import NAMESPACE, Keys, NoKey
from tropa.channels.xmpp.reading import person_of
from tropa.channels.xmpp.stream import Stream

STORED_WITHIN = 20.0
NO_KEYS_FOR = 60.0
FALLBACK = "OMEMO"
"""What stands in clear beside what is encrypted; servers archive a message that has a body."""


@dataclass(frozen=True, slots=True)
class Live:
    """A connection and its device's keys."""

    stream: Stream
    keys: Keys


async def send(live: Live | None, notes: Notes, hosts: Collection[str], out: Outgoing) -> SendResult:
    """One attempt; text and each file are a message of their own."""
    person = person_of(out.reply_route.decode("utf-8", "replace"))
    if person is None or person != out.handle:
        return Failed("no_such_person")
    if live is None or live.stream.lost.is_set():
        return Retry(2.0, "unreachable")
    names: list[str] = []
    texts = [(out.key, out.text)] if out.text or not out.attachments else []
    try:
        for number, file in enumerate(out.attachments):
            texts.append((f"{out.key}.file{number}", await _uploaded(live.stream, hosts, file)))
    except NotPut:
        return Retry(NO_KEYS_FOR, "file_not_taken", whole_account=False)
    for name, text in texts:
        result = await _say(live, notes, person, name, text)
        if not isinstance(result, Sent):
            return Unknown("partly_sent") if names else result
        names.append(result.remote_id)
    return Sent(" ".join(names))


async def _say(live: Live, notes: Notes, person: str, name: str, text: str) -> SendResult:
    try:
        encrypted = await live.keys.encrypted(person, text)
    except NoKey as why:
        return Retry(NO_KEYS_FOR, "no_device", whole_account=False) if why.passing else Failed("no_key")
    except (XMPPError, Unreachable):
        return Retry(5.0, "unreachable")
    try:
        await asyncio.wait_for(notes.until_stored(), STORED_WITHIN)
    except TimeoutError:
        return Retry(NO_KEYS_FOR, "keys_not_stored")
    return await live.stream.say(name, _stanza(live.stream.client, person, name, encrypted))


def _stanza(client: Any, person: str, name: str, encrypted: ET.Element) -> str:
    message = client.make_message(mto=person, mbody=FALLBACK, mtype="chat")
    message["id"] = name
    message.append(encrypted)
    message.append(ET.Element("{urn:xmpp:eme:0}encryption", {"namespace": NAMESPACE, "name": "OMEMO"}))
    message.enable("store")
    return str(message)


def in_clear(live: Live, person: str, words: str) -> None:
    """A fixed line of ours to somebody whose app does not encrypt, whose words were in clear too."""
    message = live.stream.client.make_message(mto=person, mbody=words, mtype="chat")
    with contextlib.suppress(NotConnectedError):
        live.stream.client.send_raw(str(message))


async def _uploaded(stream: Stream, hosts: Collection[str], file: OutgoingFile) -> str:
    """The link to a file that lies on the server without a name. Raises NotPut."""
    content, opened_by = sealed(file.content)
    where, get, headers = await stream.slot(len(content))
    await put(where, headers, content, hosts)
    return get.replace("https://", "aesgcm://", 1) + f"#{opened_by}"
