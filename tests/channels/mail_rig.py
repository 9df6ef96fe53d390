"""OpenPGP mail as the contract uses it: a real mail server, with a wire between it and the gateway."""

from __future__ import annotations

import asyncio
import dataclasses
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from pysequoia import Cert, PySigner

from tests.channels.deltachat_wire import Wire
from tests.channels.mail_people import (
    KNOWN,
    Partners,
    address_of,
    cert_of,
    headed,
    key_of,
    mime,
    sealed,
    wrapped,
)
from tests.channels.mail_server import DOMAIN, PASSWORD
from tests.channels.rig import Nothing
from tropa.channels.catalogue import about, enrol, open_channel
from tropa.channels.mail.adapter import MailChannel
from tropa.channels.mail.keys import own_key
from tropa.channels.protocol import Channel


class MailRig:
    """A desk's account of its own for each test; partners are numbers, and stay."""

    def __init__(self, partners: Partners) -> None:
        self.about = about("mail")
        self.partners, self.server = partners, partners.server
        self.absent: dict[str, str] = {}
        self.number = next(self.server.numbers)
        self.desk = f"desk{self.number}@{DOMAIN}"
        self.wire = Wire(self.server)
        self.settings: dict[str, str] = {}
        self.paper = ""
        self.known = [cert_of(person) for person in KNOWN]
        self.cap = 0
        """The largest file that is taken, where it is not the channel's own."""

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async with self.wire:
            await self.begin()
            yield

    def asked(self, path: Path) -> dict[str, str]:
        """What an operator gives."""
        return {
            "address": self.desk,
            "password": PASSWORD,
            "imap": f"127.0.0.1:{self.wire.imap}",
            "smtp": f"127.0.0.1:{self.wire.smtp}",
            "keys_of_partners": str(path),
        }

    async def begin(self, identity: str = "") -> None:
        """The desk's account, added as an operator adds it."""
        with tempfile.NamedTemporaryFile() as file:
            path = Path(file.name)
            path.write_bytes(b"".join(bytes(cert) for cert in self.known))
            enrolled = await enrol(self.about, self.asked(path) | {"identity": identity})
        self.settings, self.paper = dict(enrolled.settings), enrolled.paper

    @property
    def cert(self) -> Cert:
        """Ours, as partners have it."""
        return own_key(self.settings["key"]).extract_certificate()

    def channel(self) -> Channel:
        channel = open_channel("mail", self.settings, Nothing())
        if self.cap:
            assert isinstance(channel, MailChannel)
            channel.caps = dataclasses.replace(channel.caps, attachment_in_max=self.cap)
        return channel

    async def write(self, person: str, text: str = "", *, file: tuple[str, bytes] | None = None) -> None:
        await asyncio.to_thread(self.write_now, person, text, *((file,) if file else ()))

    def write_now(self, person: str, text: str, *files: tuple[str, bytes]) -> None:
        """The same from a thread."""
        self.post(person, wrapped(sealed(mime(text, *files), self.cert, self.signer(person))))

    def signer(self, person: str) -> PySigner:
        return key_of(person).signer()

    def post(self, person: str, rest: bytes) -> None:
        """A mail of somebody's program goes to the sending server."""
        sender = address_of(person)
        self.server.submit(sender, self.desk, headed(sender, self.desk, rest))

    async def write_lying_file(self, person: str, content: bytes, *, announced: int) -> None:
        del announced  # a mail announces nothing
        await self.write(person, "", file=("big", content))

    async def write_unreadable(self, person: str) -> None:
        somebody_else = cert_of("somebody else")
        await asyncio.to_thread(
            self.post, person, wrapped(sealed(mime("не вам"), somebody_else, self.signer(person)))
        )

    def texts_to(self, person: str) -> list[str]:
        shown = self.partners.shown(person, self.desk, self.cert)
        return [each.get_content().replace("\r\n", "\n").removesuffix("\n") for each in shown]

    def waiting(self) -> int:
        """What lies on the server for us."""
        return len(self.server.mails(self.desk))

    def on_its_way(self) -> bool:
        return self.server.passing_through() or self.waiting() > 0

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
