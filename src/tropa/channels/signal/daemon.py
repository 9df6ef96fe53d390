"""The JSON-RPC conversation with a signal-cli daemon over its socket.

Kept true: a line that carries a message is in the journal, durably, before anybody looks at what it says, because the
daemon has forgotten it when we read it; answers are matched by number, in whatever order they come; a call whose answer
was lost ends with `NoAnswer`, never with silence. A line past every length is passed over and counted.

Source of shapes and codes: signal-cli 0.14.6, its manual and `JsonRpcReader`.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

LONGEST_LINE = 8 * 1024 * 1024
PIECE = 256 * 1024


class Refused(Exception):
    """The daemon's own word: `code` as signal-cli numbers its errors, `after` in seconds when it named a wait."""

    def __init__(self, code: int, after: float | None) -> None:
        super().__init__(code)
        self.code, self.after = code, after


class NoAnswer(Exception):
    """The request left and no answer came."""


class Daemon:
    """One connection. `keep` makes lines durable, `came` is told of them afterwards, `ended` that there is no more."""

    def __init__(
        self,
        *,
        keep: Callable[[Sequence[bytes]], None],
        came: Callable[[Sequence[bytes]], None],
        ended: Callable[[], None],
    ) -> None:
        self._keep, self._came, self._ended = keep, came, ended
        self._numbers = itertools.count(1)
        self._waiting: dict[str, asyncio.Future[Any]] = {}
        self._writer: asyncio.StreamWriter | None = None
        self._reading: asyncio.Task[None] | None = None
        self.overlong = 0

    @property
    def connected(self) -> bool:
        """Whether the daemon is still at the other end."""
        return self._reading is not None and not self._reading.done()

    async def connect(self, socket: Path) -> None:
        """Raises OSError."""
        reader, self._writer = await asyncio.open_unix_connection(str(socket))
        self._reading = asyncio.create_task(self._read(reader))

    async def close(self) -> None:
        """Let go."""
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)
        if self._writer is not None:
            self._writer.close()
            with contextlib.suppress(OSError):
                await self._writer.wait_closed()

    async def call(self, method: str, *, within: float, **values: object) -> Any:
        """The daemon's result. Raises OSError when nothing left, Refused, NoAnswer."""
        if self._writer is None or not self.connected:
            raise ConnectionError("not connected")
        number = str(next(self._numbers))
        request = {"jsonrpc": "2.0", "id": number, "method": method, "params": values}
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        try:
            self._writer.write(json.dumps(request).encode() + b"\n")
            await self._writer.drain()
            return await asyncio.wait_for(answer, within)
        except (OSError, TimeoutError):
            raise NoAnswer(method) from None
        finally:
            self._waiting.pop(number, None)

    async def _read(self, reader: asyncio.StreamReader) -> None:
        begun, passing_over = bytearray(), False
        try:
            while piece := await reader.read(PIECE):
                *ends, rest = piece.split(b"\n")
                lines = []
                for end in ends:
                    if not passing_over:
                        lines.append(bytes(begun + end))
                    begun, passing_over = bytearray(), False
                begun += rest
                if passing_over or len(begun) > LONGEST_LINE:
                    self.overlong += not passing_over
                    begun, passing_over = bytearray(), True
                await self._take(lines)
        except OSError:
            pass
        finally:
            for answer in self._waiting.values():
                if not answer.done():
                    answer.set_exception(NoAnswer("the daemon went away"))
            self._ended()

    async def _take(self, lines: Sequence[bytes]) -> None:
        messages, answers = [], []
        for line in lines:
            said = _said(line)
            if isinstance(said, dict) and said.get("method") is None and "id" in said:
                answers.append(said)
            elif line.strip():
                messages.append(line)
        if messages:
            await asyncio.to_thread(self._keep, messages)
            self._came(messages)
        for answer in answers:
            self._answered(answer)

    def _answered(self, said: dict[str, Any]) -> None:
        waiting = self._waiting.get(str(said.get("id")))
        if waiting is None or waiting.done():
            return
        if "error" in said:
            waiting.set_exception(_refusal(said["error"]))
        else:
            waiting.set_result(said.get("result"))


def _said(line: bytes) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        logging.getLogger(__name__).warning("a line that does not read")
        return None


def _refusal(error: object) -> Refused:
    body = error if isinstance(error, dict) else {}
    code = body.get("code")
    known = code if isinstance(code, int) and not isinstance(code, bool) else 0
    return Refused(known, _wait_in(body.get("data")))


def _wait_in(data: object) -> float | None:
    """The longest wait the daemon names for any of those written to."""
    waits = [
        float(result["retryAfterSeconds"])
        for result in results_in(data.get("response") if isinstance(data, dict) else None)
        if isinstance(result.get("retryAfterSeconds"), int | float)
    ]
    return max(waits, default=None)


def results_in(response: object) -> list[dict[str, Any]]:
    """What became of each of those written to."""
    results = response.get("results") if isinstance(response, dict) else None
    return [each for each in results if isinstance(each, dict)] if isinstance(results, list) else []
