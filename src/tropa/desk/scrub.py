"""What was deleted leaves the database's files as far as the engine gives them up.

SQLite overwrites what is deleted, but its log still holds old pages until it is written back and cut. PostgreSQL keeps
old versions of rows until they are vacuumed: that is done here at once, and its pages keep their bytes until they are
used again. The threat model says so.
"""

from __future__ import annotations

from django.db import OperationalError, connection

PATIENCE = 500  # milliseconds; whoever writes waits as long, and a copy being drawn must not stop the house
IN_A_REQUEST, BY_THE_HOUSE = (
    2_000,
    120_000,
)  # milliseconds a vacuum may take; housekeeping goes on with what is left

_WITH_OLD_VERSIONS = """
    SELECT quote_ident(relname) FROM pg_class
    WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace
      AND (pg_stat_get_dead_tuples(oid) > 0 OR pg_stat_get_dead_tuples(reltoastrelid) > 0)
"""


def scrub(*, longest: int = IN_A_REQUEST) -> None:
    """Give up what was deleted, if nobody is reading just now; housekeeping tries again every few minutes.

    Never inside a transaction, and never an error: the deletion itself stands already.
    """
    if connection.in_atomic_block:
        return
    try:
        if connection.vendor == "sqlite":
            _cut_log()
        else:
            _vacuum(longest)
    except OperationalError:
        return


def _cut_log() -> None:
    with connection.cursor() as cursor:
        usual = int(cursor.execute("PRAGMA busy_timeout").fetchone()[0])
        cursor.execute(f"PRAGMA busy_timeout = {PATIENCE}")
        try:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {usual}")


def _vacuum(longest: int) -> None:
    """Vacuum the tables in which this deletion, or one before it, left old versions."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")  # else our own deletion is counted a second later
        cursor.execute(_WITH_OLD_VERSIONS)
        tables = [name for (name,) in cursor.fetchall()]
        if not tables:
            return
        cursor.execute(f"SET lock_timeout = {PATIENCE}")
        cursor.execute(f"SET statement_timeout = {longest}")
        try:
            cursor.execute(f"VACUUM {', '.join(tables)}")
        finally:
            cursor.execute("RESET lock_timeout")
            cursor.execute("RESET statement_timeout")
