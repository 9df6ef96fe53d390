"""Which epochs of a case's key have begun, and which cases gave their thread back: what no row may undo.

It lies in `pinned/case-epochs`. A later key whose row is deleted would otherwise have new content sealed to the key
before it, which somebody was shut out from; a thread pointed back at the case it was taken from would be read there
again.
"""

from __future__ import annotations

from tropa.desk.append_only import book, line_of

FILE = "case-epochs"
BEGUN = b"tropa case epoch 1 begun"
GIVEN_BACK = b"tropa case epoch 1 given back"


def note_begun(case_id: str, epoch: int) -> None:
    """Remember that this epoch has begun; on the disk when this returns. Raises OSError."""
    book(FILE).add([_begun(case_id, epoch)])


def has_begun(case_id: str, epoch: int) -> bool:
    """Whether this epoch was ever begun. Raises OSError when the file cannot be read."""
    return _begun(case_id, epoch) in book(FILE).known()


def note_given_back(case_id: str) -> None:
    """Remember that this case's thread went back to duty; on the disk when this returns. Raises OSError."""
    book(FILE).add([line_of(GIVEN_BACK, case_id)])


def was_given_back(case_id: str) -> bool:
    """Whether this case has no thread any more. Raises OSError when the file cannot be read."""
    return line_of(GIVEN_BACK, case_id) in book(FILE).known()


def _begun(case_id: str, epoch: int) -> bytes:
    return line_of(BEGUN, f"{case_id}.{epoch}")
