"""The stored changes as they count: read anew when a row was added or decided, and each row believed only as signed.

A row that does not verify changes nothing and is counted for the coordinators. What a process found is kept by what
the table says of itself in one cheap query, so every process sees the newest change at its next look.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import date

from django.db import connection

from tropa.desk import clock
from tropa.desk.atlas.models import Change, Verdict
from tropa.desk.atlas.statements import check_change
from tropa.desk.audit.services import refuse
from tropa.desk.vault.errors import NoPinnedRoot
from tropa.envelope import EnvelopeError

TABLE = "atlas_change"
# each part is one look into an index; the ids tell a row that was taken away and replaced
STATE = (
    "SELECT (SELECT COUNT(*) FROM atlas_change), (SELECT MAX(number) FROM atlas_change),"
    " (SELECT MAX(place) FROM atlas_change), (SELECT COUNT(second_id) FROM atlas_change),"
    " (SELECT MIN(id) FROM atlas_change), (SELECT MAX(id) FROM atlas_change)"
)


@dataclass(frozen=True, slots=True)
class StoredChange:
    """A verified row. `by` and `second` are ids of staff; `place` None: it waits, or was declined."""

    id: str
    number: int
    place: int | None
    subject: str
    act: str
    content: str
    day: date
    by: str
    by_name: str
    verdict: Verdict
    second: str
    second_name: str
    second_day: date | None


State = tuple[object, ...]

_lock = threading.Lock()
_read: list[tuple[State, tuple[StoredChange, ...]]] = []
_believed: dict[str, tuple[tuple[object, ...], StoredChange]] = {}  # by id: the row as it verified


def state_of_changes() -> State:
    """What the table says of itself: one more row, or one more decision, and it differs."""
    with connection.cursor() as cursor:
        cursor.execute(STATE)
        return tuple(cursor.fetchone())


def stored_changes(state: State | None = None) -> tuple[StoredChange, ...]:
    """Every change that verifies, in the order they were written."""
    state = state or state_of_changes()
    with _lock:
        if _read and _read[0][0] == state:
            return _read[0][1]
    found = _verified()
    with _lock:
        _read[:] = [(state, found)]
    return found


def forget_stored() -> None:
    """Read everything anew at the next look: another database stands behind the same name (tests)."""
    with _lock:
        _read.clear()
        _believed.clear()


def _verified() -> tuple[StoredChange, ...]:
    rows = Change.objects.select_related("author__issuer__issuer", "second__issuer__issuer").order_by(
        "number"
    )
    return tuple(found for row in rows if (found := _checked(row)) is not None)


def _checked(row: Change) -> StoredChange | None:
    said = _whole(row)
    known = _believed.get(row.pk)
    if known is not None and known[0] == said:
        return known[1]
    try:
        check_change(row)
    except (EnvelopeError, NoPinnedRoot, ValueError):
        refuse(table=TABLE, row=row.pk, day=clock.now().date())
        return None
    found = as_stored(row)
    _believed[row.pk] = (said, found)
    return found


def _whole(row: Change) -> tuple[object, ...]:
    """All that counts of a row and of its signers: a changed column is verified anew."""
    own = tuple(getattr(row, field.attname) for field in row._meta.concrete_fields)  # noqa: SLF001  # Django's own way to name columns
    people = (
        (each.pseudonym, bytes(each.certificate), each.role, bytes(each.sign_public))
        for each in (row.author, row.second)
        if each is not None
    )
    return (*(bytes(part) if isinstance(part, memoryview) else part for part in own), *people)


def as_stored(row: Change) -> StoredChange:
    """A row as a value; whether it verifies is the caller's affair."""
    return StoredChange(
        id=row.pk,
        number=row.number,
        place=row.place,
        subject=row.subject,
        act=row.act,
        content=row.content,
        day=row.day,
        by=row.author_id,
        by_name=row.author.pseudonym,
        verdict=Verdict(row.verdict),
        second=row.second_id or "",
        second_name=row.second.pseudonym if row.second else "",
        second_day=row.second_day,
    )
