"""What one entry says, as it is sealed: the text, and with it everything that must not stand in clear beside
it.

Format 1: byte 0x01, then JSON in UTF-8. Keys are only added; a reader skips those it does not know. The salt
is random, so that neither a digest nor a signature over a body lets anybody check a guess of a short text.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from tropa.desk.staff.models import Gender
from tropa.desk.talk.errors import BadBody, TooLong
from tropa.desk.talk.models import EntryKind

FORMAT = b"\x01"
LONGEST_TEXT = 20_000
SALT_BYTES = 16
_BEHIND_TEXT, _FILES = b'","at":"', b',"files":[['  # inside a text every quotation mark is escaped


@dataclass(frozen=True, slots=True)
class FileNote:
    """A file that came along: where it is, what it is called, the key its chunks are sealed under (hex), and the
    SHA-256 of the original (hex; empty for what came before these were kept). It came when its entry did (`at`).
    """

    id: str
    name: str
    size: int
    type: str
    key: str = field(repr=False)
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class AuthorNote:
    """Who wrote an answer, as the applicant may know them."""

    id: str
    pseudonym: str
    gender: Gender


@dataclass(frozen=True, slots=True)
class EntryBody:
    """The content of an entry. `at` is aware, UTC, exact; `language` and `channel` are codes, and `remarks` say in
    codes how it came: a file was too large, it was written over another. `answers`: ids of
    library answers it is made of.
    """

    text: str = field(repr=False)
    at: datetime
    language: str = "ru"
    channel: str = "drop"
    kind: EntryKind = EntryKind.APPLICANT
    files: tuple[FileNote, ...] = ()
    author: AuthorNote | None = None
    remarks: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    salt: str = field(default_factory=lambda: secrets.token_hex(SALT_BYTES), repr=False)

    def __post_init__(self) -> None:
        if len(self.text) > LONGEST_TEXT:
            raise TooLong
        if self.at.tzinfo is None:
            raise ValueError("a moment is aware")


def encode(body: EntryBody) -> bytes:
    """The bytes to seal."""
    values: dict[str, Any] = {
        "text": body.text,
        "at": body.at.isoformat(),
        "language": body.language,
        "channel": body.channel,
        "kind": body.kind.value,
        "salt": body.salt,
    }
    if body.files:
        values["files"] = [[getattr(file, name.name) for name in fields(FileNote)] for file in body.files]
    if body.remarks:
        values["remarks"] = list(body.remarks)
    if body.answers:
        values["answers"] = list(body.answers)
    if body.author:
        values["author"] = [body.author.id, body.author.pseudonym, body.author.gender.value]
    return FORMAT + json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()


def said_part(encoded: bytes) -> bytes:
    """The part of an encoded body in which its words stand, and names of files if it has any: for a first look."""
    end = encoded.find(_BEHIND_TEXT)
    return encoded if end < 0 or _FILES in encoded else encoded[:end]


def decode(sealed: bytes) -> EntryBody:
    """The body again. Raises BadBody, with nothing of the content in it."""
    if sealed[:1] != FORMAT:
        raise BadBody("a body of an unknown format")
    try:
        values = json.loads(sealed[1:])
        author = values.get("author")
        return EntryBody(
            text=values["text"],
            at=datetime.fromisoformat(values["at"]),
            language=values["language"],
            channel=values["channel"],
            kind=EntryKind(values["kind"]),
            files=tuple(FileNote(*file) for file in values.get("files", ())),
            author=AuthorNote(author[0], author[1], Gender(author[2])) if author else None,
            remarks=tuple(str(remark) for remark in values.get("remarks", ())),
            answers=tuple(str(answer) for answer in values.get("answers", ())),
            salt=values["salt"],
        )
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, TooLong):
        raise BadBody("a body that does not read") from None
