"""Stands before a WSGI application: takes each request whole before a thread works on it.

A thread that reads a body from the line belongs to whoever sends it, for as long as they like; some dozens of
idle senders would hold all of them. Here senders meet an event loop (`arriving`), and a thread is taken for the
time of the work alone. Requests with large bodies have threads of their own, so they keep nobody waiting
either. The application learns from `tropa.body` whether the body is whole, and never learns who asks.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

from tropa.cli.arriving import MIB, Arrivals, Body, Terms
from tropa.drop.came import BODY_CAME, HOLD, Came

LARGE = MIB
LARGE_THREADS = 2
DISK_THREADS = 2

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
Headers = list[tuple[str, str]]
AtOnce = Callable[[str, str, str], tuple[int, Headers, bytes] | None]
"""Status, headers and body for a method, a path and an Accept-Language; None: a thread has to work on it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole response."""

    status: int
    headers: Headers
    body: bytes


def plain(status: int, words: str) -> Answer:
    """A response of the front itself. The connection ends: what was not read of the body is not to be taken for
    the next request.
    """
    return Answer(
        status, [("Content-Type", "text/plain"), ("Connection", "close"), ("Server", "web")], words.encode()
    )


class Front:
    """An RSGI application around a WSGI one. `answers_broken`: the application wants to see bodies that broke off.
    `at_once` answers what needs no work: it runs in the event loop, and waits for nothing.
    """

    def __init__(
        self,
        application: Application,
        terms: Terms,
        *,
        threads: int,
        answers_broken: bool,
        at_once: AtOnce | None = None,
    ) -> None:
        self._application = application
        self._at_once = at_once
        self._answers_broken = answers_broken
        self._quick = ThreadPoolExecutor(threads, "quick")
        self._large = ThreadPoolExecutor(LARGE_THREADS, "large")
        self._disk = ThreadPoolExecutor(DISK_THREADS, "disk")
        self._arrivals = Arrivals(terms, self._disk)
        self._loop: asyncio.AbstractEventLoop | None = None

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Called before the first request."""
        self._loop = loop

    def stop(self) -> None:
        """Wait for nobody's bytes any more; what has arrived is still answered. Called from another thread."""
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop may have ended by itself
                self._loop.call_soon_threadsafe(self._arrivals.stop)

    def finish(self) -> None:
        """Wait for the work that was begun."""
        for threads in (self._quick, self._large, self._disk):
            threads.shutdown(wait=True)

    async def __rsgi__(self, scope: Any, proto: Any) -> None:
        """Answer one request."""
        answer = await self._answer(scope, proto)
        proto.response_bytes(answer.status, answer.headers, answer.body)

    async def _answer(self, scope: Any, proto: Any) -> Answer:
        length = declared_length(scope.headers)
        if length is None:
            return plain(411, "Length Required\n")
        if not length and self._at_once is not None:
            ready = self._at_once(scope.method, scope.path, scope.headers.get("accept-language") or "")
            if ready is not None:
                return Answer(*ready)
        environ = environ_of(scope)
        if not length:
            return await self._work(self._quick, environ)
        body = await self._arrivals.receive(aiter(proto), length)
        try:
            return await self._answer_body(environ, body)
        finally:
            self._arrivals.let_go(body)

    async def _answer_body(self, environ: Environ, body: Body) -> Answer:
        if body.came is not Came.WHOLE and not (self._answers_broken and body.arrived):
            broken = body.came is Came.BROKEN
            return plain(408, "Request Timeout\n") if broken else plain(413, "Content Too Large\n")
        environ[BODY_CAME] = body.came.value
        environ["CONTENT_LENGTH"] = str(body.size)
        environ["wsgi.input"] = body.reader()
        return await self._work(self._large if body.size > LARGE else self._quick, environ)

    async def _work(self, threads: ThreadPoolExecutor, environ: Environ) -> Answer:
        loop = asyncio.get_running_loop()
        began = loop.time()
        answer = await loop.run_in_executor(threads, ask, self._application, environ)
        even = [int(value) / 1000 for name, value in answer.headers if name == HOLD]
        if not even:
            return answer
        # nobody waits for it but the one who asked: no thread is held
        await asyncio.sleep(until_even(loop.time() - began, even[0]))
        return replace(answer, headers=[header for header in answer.headers if header[0] != HOLD])


def until_even(spent: float, step: float) -> float:
    """How long until a whole number of steps is over; all times in seconds."""
    return -spent % step


def declared_length(headers: Any) -> int | None:
    """How long the body is to be; None where a sender does not say. Browsers always do."""
    if "transfer-encoding" in headers:
        return None
    text = headers.get("content-length") or "0"
    return int(text) if text.isascii() and text.isdigit() else None


def environ_of(scope: Any) -> Environ:
    """What WSGI tells an application, without a body yet, and without the address of whoever asks."""
    server, _colon, port = scope.server.rpartition(":")
    environ: Environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": server,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    return environ | header_variables(scope.headers.items())


def header_variables(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Headers under WSGI's names, several of one name joined. A name with an underscore is left out: it could pass
    for one that a proxy sets with a hyphen.
    """
    found: dict[str, str] = {}
    for name, value in headers:
        if "_" in name:
            continue
        variable = name.upper().replace("-", "_")
        if variable not in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
            variable = f"HTTP_{variable}"
        between = "; " if variable == "HTTP_COOKIE" else ","
        found[variable] = f"{found[variable]}{between}{value}" if variable in found else value
    return found


def ask(application: Application, environ: Environ) -> Answer:
    """The application's whole answer. An application that fails is answered for, without its words."""
    status = 500
    headers: Headers = []
    written: list[bytes] = []

    def start_response(line: str, given: Headers, _exc_info: object = None) -> Callable[[bytes], None]:
        nonlocal status, headers
        status, headers = int(line.split(" ", 1)[0]), given
        return written.append

    try:
        chunks = application(environ, start_response)
        try:
            written.extend(chunks)
        finally:
            close = getattr(chunks, "close", None)
            if close is not None:
                close()
    except Exception as error:  # noqa: BLE001  whatever it is, somebody waits for an answer
        print(f"tropa: {type(error).__qualname__} while answering", file=sys.stderr, flush=True)
        return plain(500, "Internal Server Error\n")
    return Answer(status, headers, b"".join(written))
