"""Bodies of requests on their way in: taken while nobody waits for them, and bounded in memory, disk and time.

Kept true: a body that arrives slowly costs a few kilobytes and no thread. One that stops, or falls below a few
hundred bytes a second, is given up; what came of it is not lost. Up to `HEAD` bytes of each body, room for the
longest message with all around it, are always taken: only what comes after, which is files, can be refused.
It is cut off when it is larger than the site takes, when the disk has to be left to messages, or when too much
is on its way at once; then whoever brings least goes first. Bodies share the room so that they can be whole one after
another, and never fill it with halves that wait for each other. Refused to the disk: any byte that is not sealed.
"""

from __future__ import annotations

import asyncio
import io
import os
import time
from collections.abc import AsyncIterator, Iterable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from tropa.desk.talk.spool import Spool, SpoolReader
from tropa.drop.came import Came

KIB, MIB, GIB = 1024, 1024**2, 1024**3
HEAD = 128 * KIB
PIECE = 64 * KIB
SMALL_PIECE = 8 * KIB


@dataclass(frozen=True, slots=True)
class Terms:
    """What a site takes. Sizes are bytes, times seconds; `directory` is where large bodies lie, sealed."""

    directory: Path
    most_kept: int
    most_read: int
    in_memory: int = 24 * MIB
    on_disk: int = 512 * MIB
    reserve: int = GIB
    stalled_after: float = 20.0
    window: float = 30.0
    least_in_window: int = 8 * KIB
    longest: float = 3600.0
    wait_for_room: float = 30.0


@dataclass(slots=True, eq=False)
class Body:
    """One body. `length` is what its sender says it has, `pending` what stands in memory, `stored` how much lies in the
    spool before it.
    """

    began: float
    length: int
    came: Came = Came.WHOLE
    arrived: int = 0
    stored: int = 0
    pending: bytearray = field(default_factory=bytearray)
    spool: Spool | None = None
    setting_aside: bool = False
    window_began: float = 0.0
    in_window: int = 0
    patience: asyncio.Timeout | None = None

    @property
    def size(self) -> int:
        """Bytes that are kept."""
        return self.stored + len(self.pending)

    @property
    def room(self) -> int:
        """Bytes of the disk it has or is being given."""
        return self.stored + (len(self.pending) if self.setting_aside else 0)

    def rate(self, now: float) -> float:
        """Bytes a second in the window that runs."""
        return self.in_window / max(1.0, now - self.window_began)

    def reader(self) -> BinaryIO:
        """What is kept, to be read once."""
        if self.spool is None:
            return io.BytesIO(self.pending)
        return io.BufferedReader(SpoolReader(self.spool, bytes(self.pending)), buffer_size=PIECE)


class Arrivals:
    """All bodies one site is receiving. Used by one event loop; `disk` runs what touches the disk."""

    def __init__(self, terms: Terms, disk: Executor) -> None:
        self._terms = terms
        self._disk = disk
        self._bodies: set[Body] = set()
        self._stopping = False

    async def receive(self, chunks: AsyncIterator[bytes], length: int) -> Body:
        """Take a body of `length` bytes as its sender says. To be given back to `let_go`."""
        now = time.monotonic()
        body = Body(began=now, length=length, window_began=now)
        self._bodies.add(body)
        try:
            await self._take(body, chunks)
        except BaseException:
            self.let_go(body)
            raise
        if body.arrived < length and body.arrived <= self._terms.most_read:
            body.came = Came.BROKEN
        return body

    def let_go(self, body: Body) -> None:
        """Forget it."""
        self._bodies.discard(body)
        body.pending.clear()
        if body.spool is not None:
            body.spool.close()

    def stop(self) -> None:
        """Wait for no more bytes: what is on its way counts as broken off, and the site can end."""
        self._stopping = True
        for body in self._bodies:
            if body.patience is not None:
                body.patience.reschedule(0)

    async def _take(self, body: Body, chunks: AsyncIterator[bytes]) -> None:
        while body.arrived <= self._terms.most_read and not self._too_slow(body):
            try:
                async with asyncio.timeout(
                    0 if self._stopping else self._terms.stalled_after
                ) as body.patience:
                    chunk = await anext(chunks)
            except (StopAsyncIteration, TimeoutError):
                return
            finally:
                body.patience = None
            body.arrived += len(chunk)
            body.in_window += len(chunk)
            if body.came is Came.WHOLE:
                body.pending += chunk
                await self._spill(body)

    def _too_slow(self, body: Body) -> bool:
        now = time.monotonic()
        if now - body.window_began > self._terms.window:
            if body.in_window < self._terms.least_in_window or now - body.began > self._terms.longest:
                return True
            body.window_began, body.in_window = now, 0
        return False

    async def _spill(self, body: Body) -> None:
        """Set aside what is too much for memory."""
        if len(body.pending) < SMALL_PIECE:
            return
        crowded = sum(len(each.pending) for each in self._bodies) > self._terms.in_memory
        if len(body.pending) < (SMALL_PIECE if crowded else PIECE):
            return
        if body.size > HEAD and not await self._has_room(body):
            await self._cut(body)
            return
        piece = bytes(body.pending)
        body.setting_aside = True
        try:
            await asyncio.get_running_loop().run_in_executor(self._disk, self._set_aside, body, piece)
        except OSError:
            body.setting_aside = False
            await self._cut(body)
            return
        body.setting_aside = False
        body.pending.clear()
        body.stored += len(piece)
        if body.came is Came.CUT:  # somebody else needed the room meanwhile
            await self._cut(body)

    def _set_aside(self, body: Body, piece: bytes) -> None:
        if body.spool is None:
            body.spool = Spool(self._terms.directory, in_memory=0)
        body.spool.add(piece)

    async def _has_room(self, body: Body) -> bool:
        """Whether more of this body may go to the disk. Waits a while for others to be done, then cuts off whoever
        brings least.
        """
        terms = self._terms
        if max(body.size, body.length) > terms.most_kept or not self._disk_is_free():
            return False
        gives_up = time.monotonic() + terms.wait_for_room
        while not all_can_be_whole(self._bodies, body, terms.on_disk):
            now = time.monotonic()
            if now >= gives_up:
                large = [each for each in self._bodies if each.stored > HEAD and each.came is Came.WHOLE]
                slowest = min([body, *large], key=lambda each: each.rate(now))
                if slowest is body:
                    return False
                await self._cut(slowest)
            else:
                await asyncio.sleep(min(0.25, terms.wait_for_room))
            if body.came is Came.CUT:
                return False
        return True

    def _disk_is_free(self) -> bool:
        try:
            disk = os.statvfs(self._terms.directory)
        except OSError:
            return False
        return disk.f_bavail * disk.f_frsize >= self._terms.reserve

    async def _cut(self, body: Body) -> None:
        """Keep the head alone; the rest is read and let go."""
        body.came = Came.CUT
        if body.setting_aside:
            return  # its own task comes here as soon as the disk is done with it
        if body.spool is not None and body.stored > HEAD:
            body.stored = body.spool.shorten(HEAD)
            body.pending.clear()
        del body.pending[max(0, HEAD - body.stored) :]


def all_can_be_whole(bodies: Iterable[Body], growing: Body, room: int) -> bool:
    """Whether, with what `growing` has in memory on the disk, there is still an order in which each of these finds room
    for all of itself: whoever needs least first, whose room is then the others'. Sizes are bytes. One larger than all
    the room never is whole, and takes no part.
    """
    if growing.length > room:
        return False
    piece = len(growing.pending)
    free = room - piece - sum(each.room for each in bodies)
    if free < 0:
        return False
    given = [
        (each, each.room + (piece if each is growing else 0))
        for each in bodies
        if each.came is Came.WHOLE and HEAD < each.length <= room
    ]
    for missing, taken in sorted((each.length - taken, taken) for each, taken in given):
        if missing > free:
            return False
        free += taken
    return True
