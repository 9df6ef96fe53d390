"""One life of the core: made from the account's settings in memory, fed from the server, and gone when it ends.

Kept true: nothing that has to last is in it. What was not acknowledged waits on the server, and is given again to
whichever core comes next; a mail leaves the server when its message is stored, or when it turned out to be none.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tropa.channels.deltachat.core import Core, Gone, Refused
from tropa.channels.deltachat.hearing import Ears
from tropa.channels.deltachat.own import mailbox_of, make_account, program, revive
from tropa.channels.deltachat.store import Store
from tropa.channels.errors import ChannelError, Unreachable

LISTENS_WITHIN, READS_WITHIN, STANDS_STILL = 30.0, 10.0, 2.0
NOT_CONNECTED, WORKING = 1000, 3000
END_WITHIN = 3.0


class Life:
    """A running core with our account in it."""

    def __init__(self, settings: Mapping[str, str], store: Store) -> None:
        self._settings, self._store = settings, store
        self.ears = Ears()
        self.core = Core(program(), store.path, self.ears.hear)
        self.mailbox = mailbox_of(settings)
        self.account = 0
        self.files = store.path
        self._listening = asyncio.Lock()
        self._started = self._fed = False

    @classmethod
    async def begin(cls, settings: Mapping[str, str]) -> Life:
        """Raises NotConfigured, NotThere, AccountRefused, Unreachable."""
        await asyncio.to_thread(mailbox_of(settings).check)
        life = cls(settings, await asyncio.to_thread(Store.make, Path(settings["directory"])))
        begun = False
        try:
            await life.core.start()
            key, folder = settings["key"], life.files.parent
            life.account = await make_account(life.core, settings, key, folder)
            await revive(life.core, life.account, settings["invite"])
            begun = True
        except (Gone, Refused):
            raise Unreachable("core_failed") from None
        finally:
            if not begun:
                await life.end()
        return life

    @property
    def running(self) -> bool:
        """Whether the core is there."""
        return self.core.running and not self.ears.ended

    async def call(self, method: str, *values: object) -> Any:
        """A call about our account. Raises Refused, Gone."""
        return await self.core.call(method, self.account, *values)

    async def listen(self) -> None:
        """Fetch from now on, also what waits already. Raises Unreachable, AccountRefused, Gone, Refused."""
        async with self._listening:
            if self._fed:
                return
            if not self._started:
                await self.call("start_io")
                self._started = True
            try:
                async with asyncio.timeout(LISTENS_WITHIN):
                    await self.ears.listening.wait()
            except TimeoutError:
                await asyncio.to_thread(self.mailbox.check)
                raise Unreachable("unreachable") from None
            fed = await asyncio.to_thread(self.mailbox.feed_again)
            self._fed = True
            await self._until_read(fed)

    async def _until_read(self, fed: int) -> None:
        """Wait for what was given again, as long as it goes on: many at once are stored and forgotten sooner."""
        loop = asyncio.get_running_loop()
        began = moved = loop.time()
        before = -1
        while not self.ears.ended and len(self.ears.settled) + self.ears.gone < fed:
            if self.ears.read_so_far != before:
                before, moved = self.ears.read_so_far, loop.time()
            if loop.time() - moved > STANDS_STILL or loop.time() - began > READS_WITHIN:
                return
            await asyncio.sleep(0.02)

    @property
    def listens(self) -> bool:
        """Whether it fetches, and has been given what waited."""
        return self._fed and self.running

    async def connectivity(self) -> int:
        """How the core says it is connected. Raises Gone."""
        return int(await self.call("get_connectivity"))

    async def waiting(self) -> list[int]:
        """Messages that are not done with, in their order. Raises Gone, Refused."""
        return list(await self.call("get_next_msgs"))

    async def forget(self, numbers: Iterable[int], files: Iterable[str]) -> None:
        """Messages and their files go, here and on the server. Raises Gone, Refused."""
        numbers, files = list(numbers), {file for file in files if file}
        if numbers:
            await self.call("delete_messages", numbers)
        if files:
            files -= {str(await self._file(number)) for number in await self.waiting()}
            await asyncio.to_thread(_unlink, files)  # equal files are one, which may still be waited for

    async def sweep(self) -> None:
        """Take from the server what the core read and nobody waits for: handshakes, copies of our own, changes of what
        is stored. Raises Gone, Refused, Unreachable, AccountRefused.
        """
        settled = set(self.ears.settled)
        if not settled or self.ears.unread or await self.waiting():
            return
        await asyncio.to_thread(self.mailbox.take_away, settled)
        self.ears.settled -= settled

    async def end(self) -> None:
        """The core ends and everything of it goes."""
        if self.listens:
            with contextlib.suppress(ChannelError, Gone, Refused, TimeoutError):
                async with asyncio.timeout(END_WITHIN):
                    await self.sweep()
        await self.core.stop()
        await asyncio.to_thread(self._store.remove)

    async def _file(self, number: int) -> object:
        try:
            return (await self.call("get_message", number)).get("file")
        except Refused:
            return None


def _unlink(files: Iterable[str]) -> None:
    for file in files:
        Path(file).unlink(missing_ok=True)
