"""One message to one person, once, to the key their address was stored with.

Kept true: nothing leaves for somebody without a key, or to another key than the handle's; what the core did not get out
in time is taken back from it, so that it cannot leave late, and is unknown; what it holds of our words goes when they
left. The core sends a mail again whose answer was lost, under the same id, and people's devices show one of two.
"""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from typing import Any

from tropa.channels.deltachat.core import Gone, Refused
from tropa.channels.deltachat.life import WORKING, Life
from tropa.channels.deltachat.people import NotAPerson, Person, read_route
from tropa.channels.values import Failed, Outgoing, OutgoingFile, Retry, SendResult, Sent, Unknown

LEAVES_WITHIN = 45.0
LOOK_AFTER = (3.0, 4.0, 8.0, 15.0, 15.0)
"""Seconds between reminders that the network may be back: the core itself waits half a minute and more."""


async def send(life: Life | None, out: Outgoing) -> SendResult:
    """One attempt."""
    try:
        person = read_route(out.reply_route)
    except NotAPerson:
        return Failed("no_such_person")
    if not person.key:
        return Failed("no_key")
    if person.handle != out.handle:
        return Failed("no_such_person")
    if len(out.attachments) > 1:
        return Failed("too_many_files")
    if life is None or not life.listens:
        return Retry(2.0, "unreachable")
    try:
        if await life.connectivity() < WORKING:
            return Retry(5.0, "unreachable")
        chat = await _chat(life, person, out.expires_after or person.timer)
    except Refused:
        return Failed("no_such_person")
    except Gone:
        return Retry(5.0, "unreachable")  # nothing was said yet
    try:
        return await _say(life, chat, out)
    except Refused:
        return Failed("refused")
    except Gone:
        return Unknown("no_answer")


async def _chat(life: Life, person: Person, timer: int) -> int:
    """The conversation with this key, with its timer. Raises Refused, Gone."""
    contacts = await life.call("import_vcard_contents", person.card)
    chat = int(await life.call("create_chat_by_contact_id", contacts[0]))
    if timer and await life.call("get_chat_ephemeral_timer", chat) != timer:
        await life.call("set_chat_ephemeral_timer", chat, timer)
    return chat


async def _say(life: Life, chat: int, out: Outgoing) -> SendResult:
    data: dict[str, Any] = {"text": out.text}
    if out.attachments:
        data |= await asyncio.to_thread(_put_down, life, out.key, out.attachments[0])
    try:
        number = int(await life.call("send_msg", chat, data))
    finally:
        if "file" in data:
            with contextlib.suppress(OSError):
                await asyncio.to_thread(_take_up, data["file"])
    outcome = await _outcome(life, number)
    said: dict[str, Any] = {}
    with contextlib.suppress(Refused, Gone):
        message = await life.call("get_message", number)
        said = await life.call("get_message_info_object", number)
        await life.forget([number], [message.get("file") or ""])
    if outcome is None:
        return Unknown("not_delivered_in_time")
    return Sent(str(said.get("rfc724Mid", ""))) if outcome else Failed("refused")


async def _outcome(life: Life, number: int) -> bool | None:
    """Whether the server took it; None when that is not known in time."""
    outcome = life.ears.outcome(number)
    try:
        async with asyncio.timeout(LEAVES_WITHIN):
            for pause in LOOK_AFTER:
                done, _ = await asyncio.wait({outcome}, timeout=pause)
                if done:
                    return outcome.result()
                await life.core.call("maybe_network")
            return await outcome
    except TimeoutError:
        return None
    finally:
        life.ears.forget_outcome(number)


def _put_down(life: Life, key: str, file: OutgoingFile) -> dict[str, str]:
    path = life.files.parent / f"out-{key.replace('/', '')}"
    path.write_bytes(file.content)
    return {"file": str(path), "filename": file.name, "viewtype": "File"}


def _take_up(path: str) -> None:
    Path(path).unlink(missing_ok=True)
