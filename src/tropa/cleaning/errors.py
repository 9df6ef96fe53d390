"""Why there is no cleaned copy."""

from __future__ import annotations

from enum import StrEnum


class Why(StrEnum):
    """What stood in the way."""

    UNKNOWN_KIND = "unknown-kind"  # neither a picture nor a document we can draw
    BROKEN = "broken"  # it says that it is one, and is not
    LOCKED = "locked"  # a document under a password
    TOO_LARGE = "too-large"  # too many pixels or pages
    TOO_LONG = "too-long"  # time or memory ran out


class CleaningError(Exception):
    """What cleaning refuses."""


class CannotClean(CleaningError):
    """No cleaned copy can be made of this."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


class Busy(CleaningError):
    """Others are having copies made; it is worth asking again."""
