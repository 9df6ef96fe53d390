"""The one thread in which a gateway speaks to the database.

The event loop never waits for a disk, and Django's connection belongs to one thread. What fails there is raised where
it was asked for; a gateway whose write failed ends, and starts anew from what is stored.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import connections

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class Database:
    """A thread of its own, and its connection."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="database")

    async def do(
        self, work: Callable[Arguments, Result], *arguments: Arguments.args, **named: Arguments.kwargs
    ) -> Result:
        """What `work` returns; work runs one after the other, in the order it was asked for."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, lambda: work(*arguments, **named))

    async def close(self) -> None:
        """Finish what runs, and close the connection."""
        await self.do(connections.close_all)
        self._thread.shutdown()
