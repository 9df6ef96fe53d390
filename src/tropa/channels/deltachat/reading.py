"""What a message of the core says: pure, of whatever shape it comes.

A message of two that came encrypted is somebody's word; one that came in clear is labelled and belongs to nobody's key;
of a group only that it was one. A file that is not here yet is waited for, a file over the cap is not.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from tropa.channels.deltachat.mailbox import Raw
from tropa.channels.deltachat.people import NotAPerson, Person, is_timer, person_at
from tropa.channels.values import LONGEST_TEXT, Attachment, DedupeKey, Incoming, IncomingKind

OURSELVES, LAST_SPECIAL_CONTACT = 1, 9
"""Contacts up to here are the core's own: ourselves, its notices, its advice."""
SPOKEN = ("Text", "Image", "Gif", "Sticker", "Audio", "Voice", "Video", "File", "Webxdc", "Vcard")
HERE, TO_ASK_FOR, COMING = "Done", "Available", "InProgress"

Opener = Callable[[str], Callable[[], AsyncIterator[bytes]]]


class Step(StrEnum):
    """What to do about a message now."""

    SKIP = "skip"  # nobody said anything
    OURS = "ours"  # it is we who say it, and it may not have left
    TAKE = "take"
    GROUP = "group"  # it was said to several
    ASK = "ask"  # its file has to be asked for
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Line:
    """One message of the core, read."""

    step: Step
    item: Incoming | None = None
    file: str = ""


@dataclass(frozen=True, slots=True)
class Around:
    """What the core says about a message besides itself."""

    info: Mapping[str, Any]
    single: bool
    card: str  # of who wrote; empty without a key


def is_of_a_person(message: Mapping[str, Any]) -> bool:
    """Whether somebody else wrote it, rather than the core or we."""
    sender = message.get("fromId")
    if not isinstance(sender, int) or isinstance(sender, bool):
        return False
    return sender > LAST_SPECIAL_CONTACT and message.get("isInfo") is not True


def read_message(
    message: Mapping[str, Any], around: Around, *, cap: int, opener: Opener, patient: bool = True
) -> Line:
    """One message. Not `patient`: what is not here by now is not waited for."""
    if not is_of_a_person(message):
        return Line(Step.SKIP)
    try:
        person, kind = _who(message, around)
    except NotAPerson:
        return Line(Step.SKIP)
    if not around.single:
        return Line(Step.GROUP)
    size = message.get("fileBytes")
    known = size if isinstance(size, int) and not isinstance(size, bool) and size > 0 else None
    here = message.get("downloadState") == HERE
    if not here and patient and (known is None or known <= cap):
        return Line(Step.ASK if message.get("downloadState") == TO_ASK_FOR else Step.WAIT)
    file = message.get("file")
    path = file if isinstance(file, str) and here else ""
    files = _files(message, known, path, opener) if path or not here else ()
    text = _text(message, kind)
    if message.get("viewType") not in SPOKEN or not (text or files):
        kind, text, files = IncomingKind.UNDECRYPTABLE, "", ()
    elif files and kind is IncomingKind.TEXT:
        kind = IncomingKind.ATTACHMENT
    item = Incoming(
        _key(person, message, around.info),
        person.handle,
        kind,
        person.route,
        text=text,
        attachments=files,
        sent_at=_moment(message.get("timestamp")),
        expires_after=person.timer or None,
        edited=message.get("isEdited") is True,
    )
    return Line(Step.TAKE, item, path)


def read_unopened(raw: Raw, known: Mapping[str, Person]) -> Incoming | None:
    """A mail the core could not open; somebody's whose address one known key has, or nobody's who could be answered."""
    try:
        person = known.get(raw.sender) or person_at(raw.sender)
    except NotAPerson:
        return None
    digest = hashlib.sha256(raw.mail_id.encode() + raw.content).hexdigest()
    key = DedupeKey(f"{person.handle}:unopened:{digest}")
    return Incoming(key, person.handle, IncomingKind.UNDECRYPTABLE, person.route, raw=raw.content)


def _who(message: Mapping[str, Any], around: Around) -> tuple[Person, IncomingKind]:
    sender = message.get("sender")
    address = sender.get("address") if isinstance(sender, Mapping) else None
    if message.get("showPadlock") is not True:
        return person_at(address), IncomingKind.PLAIN
    if not around.card:
        raise NotAPerson("encrypted, and by nobody")
    return person_at(address, card=around.card, timer=_timer(around.info)), IncomingKind.TEXT


def _timer(info: Mapping[str, Any]) -> int:
    timer = info.get("ephemeralTimer")
    seconds = timer.get("duration") if isinstance(timer, Mapping) else None
    return int(seconds) if seconds is not None and is_timer(seconds) else 0


def _key(person: Person, message: Mapping[str, Any], info: Mapping[str, Any]) -> DedupeKey:
    """The mail's own id, which only who sent it can repeat: nobody can be made silent by somebody else's."""
    mail_id = info.get("rfc724Mid")
    if not isinstance(mail_id, str) or not mail_id:
        said = f"{message.get('timestamp')} {message.get('text')}".encode("utf-8", "replace")
        mail_id = f"without:{hashlib.sha256(said).hexdigest()}"
    return DedupeKey(f"{person.handle}:{_clean(mail_id, 998)}")


def _text(message: Mapping[str, Any], kind: IncomingKind) -> str:
    text, subject = message.get("text"), message.get("subject")
    text = text if isinstance(text, str) else ""
    if kind is IncomingKind.PLAIN and isinstance(subject, str) and subject:
        text = f"{subject}\n\n{text}"  # where there is no padlock the subject is part of what was written
    return _clean(text, LONGEST_TEXT + 1)


def _files(message: Mapping[str, Any], size: int | None, path: str, opener: Opener) -> tuple[Attachment, ...]:
    name, media = _clean(message.get("fileName"), 200), _clean(message.get("fileMime"), 100)
    return (Attachment(name or "file", media or "application/octet-stream", size, opener(path)),)


def _clean(text: object, longest: int) -> str:
    # half a pair of surrogates cannot be stored as UTF-8
    return text[:longest].encode("utf-8", "replace").decode() if isinstance(text, str) else ""


def _moment(stamp: object) -> datetime | None:
    if not isinstance(stamp, int) or isinstance(stamp, bool):
        return None
    try:
        return datetime.fromtimestamp(stamp, UTC)
    except (ValueError, OverflowError, OSError):
        return None
