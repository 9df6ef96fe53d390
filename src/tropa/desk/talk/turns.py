"""What is stored waits its turn on SQLite, which lets one writer in at a time anyway; whoever's turn it is takes the
others along.

While one transaction is made durable, those who come meanwhile wait in a row. The first of them then stores for all, in
one transaction, takes along who comes while it writes, and each learns what became of their own: a disk that needs five
milliseconds for a commit still takes as many messages as there are writers in that time. Nobody is waited for: whoever
comes alone commits at once.

Kept true: nothing is acknowledged before the transaction it stands in is on the disk. What cannot be stored, a name or
tag that is taken, harms no neighbour: each stands in a savepoint of its own, and when the transaction as a whole fails
each is tried once more by itself. A transaction carries at most `MOST_TOGETHER` pieces of work and no more than
`MOST_BYTES` of them, or a single larger one. First come, first stored: a turn waits for nothing a stranger could draw
out; what they send has arrived whole before.

Left to itself SQLite makes a waiting writer sleep, a tenth of a second in the end, and whoever comes by meanwhile goes
first. PostgreSQL queues by itself and makes many commits durable at once: there everybody commits on their own.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction

MOST_TOGETHER = 32
MOST_BYTES = 1024 * 1024


@dataclass(slots=True, eq=False)
class _Errand:
    """One piece of work in the row. Until it is known to be on the disk it counts as failed."""

    work: Callable[[], Any]
    size: int
    result: Any = None
    error: Exception | None = field(default_factory=lambda: OperationalError("not stored"))
    over: bool = False
    called: threading.Event = field(default_factory=threading.Event)


class Turns:
    """The row before one database, for the threads of one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._row: deque[_Errand] = deque()
        self._busy = False

    def take(self, errand: _Errand) -> None:
        """Return when the errand is over: stored by us or by somebody before us."""
        with self._lock:
            self._row.append(errand)
            is_first, self._busy = not self._busy, True
        if not is_first:
            errand.called.wait()
        if not errand.over:  # we stand first in the row, and nobody is at work
            self._work_off()

    def _work_off(self) -> None:
        together: list[_Errand] = []
        self._join(together)
        try:
            _store(together, self._join)
        finally:
            with self._lock:
                following = self._row[0] if self._row else None
                self._busy = following is not None
            if following is not None:
                following.called.set()
            for errand in together:
                errand.over = True
                errand.called.set()

    def _join(self, together: list[_Errand]) -> list[_Errand]:
        """Taken out of the row into these: the first of all, and who fits into one transaction with them."""
        before, size = len(together), sum(errand.size for errand in together)
        with self._lock:
            while self._row and len(together) < MOST_TOGETHER:
                size += self._row[0].size
                if together and size > MOST_BYTES:
                    break
                together.append(self._row.popleft())
        return together[before:]


Result = TypeVar("Result")
_TURNS = Turns()


def store(work: Callable[[], Result], *, size: int = 0) -> Result:
    """What `work` returns, once everything it wrote is durable; what it raises, and then nothing of it is stored.

    `size` is roughly how many bytes it writes. `work` may be called more than once and in another thread: it writes to
    the database, returns, and changes nothing else. Within a transaction of the caller's it is a part of that one:
    waiting for a turn there would be waiting for somebody who waits for us.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        with transaction.atomic():
            return work()
    return in_turn(work, size=size)


def in_turn(work: Callable[[], Result], *, size: int = 0) -> Result:
    """The same by the row, whatever the database."""
    errand = _Errand(work, size)
    _TURNS.take(errand)
    if errand.error is not None:
        raise errand.error
    result: Result = errand.result
    return result


def _store(together: list[_Errand], join: Callable[[list[_Errand]], list[_Errand]]) -> None:
    if not _store_in_one(together, join):
        for errand in together:
            _store_alone(errand)


def _store_in_one(together: list[_Errand], join: Callable[[list[_Errand]], list[_Errand]]) -> bool:
    """All in one transaction, with who comes while it is written; False when it failed as a whole, and then nothing of
    it is stored.
    """
    came: list[tuple[Any, Exception | None]] = []
    try:
        with transaction.atomic():
            if len(together) == 1:
                came.append((together[0].work(), None))
            else:
                came += [_in_a_savepoint(errand) for errand in together]
            while late := join(together):
                came += [_in_a_savepoint(errand) for errand in late]
    except Exception:  # noqa: BLE001  each is tried by itself, and then meets its own error
        return False
    for errand, (result, error) in zip(together, came, strict=True):
        errand.result, errand.error = result, error
    return True


def _in_a_savepoint(errand: _Errand) -> tuple[Any, Exception | None]:
    """What it returned or what it failed with. A fault of the database itself is everybody's: SQLite may have rolled
    back all there was.
    """
    try:
        with transaction.atomic():
            return errand.work(), None
    except Exception as error:
        if connection.needs_rollback or (
            isinstance(error, DatabaseError) and not isinstance(error, IntegrityError)
        ):
            raise
        return None, error


def _store_alone(errand: _Errand) -> None:
    try:
        with transaction.atomic():
            result = errand.work()
    except Exception as error:  # noqa: BLE001  raised again where the errand came from
        errand.error = error
    else:
        errand.result, errand.error = result, None
