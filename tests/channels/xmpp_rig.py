"""A real Prosody as the contract uses it, with a wire between it and the gateway that can be limited and cut."""

from __future__ import annotations

import asyncio
import re
import secrets
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, Self
from xml.etree import ElementTree as ET

from aiohttp import web
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.channels.prosody import DOMAIN, Prosody, any_certificate
from tests.channels.rig import Nothing
from tests.channels.synapse import PASSWORD
from tests.channels.xmpp_people import Device, People
from tropa.channels.catalogue import about, enrol, open_channel
from tropa.channels.protocol import Channel
from tropa.channels.xmpp.keys import NAMESPACE

AFTER = re.compile(rb"<after>([^<]*)</after>")
PIECE = 64 * 1024
MESSAGE, ITS_END = b"<message", b"</message>"
LIMITED = (
    '<message xmlns="jabber:client" type="error" id="%s" from="%s"><error type="wait">'
    '<resource-constraint xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></message>'
)


class Wire:
    """Everything the gateway says goes through here to the server, unless the wire has a fault."""

    def __init__(self, server: Prosody) -> None:
        self._server = server
        self.port = 0
        self.after = ""
        """The place in the archive the gateway asked from last."""
        self.down = False
        self.came = 0
        """How often the gateway wanted a connection."""
        self.slow = 0.0
        """Seconds a piece from the server is on its way."""
        self.limit_next = 0.0
        self.lose_next_reply = False
        self.said: list[bytes] = []
        """Everything the gateway said."""
        self._open: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> Self:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._server.root / "cert.pem", self._server.root / "key.pem")
        self._listening = await asyncio.start_server(self._between, "127.0.0.1", 0, ssl=context)
        self.port = self._listening.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._listening.close()
        self.cut()
        await asyncio.sleep(0)

    def cut(self) -> None:
        """Every connection ends now."""
        for writer in list(self._open):
            writer.transport.abort()

    async def _between(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.came += 1
        if self.down:
            writer.transport.abort()
            return
        self._open.add(writer)
        with suppress(OSError, asyncio.CancelledError):
            there, back = await asyncio.open_connection("127.0.0.1", self._server.port, ssl=any_certificate())
            self._open.add(back)
            await asyncio.gather(self._upwards(reader, back, writer), self._downwards(there, writer))
            self._open.discard(back)
        self._open.discard(writer)

    async def _downwards(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while piece := await reader.read(512 if self.slow else 64 * 1024):
                await asyncio.sleep(self.slow)
                writer.write(piece)
                await writer.drain()
        writer.close()

    async def _upwards(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, back: asyncio.StreamWriter
    ) -> None:
        """From the gateway to the server, a message at a time."""
        held = b""
        with suppress(OSError):
            while piece := await reader.read(64 * 1024):
                self.said.append(piece)
                held += piece
                while held:
                    part, held = _part(held)
                    if not part:
                        break
                    if self._passes(part, writer, back):
                        writer.write(part)
                        await writer.drain()
        writer.close()

    def _passes(self, part: bytes, writer: asyncio.StreamWriter, back: asyncio.StreamWriter) -> bool:
        for asked in AFTER.findall(part):
            self.after = asked.decode()
        if not part.startswith(MESSAGE) or b"<body" not in part:
            return True
        if self.limit_next:
            self.limit_next = 0.0
            message = ET.fromstring(part)  # noqa: S314  what our own gateway said
            back.write((LIMITED % (message.get("id"), message.get("to"))).encode())
            return False
        if self.lose_next_reply:
            self.lose_next_reply = False
            writer.write(part)
            back.transport.abort()
            return False
        return True


class Host:
    """A server of files that gives as many bytes as it is asked for."""

    def __init__(self, server: Prosody) -> None:
        self._server = server
        self.port = 0
        self.files: dict[str, bytes] = {}
        self.asked: list[str] = []

    async def __aenter__(self) -> Self:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._server.root / "cert.pem", self._server.root / "key.pem")
        app = web.Application()
        app.router.add_get("/{name}", self._give)
        self._runner = web.AppRunner(app, handle_signals=False, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=context)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def _give(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        self.asked.append(name)
        if name == "elsewhere":
            return web.Response(status=302, headers={"Location": "https://localhost:1/"})
        answer = web.StreamResponse()
        await answer.prepare(request)
        content = self.files[name]
        with suppress(ConnectionError):
            for begins in range(0, len(content), PIECE):
                await answer.write(content[begins : begins + PIECE])
        return answer

    def link(self, name: str, content: bytes, *, changed: bool = False) -> str:
        """The link to a file of this host."""
        key, begins = secrets.token_bytes(32), secrets.token_bytes(12)
        sealed = AESGCM(key).encrypt(begins, content, None)
        self.files[name] = sealed[:-1] + bytes([sealed[-1] ^ 1]) if changed else sealed
        return f"aesgcm://localhost:{self.port}/{name}#{(begins + key).hex()}"


def _part(held: bytes) -> tuple[bytes, bytes]:
    """A whole message, or everything before the next one; and the rest. Nothing, while a message is not whole."""
    begins = held.find(MESSAGE)
    if begins < 0:
        return held, b""
    if begins > 0:
        return held[:begins], held[begins:]
    ends = held.find(ITS_END)
    if ends < 0:
        return b"", held
    return held[: ends + len(ITS_END)], held[ends + len(ITS_END) :]


class XmppRig:
    """A desk's account of its own for each test; people are numbers, and stay."""

    def __init__(self, people: People) -> None:
        self.about = about("xmpp")
        self.people, self.server = people, people.server
        self.absent: dict[str, str] = {}
        self.name = f"desk{next(self.server.numbers)}"
        self.desk = f"{self.name}@{DOMAIN}"
        self.wire, self.host = Wire(self.server), Host(self.server)
        self.settings: dict[str, str] = {}
        self.paper = ""

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async with self.wire, self.host:
            await self.begin()
            yield

    def asked(self) -> dict[str, str]:
        """What an operator gives."""
        return {
            "account": self.desk,
            "password": PASSWORD,
            "server": f"127.0.0.1:{self.wire.port}",
            "files": f"{self.server.files} localhost:{self.host.port}",
        }

    async def begin(self) -> None:
        """The desk's account, added as an operator adds it."""
        self.server.register(self.name)
        enrolled = await enrol(self.about, self.asked())
        self.settings, self.paper = dict(enrolled.settings), enrolled.paper

    def channel(self) -> Channel:
        return open_channel("xmpp", self.settings, Nothing())

    def do(self, what: str, person: str, *words: Any, **named: Any) -> Any:
        """A person's device does something towards the desk."""
        device = self.people.device(person)
        return self.people.do(getattr(device, what)(self.desk, *words, **named))

    async def acts(self, what: str, person: str, *words: Any, **named: Any) -> Any:
        """The same without holding up the wire."""
        return await asyncio.to_thread(self.do, what, person, *words, **named)

    async def write(self, person: str, text: str = "", *, file: tuple[str, bytes] | None = None) -> None:
        if file is not None:  # apps send a file as a message of its own
            device: Device = await asyncio.to_thread(self.people.device, person)
            text = await asyncio.to_thread(self.people.do, device.put(*file))
        await self.acts("say", person, text)

    async def write_lying_file(self, person: str, content: bytes, *, announced: int) -> None:
        del announced  # a link announces nothing
        await self.write(person, self.host.link("big", content))

    async def write_unreadable(self, person: str) -> None:
        await self.acts("raw", person, unreadable(), body="encrypted")

    def texts_to(self, person: str) -> list[str]:
        return list(self.people.device(person).shown[self.desk].texts)

    def waiting(self) -> int:
        """What the archive has behind the place the gateway asked from last."""
        archive = self.server.archived(self.name)
        keys = [key for key, _sender in archive]
        behind = keys.index(self.wire.after) + 1 if self.wire.after in keys else 0
        return sum(sender != self.desk for _key, sender in archive[behind:])

    def on_its_way(self) -> bool:
        return self.waiting() > 0

    def limit_next(self, seconds: float) -> None:
        self.wire.limit_next = seconds

    def lose_next_reply(self) -> None:
        self.wire.lose_next_reply = True

    def block(self, person: str) -> None:
        self.do("block", person)

    async def set_down(self, *, down: bool) -> None:
        self.wire.down = down
        if down:
            self.wire.cut()


def unreadable() -> ET.Element:
    """Encrypted, but to nobody here."""
    sealed = ET.Element(f"{{{NAMESPACE}}}encrypted")
    header = ET.SubElement(sealed, f"{{{NAMESPACE}}}header", {"sid": "17"})
    ET.SubElement(header, f"{{{NAMESPACE}}}key", {"rid": "99"}).text = "AAAA"
    ET.SubElement(header, f"{{{NAMESPACE}}}iv").text = "AAAAAAAAAAAAAAAA"
    ET.SubElement(sealed, f"{{{NAMESPACE}}}payload").text = "AAAA"
    return sealed
