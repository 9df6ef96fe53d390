"""Delta Chat as the contract uses it: a real mail server, with a wire between it and the gateway."""

from __future__ import annotations

import asyncio
import dataclasses
import itertools
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.utils import parseaddr
from pathlib import Path

from tests.channels.deltachat_people import People, address_of
from tests.channels.deltachat_wire import Wire
from tests.channels.mail_server import DOMAIN, PASSWORD
from tests.channels.rig import Nothing
from tropa.channels.catalogue import about, enrol, open_channel
from tropa.channels.deltachat.adapter import DeltaChatChannel
from tropa.channels.deltachat.life import Life
from tropa.channels.protocol import Channel

UNOPENED = (
    b"From: <%s>\r\nTo: <%s>\r\nSubject: [...]\r\nMessage-ID: <unopened%d@chat.test>\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary="b"\r\n\r\n'
    b"--b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n\r\n"
    b"--b\r\nContent-Type: application/octet-stream\r\n\r\n"
    b"-----BEGIN PGP MESSAGE-----\r\n\r\nwUcGABIBB0ALv/bD596Nl30//R9M0Ikg/POUm0tzRNQQ8mVnlF8mKCDcXvhdk7oF\r\n"
    b"c9wsy9nlXaeW/NjUBkuum3ufrXNJOrnznMFHBgASAQdAlhf4LO38Lw9+QITyoohS\r\n"
    b"-----END PGP MESSAGE-----\r\n--b--\r\n"
)
"""Encrypted to somebody else, and cut off."""


class DeltaChatRig:
    """A desk's account of its own for each test; people are numbers, and stay."""

    def __init__(self, people: People) -> None:
        self.about = about("deltachat")
        self.people, self.server = people, people.server
        self.absent: dict[str, str] = {}
        self.number = next(self.server.numbers)
        self.desk = f"desk{self.number}@{DOMAIN}"
        self.wire = Wire(self.server)
        self.folder = Path(tempfile.mkdtemp(prefix="deltachat", dir="/dev/shm"))
        self.settings: dict[str, str] = {}
        self.paper = self.card = ""
        self.cap = 0
        """The largest file that is taken, where it is not the channel's own."""
        self._unopened = itertools.count()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async with self.wire:
            await self.begin()
            yield

    def asked(self) -> dict[str, str]:
        """What an operator gives."""
        return {
            "address": self.desk,
            "password": PASSWORD,
            "imap": f"127.0.0.1:{self.wire.imap}",
            "smtp": f"127.0.0.1:{self.wire.smtp}",
            "directory": str(self.folder),
        }

    async def begin(self) -> None:
        """The desk's account, added as an operator adds it; and its contact, as people pass it on."""
        enrolled = await enrol(self.about, self.asked())
        self.settings, self.paper = dict(enrolled.settings), enrolled.paper
        life = await Life.begin(self.settings)
        try:
            self.card = await life.call("make_vcard", [1])
        finally:
            await life.end()

    def channel(self) -> Channel:
        self.people.until_delivered()
        channel = open_channel("deltachat", self.settings, Nothing())
        if self.cap:
            assert isinstance(channel, DeltaChatChannel)
            channel.caps = dataclasses.replace(channel.caps, attachment_in_max=self.cap)
        return channel

    async def write(self, person: str, text: str = "", *, file: tuple[str, bytes] | None = None) -> None:
        await asyncio.to_thread(self.write_now, person, text, file)

    def write_now(self, person: str, text: str = "", file: tuple[str, bytes] | None = None) -> None:
        """The same from a thread."""
        if file is None:
            self.people.write(person, self.card, text)
            return
        with tempfile.NamedTemporaryFile(prefix="file") as kept:
            Path(kept.name).write_bytes(file[1])
            self.people.write(person, self.card, text, Path(kept.name), file[0])

    async def write_lying_file(self, person: str, content: bytes, *, announced: int) -> None:
        del announced  # an app announces what it sends; the adapter's own tests announce less
        await self.write(person, "", file=("big", content))

    async def write_unreadable(self, person: str) -> None:
        number = next(self._unopened)
        sender, to = address_of(person), self.desk
        await asyncio.to_thread(self.people.until_delivered)
        mail = UNOPENED % (sender.encode(), to.encode(), number)
        await asyncio.to_thread(self.server.submit, sender, to, mail)

    def texts_to(self, person: str) -> list[str]:
        return [each["text"] for each in self.people.shown(person, self.card)]

    def waiting(self) -> int:
        """What lies on the server for us that we did not send ourselves."""
        return sum(sender_of(mail) != self.desk for mail in self.server.mails(self.desk))

    def on_its_way(self) -> bool:
        return self.people.on_their_way() or self.server.passing_through() or self.waiting() > 0

    def limit_next(self, seconds: float) -> None:
        self.wire.limit_for = seconds

    def lose_next_reply(self) -> None:
        self.wire.lose_next_reply = True

    def block(self, person: str) -> None:
        self.wire.blocked.add(address_of(person))

    async def set_down(self, *, down: bool) -> None:
        self.wire.down = down
        if down:
            self.wire.cut()

    def close(self) -> None:
        """What a killed process left goes with the test."""
        shutil.rmtree(self.folder, ignore_errors=True)


def sender_of(mail: bytes) -> str:
    """Whose a mail says it is."""
    return parseaddr(str(message_from_bytes(mail[:20_000]).get("From", "")))[1].lower()
