"""What one message of the archive is, read by hand from whatever came: pure, and nothing that came makes it raise.

Every message somebody wrote becomes one `Incoming`; signs that somebody types or has read, and what was said in a
group, become none. What came in clear is labelled. What a person takes back stays until they write /delete; they are
told.

Source: RFC 6121; XEP-0308 (corrections), XEP-0424 (taking back), XEP-0380 (what encrypted it), XEP-0249 (invitations).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from xml.etree import ElementTree as ET

from tropa.channels.values import LONGEST_TEXT, Attachment, DedupeKey, Handle, Incoming, IncomingKind
from tropa.channels.xmpp.files import Link, read_link

PERSON = re.compile(r"[^\s@/\"'<>&:]{1,1023}@[^\s@/\"'<>&:]{1,1023}")
LARGEST_RAW = 64 * 1024
CLIENT = "{jabber:client}"
OMEMO = "{eu.siacs.conversations.axolotl}encrypted"
OTHERWISE = ("{urn:xmpp:omemo:2}encrypted", "{urn:xmpp:openpgp:0}openpgp", "{jabber:x:encrypted}x")
BY_SOMETHING = "{urn:xmpp:eme:0}encryption"
CORRECTED = "{urn:xmpp:message-correct:0}replace"
TAKEN_BACK = ("{urn:xmpp:message-retract:1}retract", "{urn:xmpp:fasten:0}apply-to")
INVITED = "{jabber:x:conference}x"
OF_A_GROUP = "{http://jabber.org/protocol/muc#user}x"

Opener = Callable[[Link], Attachment]


class Step(StrEnum):
    """What to do about a message."""

    SKIP = "skip"  # nobody said anything to us
    OPEN = "open"  # it is encrypted to us
    SHUT = "shut"  # it is encrypted some other way, or is no message of two
    PLAIN = "plain"
    GROUP = "group"  # somebody asks us into a group


@dataclass(frozen=True, slots=True)
class Letter:
    """One message before it is opened."""

    step: Step
    sender: str = field(default="", repr=False)
    key: str = field(default="", repr=False)
    message: ET.Element = field(default_factory=lambda: ET.Element("message"), repr=False)
    stamp: datetime | None = None
    edited: bool = False

    @property
    def encrypted(self) -> ET.Element:
        """The part that opens."""
        found = self.message.find(OMEMO)
        assert found is not None
        return found


def person_of(address: str | None) -> str | None:
    """The canonical address of a person, without the device; None for servers, groups' nicknames and nonsense."""
    bare = (address or "").partition("/")[0].lower()
    return bare if PERSON.fullmatch(bare) else None


def look_at(message: ET.Element, key: str, stamp: datetime | None, own: str) -> Letter:
    """What kind of message it is, and whose."""
    sender, to = person_of(message.get("from")), message.get("to")
    if sender is None or sender == own or message.get("type", "normal") not in ("chat", "normal"):
        return Letter(Step.SKIP)
    if to is not None and person_of(to) != own:
        return Letter(Step.SKIP)
    step = _step(message)
    edited = message.find(CORRECTED) is not None
    return Letter(step, sender, key, message, stamp, edited)


def _step(message: ET.Element) -> Step:
    sealed = message.findall(OMEMO)
    if len(sealed) == 1:
        return Step.OPEN
    if sealed or any(message.find(each) is not None for each in (*OTHERWISE, BY_SOMETHING)):
        return Step.SHUT
    if message.find(INVITED) is not None:
        return Step.GROUP
    if message.find(OF_A_GROUP) is not None or any(message.find(each) is not None for each in TAKEN_BACK):
        return Step.SKIP
    return Step.PLAIN if _body(message).strip() else Step.SKIP


def read_plain(letter: Letter) -> Incoming:
    """What came in clear; a link in it is words."""
    return _incoming(letter, IncomingKind.PLAIN, _clean(_body(letter.message)))


def read_opened(letter: Letter, text: str, opener: Opener, *, new_device: bool) -> Incoming:
    """What was said under encryption."""
    link = read_link(text)
    if link is None:
        return _incoming(letter, IncomingKind.TEXT, _clean(text), new_device=new_device)
    files = (opener(link),)
    return _incoming(letter, IncomingKind.ATTACHMENT, "", files, new_device=new_device)


def unreadable(letter: Letter) -> Incoming:
    """Something came from this person and nobody can say what."""
    raw = ET.tostring(letter.message)[:LARGEST_RAW]
    return _incoming(letter, IncomingKind.UNDECRYPTABLE, "", raw=raw)


def loose_key(message: ET.Element) -> str:
    """Stands for the archive's id of what no archive has."""
    return "loose:" + hashlib.sha256(ET.tostring(message)).hexdigest()


def _incoming(
    letter: Letter,
    kind: IncomingKind,
    text: str,
    files: tuple[Attachment, ...] = (),
    *,
    new_device: bool = False,
    raw: bytes | None = None,
) -> Incoming:
    return Incoming(
        DedupeKey(f"{letter.sender}:{letter.key}"),
        Handle(letter.sender),
        kind,
        letter.sender.encode(),
        text=text,
        attachments=files,
        sent_at=letter.stamp,
        raw=raw,
        edited=letter.edited,
        new_device=new_device,
    )


def _body(message: ET.Element) -> str:
    body = message.find(f"{CLIENT}body")
    return (body.text or "") if body is not None else ""


def _clean(text: str) -> str:
    # half a pair of surrogates cannot be stored as UTF-8
    return text[: LONGEST_TEXT + 1].encode("utf-8", "replace").decode()
