"""The account's mailbox on its server, beside the core: what the core passes over, and what nobody needs any more.

Kept true: a mail is taken away here only if the core said by number that it read it; what waits when the core begins
anew is given to it again, as a copy it takes for new. Nothing connects to anything but the configured server.
"""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.utils import parseaddr

from tropa.channels.errors import AccountRefused, Unreachable

WITHIN = 20.0
LARGEST_RAW = 256 * 1024
LOOPBACK = re.compile(r"127\.0\.0\.1|localhost")
AT_ONCE = 200
NUMBER = re.compile(rb"\bUID (\d+)\b")
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
            _done(box.expunge())  # what a process that died had marked was stored; a copy would keep the mark
            ours, theirs = self._sorted(box)
            for numbers in _portions(theirs):
                _done(box.uid("COPY", numbers, "INBOX"))
                _delete(box, numbers)
            for numbers in _portions(ours):
                _delete(box, numbers)
            return len(theirs)

    def take_away(self, numbers: Iterable[int]) -> None:
        """Delete mails by number."""
        with self._opened() as box:
            for each in _portions(sorted(numbers)):
                _delete(box, each)

    def raw(self, numbers: Iterable[int]) -> list[Raw]:
        """These mails as they came; such as are gone are left out."""
        found = []
        with self._opened() as box:
            for number in sorted(numbers):
                parts = _done(box.uid("FETCH", str(number), f"(UID BODY.PEEK[]<0.{LARGEST_RAW}>)"))
                found += [_read(number, part[1]) for part in parts if isinstance(part, tuple)]
        return found

    def _sorted(self, box: imaplib.IMAP4) -> tuple[list[int], list[int]]:
        """Numbers of our own mails, and of all others."""
        ours: list[int] = []
        theirs: list[int] = []
        listed = _done(box.uid("SEARCH", "ALL"))[0]
        for numbers in _portions(sorted(map(int, listed.split())) if isinstance(listed, bytes) else []):
            for part in _done(box.uid("FETCH", numbers, HEAD)):
                if not isinstance(part, tuple) or (found := NUMBER.search(part[0])) is None:
                    continue
                sender = _read(0, part[1]).sender
                (ours if sender == self.address.lower() else theirs).append(int(found[1]))
        return ours, theirs

    @contextmanager
    def _opened(self) -> Iterator[imaplib.IMAP4]:
        try:
            box = imaplib.IMAP4_SSL(self.host, self.port, ssl_context=context_for(self.host), timeout=WITHIN)
        except (OSError, imaplib.IMAP4.error):
            raise Unreachable("unreachable") from None
        try:
            try:
                box.login(self.address, self.password)
            except imaplib.IMAP4.abort:
                raise Unreachable("unreachable") from None
            except imaplib.IMAP4.error:
                raise AccountRefused("account_refused") from None
            _done(box.select("INBOX"))
            yield box
        except (OSError, imaplib.IMAP4.error, ValueError):
            raise Unreachable("unreachable") from None
        finally:
            try:
                box.logout()
            except (OSError, imaplib.IMAP4.error):
                box.shutdown()


def context_for(host: str) -> ssl.SSLContext:
    """TLS as everywhere; what does not leave this machine may show any certificate."""
    context = ssl.create_default_context()
    if LOOPBACK.fullmatch(host):
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _delete(box: imaplib.IMAP4, numbers: str) -> None:
    _done(box.uid("STORE", numbers, "+FLAGS.SILENT", r"(\Deleted)"))
    _done(box.uid("EXPUNGE", numbers))


def _done(answer: tuple[str, Sequence[object]]) -> Sequence[object]:
    said, parts = answer
    if said != "OK":
        raise imaplib.IMAP4.error("refused")
    return parts


def _portions(numbers: list[int]) -> Iterator[str]:
    for begin in range(0, len(numbers), AT_ONCE):
        yield ",".join(map(str, numbers[begin : begin + AT_ONCE]))


def _read(number: int, content: bytes) -> Raw:
    head = message_from_bytes(content[:LARGEST_RAW], policy=policy.compat32)
    sender = parseaddr(str(head.get("From", "")))[1].lower()
    return Raw(number, sender, str(head.get("Message-ID", "")).strip()[:500], content)
