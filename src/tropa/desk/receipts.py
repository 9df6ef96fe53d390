"""What was destroyed stays destroyed: a line for each thread and case, outside the database, that a restore reads
first.

`pinned/destroyed` holds 128-bit digests of random ids, which tell nothing to whoever does not have the row. A line is
written before its rows go: when the disk takes no line, nothing is destroyed, and whoever asked for it learns so.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from tropa.desk.append_only import book, line_of

FILE = "destroyed"


class Destroyed(StrEnum):
    """Kinds of thing that are destroyed whole. Names are part of stored digests: never renamed."""

    THREAD = "thread"
    CASE = "case"


def note_destroyed(kind: Destroyed, ids: Iterable[str]) -> None:
    """Write down that these go, and wait until the disk has it. Raises OSError."""
    book(FILE).add([line(kind, each) for each in ids])


def line(kind: Destroyed, row_id: str) -> bytes:
    """What stands in the file for this row."""
    return line_of(b"tropa destroyed 1 " + kind.encode(), row_id)
