"""What stands between the gateway and its mail server in tests: passes everything on, unless it has a fault.

To the receiving server it is a plain pipe. To the sending one it speaks the protocol line by line, so that it can
refuse a sender for a while, refuse a person, or take a mail and lose the answer.
"""

from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress
from typing import Self

from tests.channels.mail_server import MailServer, any_certificate

LARGEST_LINE = 1024 * 1024
NOT_PASSED = (b"PIPELINING", b"CHUNKING")
"""What would let the gateway speak without waiting for answers."""


class Wire:
    """Two ports of our own, and the faults."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self.imap = self.smtp = 0
        self.down = False
        self.came = 0
        """How often the gateway wanted a connection."""
        self.slow = 0.0
        """Seconds a piece from the server is on its way."""
        self.limit_for = 0.0
        self.lose_next_reply = False
        self.blocked: set[str] = set()
        self.named: list[bytes] = []
        """Every line that named somebody a mail was for."""
        self.taken: list[bytes] = []
        """Every mail the server took through here."""
        self._limited_until = 0.0
        self._open: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> Self:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._server.root / "cert.pem", self._server.root / "key.pem")
        self._servers = [
            await asyncio.start_server(self._fetching, "127.0.0.1", 0),
            await asyncio.start_server(self._sending, "127.0.0.1", 0, ssl=context, limit=LARGEST_LINE),
        ]
        self.imap, self.smtp = (each.sockets[0].getsockname()[1] for each in self._servers)
        return self

    async def __aexit__(self, *_: object) -> None:
        for server in self._servers:
            server.close()
        self.cut()
        await asyncio.sleep(0)

    def cut(self) -> None:
        """Every connection ends now."""
        for writer in list(self._open):
            writer.transport.abort()

    async def _fetching(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.came += 1
        if self.down:
            writer.transport.abort()
            return
        self._open.add(writer)
        with suppress(OSError):
            there, back = await asyncio.open_connection("127.0.0.1", self._server.imap)
            self._open.add(back)
            await asyncio.gather(self._pass_on(reader, back), self._pass_on(there, writer))
            self._open.discard(back)
        self._open.discard(writer)
        writer.close()  # also when the server is away

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while piece := await reader.read(64 * 1024):
                await asyncio.sleep(self.slow)
                writer.write(piece)
                await writer.drain()
        writer.close()

    async def _sending(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.came += 1
        if self.down:
            writer.transport.abort()
            return
        self._open.add(writer)
        with suppress(OSError, asyncio.IncompleteReadError, ssl.SSLError):
            there, back = await asyncio.open_connection(
                "127.0.0.1", self._server.smtp, ssl=any_certificate(), limit=LARGEST_LINE
            )
            self._open.add(back)
            writer.write(await _answer(there))
            while line := await reader.readline():
                refusal = self._refusal(line)
                if refusal:
                    writer.write(refusal)
                    continue
                back.write(line)
                answer = await _answer(there)
                await asyncio.sleep(self.slow)
                writer.write(answer)
                if line.upper().startswith(b"DATA") and answer.startswith(b"354"):
                    await writer.drain()
                    mail = await _mail(reader)
                    back.write(mail)
                    answer = await _answer(there)
                    self.taken.append(mail)
                    if self.lose_next_reply:
                        self.lose_next_reply = False
                        writer.transport.abort()
                        break
                    writer.write(answer)
            self._open.discard(back)
            back.close()
        self._open.discard(writer)
        writer.close()

    def _refusal(self, line: bytes) -> bytes:
        """What is answered in the server's place."""
        command, now = line.upper(), asyncio.get_running_loop().time()
        if command.startswith(b"MAIL FROM"):
            if self.limit_for:
                self._limited_until, self.limit_for = now + self.limit_for, 0.0
            if now < self._limited_until:
                return b"450 4.7.1 come again later\r\n"
        if command.startswith(b"RCPT TO"):
            self.named.append(line)
        if command.startswith(b"RCPT TO") and any(each.upper().encode() in command for each in self.blocked):
            return b"550 5.1.1 no such person here\r\n"
        return b""


async def _mail(reader: asyncio.StreamReader) -> bytes:
    lines = []
    while True:
        line = await reader.readline()
        lines.append(line)
        if line in (b".\r\n", b""):
            return b"".join(lines)


async def _answer(reader: asyncio.StreamReader) -> bytes:
    """All lines of one answer."""
    lines = []
    while line := await reader.readline():
        if not line[4:].strip().upper().startswith(NOT_PASSED):
            lines.append(line)
        if line[3:4] != b"-":
            if lines and lines[-1] is not line:
                lines[-1] = lines[-1][:3] + b" " + lines[-1][4:]
            break
    return b"".join(lines)
