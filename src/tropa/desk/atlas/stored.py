"""The stored changes as they count: read anew when a row was added or decided, and each row believed only as signed.

A row that does not verify changes nothing and is counted for the coordinators. A row that was taken away, changed or
made undecided stands as the file of changes has it (`kept_changes`), and is counted too; of one that the file has and
nobody can verify is told, so that what it spoke of is closed. What a process found is kept by what table and file say
of themselves in one cheap query and one look, so every process sees the newest change.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from datetime import date

from django.db import connection

from tropa.desk import clock
from tropa.desk.atlas.kept_changes import keep_changes, kept_changes, state_of_kept
from tropa.desk.atlas.models import Change, Verdict
from tropa.desk.atlas.statements import check_change
from tropa.desk.audit.refusals import refuse
from tropa.desk.staff.models import Member
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
    gone: bool = False  # its row is not there, or not as it was signed: it stands by the file


State = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Stored:
    """Every change that verifies, in the order they were written. `lost`: in force by the file, and their signers
    verify no more.
    """

    changes: tuple[StoredChange, ...]
    lost: tuple[StoredChange, ...]


_lock = threading.Lock()
_read: list[tuple[State, Stored]] = []
_believed: dict[str, tuple[tuple[object, ...], StoredChange]] = {}  # by id: the row as it verified
_kept_believed: dict[str, tuple[tuple[object, ...], StoredChange]] = {}  # the same for lines of the file


def state_of_changes() -> State:
    """What table and file say of themselves: one more row, or one more decision, and it differs."""
    with connection.cursor() as cursor:
        cursor.execute(STATE)
        return (*cursor.fetchone(), *state_of_kept())


def stored_changes(state: State | None = None) -> tuple[StoredChange, ...]:
    """Every change that verifies, in the order they were written."""
    return stored(state).changes


def stored(state: State | None = None) -> Stored:
    """The same, and what is lost."""
    state = state or state_of_changes()
    with _lock:
        if _read and _read[0][0] == state:
            return _read[0][1]
    found = _verified()
    with _lock:
        _read[:] = [(state, found)]
    return found


def keep_what_verifies() -> None:
    """Write every row that verifies down in the file, as far as it is not there. Raises OSError."""
    keep_changes({row.id: row.verdict for row in stored_changes() if not row.gone})


def put_back(change_id: str) -> None:
    """A row that is gone from the database, or is not as it was signed, written there again as the file has it."""
    gone = {row.id for row in stored_changes() if row.gone}
    for row in kept_changes():
        if row.pk == change_id and change_id in gone:
            there = Change.objects.filter(pk=change_id).exists()
            row.save(force_insert=not there, force_update=there)


def forget_stored() -> None:
    """Read everything anew at the next look: another database stands behind the same name (tests)."""
    with _lock:
        _read.clear()
        _believed.clear()
        _kept_believed.clear()


def _verified() -> Stored:
    rows = Change.objects.select_related("author__issuer__issuer", "second__issuer__issuer").order_by(
        "number"
    )
    found = {row.pk: told for row in rows if (told := _checked(row, _believed)) is not None}
    lost = []
    for kept in kept_changes():
        there = found.get(kept.pk)
        if there is not None and (there.verdict is not Verdict.WAITING or kept.verdict == Verdict.WAITING):
            continue
        told = _checked(_with_people(kept), _kept_believed)
        if told is not None:
            _count(kept.pk)
            found[kept.pk] = replace(told, gone=True)
        elif kept.place is not None:
            lost.append(_unsigned(kept))
    return Stored(tuple(sorted(found.values(), key=lambda one: one.number)), tuple(lost))


def _with_people(row: Change) -> Change:
    """A line of the file with its signers as the database has them; one without them is refused by the check."""
    named = [one for one in (row.author_id, row.second_id) if one]
    people = Member.objects.select_related("issuer__issuer").in_bulk(named)
    if row.author_id in people:
        row.author = people[row.author_id]
    if row.second_id in people:
        row.second = people[row.second_id]
    return row


def _checked(
    row: Change, believed: dict[str, tuple[tuple[object, ...], StoredChange]]
) -> StoredChange | None:
    try:
        said = _whole(row)
        known = believed.get(row.pk)
        if known is not None and known[0] == said:
            return known[1]
        check_change(row)
    except (EnvelopeError, NoPinnedRoot, ValueError, Member.DoesNotExist):
        _count(row.pk)
        return None
    found = as_stored(row)
    believed[row.pk] = (said, found)
    return found


def _count(change_id: str) -> None:
    refuse(table=TABLE, row=change_id, day=clock.now().date())


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
    return replace(
        _unsigned(row),
        by=row.author_id,
        by_name=row.author.pseudonym,
        second=row.second_id or "",
        second_name=row.second.pseudonym if row.second else "",
        gone=False,
    )


def _unsigned(row: Change) -> StoredChange:
    """A line of the file whose signers nobody can name."""
    return StoredChange(
        id=row.pk,
        number=row.number,
        place=row.place,
        subject=row.subject,
        act=row.act,
        content=row.content,
        day=row.day,
        by="",
        by_name="",
        verdict=Verdict(row.verdict),
        second="",
        second_name="",
        second_day=row.second_day,
        gone=True,
    )
