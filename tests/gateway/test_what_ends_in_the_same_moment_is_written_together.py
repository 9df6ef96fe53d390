"""Several endings share one write; nobody goes on before theirs is written, and everybody learns when it was not."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from tropa.gateway.gathering import Gathering

FOR_EVER = 3600.0
"""Seconds; nobody waits for it where a batch is full."""


class Disk:
    """Remembers what was written together."""

    def __init__(self, *, full: bool = False) -> None:
        self.written: list[list[int]] = []
        self.open = asyncio.Event()
        self._full = full

    async def write(self, items: list[int]) -> None:
        await self.open.wait()
        if self._full:
            raise OSError("the disk is full")
        self.written.append(list(items))


def play(scene: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(scene, 60))


async def all_of(gathering: Gathering[int], count: int) -> list[asyncio.Task[None]]:
    """So many who came, and stand in their batches."""
    tasks = [asyncio.create_task(gathering.add(number)) for number in range(count)]
    await asyncio.sleep(0)
    return tasks


def test_who_comes_in_the_same_moment_shares_a_write_and_a_full_one_waits_for_nobody() -> None:
    async def scene() -> None:
        disk = Disk()
        disk.open.set()
        gathering = Gathering(disk.write, 3, FOR_EVER)
        await asyncio.gather(*await all_of(gathering, 6))
        assert disk.written == [[0, 1, 2], [3, 4, 5]]

    play(scene())


def test_whoever_comes_alone_is_written_all_the_same() -> None:
    async def scene() -> None:
        disk = Disk()
        disk.open.set()
        gathering = Gathering(disk.write, 3, 0.0)
        await gathering.add(7)
        await gathering.add(8)
        assert disk.written == [[7], [8]]

    play(scene())


def test_nobody_goes_on_before_theirs_is_written() -> None:
    async def scene() -> None:
        disk = Disk()
        tasks = await all_of(Gathering(disk.write, 2, FOR_EVER), 2)
        for _turn in range(10):
            await asyncio.sleep(0)
        assert not any(task.done() for task in tasks)
        disk.open.set()
        await asyncio.gather(*tasks)
        assert disk.written == [[0, 1]]

    play(scene())


def test_everybody_learns_that_theirs_was_not_written_and_the_next_begin_anew() -> None:
    async def scene() -> None:
        disk = Disk(full=True)
        disk.open.set()
        gathering = Gathering(disk.write, 2, FOR_EVER)
        ends = await asyncio.gather(*await all_of(gathering, 4), return_exceptions=True)
        assert [type(end) for end in ends] == [OSError] * 4

    play(scene())


def test_who_waits_for_somebody_who_was_stopped_is_not_left_waiting() -> None:
    async def scene() -> None:
        disk = Disk()
        first, second = await all_of(Gathering(disk.write, 3, FOR_EVER), 2)
        first.cancel()
        for ended in (first, second):
            with pytest.raises(asyncio.CancelledError):
                await ended
        assert disk.written == []

    play(scene())
