"""What one line of the daemon says, read by hand from whatever came.

Every line becomes one `Incoming` or none; nothing that came makes this raise. Groups, stories, receipts and our own
other devices are left alone. What a person sent and cannot be read, and a call nobody can take, is kept as unreadable,
so that somebody asks.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeGuard

from tropa.channels.values import LONGEST_TEXT, Attachment, DedupeKey, Handle, Incoming, IncomingKind

ACCOUNT_ID = re.compile(r"(PNI:)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
FILE_ID = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,199}")
LARGEST_NUMBER = 2**53
LONGEST_TIMER = 366 * 24 * 3600
SPEECHLESS = {
    "timestamp",
    "message",
    "expiresInSeconds",
    "isExpirationUpdate",
    "viewOnce",
    "attachments",
    "quote",
    "mentions",
    "previews",
    "textStyles",
    "reaction",
    "remoteDelete",
    "groupInfo",
}
"""What of a message is not by itself something a person said."""

Opener = Callable[[str, int | None], Callable[[], AsyncIterator[bytes]]]


@dataclass(frozen=True, slots=True)
class Line:
    """What came of one line: the message, if it is one, the files the daemon keeps for it, and a group to leave."""

    item: Incoming | None = None
    files: tuple[str, ...] = ()
    group: str | None = None


def read_line(line: bytes, account: str, opener: Opener) -> Line:
    """One line; without an item when nobody wrote to this account alone."""
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return Line()
    result = _mapping(_mapping(said).get("params"))
    result = _mapping(result.get("result")) or result
    envelope = _mapping(result.get("envelope"))
    if result.get("account") not in (None, account):  # a tuple: what comes need not be hashable
        return Line()
    sender, stamp = envelope.get("sourceUuid"), envelope.get("timestamp")
    if not isinstance(sender, str) or not ACCOUNT_ID.fullmatch(sender) or not _is_number(stamp):
        return Line()
    return _from_somebody(result, envelope, sender.lower().replace("pni:", "PNI:"), opener)


def _from_somebody(
    result: Mapping[str, Any], envelope: Mapping[str, Any], sender: str, opener: Opener
) -> Line:
    edit = _mapping(envelope.get("editMessage"))
    message = _mapping(edit.get("dataMessage")) or _mapping(envelope.get("dataMessage"))
    group = _mapping(message.get("groupInfo")).get("groupId")
    files = _file_ids(message)
    if "groupInfo" in message:
        return Line(None, files, group if isinstance(group, str) else None)
    device = envelope.get("sourceDevice")
    key = DedupeKey(f"{sender}:{envelope['timestamp']}:{device if _is_number(device) else 0}")
    unreadable = Incoming(key, Handle(sender), IncomingKind.UNDECRYPTABLE, sender.encode())
    if "exception" in result or "offerMessage" in _mapping(envelope.get("callMessage")):
        return Line(unreadable, files)
    if not message:
        return Line(None, files)
    try:
        return Line(_message(message, unreadable, opener, edited=bool(edit)), files)
    except (TypeError, ValueError):
        return Line(unreadable, files)


def _message(message: Mapping[str, Any], frame: Incoming, opener: Opener, *, edited: bool) -> Incoming | None:
    text, files = _text(message), _files(message, opener)
    timer = message.get("expiresInSeconds")
    seconds = timer if _is_number(timer) and 0 < timer <= LONGEST_TIMER else None
    if not text and not files:
        if message.get("isExpirationUpdate") is True:
            kind = IncomingKind.NOTICE
            return Incoming(frame.key, frame.handle, kind, frame.reply_route, expires_after=seconds)
        spoke = {name for name, value in message.items() if value not in (None, False, [], {})}
        return frame if spoke - SPEECHLESS else None
    return Incoming(
        frame.key,
        frame.handle,
        IncomingKind.ATTACHMENT if files else IncomingKind.TEXT,
        frame.reply_route,
        text=text,
        attachments=files,
        sent_at=_moment(message.get("timestamp")),
        expires_after=seconds,
        edited=edited,
    )


def _text(message: Mapping[str, Any]) -> str:
    text = message.get("message")
    if text is None:
        return ""
    if not isinstance(text, str):
        raise TypeError("a text is a text")
    # half a pair of surrogates cannot be stored as UTF-8
    return text[:LONGEST_TEXT].encode("utf-8", "replace").decode()


def _files(message: Mapping[str, Any], opener: Opener) -> tuple[Attachment, ...]:
    listed = message.get("attachments") or []
    if not isinstance(listed, list):
        raise TypeError("attachments are a list")
    return tuple(_file(each, opener) for each in listed)


def _file(file: object, opener: Opener) -> Attachment:
    if not isinstance(file, Mapping) or not isinstance(file.get("id"), str):
        raise TypeError("a file has an id")
    if not FILE_ID.fullmatch(file["id"]):
        raise ValueError("a file's id is no path")
    size, name, media = file.get("size"), file.get("filename"), file.get("contentType")
    known = size if _is_number(size) and size >= 0 else None
    return Attachment(_clean(name), _clean(media), known, opener(file["id"], known))


def _file_ids(message: Mapping[str, Any]) -> tuple[str, ...]:
    """The files the daemon keeps, whether the message reads or not."""
    listed = message.get("attachments")
    ids = [each.get("id") for each in listed if isinstance(each, Mapping)] if isinstance(listed, list) else []
    return tuple(each for each in ids if isinstance(each, str) and FILE_ID.fullmatch(each))


def _clean(text: object) -> str:
    return text[:200].encode("utf-8", "replace").decode() if isinstance(text, str) else ""


def _moment(stamp: object) -> datetime | None:
    if not _is_number(stamp):
        return None
    try:
        return datetime.fromtimestamp(stamp / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _is_number(number: object) -> TypeGuard[int]:
    return (
        isinstance(number, int) and not isinstance(number, bool) and -LARGEST_NUMBER < number < LARGEST_NUMBER
    )
