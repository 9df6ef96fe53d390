"""A double of the signal-cli daemon's JSON-RPC socket, over a real unix socket.

It encodes our reading of signal-cli 0.14.6's manual and source, with the error answers of a transcript of a real
daemon; it was never compared with Signal. Modelled: `version`, `listAccounts`, `subscribeReceive` and its end, `send`
with its results, `updateContact`, `remoteDelete`, `quitGroup`, files the daemon keeps, the error codes, answers out of
order and lost answers.
As with the real one a message that was written to a subscriber is gone; nobody can acknowledge.
Not modelled: Signal's own limits, captchas, re-linking, and what other devices do. Faults are worse than expected.

`python -m tests.channels.signal_double --directory D` runs it alone, for trying the guide by hand.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from tropa.channels.signal.daemon import LONGEST_LINE

ACCOUNT = "+15550100"
LINE = 128 * 1024 * 1024


class RpcError(Exception):
    """An error as the daemon answers it."""

    def __init__(self, code: int, message: str, data: Any = None) -> None:
        super().__init__(message)
        self.body = {"code": code, "message": message, "data": data}


class Mute(Exception):
    """The request was carried out; the answer is lost with the connection."""


def account_id(person: str) -> str:
    """The same account id for the same person."""
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, f"person {person}"))


@dataclass
class SignalDouble:
    """The daemon. Attributes in the second half are faults, to be switched on at any time."""

    directory: Path
    queue: list[bytes] = field(default_factory=list)
    sent: list[dict[str, Any]] = field(default_factory=list)
    timers: dict[str, int] = field(default_factory=dict)
    deleted: list[int] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    version: str = "0.14.6"
    accounts: tuple[str, ...] = (ACCOUNT,)
    limit_next: float = 0.0
    lose_next_reply: bool = False
    fail_next: int = 0  # this error code for the next message
    gone: set[str] = field(default_factory=set)  # people without an account any more
    lost_in_the_socket: set[str] = field(default_factory=set)
    """Texts that were written into a connection less than 100 ms before it broke: nobody may have read them."""
    given: int = 0  # lines that a reader can keep
    _stamp: int = 0

    def __post_init__(self) -> None:
        self.socket = self.directory / "socket"
        self.files = self.directory / "attachments"
        self.files.mkdir(exist_ok=True)
        self._writers: set[asyncio.StreamWriter] = set()
        self._subscribed: asyncio.StreamWriter | None = None
        self._server: asyncio.Server | None = None
        self._given: list[tuple[float, bytes]] = []

    async def __aenter__(self) -> Self:
        await self.set_down(down=False)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.set_down(down=True)

    async def set_down(self, *, down: bool) -> None:
        """The daemon ends, or starts."""
        if down and self._server is not None:
            self._server.close()
            for writer in list(self._writers):
                writer.transport.abort()
            self._server = self._subscribed = None
            self.socket.unlink(missing_ok=True)
        elif not down and self._server is None:
            self._server = await asyncio.start_unix_server(self._connection, str(self.socket), limit=LINE)

    # -- people ------------------------------------------------------------------------------------------------

    def write(
        self, person: str, text: str = "", *, file: tuple[str, bytes] | None = None, **extra: Any
    ) -> int:
        """Somebody writes to the account; the stamp of the message."""
        self._stamp = max(self._stamp + 1, time.time_ns() // 1_000_000)
        message: dict[str, Any] = {"timestamp": self._stamp, "message": text or None, "expiresInSeconds": 0}
        message |= {"isExpirationUpdate": False, "viewOnce": False}
        if file is not None:
            message["attachments"] = [self.keep(*file)]
        self.push({"envelope": self.envelope(person, self._stamp) | {"dataMessage": message | extra}})
        return self._stamp

    def keep(self, name: str, content: bytes) -> dict[str, Any]:
        """A file that came, as the daemon announces it."""
        file_id = f"{os.urandom(9).hex()}.bin"
        (self.files / file_id).write_bytes(content)
        return {"contentType": "image/jpeg", "filename": name, "id": file_id, "size": len(content)}

    def envelope(self, person: str, stamp: int) -> dict[str, Any]:
        """What stands around everything that comes."""
        own = account_id(person)
        return {
            "source": own,
            "sourceNumber": None,
            "sourceUuid": own,
            "sourceName": f"Name{person}",
            "sourceDevice": 1,
            "timestamp": stamp,
            "serverReceivedTimestamp": stamp + 5,
        }

    def push(self, result: dict[str, Any]) -> None:
        """Whatever the daemon gives, be it ever so strange."""
        params = {"subscription": 0, "result": {"account": ACCOUNT} | result}
        self.push_raw(json.dumps({"jsonrpc": "2.0", "method": "receive", "params": params}).encode())

    def push_raw(self, line: bytes) -> None:
        """A line as it is."""
        self.queue.append(line)
        self._pump()

    def texts_to(self, person: str) -> list[str]:
        """What a person's device shows."""
        return [each["message"] for each in self.sent if each["to"] == account_id(person)]

    # -- the daemon --------------------------------------------------------------------------------------------

    def _pump(self) -> None:
        while self.queue and self._subscribed is not None:
            line = self.queue.pop(0)
            self._subscribed.write(line + b"\n")
            self._given.append((time.monotonic(), line))
            self.given += len(line) <= LONGEST_LINE

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        with contextlib.suppress(OSError, Mute):
            while line := await reader.readline():
                answer = self._answer(line, writer)
                writer.write(json.dumps(answer).encode() + b"\n")
                self._pump()
                await writer.drain()
        if self._subscribed is writer:
            self._subscribed = None
            late = [line for at, line in self._given if time.monotonic() - at < 0.1]
            self.lost_in_the_socket |= {_text_of(line) for line in late}
        self._writers.discard(writer)
        writer.close()

    def _answer(self, line: bytes, writer: asyncio.StreamWriter) -> dict[str, Any]:
        request = json.loads(line)
        answer: dict[str, Any] = {"jsonrpc": "2.0", "id": request.get("id")}
        try:
            return answer | {"result": self._call(request["method"], request.get("params") or {}, writer)}
        except RpcError as refused:
            return answer | {"error": refused.body}

    def _call(self, method: str, values: dict[str, Any], writer: asyncio.StreamWriter) -> Any:
        self.calls.append(method)
        match method:
            case "version":
                return {"version": self.version}
            case "listAccounts":
                return [{"number": number} for number in self.accounts]
        if values.get("account") not in self.accounts:
            raise RpcError(-32602, "Specified account does not exist")
        match method:
            case "subscribeReceive":
                self._subscribed = writer
                return 0
            case "unsubscribeReceive":
                self._subscribed = None
                return {}
            case "send":
                return self._send(values)
            case "updateContact":
                self.timers[values["recipient"]] = values["expiration"]
                return {}
            case "remoteDelete":
                self.deleted.append(values["targetTimestamp"])
                return self._results(values["recipient"], "SUCCESS")
            case "quitGroup":
                self.left.append(values["groupId"])
                return {}
        raise RpcError(-32601, "Method not implemented")

    def _send(self, values: dict[str, Any]) -> dict[str, Any]:
        (to,) = values["recipient"]
        if self.limit_next:
            wait, self.limit_next = self.limit_next, 0.0
            results = self._results([to], "RATE_LIMIT_FAILURE", retryAfterSeconds=wait)
            raise RpcError(-5, "Failed to send message due to rate limiting", {"response": results})
        if self.fail_next:
            code, self.fail_next = self.fail_next, 0
            raise RpcError(code, "Failed to send message")
        if to in {account_id(person) for person in self.gone}:
            return self._results([to], "UNREGISTERED_FAILURE")
        blobs = [uri.split("base64,", 1)[1] for uri in values.get("attachments", [])]
        self.sent.append({"to": to, "message": values.get("message"), "blobs": blobs})
        if self.lose_next_reply:
            self.lose_next_reply = False
            raise Mute
        return self._results([to], "SUCCESS")

    def _results(self, people: list[str], kind: str, **more: Any) -> dict[str, Any]:
        results = [{"recipientAddress": {"uuid": each}, "type": kind} | more for each in people]
        return {"timestamp": time.time_ns() // 1_000_000, "results": results}


def _text_of(line: bytes) -> str:
    message = json.loads(line)["params"]["result"]["envelope"].get("dataMessage") or {}
    return str(message.get("message"))


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--directory", type=Path, required=True, help="holds the socket and the files")
    parser.add_argument("--seconds", type=float, default=600, help="stop after this long")
    arguments = parser.parse_args()
    async with SignalDouble(arguments.directory) as double:
        double.write("1", "сообщение для пробы")
        await asyncio.sleep(arguments.seconds)


if __name__ == "__main__":
    asyncio.run(main())
