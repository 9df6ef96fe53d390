"""Crowds on messengers: a thousand people at once at the drop and on the doubles of Telegram and Signal, thirty people
with thirty messages each on real servers (`crowds_servers`). Nothing may be lost or doubled.

Each gateway is a process of its own on the genuine adapter (`crowds_world`).
"""

from __future__ import annotations

import asyncio
import json
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.channels.signal_double import ACCOUNT, SignalDouble
from tests.channels.telegram_double import TOKEN, BotApiDouble
from tools.bench.channels import start_beside
from tools.bench.crowds_counting import Crowd, counted, entries, gateway_of, until_stored
from tools.bench.drop import at_once
from tools.bench.results import Results
from tropa.rehearsal.world import Installation

ROOM = "crowds"
AT_ONCE = 1000
PEOPLE = 30
SERVERS = ("matrix", "deltachat", "xmpp")


def crowds(installation: Installation, results: Results, *, people: int = PEOPLE) -> None:
    """All of them, one messenger after another; on servers as many messages each as people."""
    at_once(installation, results, senders=AT_ONCE, each=1, room=ROOM)
    asyncio.run(_telegram(installation.data, results))
    asyncio.run(_signal(installation.data, results))
    for name in SERVERS:
        process = start_beside(installation.data, "crowds_servers", name, people, people)
        for measure in json.loads(process.communicate()[0]):
            results.add(ROOM, *measure["said"], most=measure["most"])


async def _telegram(data: Path, results: Results) -> None:
    async with BotApiDouble() as double:
        settings = {"token": TOKEN, "server": double.url}
        await _at_once(data, results, "telegram", settings, double.write)
        _told_once(results, "telegram", [(each["chat"]["id"], each.get("text", "")) for each in double.sent])


async def _signal(data: Path, results: Results) -> None:
    folder = Path(tempfile.mkdtemp(prefix="signal"))  # a socket's path is short
    try:
        async with SignalDouble(folder) as double:
            settings = {
                "account": ACCOUNT,
                "socket": str(double.socket),
                "directory": str(folder),
                "link": "",
            }
            await _at_once(data, results, "signal", settings, lambda at, text: double.write(str(at), text))
            _told_once(results, "signal", [(each["to"], each["message"] or "") for each in double.sent])
    finally:
        shutil.rmtree(folder)


async def _at_once(
    data: Path,
    results: Results,
    name: str,
    settings: dict[str, str],
    write: Callable[[int, str], object],
) -> None:
    async with gateway_of(data, name, settings) as gateway:
        before, crowd = entries(data), Crowd()
        began = time.monotonic()
        for number in range(AT_ONCE):
            text = f"Пришла повестка, загранпаспорта нет. Что делать? {name} {number}"
            write(10_000 + number, text)
            crowd.delivered[text] = time.monotonic()
        await until_stored(data, before + AT_ONCE)
        took = time.monotonic() - began
        came = await gateway()
    for what, value in counted(f"{AT_ONCE} at once on {name}'s double", crowd, came, entries(data) - before):
        results.add(ROOM, what, value, "", most=0)
    results.add(ROOM, "  all of them stored after", took, "s")


def _told_once(results: Results, name: str, sent: list[tuple[object, str]]) -> None:
    """What people were told meanwhile: each thing once."""
    twice = sum(count - 1 for count in Counter(sent).values())
    results.add(ROOM, f"  of {len(sent)} automatic messages on {name}, sent twice", twice, "", most=0)
