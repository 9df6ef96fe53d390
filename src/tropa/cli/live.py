"""The process of streams: tells open pages that something changed, in one small process of its own.

Kept true: a stream says "changed" and nothing else, to a visit that is unlocked and holds a ticket for the topic; it
ends within seconds of the visit's lock, lapse or revocation. Read only: nothing is written, and no key is here that
opens anything. Django stays outside, so that a hundred streams cost some twenty megabytes.
"""

import asyncio
import contextlib
import http.cookies
import os
import resource
import signal
import urllib.parse
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

from tropa.cli.lifeline import harden
from tropa.desk.live.marks import is_topic, marks_of
from tropa.desk.live.tickets import Watching, good_for
from tropa.desk.staff.visit_ids import visit_id

LOOK_EVERY = 1.0
SAY_EVERY = 20.0  # a word now and then, or a proxy would close what is silent
HEAD_WITHIN = 10.0
LONGEST_HEAD = 8 * 1024
MOST_STREAMS = 2000
MOST_OF_VISIT = 12
COOKIE = "__Host-tropa-desk"


class Eye:
    """Looks into the database, reading only: PostgreSQL at `url`, else the SQLite file at `path`."""

    def __init__(self, url: str | None, path: Path) -> None:
        self._url, self._path = url, path
        self._connection: Any = None
        self._version: object = None

    def changed(self) -> bool:
        """Whether anything at all may have changed since the last time; PostgreSQL does not say so."""
        if self._url:
            return True
        ((version,),) = self.ask("PRAGMA data_version")
        before, self._version = self._version, version
        return bool(before != version)

    def ask(self, question: str) -> Sequence[Any]:
        """The rows. Raises what the database raises; the next question connects anew."""
        try:
            found: Sequence[Any] = self._connected().execute(question).fetchall()
        except Exception:
            self.close()
            raise
        return found

    def unlocked(self, visits: Sequence[str]) -> set[str]:
        """Which of these visits are open now. The ids are digests, so they may stand in a question."""
        now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
        moment = f"'{now}+00'::timestamptz" if self._url else f"'{now}'"
        named = ", ".join(f"'{visit}'" for visit in visits)
        question = (
            f"SELECT id FROM staff_visit WHERE id IN ({named}) AND sealed_seed IS NOT NULL "  # noqa: S608
            f"AND idle_after > {moment} AND ends_after > {moment}"
        )
        return {row[0] for row in self.ask(question)} if visits else set()

    def close(self) -> None:
        """Let the connection go."""
        if self._connection is not None:
            with contextlib.suppress(Exception):
                self._connection.close()
        self._connection = self._version = None

    def _connected(self) -> Any:
        if self._connection is None:
            if self._url:
                import psycopg

                self._connection = psycopg.connect(self._url, autocommit=True)
                self._connection.execute("SET default_transaction_read_only = on")
            else:
                import sqlite3

                address = f"{self._path.as_uri()}?mode=ro"
                self._connection = sqlite3.connect(
                    address, uri=True, isolation_level=None, check_same_thread=False
                )
        return self._connection


@dataclass(slots=True, eq=False)
class Stream:
    """One open page."""

    visit: str
    topic: str
    silent: bool
    writer: asyncio.StreamWriter = field(repr=False)
    marks: dict[str, str] | None = None  # None: not looked at yet
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    def say(self, words: str) -> None:
        """Write; a page that no longer reads is closed."""
        if self.writer.transport.get_write_buffer_size() > LONGEST_HEAD:
            self.end()
        else:
            self.writer.write(words.encode())

    def end(self) -> None:
        self.ended.set()


class Live:
    """The server. `origin` is the desk's, as browsers name it."""

    def __init__(self, *, key: bytes, origin: str, eye: Eye) -> None:
        self._key, self._origin, self._eye = key, origin, eye
        self.streams: set[Stream] = set()

    async def watch(self) -> None:
        """Look, say and end, for ever. A database that is away for a while only makes pages wait."""
        silent_for = 0.0
        while True:
            await asyncio.sleep(LOOK_EVERY)
            silent_for += LOOK_EVERY
            if silent_for >= SAY_EVERY:
                silent_for = 0.0
                for stream in self.streams:
                    stream.say(": still here\n\n")
            if self.streams:
                with contextlib.suppress(Exception):
                    self.look()

    def look(self) -> None:
        """One look: who is still unlocked, and what changed for them."""
        open_now = self._eye.unlocked(sorted({stream.visit for stream in self.streams}))
        for stream in self.streams:
            if stream.visit not in open_now:
                stream.say("event: ended\ndata: 1\n\n")
                stream.end()
        watching = [stream for stream in self.streams if not stream.silent and not stream.ended.is_set()]
        if not self._eye.changed() and all(stream.marks is not None for stream in watching):
            return
        marks = {topic: marks_of(topic, self._eye.ask) for topic in {stream.topic for stream in watching}}
        for stream in watching:
            now = marks[stream.topic]
            for event in now if stream.marks else ():
                if now[event] != (stream.marks or {})[event]:
                    stream.say(f"event: {event}\ndata: 1\n\n")
            stream.marks = now

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until its page or its visit ends."""
        try:
            async with asyncio.timeout(HEAD_WITHIN):
                head = await reader.readuntil(b"\r\n\r\n")
            stream = self._admitted(head, writer)
            if isinstance(stream, int):
                writer.write(
                    f"HTTP/1.1 {stream} -\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()
                )
                await writer.drain()
            else:
                await self._keep(stream, reader)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # whoever it was is gone, or never was a browser
        finally:
            writer.close()

    async def _keep(self, stream: Stream, reader: asyncio.StreamReader) -> None:
        lines = (
            "HTTP/1.1 200 OK",
            "Content-Type: text/event-stream; charset=utf-8",
            "Cache-Control: no-store",
            "X-Content-Type-Options: nosniff",
            "X-Accel-Buffering: no",
            f"Access-Control-Allow-Origin: {self._origin}",
            "Access-Control-Allow-Credentials: true",
            "Connection: close",
        )
        if not stream.silent:  # before the page is told that it is followed, so that nothing falls between
            with contextlib.suppress(Exception):
                stream.marks = marks_of(stream.topic, self._eye.ask)
        stream.writer.write(("\r\n".join(lines) + "\r\n\r\nretry: 5000\n\n").encode())
        self.streams.add(stream)
        gone = asyncio.create_task(reader.read(1))  # a browser says nothing more until it leaves
        ended = asyncio.create_task(stream.ended.wait())
        try:
            await asyncio.wait((gone, ended), return_when=asyncio.FIRST_COMPLETED)
            await stream.writer.drain()
        finally:
            self.streams.discard(stream)
            gone.cancel()
            ended.cancel()
            await asyncio.gather(gone, ended, return_exceptions=True)

    def _admitted(self, head: bytes, writer: asyncio.StreamWriter) -> Stream | int:
        """The stream that is asked for, or the status of a refusal."""
        asked = _read_head(head)
        if asked is None or asked.path != "/stream/":
            return 404
        visit = visit_id(asked.token)
        watching = good_for(self._key, asked.ticket, visit=visit, topic=asked.topic)
        if asked.origin != self._origin or not is_topic(asked.topic) or watching is Watching.NOTHING:
            return 403
        own = sum(stream.visit == visit for stream in self.streams)
        if len(self.streams) >= MOST_STREAMS or own >= MOST_OF_VISIT:
            return 503
        return Stream(visit, asked.topic, watching is Watching.SILENCE, writer)


@dataclass(frozen=True, slots=True)
class _Asked:
    path: str
    origin: str
    token: str = field(repr=False)
    topic: str = field(repr=False)
    ticket: str = field(repr=False)


def _read_head(head: bytes) -> _Asked | None:
    """What a browser's request says; None for anything else."""
    line, *rest = head.decode("latin-1").split("\r\n")
    words = line.split(" ")
    if len(words) != 3 or words[0] != "GET":
        return None
    headers = {
        name.strip().lower(): value.strip() for name, _colon, value in (each.partition(":") for each in rest)
    }
    parts = urllib.parse.urlsplit(words[1])
    told = {name: values[-1] for name, values in urllib.parse.parse_qs(parts.query).items()}
    cookies: http.cookies.SimpleCookie = http.cookies.SimpleCookie()
    with contextlib.suppress(http.cookies.CookieError):
        cookies.load(headers.get("cookie", ""))
    token = cookies[COOKIE].value if COOKIE in cookies else ""
    return _Asked(parts.path, headers.get("origin", ""), token, told.get("on", ""), told.get("ticket", ""))


def serve_live(port: int) -> NoReturn:
    """Serve until SIGTERM or SIGINT."""
    harden()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(4096, hard)), hard))
    key = bytes.fromhex(os.environ["TROPA_LIVE_KEY"])
    origin = os.environ["TROPA_DESK_URL"].rstrip("/")
    eye = Eye(
        os.environ.get("TROPA_DATABASE_URL") or None,
        Path(os.environ["TROPA_DATA"]).absolute() / "tropa.sqlite3",
    )
    asyncio.run(_serve(Live(key=key, origin=origin, eye=eye), port))
    os._exit(0)


async def _serve(live: Live, port: int) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    server = await asyncio.start_server(
        live.answer, "localhost", port, limit=LONGEST_HEAD, reuse_address=True
    )
    watching = asyncio.create_task(live.watch())
    await stop.wait()
    watching.cancel()
    server.close()
    for stream in live.streams:
        stream.end()
