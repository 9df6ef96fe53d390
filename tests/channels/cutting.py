"""A network that is cut in the midst of a conversation, stays away, and comes back slow: nothing is lost or doubled,
and whoever is away is not stormed with calls.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Protocol

from tests.channels.rig import Desk, Rig
from tests.channels.scenes import answer, ended, entries, outgoing, read_as_boris, run, standing, until
from tropa.gateway.process import FIRST_PAUSE

if TYPE_CHECKING:
    from tests.desk.world import World

AWAY = 5.0
"""Seconds at least: time for three calls by who waits twice as long each time, for a hundred by who does not."""
SLOW = 0.05


class Wire(Protocol):
    """What stands between a gateway and its server."""

    came: int
    slow: float


def most_calls(seconds: float) -> int:
    """How often a gateway may call in so many seconds, waiting twice as long each time."""
    pause, calls = 0.8 * FIRST_PAUSE, 2
    while (seconds := seconds - pause) > 0:
        pause, calls = 2 * pause, calls + 1
    return calls


def cut_away_and_slow(rig: Rig, wire: Wire, world: World, *, connections: int = 1) -> None:
    """The scene, on a real server. A call may take so many connections."""
    desk = Desk.of(rig)

    async def scene() -> None:
        async with rig.running():
            await rig.write("7", "до")
            await desk.take_in()
            gateway, stop = desk.gateway(), asyncio.Event()
            running: asyncio.Task[Any] = asyncio.create_task(gateway.run(stop))
            await until(lambda: asyncio.to_thread(standing), "ok")
            loop = asyncio.get_running_loop()
            await rig.set_down(down=True)
            before, began = wire.came, loop.time()
            await asyncio.to_thread(answer, world, "Ответ, пока связи нет")
            await rig.write("7", "во время")
            await until(lambda: asyncio.to_thread(standing), "down")
            await asyncio.sleep(max(0.0, AWAY - (loop.time() - began)))
            assert 1 <= wire.came - before <= connections * most_calls(loop.time() - began)
            assert not [text for text in rig.texts_to("7") if text.startswith("Ответ")]
            wire.slow = SLOW
            await rig.set_down(down=False)
            await until(lambda: asyncio.to_thread(entries), 3)  # the answer is one of them
            await until(lambda: asyncio.to_thread(ended), True)
            await rig.write("7", "медленно")
            await until(lambda: asyncio.to_thread(entries), 4)
            await until(lambda: asyncio.to_thread(standing), "ok")
            assert not running.done()
            stop.set()
            await asyncio.wait_for(running, 30)
            wire.slow = 0.0

    run(scene())
    written = [entry.text for entry in read_as_boris(world) if entry.kind == "applicant"]
    assert written == ["до", "во время", "медленно"]
    assert [row.state for row in outgoing()] == ["sent"]
    assert sum(text == "Ответ, пока связи нет" for text in rig.texts_to("7")) == 1
