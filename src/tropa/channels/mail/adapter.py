"""A mailbox that partners write to with OpenPGP.

Kept true: a letter stays on the server until its message is stored; what it says is a partner's only if it is signed
with the key an operator entered, and is marked when it was not encrypted. Anything else is told as having come, without
a word of it, in the thread of the partner whose address it names, for they are told. All strangers are one thread that
nobody can answer. Answers go to the entered key and address, whatever a letter says. Nothing connects to anything but
the configured servers.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from tropa.channels.errors import (
    AccountRefused,
    ChannelError,
    FileLost,
    FileOverCap,
    FileUnavailable,
    Unreachable,
)
from tropa.channels.mail.about import ABOUT
from tropa.channels.mail.keys import Keys, keys_of
from tropa.channels.mail.letter import How
from tropa.channels.mail.mailbox import Mailbox
from tropa.channels.mail.opening import Broken, Opener
from tropa.channels.mail.sending import send
from tropa.channels.mail.worker import LARGEST_LETTER
from tropa.channels.protocol import Journal, StateStore
from tropa.channels.values import (
    Attachment,
    Batch,
    Caps,
    ChannelName,
    DedupeKey,
    Erased,
    EraseReport,
    EraseTarget,
    Handle,
    Health,
    Incoming,
    IncomingKind,
    Invite,
    Outgoing,
    Refused,
    Retry,
    SendResult,
    Standing,
)

MOST = 10
LOOK_EVERY = 2.0
LARGEST_RAW = 256 * 1024
NOBODY = Handle("nobody")
"""Whoever has no key here; no address can be this."""


def open_channel(settings: Mapping[str, str], _journal: Journal) -> MailChannel:
    """The channel of this account. Raises NotConfigured."""
    return MailChannel(settings)


class MailChannel:
    """One account."""

    name: ChannelName = ABOUT.name
    caps: Caps = ABOUT.caps

    def __init__(self, settings: Mapping[str, str]) -> None:
        self._settings = settings
        self._keys: Keys = keys_of(settings)
        self._box, self._opener = Mailbox(settings), Opener(settings)
        self._one = asyncio.Lock()
        """The mailbox and the opening process do one thing at a time."""
        self._started = False
        self._health = Health(Standing.DOWN, "not_started")

    async def start(self, state: StateStore) -> None:
        """Sign in. Raises AccountRefused, Unreachable."""
        del state  # what has to last is on the server and in the account's settings
        await self._safely(self._box.check)
        self._started = True

    async def next_batch(self, wait: float) -> Batch | None:
        """What lies there, the same again until it is acknowledged. Raises AccountRefused, Unreachable."""
        loop = asyncio.get_running_loop()
        until = loop.time() + wait
        while True:
            batch: Batch | None = await self._safely(self._look)
            left = until - loop.time()
            if batch is not None or left <= 0:
                return batch
            await asyncio.sleep(min(left, LOOK_EVERY))

    async def ack(self, batch: Batch) -> None:
        """It is stored: the server forgets it. Raises Unreachable."""
        numbers = batch.ack_token
        assert isinstance(numbers, tuple)
        await self._safely(self._box.take_away, numbers)

    async def send(self, out: Outgoing) -> SendResult:
        """One attempt."""
        if not self._started:
            return Retry(2.0, "unreachable")
        return await asyncio.to_thread(send, out, self._keys, self._settings)

    async def invite(self) -> Invite:
        """Our address, our key's fingerprint, and the key: the same for everybody."""
        cert = self._keys.own.extract_certificate()
        lines = (self._settings["address"], f"openpgp4fpr:{cert.fingerprint.upper()}", str(cert))
        return Invite("\n".join(lines), qr=False, single_use=False)

    async def erase(self, target: EraseTarget) -> EraseReport:
        """Nothing is kept here of what was sent, and nobody's mail program can be asked."""
        del target
        return EraseReport(library=Erased.GONE, server=Erased.NOT_OURS, device=Erased.IMPOSSIBLE)

    async def health(self) -> Health:
        """As of the last look."""
        return self._health

    async def stop(self) -> None:
        """The connection and the opening process end."""
        self._box.cut()
        self._opener.stop()
        async with self._one:
            await asyncio.to_thread(self._opener.end)
            await asyncio.to_thread(self._box.leave)

    async def _safely(self, call: Callable[..., Any], *values: object) -> Any:
        async with self._one:
            try:
                found = await asyncio.to_thread(call, *values)
            except AccountRefused as error:
                self._health = Health(Standing.NEEDS_PERSON, error.code)
                raise
            except Unreachable as error:
                self._health = Health(Standing.DOWN, error.code)
                raise
        tired = [each for each in self._keys.partners.values() if not each.usable]
        self._health = Health(Standing.DEGRADED, "key_of_a_partner_ran_out") if tired else Health(Standing.OK)
        return found

    # -- letters; everything from here on runs in a thread ----------------------------------------------------------

    def _look(self) -> Batch | None:
        items: list[Incoming] = []
        numbers: list[int] = []
        bytes_of_all = 0
        for number, size in self._box.waiting(MOST).items():
            bytes_of_all += size
            if numbers and bytes_of_all > LARGEST_LETTER:
                break
            items.append(self._read(number, size))
            numbers.append(number)
        return Batch(tuple(items), {}, tuple(numbers)) if numbers else None

    def _read(self, number: int, size: int) -> Incoming:
        if size > LARGEST_LETTER:
            return self._too_large(number, size)
        said = self._opener.read(size, lambda most: self._box.pieces(number, most))
        partner = self._keys.partners.get(str(said.get("partner", "")))
        if partner is None:
            return self._not_taken(number, size, said)
        files = tuple(self._file(number, size, which, file) for which, file in enumerate(said["files"]))
        files += (
            Attachment("file", "application/octet-stream", None, lambda: _failing(FileLost("not_taken"))),
        ) * bool(said["left_out"])
        kind = IncomingKind.ATTACHMENT if files else IncomingKind.TEXT
        if said["how"] != How.SEALED:
            kind = IncomingKind.PLAIN
        if not said["text"] and not files:
            kind = IncomingKind.UNDECRYPTABLE
        return Incoming(
            DedupeKey(f"{said['how']}:{said['seal']}"),
            partner.handle,
            kind,
            partner.route,
            text=said["text"],
            attachments=files,
            sent_at=_moment(said),
        )

    def _not_taken(self, number: int, size: int, said: Mapping[str, Any]) -> Incoming:
        """A letter that came in clear, that nobody we know signed, or that does not open: of the partner whose address
        it came from, so that they are told. What came in clear is not kept.
        """
        how, raw = said.get("how"), b""
        if how != How.CLEAR:
            raw = b"".join(self._box.pieces(number, min(size, LARGEST_RAW)))
        partner = self._keys.at(str(said.get("from", "")))
        refused = (
            {How.CLEAR: Refused.IN_CLEAR, How.OTHER_KEY: Refused.OTHER_KEY}.get(How(how)) if how else None
        )
        return Incoming(
            DedupeKey(f"{self._place(number)}:{hashlib.sha256(raw).hexdigest()}"),
            partner.handle if partner is not None else NOBODY,
            IncomingKind.PLAIN if refused is Refused.IN_CLEAR else IncomingKind.UNDECRYPTABLE,
            partner.route if partner is not None else b"",
            raw=raw or None,
            refused=refused,
        )

    def _too_large(self, number: int, size: int) -> Incoming:
        """More than is fetched at all; whose it is, its head says and nothing proves."""
        said = self._opener.read_sender(lambda most: self._box.pieces(number, most))
        partner = self._keys.at(str(said.get("from", "")))
        file = Attachment(
            "file", "application/octet-stream", size, lambda: _failing(FileOverCap("file_too_large"))
        )
        return Incoming(
            DedupeKey(self._place(number)),
            partner.handle if partner is not None else NOBODY,
            IncomingKind.ATTACHMENT,
            partner.route if partner is not None else b"",
            attachments=(file,),
        )

    def _place(self, number: int) -> str:
        return f"place:{self._box.kind}:{number}"

    def _file(self, number: int, size: int, which: int, said: Mapping[str, Any]) -> Attachment:
        length = int(said["size"])

        async def opened() -> AsyncIterator[bytes]:
            if length > self.caps.attachment_in_max:
                raise FileOverCap("file_too_large")
            async with self._one:
                pieces = self._opener.file(which, size, lambda most: self._box.pieces(number, most))
                while piece := await asyncio.to_thread(_next, pieces):
                    yield piece

        return Attachment(str(said["name"]) or "file", str(said["type"]), length, opened)


def _next(pieces: Iterator[bytes]) -> bytes:
    try:
        return next(pieces, b"")
    except (Broken, AccountRefused, Unreachable):
        raise FileUnavailable("file_not_fetched") from None


async def _failing(error: ChannelError) -> AsyncIterator[bytes]:
    nothing: tuple[bytes, ...] = ()
    for piece in nothing:
        yield piece
    raise error


def _moment(said: Mapping[str, Any]) -> datetime | None:
    return datetime.fromisoformat(said["at"]) if said["at"] else None
