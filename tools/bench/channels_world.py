"""One gateway's process under load, on a messenger in memory: what a message costs it, and how steadily it sends.

`python -m tools.bench.channels_world MESSAGES SENDING` needs TROPA_DATA of an example world. It takes in so many
messages from many people, sealed and stored with their cursor in batches of a hundred, then sends what these people are
told for so many seconds at thirty a second. Prints JSON: messages a second of CPU, resident memory, the part of the
rate kept.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

PEOPLE, AT_ONCE = 600, 100
TEXT = "Пришла повестка, загранпаспорта нет, явка через две недели. Что делать и куда можно уехать? "


def in_memory(messages: int) -> Any:
    """A messenger that gives so many messages and takes everything."""
    from tropa.channels import (
        Batch,
        DedupeKey,
        Erased,
        EraseReport,
        Handle,
        Health,
        Incoming,
        IncomingKind,
        Invite,
        Sent,
        Standing,
    )
    from tropa.channels.catalogue import about

    class InMemory:
        name, caps = about("telegram").name, about("telegram").caps

        def __init__(self) -> None:
            self.given, self.sent = 0, list[float]()

        async def start(self, _state: object) -> None: ...

        async def next_batch(self, wait: float) -> Batch | None:
            if self.given >= messages:
                await asyncio.sleep(wait)
                return None
            numbers = range(self.given, min(messages, self.given + AT_ONCE))
            self.given = numbers.stop
            return Batch(tuple(map(self._item, numbers)), {"offset": str(self.given).encode()})

        def _item(self, number: int) -> Incoming:
            key, person = DedupeKey(str(number)), Handle(str(number % PEOPLE))
            return Incoming(key, person, IncomingKind.TEXT, b"1", f"{TEXT}{number}", language="ru")

        async def ack(self, _batch: Batch) -> None: ...

        async def send(self, _out: object) -> Sent:
            self.sent.append(time.monotonic())
            return Sent("1")

        async def invite(self) -> Invite:
            return Invite("-", qr=False, single_use=False)

        async def erase(self, _target: object) -> EraseReport:
            return EraseReport(Erased.GONE, Erased.NOT_OURS, Erased.IMPOSSIBLE)

        async def health(self) -> Health:
            return Health(Standing.OK)

        async def stop(self) -> None: ...

    return InMemory()


async def measure(messages: int, sending: float) -> dict[str, float]:
    """All figures."""
    from tropa.channels.catalogue import about
    from tropa.desk import clock
    from tropa.desk.conf import conf
    from tropa.gateway.accounts import Account
    from tropa.gateway.credential import GatewayKeys
    from tropa.gateway.process import Gateway, Surroundings

    known, channel, stop = about("telegram"), in_memory(messages), asyncio.Event()
    around = Surroundings(clock.now, conf.data, wait=0.05)
    gateway = Gateway(Account("bench", known.name, {}), known, channel, GatewayKeys.generate(), around)
    began = time.process_time()
    while channel.given < messages:
        await gateway.take_in_once(0.05)
    cost = time.process_time() - began
    running = asyncio.create_task(gateway.run(stop))
    await asyncio.sleep(sending)
    stop.set()
    await running
    resident = int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    rate = (len(channel.sent) - 1) / (channel.sent[-1] - channel.sent[0])
    kept = rate / known.limits.per_second
    return {
        "per_second": messages / cost,
        "resident": resident / 1e6,
        "kept": kept,
        "sent": len(channel.sent),
    }


def main(messages: int, sending: float) -> None:
    """Measure and print."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tropa.desk.settings")
    import django

    django.setup()
    print(json.dumps(asyncio.run(measure(messages, sending))))


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
