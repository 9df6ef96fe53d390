"""What was deleted leaves the disk: SQLite's log still holds old pages until it is written back and cut.

PostgreSQL keeps old row versions until its own vacuum; the operators' guide says how long that is.
"""

from __future__ import annotations

from django.db import OperationalError, connection

PATIENCE = 500  # milliseconds; whoever writes waits as long, and a copy being drawn must not stop the house


def scrub() -> None:
    """Write SQLite's log back and cut it, if nobody is reading just now; housekeeping tries again every few
    minutes.

    Never inside a transaction, and never an error: the deletion itself stands already.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return
    try:
        with connection.cursor() as cursor:
            usual = int(cursor.execute("PRAGMA busy_timeout").fetchone()[0])
            cursor.execute(f"PRAGMA busy_timeout = {PATIENCE}")
            try:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                cursor.execute(f"PRAGMA busy_timeout = {usual}")
    except OperationalError:
        return
