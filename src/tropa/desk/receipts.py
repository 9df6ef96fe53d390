"""What was destroyed stays destroyed: a line for each thread and case, outside the database, that a restore reads
first.

`pinned/destroyed` holds 128-bit digests of random ids, which tell nothing to whoever does not have the row. A line is
written before its keys and rows go: when the disk takes no line, nothing is destroyed, and whoever asked for it learns
so; when somebody pulls the plug after it, housekeeping ends what was begun.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from tropa.desk.append_only import book, line_of

FILE = "destroyed"


class Destroyed(StrEnum):
    """Kinds of thing that are destroyed whole. Names are part of stored digests: never renamed."""

    THREAD = "thread"
    CASE = "case"


def note_destroyed(going: Mapping[Destroyed, Iterable[str]]) -> None:
    """Write down that these go, all or none of them, and wait until the disk has it. Raises OSError."""
    book(FILE).add([line(kind, each) for kind, ids in going.items() for each in ids])


def noted(kind: Destroyed, ids: Iterable[str]) -> list[str]:
    """Those of these that are written down as destroyed. Raises OSError when the file cannot be read."""
    known = book(FILE).known()
    return [each for each in ids if line(kind, each) in known] if known else []


def line(kind: Destroyed, row_id: str) -> bytes:
    """What stands in the file for this row."""
    return line_of(b"tropa destroyed 1 " + kind.encode(), row_id)
