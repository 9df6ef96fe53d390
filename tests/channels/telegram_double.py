"""A double of Telegram's Bot API server, over real HTTP on loopback.

It encodes our reading of the Bot API's documentation (core.telegram.org/bots/api, 9.x) and of what aiogram 3.31 sends;
it was never compared with Telegram. Modelled: long polling with its offsets, sendMessage, sendDocument, getFile and the
download, deleteMessage, leaveChat, edits, groups, people who blocked the bot, 429 with retry_after, answers that get
lost, a server that is down, a redirect. Not modelled: webhooks, the 24 hours updates are kept, the 48 hours messages
can be deleted in. Faults are worse than expected, never kinder.

`python -m tests.channels.telegram_double --port N` runs it alone, for trying the guide by hand.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

TOKEN = "42:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
DOWNLOAD_CAP = 20 * 1024 * 1024
TEXT_CAP = 4096


def accepted(result: Any) -> web.Response:
    return web.json_response({"ok": True, "result": result})


def refused(code: int, description: str, **parameters: Any) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    if parameters:
        body["parameters"] = parameters
    return web.json_response(body, status=code)


@dataclass
class BotApiDouble:
    """The server. Attributes in the second half are faults, to be switched on at any time."""

    token: str = TOKEN
    port: int = 0
    updates: list[dict[str, Any]] = field(default_factory=list)
    sent: list[dict[str, Any]] = field(default_factory=list)
    sent_at: list[float] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    deleted: list[int] = field(default_factory=list)
    per_second: int | None = None  # 429 to what is more than this in any second
    limit_next: float = 0.0
    lose_next_reply: bool = False
    blocked: set[int] = field(default_factory=set)
    down: bool = False
    redirect_to: str = ""
    truncate_files: bool = False
    packed_files: bool = False
    """Files come compressed, as any server may give them."""
    raw_after: str = ""  # put as it is into the text of the first update that has a list there
    next_update: int = 1000
    next_message: int = 0
    _recent: deque[float] = field(default_factory=deque)

    async def __aenter__(self) -> Self:
        self._wake = asyncio.Event()
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_route("*", "/bot{token}/{method}", self._api)
        app.router.add_get("/file/bot{token}/{path:.*}", self._file)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._wake.set()
        await self._runner.cleanup()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    # -- people ------------------------------------------------------------------------------------------------

    def write(
        self, person: int, text: str = "", *, file: tuple[str, bytes] | None = None, **extra: Any
    ) -> int:
        """Somebody writes to the bot."""
        return self.push({"message": self.message(person, self._person(person), text, file) | extra})

    def edit(self, person: int, message_id: int, text: str) -> int:
        """Somebody writes another text over an earlier one."""
        edited = self.message(person, self._person(person), text, None)
        return self.push(
            {"edited_message": edited | {"message_id": message_id, "edit_date": int(time.time())}}
        )

    def write_in_group(self, group: int, person: int, text: str) -> int:
        """Somebody writes where everybody reads."""
        chat = {"id": group, "type": "supergroup", "title": "Everybody"}
        return self.push({"message": self.message(group, self._person(person), text, None) | {"chat": chat}})

    def push(self, update: dict[str, Any]) -> int:
        """Whatever the service gives, be it ever so strange."""
        self.next_update += 1
        self.updates.append({"update_id": self.next_update} | update)
        self._wake.set()
        return self.next_update

    def texts_to(self, person: int) -> list[str]:
        """What a person's device shows."""
        return [message.get("text", "") for message in self.sent if message["chat"]["id"] == person]

    def _person(self, person: int) -> dict[str, Any]:
        return {"id": person, "is_bot": False, "first_name": f"Name{person}", "language_code": "ru"}

    @property
    def _bot(self) -> dict[str, Any]:
        return {"id": 42, "is_bot": True, "first_name": "Desk", "username": "desk_test_bot"}

    def message(
        self, chat: int, sender: dict[str, Any], text: str, file: tuple[str, bytes] | None
    ) -> dict[str, Any]:
        """A message as the service words it."""
        self.next_message += 1
        message: dict[str, Any] = {
            "message_id": self.next_message,
            "from": sender,
            "date": int(time.time()),
            "chat": {"id": chat, "type": "private", "first_name": f"Name{chat}"},
        }
        if file:
            file_id = f"F{self.next_message}"
            self.files[file_id] = file[1]
            message["document"] = {
                "file_id": file_id,
                "file_unique_id": file_id[::-1],
                "file_name": file[0],
                "file_size": len(file[1]),
            }
            if text:
                message["caption"] = text
        else:
            message["text"] = text
        return message

    # -- the bot -----------------------------------------------------------------------------------------------

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"].lower()
        self.calls.append(method)
        if self.down:
            assert request.transport is not None
            request.transport.close()
            return web.Response(status=502)
        if self.redirect_to:
            return web.Response(status=307, headers={"Location": self.redirect_to})
        if request.match_info["token"] != self.token:
            return refused(401, "Unauthorized")
        values, uploads = await _parameters(request)
        match method:
            case "getme":
                return accepted(self._bot)
            case "getupdates":
                return await self._get_updates(values)
            case "getfile":
                return self._get_file(values["file_id"])
            case "sendmessage" | "senddocument":
                return self._send(request, values, uploads)
            case "leavechat":
                self.left.append(int(values["chat_id"]))
                return accepted(True)
            case "deletemessage":
                self.deleted.append(int(values["message_id"]))
                return accepted(True)
        return refused(404, "Not Found")

    async def _get_updates(self, values: dict[str, Any]) -> web.Response:
        offset = int(values.get("offset") or 0)
        deadline = time.monotonic() + min(int(values.get("timeout") or 0), 50)
        if offset > 0:  # asking for N confirms everything below N
            self.updates = [each for each in self.updates if each.get("update_id", 0) >= offset]
        while not self.updates and (left := deadline - time.monotonic()) > 0:
            self._wake.clear()
            try:
                await asyncio.wait_for(self._wake.wait(), left)
            except TimeoutError:
                break
        given = self.updates[: int(values.get("limit") or 100)]
        if self.raw_after and any(isinstance(_text_of(each), list) for each in given):
            text = json.dumps({"ok": True, "result": given})
            broken = text.replace("[" * 20, self.raw_after, 1)
            return web.Response(text=broken, content_type="application/json")
        return accepted(given)

    def _get_file(self, file_id: str) -> web.Response:
        if file_id not in self.files:
            return refused(400, "Bad Request: invalid file_id")
        if len(self.files[file_id]) > DOWNLOAD_CAP:
            return refused(400, "Bad Request: file is too big")
        path = f"documents/{file_id}"
        return accepted({"file_id": file_id, "file_unique_id": file_id[::-1], "file_path": path})

    def _send(
        self, request: web.Request, values: dict[str, Any], uploads: list[tuple[str, bytes]]
    ) -> web.Response:
        now, chat = time.monotonic(), int(values["chat_id"])
        if self.limit_next or self._too_many(now):
            after, self.limit_next = self.limit_next or 1.0, 0.0
            whole = max(1, round(after))
            return refused(429, f"Too Many Requests: retry after {whole}", retry_after=whole)
        if chat in self.blocked:
            return refused(403, "Forbidden: bot was blocked by the user")
        if chat <= 0:
            return refused(400, "Bad Request: chat not found")
        text = values.get("text", "")
        if len(text) > TEXT_CAP:
            return refused(400, "Bad Request: message is too long")
        message = self.message(chat, self._bot, text, uploads[0] if uploads else None)
        self.sent.append(message)
        self.sent_at.append(now)
        self._recent.append(now)
        if self.lose_next_reply:
            self.lose_next_reply = False
            assert request.transport is not None
            request.transport.close()
        return accepted(message)

    def _too_many(self, now: float) -> bool:
        while self._recent and now - self._recent[0] >= 1.0:
            self._recent.popleft()
        return self.per_second is not None and len(self._recent) >= self.per_second

    async def _file(self, request: web.Request) -> web.StreamResponse:
        content = self.files[request.match_info["path"].split("/")[-1]]
        if self.packed_files:
            return web.Response(body=gzip.compress(content), headers={"Content-Encoding": "gzip"})
        if not self.truncate_files:
            return web.Response(body=content)
        answer = web.StreamResponse(headers={"Content-Length": str(len(content))})
        await answer.prepare(request)
        await answer.write(content[: len(content) // 2])
        assert request.transport is not None
        request.transport.close()
        return answer


def _text_of(update: dict[str, Any]) -> object:
    message = update.get("message")
    return message.get("text") if isinstance(message, dict) else None


async def _parameters(request: web.Request) -> tuple[dict[str, Any], list[tuple[str, bytes]]]:
    values: dict[str, Any] = dict(request.query)
    uploads: list[tuple[str, bytes]] = []
    if request.method == "POST" and request.content_type == "application/json":
        values.update(await request.json())
    elif request.method == "POST":
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                uploads.append((value.filename, value.file.read()))
            else:
                values[name] = value
    return values, uploads


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    arguments = parser.parse_args()
    async with BotApiDouble(port=arguments.port) as double:
        print(double.url, TOKEN, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
