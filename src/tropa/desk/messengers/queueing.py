"""What the desk leaves for the gateway, in the transaction of the act it belongs to.

An answer or a step of somebody who is reached by messenger waits here until the gateway has verified and sent it. Its
content stays where it is: with the entry or the release, signed, and sealed to a key only the gateway can find.
"""

from __future__ import annotations

from django.db import connection, transaction

from tropa.desk.messengers.models import Address, Outgoing, OutgoingKind, OutgoingState
from tropa.desk.plans.ended_steps import Ending, write_down
from tropa.desk.plans.models import Release
from tropa.desk.talk.models import Entry, Thread

TELL_ONCE = """
INSERT INTO messengers_outgoing (key, kind, state, thread_id, sealed, settled)
VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (key) DO NOTHING
"""


def is_reached_by_messenger(thread: Thread) -> bool:
    """Whether answers go out through the gateway; else the person comes to the drop for them."""
    return Address.objects.filter(thread=thread).exists()


def queue_reply(entry: Entry) -> Outgoing | None:
    """Let an answer go out, if the person is reached by messenger. The caller has a transaction open."""
    if not is_reached_by_messenger(entry.thread):
        return None
    return Outgoing.objects.create(kind=OutgoingKind.REPLY, thread=entry.thread, entry=entry)


def queue_step(release: Release) -> Outgoing | None:
    """Let a released step go out, likewise. Steps that still wait in the thread are over: they are older."""
    if not is_reached_by_messenger(release.thread):
        return None
    waiting = Outgoing.objects.filter(
        thread=release.thread, kind=OutgoingKind.STEP, state=OutgoingState.QUEUED
    )
    waiting.update(state=OutgoingState.WITHDRAWN)
    return Outgoing.objects.create(kind=OutgoingKind.STEP, thread=release.thread, release=release)


def queue_automatic(key: str, thread_id: str | None, sealed: bytes) -> None:
    """Let what the gateway itself tells somebody go out, in the caller's transaction; once for a key."""
    said = [key, OutgoingKind.AUTOMATIC.value, OutgoingState.QUEUED.value, thread_id, sealed, False]
    with (
        connection.cursor() as cursor
    ):  # Django would ask first and build both statements anew for each message
        cursor.execute(TELL_ONCE, said)


def withdraw_waiting(thread: Thread) -> int:
    """Take back everything of a thread that has not gone out. Returns how many messages that were.

    That they are over is written down outside the database too, so that a row put back sends nothing.
    """
    with transaction.atomic():
        waiting = Outgoing.objects.select_for_update().filter(thread=thread, state=OutgoingState.QUEUED)
        rows = list(waiting)
        Outgoing.objects.filter(pk__in=[row.pk for row in rows]).update(state=OutgoingState.WITHDRAWN)
        answers = [row.entry_id for row in rows if row.entry_id]
        Entry.objects.filter(pk__in=answers).update(sealed_applicant=None)
    write_down(Ending(over=tuple(answers)))
    return len(rows)
