"""The account's mailbox on its server, beside the core: what the core passes over, and what nobody needs any more.

Kept true: a mail is taken away here only if the core said by number that it read it; what waits when the core begins
anew is given to it again, as a copy it takes for new. Nothing connects to anything but the configured server.
"""

from __future__ import annotations

import imaplib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.utils import parseaddr

from tropa.channels.imap import NUMBER, delete, done, leave, portions, signed_in, telling, waiting

LARGEST_RAW = 256 * 1024
HEAD = "(UID BODY.PEEK[HEADER.FIELDS (FROM MESSAGE-ID)])"


@dataclass(frozen=True, slots=True)
class Raw:
    """A mail that did not open: its number, whose it says it is, and its bytes, cut after a while."""

    number: int
    sender: str = field(repr=False)
    mail_id: str = field(repr=False)
    content: bytes = field(repr=False)


@dataclass(slots=True)
class Mailbox:
    """Every method opens a connection of its own, blocks, and raises Unreachable or AccountRefused."""

    address: str
    password: str = field(repr=False)
    host: str
    port: int

    def check(self) -> None:
        """Whether the server knows us."""
        with self._opened():
            pass

    def feed_again(self) -> int:
        """Make everything that waits come as new, in its order, without what we sent ourselves; how many there were."""
        with self._opened() as box:
            done(box.expunge())  # what a process that died had marked was stored; a copy would keep the mark
            ours, theirs = self._sorted(box)
            for numbers in portions(theirs):
                done(box.uid("COPY", numbers, "INBOX"))
                delete(box, numbers)
            for numbers in portions(ours):
                delete(box, numbers)
            return len(theirs)

    def take_away(self, numbers: Iterable[int]) -> None:
        """Delete mails by number."""
        with self._opened() as box:
            for each in portions(sorted(numbers)):
                delete(box, each)

    def raw(self, numbers: Iterable[int]) -> list[Raw]:
        """These mails as they came; such as are gone are left out."""
        found = []
        with self._opened() as box:
            for number in sorted(numbers):
                parts = done(box.uid("FETCH", str(number), f"(UID BODY.PEEK[]<0.{LARGEST_RAW}>)"))
                found += [_read(number, part[1]) for part in parts if isinstance(part, tuple)]
        return found

    def _sorted(self, box: imaplib.IMAP4) -> tuple[list[int], list[int]]:
        """Numbers of our own mails, and of all others."""
        ours: list[int] = []
        theirs: list[int] = []
        for numbers in portions(waiting(box)):
            for part in done(box.uid("FETCH", numbers, HEAD)):
                if not isinstance(part, tuple) or (found := NUMBER.search(part[0])) is None:
                    continue
                sender = _read(0, part[1]).sender
                (ours if sender == self.address.lower() else theirs).append(int(found[1]))
        return ours, theirs

    @contextmanager
    def _opened(self) -> Iterator[imaplib.IMAP4]:
        box = signed_in(self.address, self.password, self.host, self.port)
        try:
            with telling():
                yield box
        finally:
            leave(box)


def _read(number: int, content: bytes) -> Raw:
    head = message_from_bytes(content[:LARGEST_RAW], policy=policy.compat32)
    sender = parseaddr(str(head.get("From", "")))[1].lower()
    return Raw(number, sender, str(head.get("Message-ID", "")).strip()[:500], content)
