"""The stored texts as they count: read anew when one was added or decided, each believed only as signed.

A row that does not verify changes nothing and is counted for the coordinators. The shipped answers stand below: what
two people approved takes the place of the shipped answer of the same id, or stands beside the others. That a row was
taken away is told (`Stored.missing`), the last one too, and an answer whose text in force is gone is closed
(`Stored.closed_among`): files outside the database say so (`written_down`).
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection

from tropa.counsel.library import Answer, Library, Topic
from tropa.desk import clock
from tropa.desk.audit.refusals import refuse
from tropa.desk.library.content import Content, read_content
from tropa.desk.library.models import AnswerChange, Decision
from tropa.desk.library.statements import check_answer_change
from tropa.desk.library.written_down import closed, gone, state_of_files, write_down
from tropa.desk.vault.errors import NoPinnedRoot
from tropa.envelope import EnvelopeError

TABLE = "library_answerchange"
STATE = f"SELECT COUNT(id), MAX(number), MAX(place), COUNT(second_id), MIN(id), MAX(id) FROM {TABLE}"  # noqa: S608

State = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class StoredChange:
    """A verified row. `by` and `second` are ids of staff; `place` None: it waits, or was declined."""

    id: str
    number: int
    place: int | None
    content: Content
    day: date
    by: str
    by_name: str
    decision: Decision
    second_name: str
    second_day: date | None

    @property
    def answer(self) -> Answer:
        """The text it proposes."""
        return self.content.answer


@dataclass(frozen=True, slots=True)
class Stored:
    """Every row that verifies, in the order they were written; `missing`: how many rows are not there any more."""

    changes: tuple[StoredChange, ...]
    missing: int

    def over(self, shipped: Library) -> Library:
        """The shipped library with what is in force laid over it."""
        answers = dict(shipped.answers)
        in_force = sorted((one for one in self.changes if one.place), key=lambda one: one.place or 0)
        answers |= {one.answer.id: one.answer for one in in_force}
        order = list(Topic)
        return Library(shipped.name, sorted(answers.values(), key=lambda one: order.index(one.topic)))

    def closed_among(self, answers: Iterable[str]) -> frozenset[str]:
        """The answers of which a text that was in force is gone, so that what stands may be what it put right."""
        return closed(answers, self._in_force())

    def write_down(self) -> None:
        """Have the files outside the database say what stands here. Raises OSError."""
        write_down((one.id for one in self.changes), self._in_force())

    def _in_force(self) -> list[str]:
        return [one.answer.id for one in self.changes if one.place]


_lock = threading.Lock()
_read: list[tuple[State, Stored]] = []


def stored() -> Stored:
    """What counts now; one cheap query when nothing changed."""
    state = _state()
    with _lock:
        if _read and _read[0][0] == state:
            return _read[0][1]
    found = _verified(highest=int(str(state[1] or 0)))
    with _lock:
        _read[:] = [(state, found)]
    return found


def content_of(row: AnswerChange) -> Content:
    """What a row proposes. Raises ValueError for what this version cannot read."""
    content = read_content(row.content)
    if content.answer.id != row.answer:
        raise ValueError("another answer than its row says")
    return content


def forget_stored() -> None:
    """Read everything anew at the next look: another database stands behind the same name (tests)."""
    with _lock:
        _read.clear()


def _state() -> State:
    """One row of counts; asked at every arrival, so without what a query set costs to build."""
    with connection.cursor() as cursor:
        cursor.execute(STATE)
        return (*(cursor.fetchone() or ()), *state_of_files())


def _verified(*, highest: int) -> Stored:
    rows = AnswerChange.objects.select_related("author__issuer__issuer", "second__issuer__issuer").order_by(
        "number"
    )
    every = list(rows)
    found = [one for row in every if (one := _checked(row)) is not None]
    return Stored(tuple(found), max(highest - len(every), gone(row.pk for row in every)))


def _checked(row: AnswerChange) -> StoredChange | None:
    try:
        check_answer_change(row)
        content = content_of(row)
    except (EnvelopeError, NoPinnedRoot, ValueError):
        refuse(table=TABLE, row=row.pk, day=clock.now().date())
        return None
    return StoredChange(
        id=row.pk,
        number=row.number,
        place=row.place,
        content=content,
        day=row.day,
        by=row.author_id,
        by_name=row.author.pseudonym,
        decision=Decision(row.decision),
        second_name=row.second.pseudonym if row.second else "",
        second_day=row.second_day,
    )
