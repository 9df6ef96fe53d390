"""One honest submission, as cheap on the sender's side as can be: the form fetched, the text sent, nine words read.

`python -m tools.bench.submission` sends many from a process of its own, which may be kept to another core, and prints
what came of it as JSON: how long each took, how many were answered by nine words, and what sending cost. All senders of
a process share one thread and plain sockets, so that hundreds of submissions a second are not the sender's own limit.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import secrets
import socket
import sys
import time
from dataclasses import dataclass, field
from functools import partial

TOKEN = re.compile(rb'name="token" value="([^"]+)"')
WORDS = re.compile(rb'<ol class="words".*?</ol>', re.DOTALL)
ITEM = re.compile(r"<li>([^<]+)</li>")
LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
PATIENCE = 60.0
TEXT = "Пришла повестка, загранпаспорта нет, явка через две недели. Что делать и куда можно уехать? "
ANSWERED = "У меня повестка на 3 декабря, загранпаспорта нет, что делать?"
"""A text that answers of the library are shown for at once."""


@dataclass(slots=True)
class Sent:
    """What came of many submissions. `seconds` each, in the order they ended."""

    seconds: list[float] = field(default_factory=list)
    taken: int = 0
    refused: int = 0
    failed: int = 0
    words: list[str] = field(default_factory=list)


class Line:
    """A connection that is kept open; HTTP/1.1 as far as it is needed here."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """Status and body. Raises OSError, also for an answer that broke off."""
        loop = asyncio.get_running_loop()
        if self._socket is None:
            self._socket = socket.socket()
            self._socket.setblocking(False)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            await loop.sock_connect(self._socket, ("127.0.0.1", self._port))
        await loop.sock_sendall(self._socket, request)
        came = b""
        while (end := came.find(b"\r\n\r\n")) < 0 or len(came) < end + 4 + _length(came[:end]):
            more = await loop.sock_recv(self._socket, 1 << 16)
            if not more:
                raise ConnectionResetError
            came += more
        return int(came[9:12]), came[end + 4 :]

    def close(self) -> None:
        """The next request opens it anew."""
        if self._socket is not None:
            self._socket.close()
        self._socket = None


def _length(head: bytes) -> int:
    found = LENGTH.search(head)
    if found is None:
        raise ConnectionResetError
    return int(found[1])


async def submit(line: Line, *, answered: bool = False) -> tuple[int, str]:
    """Fetch the form, send a text in it, one that is answered at once or one that is not. The status, and the nine
    words ("": they did not come).
    """
    _status, page = await line.ask(b"GET /ru/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    found = TOKEN.search(page)
    if found is None:
        return 0, ""
    body, kind = form(found[1].decode(), ANSWERED if answered else TEXT * 3 + secrets.token_hex(8))
    head = (
        "POST /ru/ HTTP/1.1\r\nHost: 127.0.0.1\r\nSec-Fetch-Site: same-origin\r\n"
        f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    status, answer = await line.ask(head.encode() + body)
    listed = WORDS.search(answer)
    words = ITEM.findall(listed[0].decode()) if listed else []
    return status, " ".join(words) if len(words) == 9 else ""


def form(token: str, text: str) -> tuple[bytes, str]:
    """The first form as browsers send it, no file chosen."""
    boundary = f"----WebKitFormBoundary{secrets.token_hex(8)}"
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n{value}\r\n'
        for name, more, value in (
            ("token", "", token),
            ("text", "", text),
            ("when", "", "week"),
            ("files", '; filename=""\r\nContent-Type: application/octet-stream', ""),
        )
    ]
    return ("".join(parts) + f"--{boundary}--\r\n").encode(), f"multipart/form-data; boundary={boundary}"


async def send_many(
    port: int, count: int, sent: Sent, *, pause: float, until: float | None, answered: bool
) -> None:
    """One sender: `count` submissions one after another over one connection, `pause` seconds between them, or as many
    as there is time for before `until` (monotonic).
    """
    line = Line(port)
    for _each in range(count):
        if until is not None and time.monotonic() >= until:
            break
        began = time.perf_counter()
        try:
            async with asyncio.timeout(PATIENCE):
                status, words = await submit(line, answered=answered)
        except (OSError, ValueError):
            sent.failed += 1
            line.close()
            await asyncio.sleep(max(pause, 0.01))
            continue
        sent.seconds.append(time.perf_counter() - began)
        if words:
            sent.taken += 1
            sent.words.append(words)
        elif status >= 400 or status == 0:
            sent.refused += 1
        else:
            sent.failed += 1
        if pause:
            await asyncio.sleep(pause)
    line.close()


async def send_at_once(
    port: int, senders: int, each: int, *, pause: float, until: float | None, answered: bool
) -> Sent:
    """So many senders at the same moment, each with a connection of its own."""
    sent = Sent()
    one = partial(send_many, port, each, sent, pause=pause, until=until, answered=answered)
    await asyncio.gather(*(one() for _each in range(senders)))
    return sent


def main() -> None:
    """Send, and print what came of it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--senders", type=int, default=1)
    parser.add_argument("--each", type=int, default=1)
    parser.add_argument("--pause", type=float, default=0.0)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--words", action="store_true", help="print the nine words of each as well")
    parser.add_argument("--answered", action="store_true", help="a text that is answered at once")
    told = parser.parse_args()
    until = time.monotonic() + told.seconds if told.seconds else None
    began = time.process_time()
    sent = asyncio.run(
        send_at_once(
            told.port, told.senders, told.each, pause=told.pause, until=until, answered=told.answered
        )
    )
    json.dump(
        {
            "seconds": sent.seconds,
            "taken": sent.taken,
            "refused": sent.refused,
            "failed": sent.failed,
            "cpu": time.process_time() - began,
            "words": sent.words if told.words else [],
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
