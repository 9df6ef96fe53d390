"""What was destroyed stays destroyed: a line for each thread, case, entry, plan and set of plan facts, outside the
database, that a restore reads first.

`pinned/destroyed` holds 128-bit digests of random ids, which tell nothing to whoever does not have the row. A line is
written before its keys and rows go: when the disk takes no line, nothing is destroyed, and whoever asked for it learns
so; when somebody pulls the plug after it, housekeeping ends what was begun.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from enum import StrEnum

from tropa.desk.append_only import book, line_of

FILE = "destroyed"


class Destroyed(StrEnum):
    """Kinds of thing that are destroyed whole. Names are part of stored digests: never renamed."""

    THREAD = "thread"
    CASE = "case"
    FACTS = "plan facts"  # the id is `facts_id`'s: facts saved anew are others
    PLAN = "plan"
    ENTRY = "entry"


def facts_id(case_id: str, sealed: bytes) -> str:
    """What plan facts are called here: their case, and what was sealed."""
    return f"{case_id}.{hashlib.sha256(sealed).hexdigest()}"


def note_destroyed(going: Mapping[Destroyed, Iterable[str]]) -> None:
    """Write down that these go, all or none of them, and wait until the disk has it. Raises OSError."""
    book(FILE).add([line(kind, each) for kind, ids in going.items() for each in ids])


def noted(kind: Destroyed, ids: Iterable[str], *, known: set[bytes] | None = None) -> list[str]:
    """Those of these that are written down as destroyed, here or in the lines that are given. Raises OSError when
    the file cannot be read.
    """
    known = book(FILE).known() if known is None else known
    return [each for each in ids if line(kind, each) in known] if known else []


def line(kind: Destroyed, row_id: str) -> bytes:
    """What stands in the file for this row."""
    return line_of(b"tropa destroyed 1 " + kind.encode(), row_id)
