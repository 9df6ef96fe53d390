"""Writers of one process take turns on SQLite, which lets one of them in at a time anyway.

Left to itself SQLite makes a waiting writer sleep, a tenth of a second in the end, and whoever comes by meanwhile goes
first: with sixty-four people at once the last waited seconds for a queue of milliseconds. A turn is as long as the
transaction within it and waits for nothing a stranger could draw out; what they send has arrived whole before.
PostgreSQL queues by itself, and commits many at once: there nobody takes turns.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

_TURN = threading.Lock()


@contextmanager
def writing_turn() -> Iterator[None]:
    """Wait for one's turn to begin a transaction. Within a transaction it is one's turn already: waiting there would be
    waiting for somebody who waits for us.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with _TURN:
        yield
