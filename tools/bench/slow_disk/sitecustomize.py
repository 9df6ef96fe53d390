"""A disk that is slow on purpose: with this folder on PYTHONPATH every commit in SQLite takes BENCH_COMMIT_MILLISECONDS
longer, while it holds the writer as a slow flush would. What is measured knows nothing of it.
"""

import os
import sqlite3
import time

SECONDS = float(os.environ.get("BENCH_COMMIT_MILLISECONDS", "0")) / 1000
_connect = sqlite3.dbapi2.connect


class SlowConnection(sqlite3.Connection):
    """Sleeps before it commits."""

    def commit(self) -> None:
        if self.in_transaction:
            time.sleep(SECONDS)
        super().commit()


def connect(*arguments, **named):
    """As of sqlite3."""
    named.setdefault("factory", SlowConnection)
    return _connect(*arguments, **named)


if SECONDS:
    sqlite3.connect = sqlite3.dbapi2.connect = connect
