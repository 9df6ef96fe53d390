"""What becomes of a message on its way: taken up, put back, ended. The gateway calls these, a transaction each.

Kept true: a message is taken up by one process at most, and only from `queued`; that it is taken up is on the disk
before the call to the service; once it has ended, the copy that was made for sending is gone. Which rows to believe is
not decided here.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from tropa.desk import clock
from tropa.desk.audit.acts import Act
from tropa.desk.audit.refusals import refuse
from tropa.desk.audit.services import record
from tropa.desk.messengers.models import Outgoing, OutgoingKind, OutgoingState
from tropa.desk.plans.ended_steps import Ending, write_down
from tropa.desk.plans.models import Release, ReleaseState
from tropa.desk.plans.voiding import forget_copies
from tropa.desk.talk.keys import sealing_case
from tropa.desk.talk.models import Entry
from tropa.desk.vault.errors import NotCommitted
from tropa.envelope import CannotOpen, Context, SealingKey, open_sealed, seal

FORMAT = b"\x01"
NEVER_ARRIVED = (OutgoingState.FAILED, OutgoingState.EXPIRED)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a message ended, when (aware, UTC), and the code of why."""

    state: OutgoingState
    code: str
    at: datetime


REPLY = ("thread__address", "thread__case", "entry__thread", "entry__author__issuer")
STEP = ("thread__address", "thread__case", "release__step__plan")
RELATED = tuple(dict.fromkeys((*REPLY, *STEP)))
"""What verifying rows needs beside them; an automatic message needs nothing."""
MARK = "UPDATE messengers_outgoing SET state = %s WHERE id = %s AND state = %s"
FORGET = "DELETE FROM messengers_outgoing WHERE id = %s"


def waiting(*, answers: bool, after: int, limit: int) -> list[tuple[int, str]]:
    """Rows that wait to be sent, of whichever account, oldest first: their number, and what they wait in line by.
    `answers` are what people wrote; the others are automatic.
    """
    rows = Outgoing.objects.filter(state=OutgoingState.QUEUED, pk__gt=after)
    automatic = {"kind": OutgoingKind.AUTOMATIC}
    rows = rows.exclude(**automatic) if answers else rows.filter(**automatic)
    found = rows.order_by("pk").values_list("pk", "thread_id", "key")[:limit]
    return [(number, thread_id or key) for number, thread_id, key in found]


def automatic_before(persons: Collection[str]) -> list[tuple[int, str]]:
    """What these threads are told automatically and still waits: it goes before what people wrote in them."""
    rows = Outgoing.objects.filter(
        state=OutgoingState.QUEUED, kind=OutgoingKind.AUTOMATIC, thread_id__in=list(persons)
    )
    return [(number, thread_id or "") for number, thread_id in rows.values_list("pk", "thread_id")]


def waiting_count(*, but: Collection[int] = ()) -> int:
    """How many wait, without those an account knows to be others'; what it has not looked at counts as its own."""
    rows = Outgoing.objects.filter(state=OutgoingState.QUEUED)
    if not but:
        return rows.count()
    return sum(number not in but for number in rows.values_list("pk", flat=True))


def row_to_send(number: int) -> Outgoing | None:
    """The row with all that verifying it needs; None when it no longer waits."""
    waits = Outgoing.objects.filter(pk=number, state=OutgoingState.QUEUED)
    row = waits.first()
    if row is None or row.kind == OutgoingKind.AUTOMATIC:
        return row
    return waits.select_related(*(REPLY if row.kind == OutgoingKind.REPLY else STEP)).first()


def left_behind() -> list[Outgoing]:
    """Rows a process was sending when it ended."""
    rows = Outgoing.objects.filter(state=OutgoingState.SENDING)
    return list(rows.select_related(*RELATED).order_by("pk"))


def take_up(row: Outgoing) -> bool:
    """From now on it may go out. False when somebody withdrew it, or took it up before."""
    with connection.cursor() as cursor:  # Django would build this statement anew for each message
        cursor.execute(MARK, [OutgoingState.SENDING.value, row.pk, OutgoingState.QUEUED.value])
        return bool(cursor.rowcount == 1)


def put_back(row: Outgoing) -> None:
    """It surely did not go out."""
    Outgoing.objects.filter(pk=row.pk, state=OutgoingState.SENDING).update(state=OutgoingState.QUEUED)


def end(row: Outgoing, outcome: Outcome, *, remote: bytes | None = None) -> None:
    """How it ended, sealed to the case's holders; the copy made for sending goes. `remote` is wrapped by the gateway.

    An automatic message leaves nothing behind. A step that never arrived is withdrawn, so that it can go anew.
    """
    if row.kind == OutgoingKind.AUTOMATIC:
        forget_automatic([row])
        return
    with transaction.atomic():
        epoch, sealed = _sealed_outcome(row, outcome)
        Outgoing.objects.filter(pk=row.pk).update(
            state=outcome.state, case_epoch=epoch, sealed_outcome=sealed, sealed_remote=remote
        )
        if row.entry_id is not None:
            Entry.objects.filter(pk=row.entry_id).update(sealed_applicant=None, gone_after=None)
        if row.release_id is not None:
            _end_step(row.release_id, outcome)
    _write_down(row, outcome)


def forget_automatic(rows: Sequence[Outgoing]) -> None:
    """These automatic messages have ended; nothing stays of them."""
    with connection.cursor() as cursor:
        cursor.executemany(FORGET, [(row.pk,) for row in rows if row.kind == OutgoingKind.AUTOMATIC])


def refuse_row(row: Outgoing, outcome: Outcome) -> None:
    """It is not what somebody here signed, or was sent before: it stays as it is, ended, and is counted."""
    Outgoing.objects.filter(pk=row.pk).update(state=OutgoingState.REFUSED)
    refuse(table="messengers_outgoing", row=row.key, day=outcome.at.date())


def open_outcome(row: Outgoing, key: SealingKey) -> Outcome | None:
    """How it ended, for a holder of the case; None when nothing was sealed, or what was sealed says something else than
    the row, which is counted.
    """
    if row.sealed_outcome is None:
        return None
    try:
        outcome = read_outcome(open_sealed(key, _place(row), bytes(row.sealed_outcome)))
    except (CannotOpen, ValueError):
        outcome = None
    if outcome is None or outcome.state != row.state:
        refuse(table="messengers_outgoing", row=row.key, day=clock.now().date())
        return None
    return outcome


def read_outcome(body: bytes) -> Outcome:
    """What was sealed of how a message ended. Raises ValueError."""
    if body[:1] != FORMAT:
        raise ValueError("no outcome of this format")
    try:
        said = json.loads(body[1:])
        return Outcome(OutgoingState(said["state"]), str(said["code"]), datetime.fromisoformat(said["at"]))
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError("no outcome of this format") from error


def _sealed_outcome(row: Outgoing, outcome: Outcome) -> tuple[int | None, bytes | None]:
    """The case's key epoch and the outcome; nothing where nobody holds a case."""
    if row.thread is None or row.thread.case is None:
        return None, None
    try:
        key = sealing_case(row.thread)
    except NotCommitted:
        return None, None
    said = {"state": outcome.state.value, "code": outcome.code, "at": outcome.at.isoformat()}
    return key.epoch, seal(key.public, _place(row), FORMAT + json.dumps(said).encode())


def _place(row: Outgoing) -> Context:
    return Context("message outcome", 1, "messengers_outgoing", "sealed_outcome", row.key)


def _end_step(release_id: str, outcome: Outcome) -> None:
    rows = Release.objects.filter(pk=release_id)
    forget_copies(rows)
    if outcome.state in NEVER_ARRIVED and rows.filter(state=ReleaseState.RELEASED).update(
        state=ReleaseState.WITHDRAWN
    ):
        detail = {"release": release_id, "by": "gateway"}
        record(reader=None, act=Act.STEP_WITHDRAWN, detail=detail, now=outcome.at)


def _write_down(row: Outgoing, outcome: Outcome) -> None:
    over = row.release_id or row.entry_id
    if over is None:
        return
    settled = (over,) if row.release_id and outcome.state in NEVER_ARRIVED else ()
    write_down(Ending(over=(over,) if row.release_id else (), settled=settled))
