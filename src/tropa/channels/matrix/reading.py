"""What one event of a room says, read by hand from whatever came.

Every event becomes one `Incoming` or none; nothing that came makes this raise. What a person sent and cannot be read,
and a call or a poll nobody can take, is kept as unreadable, so that somebody asks. Receipts, calls being set up and
verification are left alone. What a person took back stays with us until they write /delete; the guide says so.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeGuard

from tropa.channels.matrix.signing import content_of
from tropa.channels.values import LONGEST_TEXT, Attachment, DedupeKey, Handle, Incoming, IncomingKind

USER = re.compile(r"@[^\s:]{1,200}:[A-Za-z0-9.:\[\]-]{1,200}")
ROOM = re.compile(r"![^\s]{1,254}")
EVENT = re.compile(r"\$[^\s]{1,254}")
MEDIA = re.compile(r"mxc://([A-Za-z0-9.:\[\]-]{1,200})/([A-Za-z0-9_-]{1,200})")
LARGEST_NUMBER = 2**53
LARGEST_RAW = 64 * 1024
FILES = ("m.image", "m.file", "m.audio", "m.video")  # a tuple: what comes need not be hashable
WITHOUT_A_WORD = ("m.call.", "m.key.verification.", "m.room_key", "m.dummy", "m.beacon", "org.matrix.msc3401")


@dataclass(frozen=True, slots=True)
class Media:
    """Where a file lies on the server and, unless it lies there in clear, what opens it."""

    server: str
    name: str
    key: bytes = field(default=b"", repr=False)
    begins: bytes = field(default=b"", repr=False)  # the counter's first value
    digest: bytes = b""  # SHA-256 of what lies on the server


Opener = Callable[[Media, int | None], Callable[[], AsyncIterator[bytes]]]


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said in a room, opened if it was encrypted."""

    room: str = field(repr=False)
    sender: str = field(repr=False)
    key: DedupeKey = field(repr=False)
    stamp: object
    kind: object
    content: object = field(repr=False)
    encrypted: bool


def place_of(event: object) -> tuple[str, str] | None:
    """The id and the sender of an event of a room; None for what is none."""
    if not isinstance(event, Mapping):
        return None
    name, sender = event.get("event_id"), event.get("sender")
    if not isinstance(name, str) or not EVENT.fullmatch(name):
        return None
    if not isinstance(sender, str) or not USER.fullmatch(sender):
        return None
    return name, sender


def route_of(room: str, sender: str) -> bytes:
    """What an answer needs: the room, and the person as the server writes them."""
    return f"{room} {sender}".encode()


def read_route(route: bytes) -> tuple[str, str]:
    """Room and person again. Raises ValueError."""
    room, _space, person = route.decode("utf-8", "replace").partition(" ")
    if not ROOM.fullmatch(room) or not USER.fullmatch(person):
        raise ValueError("that leads nowhere")
    return room, person


def unreadable(room: str, sender: str, key: DedupeKey, raw: object = None) -> Incoming:
    """Something came from this person and nobody can say what."""
    kept = _raw(raw) if raw is not None else None
    handle = Handle(sender.lower())
    return Incoming(key, handle, IncomingKind.UNDECRYPTABLE, route_of(room, sender), raw=kept)


def read_said(said: Said, opener: Opener) -> Incoming | None:
    """The message, if it is one."""
    kind, content = said.kind, said.content
    if not isinstance(kind, str) or not isinstance(content, Mapping):
        return unreadable(said.room, said.sender, said.key, content)
    try:
        match kind:
            case "m.room.message":
                return _message(said, content, opener)
            case "m.reaction":
                return _text(said, _mapping(content.get("m.relates_to")).get("key"))
            case "m.sticker":
                return _text(said, content.get("body"))
            case _ if kind.startswith(WITHOUT_A_WORD) or not said.encrypted:
                return None  # in clear come states and signs of the server, which nobody wrote
    except (TypeError, ValueError):
        pass
    return unreadable(said.room, said.sender, said.key, content)


def _message(said: Said, content: Mapping[str, Any], opener: Opener) -> Incoming | None:
    relation = _mapping(content.get("m.relates_to"))
    edited = relation.get("rel_type") == "m.replace" and isinstance(content.get("m.new_content"), Mapping)
    if edited:
        content = content["m.new_content"]
    if not content:
        return None  # taken back before it reached us
    form = content.get("msgtype")
    if isinstance(form, str) and form.startswith(WITHOUT_A_WORD):
        return None
    if form in FILES:
        return _file(said, content, opener, edited=edited)
    return _text(said, content.get("body"), edited=edited)


def _text(said: Said, text: object, *, edited: bool = False) -> Incoming:
    if not isinstance(text, str):
        raise TypeError("a text is a text")
    return _incoming(said, IncomingKind.TEXT, _clean(text, LONGEST_TEXT), (), edited=edited)


def _file(said: Said, content: Mapping[str, Any], opener: Opener, *, edited: bool) -> Incoming:
    body, name = content.get("body", ""), content.get("filename")
    if not isinstance(body, str):
        raise TypeError("a text is a text")
    name = name if isinstance(name, str) and name else body
    info = _mapping(content.get("info"))
    size, media_type = info.get("size"), info.get("mimetype")
    known = size if _is_number(size) and size >= 0 else None
    media = _media(content)
    attachment = Attachment(
        name=_clean(name, 200),
        media_type=_clean(media_type, 200) if isinstance(media_type, str) else "",
        declared_size=known,
        open=opener(media, known),
    )
    caption = _clean(body, LONGEST_TEXT) if body != name else ""
    return _incoming(said, IncomingKind.ATTACHMENT, caption, (attachment,), edited=edited)


def _media(content: Mapping[str, Any]) -> Media:
    """Where the file lies. Raises ValueError, TypeError."""
    file = content.get("file")
    if not isinstance(file, Mapping):
        return Media(*_address(content.get("url")))
    server, name = _address(file.get("url"))
    key = _mapping(file.get("key"))
    if key.get("alg") != "A256CTR":
        raise ValueError("encrypted some other way")
    opened = content_of(key.get("k"), url_safe=True)
    begins = content_of(file.get("iv"))
    digest = content_of(_mapping(file.get("hashes")).get("sha256"))
    if (len(opened), len(begins), len(digest)) != (32, 16, 32):
        raise ValueError("a key has its length")
    return Media(server, name, opened, begins, digest)


def _address(url: object) -> tuple[str, str]:
    found = MEDIA.fullmatch(url) if isinstance(url, str) else None
    if found is None:
        raise ValueError("a file lies on a server of Matrix")
    return found[1], found[2]


def _incoming(
    said: Said, kind: IncomingKind, text: str, files: tuple[Attachment, ...], *, edited: bool
) -> Incoming:
    return Incoming(
        said.key,
        Handle(said.sender.lower()),
        kind if said.encrypted else IncomingKind.PLAIN,
        route_of(said.room, said.sender),
        text=text,
        attachments=files,
        sent_at=_moment(said.stamp),
        edited=edited,
    )


def _clean(text: str, longest: int) -> str:
    # half a pair of surrogates cannot be stored as UTF-8
    return text[:longest].encode("utf-8", "replace").decode()


def _raw(value: object) -> bytes:
    try:
        return json.dumps(value, sort_keys=True, default=str).encode("utf-8", "replace")[:LARGEST_RAW]
    except (TypeError, ValueError, RecursionError):
        return b""


def _moment(stamp: object) -> datetime | None:
    """Matrix counts milliseconds."""
    if not _is_number(stamp):
        return None
    try:
        return datetime.fromtimestamp(stamp / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _is_number(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < LARGEST_NUMBER
