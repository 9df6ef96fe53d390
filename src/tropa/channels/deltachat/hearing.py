"""What the core says while it works: something came, something left, it listens; and which mails it read, by number.

The numbers stand in its log alone, as lines of the one version that is pinned. A line of another form tells nothing:
then a mail stays on the server, and none is taken away that was not read.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from typing import Any

READING = re.compile(r"src/imap\.rs:\d+: Passing message UID (\d+) to receive_imf\(\)\.")
NOT_OPENED = re.compile(r"src/mimeparser\.rs:\d+: decryption failed: .*", re.DOTALL)
DELETED = re.compile(r"IMAP messages (\d+(?::\d+)?(?:,\d+(?::\d+)?)*) marked as deleted")
NOT_TAKEN = re.compile(r"src/imap\.rs:\d+: receive_imf error: .*", re.DOTALL)


class Ears:
    """What was heard of one life of the core."""

    def __init__(self) -> None:
        self.came = asyncio.Event()
        self.listening = asyncio.Event()  # it has connected once, so what comes now is fetched
        self.ended = False
        self.settled: set[int] = set()  # mails that are read and stored, or were nothing to store
        self.unread: set[int] = set()  # mails that did not open
        self.gone = 0
        self._reading: set[int] = set()
        self._last: int | None = None
        self._outcomes: dict[int, asyncio.Future[bool]] = {}

    def hear(self, event: Mapping[str, Any]) -> None:
        """One event."""
        match event.get("kind"):
            case "Info" | "Warning":
                self._log(str(event.get("msg", "")))
            case "ImapInboxIdle":
                self.settled |= self._reading
                self._reading.clear()
                self.listening.set()
                self.came.set()
            case "ImapMessageDeleted":
                self._deleted(str(event.get("msg", "")))
            case "IncomingMsg" | "IncomingMsgBunch" | "MsgsChanged" | "ConnectivityChanged":
                self.came.set()
            case "MsgDelivered":
                self._left(event.get("msgId"), out=True)
            case "MsgFailed":
                self._left(event.get("msgId"), out=False)
            case "Ended":
                self.ended = True
                self.came.set()

    @property
    def read_so_far(self) -> int:
        """How many mails it began to read."""
        return len(self.settled | self._reading) + self.gone

    def outcome(self, number: int) -> asyncio.Future[bool]:
        """Whether this message of ours left, when it is known."""
        return self._outcomes.setdefault(number, asyncio.get_running_loop().create_future())

    def forget_outcome(self, number: int) -> None:
        """Nobody waits for it any more."""
        self._outcomes.pop(number, None)

    def _left(self, number: object, *, out: bool) -> None:
        if isinstance(number, int):
            outcome = self.outcome(number)
            if not outcome.done():
                outcome.set_result(out)

    def _deleted(self, line: str) -> None:
        """The core took mails away itself, whose messages are stored."""
        if (found := DELETED.fullmatch(line)) is None:
            return
        for part in found[1].split(","):
            first, _, last = part.partition(":")
            gone = {each for each in self.settled | self._reading if int(first) <= each <= int(last or first)}
            self.settled -= gone
            self._reading -= gone
            self.gone += len(gone)

    def _log(self, line: str) -> None:
        if found := READING.fullmatch(line):
            self._last = int(found[1])
            self._reading.add(self._last)
        elif self._last is not None and (NOT_OPENED.fullmatch(line) or NOT_TAKEN.fullmatch(line)):
            self.unread.add(self._last)
            self.came.set()
