"""What was sent, outside the database: so that no row put back, copied or restored is sent a second time.

Before a message leaves, a line says so, on the disk; a second line says when it surely did not go out. A message may go
only if every earlier attempt has its second line. There is a file for each account and week, by the moment the message
was signed: what is older than `LASTS` is not sent any more, so only two files are ever needed.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from tropa.desk.append_only import Book, book, line_of
from tropa.desk.conf import conf

LASTS = timedelta(days=7)
MOST_ATTEMPTS = 50
"""Of one message; a service that refuses it so often gets no more."""


class Attempt(StrEnum):
    """What may be done with a message now."""

    FREE = "free"  # never tried, or only so that it surely did not go out
    OVER = "over"  # it was sent, or never will be
    MAY_BE_OUT = "may_be_out"
    GIVEN_UP = "given_up"


class SentBook:
    """The attempts of one account."""

    def __init__(self, account: str) -> None:
        self._account = account

    def standing(self, key: str, made: datetime) -> tuple[Attempt, int]:
        """What may be done with this message, and the number of its next attempt. Raises OSError."""
        known = self._book(made).known()
        if _over(key) in known:
            return Attempt.OVER, 0
        for number in range(1, MOST_ATTEMPTS + 1):
            if _tried(key, number) not in known:
                return Attempt.FREE, number
            if _not_out(key, number) not in known:
                return Attempt.MAY_BE_OUT, number
        return Attempt.GIVEN_UP, MOST_ATTEMPTS

    def try_now(self, key: str, made: datetime, number: int) -> None:
        """The attempt is about to be made; on the disk when this returns. Raises OSError: then it must not be."""
        self._book(made).add([_tried(key, number)])

    def was_not_sent(self, key: str, made: datetime, number: int) -> None:
        """The attempt surely came to nothing."""
        self._book(made).add([_not_out(key, number)])

    def close(self, ended: Iterable[tuple[str, datetime]]) -> None:
        """However these ended, by id and the moment they were signed: they do not go again."""
        lines: dict[str, list[bytes]] = {}
        for key, made in ended:
            lines.setdefault(self._name(made), []).append(_over(key))
        for name, over in lines.items():
            book(name).add(over)

    def forget_old(self, now: datetime) -> None:
        """Take away files nothing is held against any more."""
        oldest = self._name(now - LASTS)
        for path in Path(conf.pinned).glob(f"sent-{self._account}-????-W??"):
            if path.name < oldest:
                with suppress(OSError):
                    path.unlink()

    def _book(self, made: datetime) -> Book:
        return book(self._name(made))

    def _name(self, made: datetime) -> str:
        return f"sent-{self._account}-{made.astimezone(UTC):%G-W%V}"


def _over(key: str) -> bytes:
    return line_of(b"tropa message over", key)


def _tried(key: str, number: int) -> bytes:
    return line_of(f"tropa sent {number}".encode(), key)


def _not_out(key: str, number: int) -> bytes:
    return line_of(f"tropa not sent {number}".encode(), key)
