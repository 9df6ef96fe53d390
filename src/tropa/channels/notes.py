"""What the encryption has to remember: read from the gateway's sealed state, written with the next batch.

Kept true: what is put here counts as remembered only once a batch that held it was acknowledged, and whoever sends may
wait for that, because a key that goes back to an earlier state after a crash would encrypt a second message as it did
the first. Nothing of it may depend on whether messages of the same moment were stored.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from tropa.channels.protocol import StateStore


class Notes:
    """The state of one account in one process."""

    def __init__(self, state: StateStore) -> None:
        self._state = state
        self._known: dict[str, bytes | None] = {}
        self._new: dict[str, bytes | None] = {}
        self._puts: dict[
            str, list[tuple[int, bytes | None]]
        ] = {}  # what is new, and what it was before, in order
        self._count = 0
        self._waiting: list[tuple[dict[str, int], asyncio.Future[None]]] = []
        self.wanted = asyncio.Event()
        """Set while somebody waits for what is new to be stored."""

    async def get(self, name: str) -> bytes | None:
        """The newest value; None when there is none."""
        if name not in self._known:
            stored = await self._state.get(name)
            self._known.setdefault(name, stored)  # somebody may have put one meanwhile
        return self._known[name]

    def put(self, name: str, value: bytes | None) -> None:
        """A new value, stored with the next batch; None deletes."""
        self._known[name] = self._new[name] = value
        self._count += 1
        self._puts.setdefault(name, []).append((self._count, value))

    @property
    def new(self) -> Mapping[str, bytes | None]:
        """What is not stored yet, as it is now."""
        return dict(self._new)

    def stored(self, values: Mapping[str, bytes | None]) -> None:
        """A batch that held these was acknowledged."""
        when = {}
        for name, value in values.items():
            when[name] = max((at for at, put in self._puts.get(name, ()) if put is value), default=0)
            if name in self._new and self._new[name] is value:
                del self._new[name], self._puts[name]
        for wanted, waiter in self._waiting:
            # a batch may hold an earlier value than the one somebody waits for
            for name in [name for name, at in wanted.items() if when.get(name, 0) >= at]:
                del wanted[name]
            if not wanted and not waiter.done():
                waiter.set_result(None)
        self._waiting = [each for each in self._waiting if each[0]]
        if not self._waiting:
            self.wanted.clear()

    def replaced(self, values: Mapping[str, bytes]) -> None:
        """Stored with a batch without having been put here; what was put since is newer."""
        self._known |= {name: value for name, value in values.items() if name not in self._new}

    async def until_stored(self) -> None:
        """Return once everything that is new now is stored."""
        if not self._new:
            return
        waiter = asyncio.get_running_loop().create_future()
        self._waiting.append(({name: self._puts[name][-1][0] for name in self._new}, waiter))
        self.wanted.set()
        await waiter
