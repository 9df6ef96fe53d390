"""What somebody wrote, checked before anything is done with it.

Nothing is lost by a check: whatever is refused goes back into the form it came from, whole.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from enum import StrEnum

from tropa.desk.cases.models import Urgency
from tropa.drop.form_token import NONCE_BYTES, from_text
from tropa.drop.posted import Posted
from tropa.drop.uploads import ArrivedFile

LONGEST_TEXT = 20_000


class Problem(StrEnum):
    """Why a message was not taken."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    ONLY_REFUSED_FILES = "only_refused_files"
    NO_ROOM = "no_room"
    BROKEN = "broken"
    NOT_STORED = "not_stored"
    SHUT_OUT = "shut_out"  # the half hour ran out while it was being written
    WRONG_WORDS = "wrong_words"  # it came along with words that open nothing


class When(StrEnum):
    """How soon it is urgent, in the applicant's words."""

    NOW = "now"
    DAY = "day"
    WEEK = "week"
    UNKNOWN = "unknown"

    @classmethod
    def of(cls, name: str) -> When:
        """The answer of this name; whatever else a form says counts as not known."""
        try:
            return cls(name)
        except ValueError:
            return cls.UNKNOWN

    @property
    def urgency(self) -> Urgency:
        """The class of urgency the desk sorts by."""
        match self:
            case When.NOW:
                return Urgency.NOW
            case When.DAY:
                return Urgency.DAY
            case When.WEEK:
                return Urgency.WEEK
            case When.UNKNOWN:
                return Urgency.UNSORTED


@dataclass(frozen=True, slots=True)
class Message:
    """A text with files; `refused` files were not taken, for want of room if `no_room`; `problem` says why it cannot
    be taken as it is.
    """

    text: str = field(repr=False)
    when: When
    files: tuple[ArrivedFile, ...]
    refused: int
    nonce: bytes = field(repr=False)
    problem: Problem | None
    no_room: bool = False

    @property
    def excess(self) -> int:
        """Letters past the limit."""
        return max(0, len(self.text) - LONGEST_TEXT)

    def parts(self) -> tuple[bytes, ...]:
        """What makes this message another than one posted before: its text and the digests of its files."""
        return (self.text.encode(), *(file.digest for file in self.files))


def read_message(posted: Posted) -> Message:
    """The message in a form. Line ends become plain ones; what was typed is otherwise left as it is."""
    text = posted.fields.get("text", "").replace("\r\n", "\n").replace("\x00", "")
    return Message(
        text=text,
        when=When.of(posted.fields.get("when", "")),
        files=posted.files,
        refused=posted.refused,
        # without a nonce of its form a message is never taken for one posted twice: better two than none
        nonce=from_text(posted.fields.get("nonce", ""), NONCE_BYTES) or os.urandom(NONCE_BYTES),
        problem=_problem(posted, text),
        no_room=posted.no_room,
    )


def _problem(posted: Posted, text: str) -> Problem | None:
    if not posted.whole:
        return Problem.BROKEN
    if len(text) > LONGEST_TEXT:
        return Problem.TOO_LONG
    if not text.strip() and not posted.files:
        if posted.no_room:
            return Problem.NO_ROOM
        return Problem.ONLY_REFUSED_FILES if posted.refused else Problem.EMPTY
    return None
