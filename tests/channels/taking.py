"""A channel alone, without a gateway behind it: it takes in what comes and acknowledges it."""

from __future__ import annotations

import asyncio
from typing import Self

from tests.channels.rig import Nothing
from tropa.channels.protocol import Channel
from tropa.channels.values import Batch, Incoming


class Life:
    """A channel that takes in what comes, without a gateway behind it."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.batches: list[Batch] = []

    async def __aenter__(self) -> Self:
        await self.channel.start(Nothing())
        self._taking = asyncio.create_task(self._take())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._taking.cancel()
        await asyncio.gather(self._taking, return_exceptions=True)
        await self.channel.stop()

    async def _take(self) -> None:
        while True:
            batch = await self.channel.next_batch(0.2)
            if batch is not None:
                self.batches.append(batch)
                await self.channel.ack(batch)

    @property
    def items(self) -> list[Incoming]:
        return [item for batch in self.batches for item in batch.items]
