"""What nobody may undo by writing to the database: which plans and steps are over, and which steps nobody waits
for any more. It lies in one file outside the database, `pinned/ended-steps`, which desk and drop append to.

Lines are written after the database has committed: whoever looks in between finds the row itself ended.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tropa.desk.append_only import book, line_of

FILE = "ended-steps"
OVER = b"over"
SETTLED = b"settled"


@dataclass(frozen=True, slots=True)
class Ending:
    """Ids of plans and releases that are over, never to be shown or acted on again; and of releases whose
    check-in was answered, withdrawn, or never asked for.
    """

    over: tuple[str, ...] = ()
    settled: tuple[str, ...] = ()


def write_down(ending: Ending) -> None:
    """Append what is not there yet, and wait until the disk has it. Raises OSError: the database then says
    more than the file.
    """
    over = [_digest(OVER, each) for each in ending.over]
    book(FILE).add([*over, *(_digest(SETTLED, each) for each in ending.settled)])


def is_over(row_id: str) -> bool:
    """Whether this plan or release has ended. Raises OSError when the file cannot be read."""
    return _digest(OVER, row_id) in book(FILE).known()


def unsettled(release_ids: Iterable[str]) -> list[str]:
    """Those of the releases whose check-in may still be awaited. Raises OSError."""
    known = book(FILE).known()
    return [each for each in release_ids if _digest(SETTLED, each) not in known]


def _digest(said: bytes, row_id: str) -> bytes:
    return line_of(b"tropa ended step 1 " + said, row_id)
