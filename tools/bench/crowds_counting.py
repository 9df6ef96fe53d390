"""What a crowd wrote and what became of it, counted: by whoever drives it, beside a gateway in a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tools.bench.channels import ask_rows, say_and_hear, start_beside

PATIENCE = 300.0
ENTRIES = "SELECT COUNT(*) FROM talk_entry"
HEALTHY = "SELECT COUNT(*) FROM messengers_channelhealth WHERE account = ? AND standing = 'ok'"

Came = list[tuple[str, float, float]]
"""Texts, and when the gateway was handed each and had it durable, by the machine's monotonic clock."""


@dataclass(slots=True)
class Crowd:
    """What people wrote: the moment each text was with the server."""

    delivered: dict[str, float] = field(default_factory=dict)


def counted(said: str, crowd: Crowd, came: Came, stored: int) -> Iterator[tuple[str, int]]:
    """How many were lost, and how many stored twice."""
    lost = len(crowd.delivered.keys() - {text for text, _handed, _stored in came})
    yield f"{said}: lost", max(lost, len(crowd.delivered) - stored)
    yield f"{said}: stored twice", max(0, stored - len(crowd.delivered))


@asynccontextmanager
async def gateway_of(
    data: Path, name: str, settings: dict[str, str]
) -> AsyncIterator[Callable[[], Awaitable[Came]]]:
    """A gateway's process, up; what is yielded ends it and says what came."""
    account = f"crowd-{name}"
    process = start_beside(data, "crowds_world", name, account)
    try:
        assert process.stdin is not None
        process.stdin.write(json.dumps(settings) + "\n")
        process.stdin.flush()
        await _until(lambda: ask_rows(data, HEALTHY, account)[0][0] == 1, process)

        async def end() -> Came:
            told = await asyncio.to_thread(say_and_hear, process, "end")
            return [(text, handed, stored) for text, handed, stored in json.loads(told)]

        yield end
        process.communicate(timeout=60)
    finally:
        if process.poll() is None:
            process.kill()


async def until_stored(data: Path, wanted: int) -> None:
    """Until there are so many entries, or for as long as patience lasts."""
    with contextlib.suppress(TimeoutError):
        await _until(lambda: entries(data) >= wanted)


def entries(data: Path) -> int:
    """How many entries are stored."""
    return int(ask_rows(data, ENTRIES)[0][0])


async def _until(holds: Callable[[], bool], process: subprocess.Popen[str] | None = None) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await asyncio.to_thread(holds):
            if process is not None and process.poll() is not None:
                raise ChildProcessError("the gateway ended")
            await asyncio.sleep(0.05)
