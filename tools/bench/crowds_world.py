"""A gateway's process in a crowd, on the genuine adapter of any messenger: when each message reached it and was stored.

`python -m tools.bench.crowds_world CHANNEL JOURNAL` needs TROPA_DATA of an example world and reads the account's
settings as JSON from its first line of input; JOURNAL is the account's name. It prints a line when it runs, and at the
next line of input JSON: of every message its text, and the moments (of the machine's monotonic clock) at which the
gateway was handed it and at which it was durable.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from typing import Any


class Watched:
    """A channel, and when what came through it was handed over and acknowledged."""

    def __init__(self, channel: Any) -> None:
        self._channel = channel
        self.came: list[tuple[str, float, float]] = []
        self._handed = 0.0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._channel, name)

    async def next_batch(self, wait: float) -> Any:
        batch = await self._channel.next_batch(wait)
        self._handed = time.monotonic()
        return batch

    async def ack(self, batch: Any) -> None:
        stored = time.monotonic()  # a batch is acknowledged right behind its transaction
        self.came += [(item.text, self._handed, stored) for item in batch.items]
        await self._channel.ack(batch)


async def live(name: str, account: str, settings: dict[str, str]) -> None:
    """Until a line comes."""
    from tropa.channels.catalogue import about, open_channel
    from tropa.desk import clock
    from tropa.desk.conf import conf
    from tropa.gateway.accounts import Account
    from tropa.gateway.credential import GatewayKeys
    from tropa.gateway.journal import journal_of
    from tropa.gateway.process import Gateway, Surroundings

    keys, known, stop = GatewayKeys.generate(), about(name), asyncio.Event()
    watched: Any = Watched(open_channel(name, settings, journal_of(account, keys)))
    around = Surroundings(clock.now, conf.data, _reached, wait=5.0)
    running = asyncio.create_task(
        Gateway(Account(account, name, settings), known, watched, keys, around).run(stop)
    )
    asked = asyncio.create_task(asyncio.to_thread(sys.stdin.readline))
    await asyncio.wait({running, asked}, return_when=asyncio.FIRST_COMPLETED)
    print(json.dumps(watched.came), flush=True)
    stop.set()
    await running


def _reached(_point: str) -> None:
    """Nobody watches."""


def main() -> None:
    """Live and tell."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tropa.desk.settings")
    import django

    django.setup()
    asyncio.run(live(sys.argv[1], sys.argv[2], json.loads(sys.stdin.readline())))


if __name__ == "__main__":
    main()
