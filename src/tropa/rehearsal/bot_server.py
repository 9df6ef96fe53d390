"""A messenger's server with one person behind it: what Telegram's Bot API answers, on loopback, as far as it is needed
to write in and to be answered.

The gateway's own process talks to it as it would to Telegram. What the person is (number, names) and what they write
is chosen by the caller and lies in memory alone.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

POLL_SECONDS = 2.0
PATIENCE = 120.0


class QuietServer(ThreadingHTTPServer):
    """Says nothing of whoever went away before their answer: a gateway is killed while it waits for messages."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Any other error is told on the error stream."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@dataclass(frozen=True, slots=True)
class Person:
    """Who writes: the number Telegram knows them by, and names the gateway has to forget."""

    number: int
    user_name: str
    first_name: str


@dataclass(slots=True)
class BotServer:
    """The server; runs while it is entered as a context."""

    token: str = field(repr=False)
    person: Person = field(repr=False)
    _updates: list[dict[str, Any]] = field(default_factory=list, repr=False)
    _files: dict[str, bytes] = field(default_factory=dict, repr=False)
    _sent: list[str] = field(default_factory=list, repr=False)
    _changed: threading.Condition = field(default_factory=threading.Condition, repr=False)
    _number: int = 0
    _server: ThreadingHTTPServer | None = field(default=None, repr=False)

    def __enter__(self) -> Self:
        self._server = QuietServer(("127.0.0.1", 0), _handler(self))
        threading.Thread(target=self._server.serve_forever, name="bot server", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.shutdown()
        self._server.server_close()

    @property
    def address(self) -> str:
        """Where it listens."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def write(self, text: str, file: tuple[str, bytes] | None = None) -> None:
        """The person sends a message, or a file with these words."""
        said: dict[str, Any] = {"caption": text} if file else {"text": text}
        with self._changed:
            self._number += 1
            if file:
                self._files[f"F{self._number}"] = file[1]
                said["document"] = {
                    "file_id": f"F{self._number}",
                    "file_name": file[0],
                    "file_size": len(file[1]),
                }
            self._updates.append({"update_id": self._number, "message": self._message() | said})
            self._changed.notify_all()

    def received(self, holds: Callable[[str], bool], *, within: float = PATIENCE) -> bool:
        """Whether the person is sent something like this before patience ends."""
        with self._changed:
            return self._changed.wait_for(lambda: any(map(holds, self._sent)), within)

    def all_taken(self, *, within: float = PATIENCE) -> bool:
        """Whether the gateway stores everything that was written, and says so, before patience ends."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._updates, within)

    def answer(self, path: str, told: Mapping[str, str]) -> bytes | None:
        """What a request gets; None for one that is not of this bot."""
        head, _, method = urlsplit(path).path.removeprefix("/file").removeprefix("/bot").partition("/")
        if head != self.token:
            return None
        if path.startswith("/file/"):
            return self._files.get(method.rpartition("/")[2])
        return json.dumps({"ok": True, "result": self._result(method.lower(), told)}).encode()

    def _result(self, method: str, told: Mapping[str, str]) -> Any:
        match method:
            case "getme":
                return {"id": 42, "is_bot": True, "first_name": "Desk", "username": "desk_rehearsal_bot"}
            case "getupdates":
                return self._waiting(int(told.get("offset") or 0))
            case "getfile":
                return {
                    "file_id": told["file_id"],
                    "file_unique_id": "u",
                    "file_path": f"files/{told['file_id']}",
                }
            case "sendmessage":
                with self._changed:
                    self._number += 1
                    self._sent.append(told["text"])
                    self._changed.notify_all()
                    return self._message() | {"text": told["text"]}
        return True

    def _waiting(self, offset: int) -> list[dict[str, Any]]:
        with self._changed:
            self._updates = [update for update in self._updates if update["update_id"] >= offset]
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._updates, POLL_SECONDS)
            return list(self._updates)

    def _message(self) -> dict[str, Any]:
        who = {
            "id": self.person.number,
            "first_name": self.person.first_name,
            "username": self.person.user_name,
        }
        return {
            "message_id": self._number,
            "date": int(time.time()),
            "chat": who | {"type": "private"},
            "from": who | {"is_bot": False, "language_code": "ru"},
        }


def _handler(server: BotServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """One request."""

        def do_GET(self) -> None:
            """Files, and methods without a body."""
            self._answer({})

        def do_POST(self) -> None:
            """Methods with their parameters."""
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self._answer(_parameters(self.headers.get("Content-Type") or "", body))

        def _answer(self, told: Mapping[str, str]) -> None:
            content = server.answer(self.path, told)
            self.send_response(401 if content is None else 200)
            content = content or b'{"ok":false,"error_code":401,"description":"Unauthorized"}'
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_told: object) -> None:
            """Nothing of it is written anywhere."""

    return Handler


def _parameters(kind: str, body: bytes) -> dict[str, str]:
    if kind.startswith("multipart/"):
        parts = message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body).walk()
        return {
            str(name): str(part.get_payload())
            for part in parts
            if (name := part.get_param("name", header="content-disposition"))
        }
    return {name: values[0] for name, values in parse_qs(body.decode()).items()}
