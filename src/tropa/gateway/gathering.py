"""What happens within the same moment, written down together: one commit and one flush of the disk for several.

Kept true: whoever hands something in goes on only when it is written, or learns what the writing raised; nobody waits
longer than `within` for others to come.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Item = TypeVar("Item")


@dataclass(slots=True)
class _Batch(Generic[Item]):
    """What is written together."""

    items: list[Item]
    full: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    error: BaseException | None = None


@dataclass(slots=True)
class Gathering(Generic[Item]):
    """Gathers at most `most` items for `within` seconds; `write` takes them in the order they came."""

    write: Callable[[list[Item]], Awaitable[None]]
    most: int
    within: float
    _open: _Batch[Item] | None = None

    async def add(self, item: Item) -> None:
        """Return when it is written. Raises what `write` raises."""
        batch = self._open
        if batch is None:
            batch = self._open = _Batch([item])
            await self._gather(batch)
            return
        batch.items.append(item)
        if len(batch.items) >= self.most:
            self._open = None
            batch.full.set()
        await batch.over.wait()
        if batch.error is not None:
            raise batch.error

    async def _gather(self, batch: _Batch[Item]) -> None:
        """Whoever came first waits for the others and writes for all."""
        try:
            if self.most > 1:
                with suppress(TimeoutError):
                    async with asyncio.timeout(self.within):
                        await batch.full.wait()
            self._close(batch)
            await self.write(batch.items)
        except BaseException as error:
            batch.error = error
            raise
        finally:
            self._close(batch)
            batch.over.set()

    def _close(self, batch: _Batch[Item]) -> None:
        """From now on whoever comes begins another."""
        if self._open is batch:
            self._open = None
