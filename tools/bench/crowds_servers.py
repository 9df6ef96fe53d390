"""People on a real server, in a process of its own: how many messages came through, and how soon.

`python -m tools.bench.crowds_servers CHANNEL PEOPLE EACH` needs TROPA_DATA of an example world, starts the messenger's
server and a gateway, and prints JSON of what it measured. A message counts as delivered when its sender's call had
returned and the server had taken it, and as there when its transaction is durable: the inbox shows it then.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tools.bench.crowds_counting import Came, Crowd, counted, entries, gateway_of, until_stored
from tools.bench.drop import quantile

Measured = tuple[str, float, str, float | None]
"""What, how much, the unit, and the most that was promised."""


@asynccontextmanager
async def _matrix() -> AsyncIterator[Any]:
    from tests.channels.matrix_rig import MatrixRig
    from tests.channels.synapse import synapse
    from tools.synapse import find

    python = find()
    if python is None:
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="synapse"))
    try:
        with synapse(python, folder) as server:
            rig = MatrixRig(server)
            async with rig.running():
                rig.settings["server"] = server.url
                yield rig
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@asynccontextmanager
async def _deltachat() -> AsyncIterator[Any]:
    from tests.channels.deltachat_people import people
    from tests.channels.deltachat_rig import DeltaChatRig
    from tests.channels.mail_server import mail_server
    from tools.mail_server import find

    if find() is None:
        yield None
        return
    with mail_server() as server, people(server) as everybody:
        rig = DeltaChatRig(everybody)
        try:
            async with rig.running():
                rig.settings |= {"imap": f"127.0.0.1:{server.imap}", "smtp": f"127.0.0.1:{server.smtp}"}
                yield rig
        finally:
            rig.close()


@asynccontextmanager
async def _xmpp() -> AsyncIterator[Any]:
    from tests.channels.prosody import prosody
    from tests.channels.xmpp_people import people
    from tests.channels.xmpp_rig import XmppRig
    from tools.prosody import find

    if find() is None:
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="prosody"))
    try:
        with prosody(folder) as server, people(server) as everybody:
            rig = XmppRig(everybody)
            async with rig.running():
                rig.settings["server"] = f"127.0.0.1:{server.port}"
                yield rig
    finally:
        shutil.rmtree(folder, ignore_errors=True)


OPENED = {"matrix": _matrix, "deltachat": _deltachat, "xmpp": _xmpp}


async def thirty(data: Path, name: str, people: int, each: int) -> list[Measured]:
    """Everybody writes in turn, as fast as the server takes it."""
    said = f"{people} people x {each} on {name}"
    async with OPENED[name]() as rig:
        if rig is None:
            return [(f"{said}: no server here, not measured", 0, "", None)]
        async with gateway_of(data, name, dict(rig.settings)) as end:
            before, crowd, greetings = entries(data), Crowd(), Crowd()
            for person in range(people):  # everybody's first words make accounts, rooms and keys
                await _write(rig, str(person), f"здравствуйте {person}", greetings)
            await until_stored(data, before + people)
            before += people
            for number in range(each):
                for person in range(people):
                    await _write(rig, str(person), f"сообщение {number} от {person}", crowd)
            await until_stored(data, before + people * each)
            came = [one for one in await end() if one[0] not in greetings.delivered]
        found: list[Measured] = [
            (what, value, "", 0) for what, value in counted(said, crowd, came, entries(data) - before)
        ]
        return [*found, *_soon(crowd, came)]


async def _write(rig: Any, person: str, text: str, crowd: Crowd) -> None:
    await rig.write(person, text)
    if hasattr(rig.people, "until_delivered"):  # an app of this kind returns before its server has anything
        await asyncio.to_thread(rig.people.until_delivered)
    crowd.delivered[text] = time.monotonic()


def _soon(crowd: Crowd, came: Came) -> Iterator[Measured]:
    """How soon messages were there, and how much of that was ours."""
    whole = [
        max(0.0, stored - crowd.delivered[text]) for text, _handed, stored in came if text in crowd.delivered
    ]
    own = [stored - handed for _text, handed, stored in came]
    if whole:
        yield "  from delivered to in the inbox: median", quantile(whole, 0.5) * 1000, "ms", None
        yield "  from delivered to in the inbox: p95", quantile(whole, 0.95) * 1000, "ms", 1000
        yield "  of that Tropa's own share: p95", quantile(own, 0.95) * 1000, "ms", 50


def main() -> None:
    """Measure and print."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tropa.desk.settings")
    import django

    django.setup()
    name, people, each = sys.argv[1:]
    measured = asyncio.run(thirty(Path(os.environ["TROPA_DATA"]), name, int(people), int(each)))
    print(json.dumps([{"said": one[:3], "most": one[3]} for one in measured]))


if __name__ == "__main__":
    main()
