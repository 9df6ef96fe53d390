"""A mailbox on its server, as every channel that is mail reads it: one connection by TLS, mails by their numbers.

Kept true: nothing connects to anything but the configured server; what fails is one of two errors and no words of the
server's.
"""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from tropa.channels.errors import AccountRefused, Unreachable

WITHIN = 20.0
AT_ONCE = 200
LOOPBACK = re.compile(r"127\.0\.0\.1|localhost")
NUMBER = re.compile(rb"\bUID (\d+)\b")


@contextmanager
def telling() -> Iterator[None]:
    """What the server or the network does wrong, as Unreachable."""
    try:
        yield
    except (OSError, imaplib.IMAP4.error, ValueError):
        raise Unreachable("unreachable") from None


def signed_in(address: str, password: str, host: str, port: int) -> imaplib.IMAP4:
    """The mailbox, open. Raises Unreachable, AccountRefused."""
    with telling():
        box = imaplib.IMAP4_SSL(host, port, ssl_context=context_for(host), timeout=WITHIN)
    try:
        try:
            box.login(address, password)
        except imaplib.IMAP4.abort:
            raise Unreachable("unreachable") from None
        except imaplib.IMAP4.error:
            raise AccountRefused("account_refused") from None
        with telling():
            done(box.select("INBOX"))
    except (Unreachable, AccountRefused, OSError):
        leave(box)
        raise
    return box


def leave(box: imaplib.IMAP4) -> None:
    """The connection ends."""
    try:
        box.logout()
    except (OSError, imaplib.IMAP4.error):
        with suppress(OSError):
            box.shutdown()


def context_for(host: str) -> ssl.SSLContext:
    """TLS as everywhere; what does not leave this machine may show any certificate."""
    context = ssl.create_default_context()
    if LOOPBACK.fullmatch(host):
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def waiting(box: imaplib.IMAP4) -> list[int]:
    """The numbers of everything that lies there, oldest first."""
    listed = done(box.uid("SEARCH", "ALL"))[0]
    return sorted(map(int, listed.split())) if isinstance(listed, bytes) else []


def delete(box: imaplib.IMAP4, numbers: str) -> None:
    """Take mails away for good, one portion of them."""
    done(box.uid("STORE", numbers, "+FLAGS.SILENT", r"(\Deleted)"))
    done(box.uid("EXPUNGE", numbers))


def done(answer: tuple[str, Sequence[object]]) -> Sequence[object]:
    """What the server said. Raises imaplib.IMAP4.error when it refused."""
    said, parts = answer
    if said != "OK":
        raise imaplib.IMAP4.error("refused")
    return parts


def portions(numbers: Sequence[int]) -> Iterator[str]:
    """Numbers as a command takes them, not too many at once."""
    for begin in range(0, len(numbers), AT_ONCE):
        yield ",".join(map(str, numbers[begin : begin + AT_ONCE]))
