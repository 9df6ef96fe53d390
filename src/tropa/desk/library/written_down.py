"""What nobody may undo by taking rows away: how many texts were written, and how many two people put in force of each
answer. It lies in two files outside the database, `pinned/answers-written` and `pinned/answers-standing`.

Kept true: a row that is gone is noticed though no number after it is left to show a gap; an answer whose approved text
is gone is closed, because what stood before it may be what it put right. Lines are written after the database has
committed; what a crash kept from the files is written with the next text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from tropa.desk.append_only import book, line_of

WRITTEN = "answers-written"
STANDING = "answers-standing"
_LABEL_WRITTEN = b"tropa answer written 1"
_LABEL_STANDING = b"tropa answer standing 1"


def state_of_files() -> tuple[int, int]:
    """Differs whenever something was written. Raises OSError when a file cannot be read."""
    return len(book(WRITTEN).known()), len(book(STANDING).known())


def write_down(rows: Iterable[str], in_force: Sequence[str]) -> None:
    """Append what is not there yet: ids of rows, and the answer of each row in force. Raises OSError: the database
    then says more than the files.
    """
    book(WRITTEN).add([line_of(_LABEL_WRITTEN, row) for row in rows])
    counted = Counter(in_force)
    book(STANDING).add([_nth(answer, n) for answer in counted for n in range(1, counted[answer] + 1)])


def gone(rows: Iterable[str]) -> int:
    """How many rows were written and are not among these. Raises OSError."""
    return len(book(WRITTEN).known().difference(line_of(_LABEL_WRITTEN, row) for row in rows))


def closed(answers: Iterable[str], in_force: Sequence[str]) -> frozenset[str]:
    """The answers of which more texts were put in force than stand. Raises OSError."""
    known, counted = book(STANDING).known(), Counter(in_force)
    return frozenset(one for one in answers if _nth(one, counted[one] + 1) in known)


def _nth(answer: str, number: int) -> bytes:
    return line_of(_LABEL_STANDING, f"{answer} {number}")
