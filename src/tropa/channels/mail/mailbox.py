"""The account's mailbox on its server: what lies there, a letter piece by piece, and away with what is stored.

Kept true: one connection, made anew after anything went wrong; a letter is fetched without marking it, and goes only
when its message is stored.
"""

from __future__ import annotations

import imaplib
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from tropa.channels.errors import AccountRefused, Unreachable
from tropa.channels.imap import NUMBER, delete, done, leave, portions, signed_in, telling, waiting

PIECE = 1024 * 1024
SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)\b")


class Mailbox:
    """Every method blocks, is called from one thread at a time, and raises Unreachable or AccountRefused."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        self._host, _, port = settings["imap"].rpartition(":")
        self._port = int(port)
        self._address, self._password = settings["address"], settings["password"]
        self._box: imaplib.IMAP4 | None = None
        self._ended = False
        self.kind = ""
        """What the server calls its numbering; numbers of another kind are other mails."""

    def check(self) -> None:
        """Whether the server knows us."""
        with self._opened():
            pass

    def waiting(self, most: int) -> dict[int, int]:
        """The oldest letters by number, each with its size."""
        with self._opened() as box:
            done(box.noop())
            sizes = {}
            for numbers in portions(waiting(box)[:most]):
                for part in done(box.uid("FETCH", numbers, "(UID RFC822.SIZE)")):
                    line = part if isinstance(part, bytes) else b""
                    number, size = NUMBER.search(line), SIZE.search(line)
                    if number is not None and size is not None:
                        sizes[int(number[1])] = int(size[1])
            return dict(sorted(sizes.items()))

    def pieces(self, number: int, size: int) -> Iterator[bytes]:
        """The first so many bytes of a letter; zeros stand for what the server does not give."""
        for begin in range(0, size, PIECE):
            length = min(PIECE, size - begin)
            with self._opened() as box:
                parts = done(box.uid("FETCH", str(number), f"(UID BODY.PEEK[]<{begin}.{length}>)"))
            found = next((part[1] for part in parts if isinstance(part, tuple)), b"")
            yield found[:length].ljust(length, b"\0")

    def take_away(self, numbers: Sequence[int]) -> None:
        """Delete letters by number."""
        with self._opened() as box:
            for each in portions(sorted(numbers)):
                delete(box, each)

    def leave(self) -> None:
        """The connection ends."""
        box, self._box = self._box, None
        if box is not None:
            leave(box)

    def cut(self) -> None:
        """From another thread, at once, whatever is under way; nothing connects any more."""
        self._ended = True
        box = self._box
        if box is not None:
            with suppress(OSError):
                box.socket().shutdown(2)

    @contextmanager
    def _opened(self) -> Iterator[imaplib.IMAP4]:
        if self._ended:
            raise Unreachable("unreachable")
        try:
            with telling():
                if self._box is None:
                    self._box = signed_in(self._address, self._password, self._host, self._port)
                    self.kind = _kind(self._box)
                yield self._box
        except (Unreachable, AccountRefused):
            self.leave()
            raise


def _kind(box: imaplib.IMAP4) -> str:
    _said, found = box.response("UIDVALIDITY")
    return found[0].decode("ascii", "replace") if found and isinstance(found[0], bytes) else ""
