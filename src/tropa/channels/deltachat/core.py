"""The Delta Chat core, a process of its own, spoken to by lines of JSON over its standard input and output.

Kept true: the process is started with an environment of its own and ends with us, also when we are killed; nothing it
prints beside its answers is kept; a call has a deadline. What it keeps lies in the directory it is given, which
`store.py` makes in memory.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

LONGEST_LINE = 64 * 1024 * 1024
CALL_WITHIN = 30.0
STOP_WITHIN = 4.0


class Refused(Exception):
    """The core answered with an error; its words may hold an address, so they are not kept."""


class Gone(Exception):
    """The core has ended, or does not answer."""


class Core:
    """One running core."""

    def __init__(self, program: Path, directory: Path, heard: Callable[[Mapping[str, Any]], None]) -> None:
        self._program, self._directory, self._heard = program, directory, heard
        self._numbers = itertools.count(1)
        self._awaited: dict[int, asyncio.Future[Any]] = {}
        self._process: asyncio.subprocess.Process | None = None
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def running(self) -> bool:
        """Whether it can be asked."""
        return self._process is not None and self._process.returncode is None

    async def start(self) -> None:
        """Raises Gone."""
        surroundings = {
            "DC_ACCOUNTS_PATH": str(self._directory),
            "HOME": str(self._directory),
            "RUST_LOG": "off",
        }
        pipe, nothing = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
        try:
            self._process = await asyncio.create_subprocess_exec(
                self._program,
                stdin=pipe,
                stdout=pipe,
                stderr=nothing,
                env=surroundings,
                limit=LONGEST_LINE,
                start_new_session=True,  # an interrupt of the terminal is ours to handle
            )
        except OSError:
            raise Gone("not_started") from None
        self._tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._listen())]

    async def call(self, method: str, *values: object, within: float = CALL_WITHIN) -> Any:
        """One call and its answer. Raises Refused, Gone."""
        process = self._process
        if process is None or process.stdin is None or process.returncode is not None:
            raise Gone("not_running")
        number = next(self._numbers)
        answer = self._awaited[number] = asyncio.get_running_loop().create_future()
        request = {"jsonrpc": "2.0", "id": number, "method": method, "params": values}
        try:
            process.stdin.write(json.dumps(request).encode() + b"\n")
            await process.stdin.drain()
            async with asyncio.timeout(within):
                return await answer
        except (OSError, TimeoutError):
            raise Gone("no_answer") from None
        finally:
            self._awaited.pop(number, None)

    async def stop(self) -> None:
        """End it, politely and then firmly."""
        process = self._process
        if process is not None and process.returncode is None:
            with contextlib.suppress(OSError):
                assert process.stdin is not None
                process.stdin.close()  # it ends when its input does
            try:
                async with asyncio.timeout(STOP_WITHIN):
                    await process.wait()
            except TimeoutError:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._fail_all()

    async def _read(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        with contextlib.suppress(OSError, ValueError):
            while line := await self._process.stdout.readline():
                said = json.loads(line)
                awaited = self._awaited.pop(said.get("id"), None)
                if awaited is None or awaited.done():
                    continue
                if "error" in said:
                    awaited.set_exception(Refused("refused"))
                else:
                    awaited.set_result(said.get("result"))
        self._fail_all()
        self._heard({"kind": "Ended"})

    async def _listen(self) -> None:
        """What happens, as it happens: the core keeps a queue that somebody has to empty."""
        with contextlib.suppress(Refused, Gone):
            while True:
                for event in await self.call("get_next_event_batch", within=10**9):
                    self._heard(event["event"])

    def _fail_all(self) -> None:
        for awaited in self._awaited.values():
            if not awaited.done():
                awaited.set_exception(Gone("ended"))
