"""One thread of this process that gives way to everything else on the machine, for work that takes long: slow hashes.

Whoever unlocks waits as long as the hash takes; somebody who writes at the drop on the same machine must not. One
thread also bounds memory: two hashes never run at once, whoever asks for them.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

NICENESS = 10
"""Of the thread; on Linux a thread has its own. A busy machine still leaves it a tenth: somebody waits for it."""

Result = TypeVar("Result")


def giving_way(work: Callable[[], Result]) -> Result:
    """What `work` gives, from the thread that gives way. It must not ask for this itself: it would wait for ever."""
    return _thread().submit(work).result()


@cache
def _thread() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="gives-way", initializer=_give_way)


def _give_way() -> None:
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
