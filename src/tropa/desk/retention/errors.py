"""What retention refuses. Whatever is refused, nothing was changed.

RetentionError
├── NotOpen         the case is closed already
├── NotClosed       the case is not closed, so there is nothing to reopen
├── Going           its destruction has begun: a crash cut it short, and the next round ends it
├── NoSuchMessage   it is no message of the applicant's in this case that opens and is signed
├── NobodyReads     nobody coordinates, so an exhibit could be read by nobody
├── NoReason        an act that has to say why says nothing
└── BadEnd          a hold ends before it begins, or so late that nobody would look at it again
"""

from __future__ import annotations


class RetentionError(Exception):
    """Root of what retention refuses."""


class NotOpen(RetentionError):
    """Closed already."""


class NotClosed(RetentionError):
    """Open."""


class Going(RetentionError):
    """Being destroyed."""


class NoSuchMessage(RetentionError):
    """Not the applicant's own."""


class NobodyReads(RetentionError):
    """No coordinator."""


class NoReason(RetentionError):
    """Without a reason."""


class BadEnd(RetentionError):
    """No day a hold can end on."""
