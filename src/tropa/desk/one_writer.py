"""One writer at a time for what is numbered without gaps or signed in a row.

PostgreSQL lets two transactions read the same last number; each kind of writing has a lock of its own there, which ends
with the transaction. SQLite has only one writer anyway.
"""

from __future__ import annotations

from enum import IntEnum, unique

from django.db import connection


@unique
class Writing(IntEnum):
    """What is written by one at a time; the numbers are the database's names for the locks and never change."""

    LOG = 0x74726F7061
    CHANGES_OF_FACTS = 0x74726F7062
    CHANGES_OF_ANSWERS = 0x74726F7063
    LISTS_OF_CONTACTS = 0x74726F7064
    NOTICES = 0x74726F706E


def one_writer(writing: Writing) -> None:
    """Nobody else writes this before the transaction ends. Called inside one."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [writing.value])
