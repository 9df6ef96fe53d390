"""One gateway's process under load, on the genuine Telegram adapter: what a message costs it, and what it sends.

`python -m tools.bench.channels_world MESSAGES SERVER` needs TROPA_DATA of an example world. It takes in so many
messages of the double at that address, sealed and stored with their cursor, and prints JSON: messages a second of CPU.
Then it sends what these people are told until a line comes, and prints the seconds of CPU that took, and
its resident memory.
`python -m tools.bench.channels_world loaded CHANNEL` prints JSON of a gateway that has loaded everything and done
nothing: what it has resident, and what the messenger's library alone takes of it.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

MEGABYTE = 1_000_000
LIBRARY = """
import asyncio, importlib, sys
from pathlib import Path
import tropa.channels.catalogue, tropa.channels.protocol
from tools.bench.channels_world import resident
before = resident()
importlib.import_module(f"tropa.channels.{sys.argv[1]}.adapter")
print(resident() - before)
"""


def resident() -> float:
    """Megabytes this process has resident."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / MEGABYTE


async def measure(messages: int, server: str) -> None:
    """Take in, then send until told to stop."""
    from tests.channels.rig import Nothing
    from tests.channels.telegram_double import TOKEN
    from tropa.channels.catalogue import about, open_channel
    from tropa.desk import clock
    from tropa.desk.conf import conf
    from tropa.gateway.accounts import Account
    from tropa.gateway.credential import GatewayKeys
    from tropa.gateway.process import Gateway, Surroundings

    known, stop = about("telegram"), asyncio.Event()
    settings = {"token": TOKEN, "server": server}
    channel = open_channel(known.name, settings, Nothing())
    around = Surroundings(clock.now, conf.data)
    gateway = Gateway(Account("bench", known.name, settings), known, channel, GatewayKeys.generate(), around)
    await channel.start(gateway.state)
    began, stored = time.process_time(), 0
    while stored < messages:
        stored += await gateway.take_in_once(0.05) or 0
    print(json.dumps({"per_second": messages / (time.process_time() - began)}), flush=True)
    began = time.process_time()
    running = asyncio.create_task(gateway.run(stop))
    await asyncio.to_thread(sys.stdin.readline)
    print(json.dumps({"sending": time.process_time() - began, "resident": resident()}), flush=True)
    stop.set()
    await running


def loaded(channel: str) -> dict[str, float]:
    """A gateway of this messenger that has everything it needs, answers included."""
    from tropa.counsel.dictionary import let_go
    from tropa.gateway.answering import Answering

    importlib.import_module("tropa.gateway.process")
    importlib.import_module(f"tropa.channels.{channel}.adapter")
    without = resident()
    answering = Answering()
    answering.make_ready()
    answering.read("Пришла повестка, загранпаспорта нет, явка через две недели. Что делать?")
    let_go()  # as it does after each batch
    library = subprocess.run([sys.executable, "-c", LIBRARY, channel], capture_output=True, check=True)
    return {"loaded": without, "answering": resident(), "library": float(library.stdout)}


def main() -> None:
    """Measure and print."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tropa.desk.settings")
    import django

    django.setup()
    if sys.argv[1] == "loaded":
        print(json.dumps(loaded(sys.argv[2])))
    else:
        asyncio.run(measure(int(sys.argv[1]), sys.argv[2]))


if __name__ == "__main__":
    main()
