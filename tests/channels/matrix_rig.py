"""A real Synapse as the contract uses it, with a wire between it and the gateway that can be limited and cut."""

from __future__ import annotations

import asyncio
import json
import secrets
import tempfile
import urllib.parse
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self

from aiohttp import ClientError, ClientSession, ClientTimeout, web

from tests.channels.rig import Nothing
from tests.channels.synapse import PASSWORD, Synapse
from tropa.channels.catalogue import about, enrol, open_channel
from tropa.channels.protocol import Channel

FROM_PEOPLE = {"m.room.encrypted", "m.room.message"}


class Wire:
    """Everything the gateway says goes through here to the server, unless the wire has a fault."""

    def __init__(self, server: str) -> None:
        self._server = server
        self.url = ""
        self.since: str | None = None
        self.down = False
        self.limit_next = 0.0
        self.lose_next_reply = False
        self.withhold_keys = False
        self.redirect_to = ""
        self.calls: list[str] = []
        self.slow = 0.0
        """Seconds a request is on its way, and its answer again."""
        self._withheld: list[Any] = []
        self._open: dict[int, web.Request] = {}

    @property
    def came(self) -> int:
        """How often the gateway asked for something."""
        return len(self.calls)

    async def __aenter__(self) -> Self:
        self._session = ClientSession(auto_decompress=False, timeout=ClientTimeout(total=120))
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_route("*", "/{tail:.*}", self._pass_on)
        self._runner = web.AppRunner(app, handle_signals=False, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()
        await self._session.close()

    async def _pass_on(self, request: web.Request) -> web.StreamResponse:
        self.calls.append(request.path)
        sending = request.method == "PUT" and "/send/" in request.path
        if self.down:
            return self._cut(request)
        if self.redirect_to:
            return web.Response(status=302, headers={"Location": self.redirect_to})
        if request.path.endswith("/sync"):
            self.since = request.query.get("since")
        if sending and self.limit_next:
            wait, self.limit_next = self.limit_next, 0.0
            said = {"errcode": "M_LIMIT_EXCEEDED", "error": "later", "retry_after_ms": int(wait * 1000)}
            return web.json_response(said, status=429)
        await asyncio.sleep(self.slow)
        headers = {
            name: request.headers[name]
            for name in ("Authorization", "Content-Type")
            if name in request.headers
        }
        self._open[id(request)] = request
        try:
            return await self._ask(request, headers, sending=sending)
        except ClientError:
            return self._cut(request)
        finally:
            del self._open[id(request)]

    async def _ask(
        self, request: web.Request, headers: dict[str, str], *, sending: bool
    ) -> web.StreamResponse:
        async with self._session.request(
            request.method,
            self._server + request.raw_path,
            data=await request.read(),
            headers=headers,
            allow_redirects=False,
        ) as answer:
            content = await answer.read()
            await asyncio.sleep(self.slow)
            if self.down:
                return self._cut(request)
            if sending and self.lose_next_reply:
                self.lose_next_reply = False
                return self._cut(request)
            if request.path.endswith("/sync") and answer.status == 200:
                content = self._late(content)
            return web.Response(body=content, status=answer.status, content_type=answer.content_type)

    def _late(self, content: bytes) -> bytes:
        """The answer without what devices hand each other while it is withheld, and with it afterwards."""
        said = json.loads(content)
        events = said.get("to_device", {}).get("events", [])
        if self.withhold_keys:
            self._withheld += events
            said["to_device"] = {"events": []}
        elif self._withheld:
            said["to_device"] = {"events": [*self._withheld, *events]}
            self._withheld = []
        return json.dumps(said).encode()

    def cut(self) -> None:
        """Every call that is under way ends now."""
        for request in list(self._open.values()):
            self._cut(request)

    def _cut(self, request: web.Request) -> web.StreamResponse:
        if request.transport is not None:  # the gateway may have gone by itself
            request.transport.abort()
        return web.Response()


class MatrixRig:
    """A desk's account of its own for each test; people are numbers."""

    def __init__(self, server: Synapse) -> None:
        self.about = about("matrix")
        self.server, self.people = server, server.people
        self.absent: dict[str, str] = {}
        self.number = next(server.numbers)
        self.desk = f"@desk{self.number}:localhost"
        self.wire = Wire(server.url)
        self.settings: dict[str, str] = {}
        self.paper = ""
        self._begun: set[str] = set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async with self.wire:
            await self.begin()
            try:
                yield
            finally:
                await asyncio.to_thread(self.people.do, "end")

    async def begin(self) -> None:
        """The desk's account, added as an operator adds it."""
        await asyncio.to_thread(self.server.register, f"desk{self.number}")
        asked = {"server": self.wire.url, "user": self.desk, "password": PASSWORD}
        enrolled = await enrol(self.about, asked)
        self.settings, self.paper = dict(enrolled.settings), enrolled.paper

    def channel(self) -> Channel:
        return open_channel("matrix", self.settings, Nothing())

    def user(self, person: str) -> str:
        """A person's account, with a device, made the first time."""
        user = f"@p{self.number}-{person}:localhost"
        if user not in self._begun:
            self._begun.add(user)
            self.server.register(f"p{self.number}-{person}")
            self.people.do("begin", user=user, password=PASSWORD)
        return user

    def do(self, what: str, person: str, **words: Any) -> Any:
        """A person does something towards the desk."""
        return self.people.do(what, user=self.user(person), **words)

    async def acts(self, what: str, person: str, **words: Any) -> Any:
        """The same without holding up the wire."""
        return await asyncio.to_thread(self.do, what, person, **words)

    async def write(self, person: str, text: str = "", *, file: tuple[str, bytes] | None = None) -> None:
        if file is None:
            await self.acts("write", person, desk=self.desk, text=text)
        else:
            await self._file(person, text, *file, announced=len(file[1]))

    async def write_lying_file(self, person: str, content: bytes, *, announced: int) -> None:
        await self._file(person, "", "big", content, announced=announced)

    async def _file(self, person: str, text: str, name: str, content: bytes, *, announced: int) -> None:
        with tempfile.NamedTemporaryFile(prefix="matrix") as kept:
            Path(kept.name).write_bytes(content)
            await self.acts(
                "file", person, desk=self.desk, text=text, name=name, path=kept.name, announced=announced
            )

    async def write_unreadable(self, person: str) -> None:
        content = {
            "algorithm": "m.megolm.v1.aes-sha2",
            "ciphertext": "AAAA",
            "session_id": secrets.token_hex(16),
            "sender_key": "a",
            "device_id": "b",
        }
        await self.acts("raw", person, desk=self.desk, kind="m.room.encrypted", content=content)

    def texts_to(self, person: str) -> list[str]:
        return list(self.people.of(self.user(person)).texts)

    def waiting(self) -> int:
        """What the server would give to who comes with the place the gateway asked from last."""
        query = {"timeout": "0"} | ({"since": self.wire.since} if self.wire.since else {})
        path = f"/_matrix/client/v3/sync?{urllib.parse.urlencode(query)}"
        rooms = self.server.call("GET", path, token=self.settings["token"]).get("rooms", {})
        return len(rooms.get("invite", {})) + sum(
            event["type"] in FROM_PEOPLE and event["sender"] != self.desk
            for part in ("join", "leave")
            for room in rooms.get(part, {}).values()
            for event in room["timeline"]["events"]
        )

    def on_its_way(self) -> bool:
        return self.waiting() > 0

    def limit_next(self, seconds: float) -> None:
        self.wire.limit_next = seconds

    def lose_next_reply(self) -> None:
        self.wire.lose_next_reply = True

    def block(self, person: str) -> None:
        self.do("leave", person, desk=self.desk)

    async def set_down(self, *, down: bool) -> None:
        self.wire.down = down
        if down:
            self.wire.cut()
