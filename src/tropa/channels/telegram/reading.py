"""What one update of the Bot API says, read by hand from whatever came.

Every update becomes one `Incoming` or none; nothing that came makes this raise. What is not of the expected form from a
known person is kept as unreadable; what nobody wrote to us (groups, channels, other bots' service messages) is left
alone. Texts are cut at the longest that is taken, and characters that turn or hide text are not touched here: they are
the person's, and whoever shows them sees to it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from tropa.channels.values import LONGEST_TEXT, Attachment, DedupeKey, Handle, Incoming, IncomingKind

FILE_KINDS = ("document", "audio", "video", "voice", "video_note", "animation", "sticker")
HEARD_BY_ALL = ("group", "supergroup", "channel")  # a tuple: what comes need not be hashable
LARGEST_RAW = 64 * 1024
LARGEST_ID = 2**53

Opener = Callable[[str, int | None], Any]
"""Gives the `open` of a file with this id and announced size."""


def update_number(update: object) -> int | None:
    """The number an update is acknowledged by."""
    number = update.get("update_id") if isinstance(update, Mapping) else None
    return number if _is_id(number) else None


def group_to_leave(update: object) -> int | None:
    """The id of a group or channel somebody put the bot into: it leaves, because what is said there is heard by all."""
    if not isinstance(update, Mapping):
        return None
    for content in update.values():
        chat = content.get("chat") if isinstance(content, Mapping) else None
        if isinstance(chat, Mapping) and chat.get("type") in HEARD_BY_ALL:
            return chat["id"] if _is_id(chat.get("id")) else None
    return None


def read_update(update: object, opener: Opener) -> Incoming | None:
    """What a person sent us alone; None for everything else."""
    if not isinstance(update, Mapping):
        return None
    for name in ("message", "edited_message"):
        message = update.get(name)
        if isinstance(message, Mapping):
            return _message(update, message, opener, edited=name == "edited_message")
    return None


def _message(
    update: Mapping[str, Any], message: Mapping[str, Any], opener: Opener, *, edited: bool
) -> Incoming | None:
    chat, sender = message.get("chat"), message.get("from")
    if not isinstance(chat, Mapping) or not isinstance(sender, Mapping):
        return None
    if chat.get("type") != "private" or not _is_id(chat.get("id")) or not _is_id(sender.get("id")):
        return None
    if sender.get("is_bot") is True:
        return None
    handle = Handle(str(sender["id"]))
    key, route = _key(update), str(chat["id"]).encode()
    language = _language(sender)
    try:
        files = _files(message, opener)
        text = _text(message)
    except (TypeError, ValueError):
        raw = _raw(update)
        return Incoming(key, handle, IncomingKind.UNDECRYPTABLE, route, raw=raw, language=language)
    if not text and not files:
        return _without_words(key, handle, route, message, language)
    kind = IncomingKind.ATTACHMENT if files else IncomingKind.TEXT
    at = _moment(message.get("edit_date" if edited else "date"))
    return Incoming(
        key, handle, kind, route, text=text, attachments=files, sent_at=at, edited=edited, language=language
    )


def _without_words(
    key: DedupeKey, handle: Handle, route: bytes, message: Mapping[str, Any], language: str
) -> Incoming | None:
    """A place, a contact, a poll: what we do not take is kept as unreadable, so that somebody asks."""
    known = {"message_id", "from", "chat", "date", "edit_date"}
    if not message.keys() - known:
        return None
    return Incoming(key, handle, IncomingKind.UNDECRYPTABLE, route, language=language)


def _text(message: Mapping[str, Any]) -> str:
    text = message.get("text", message.get("caption", ""))
    if not isinstance(text, str):
        raise TypeError("a text is a text")
    # half a pair of surrogates cannot be stored as UTF-8
    return text[:LONGEST_TEXT].encode("utf-8", "replace").decode()


def _files(message: Mapping[str, Any], opener: Opener) -> tuple[Attachment, ...]:
    found = [_largest(message["photo"])] if "photo" in message else []
    found += [message[kind] for kind in FILE_KINDS if kind in message and not (kind == "document" and found)]
    if "animation" in message:  # Telegram sends an animation as a document too
        found = [message["animation"]]
    return tuple(_file(each, opener) for each in found)


def _largest(photos: object) -> object:
    """Of a picture's sizes the last is the largest; whoever sends something else is not understood."""
    if not isinstance(photos, list) or not photos:
        raise TypeError("a picture has sizes")
    return photos[-1]


def _file(file: object, opener: Opener) -> Attachment:
    if not isinstance(file, Mapping) or not isinstance(file.get("file_id"), str) or not file["file_id"]:
        raise TypeError("a file has an id")
    size, name, media = file.get("file_size"), file.get("file_name"), file.get("mime_type")
    known = size if isinstance(size, int) and not isinstance(size, bool) and 0 <= size < LARGEST_ID else None
    return Attachment(
        name=_clean(name) if isinstance(name, str) else "",
        media_type=_clean(media) if isinstance(media, str) else "",
        declared_size=known,
        open=opener(file["file_id"], known),
    )


def _clean(text: str) -> str:
    return text[:200].encode("utf-8", "replace").decode()


def _key(update: Mapping[str, Any]) -> DedupeKey:
    number = update_number(update)
    return DedupeKey(str(number) if number is not None else hashlib.sha256(_raw(update)).hexdigest())


def _raw(update: Mapping[str, Any]) -> bytes:
    return json.dumps(update, sort_keys=True, default=str).encode("utf-8", "replace")[:LARGEST_RAW]


def _moment(stamp: object) -> datetime | None:
    if not isinstance(stamp, int) or isinstance(stamp, bool):
        return None
    try:
        return datetime.fromtimestamp(stamp, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _language(sender: Mapping[str, Any]) -> str:
    code = sender.get("language_code")
    return code[:2].lower() if isinstance(code, str) and code[:2].isascii() else ""


def _is_id(number: object) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and -LARGEST_ID < number < LARGEST_ID
