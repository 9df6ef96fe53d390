"""A conversation goes to another channel with a one-time code, and keeps thread, case and keys.

What a thread's person reads with is the thread's own seed. Whoever asks for a code holds it in that moment: the gateway
has opened the address, the drop has derived it from the nine words. It is sealed under the code, with a thread's one
living code at a time; the row opens for the code alone, in its own place, until the hour that stands sealed in it. Used
is used: the row goes in the transaction that moves the conversation, and a line outside the database keeps a row put
back from being used again. Nothing here looks at names, numbers or texts: two addresses are never joined by likeness.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.db import transaction

from tropa.desk.append_only import book, line_of
from tropa.desk.audit.refusals import refuse
from tropa.desk.conf import conf
from tropa.desk.messengers import delivery
from tropa.desk.messengers.delivery import Outcome
from tropa.desk.messengers.models import Address, Doorway, MoveTicket, Outgoing, OutgoingKind, OutgoingState
from tropa.desk.messengers.move_code import MoveCode
from tropa.desk.messengers.queueing import queue_automatic
from tropa.desk.talk.models import Thread
from tropa.envelope import ApplicantPublic, CannotOpen, Context, Seed, thread_id_of, unwrap, wrap

FORMAT = b"\x01"
USED = "used-codes"
MOVED = "moved"
"""How a remark beside an entry begins that says from where to where: `moved.telegram.drop`."""


@dataclass(frozen=True, slots=True)
class Farewell:
    """What the channel that is left is told, written by the gateway beforehand and sealed under its key."""

    key: str
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Leaving:
    """Where a conversation is when its code is made. `door` is the tag of the nine words it was begun with."""

    channel: str
    farewell: Farewell | None = None
    door: str = ""


@dataclass(frozen=True, slots=True)
class Moving:
    """A code that was good: the thread, locked, its seed, and where it was."""

    thread: Thread
    seed: Seed
    left: Leaving


def offer(*, thread: Thread, seed: Seed, code: MoveCode, left: Leaving, now: datetime) -> bool:
    """Make this the thread's one living code; False for one that was used before. The same again changes nothing."""
    if line_of(b"tropa code used", code.tag) in book(USED).known():
        return False
    ends = now + timedelta(hours=conf.move_hours)
    said = {"seed": seed.raw.hex(), "ends": ends.isoformat(), "channel": left.channel, "door": left.door}
    if left.farewell is not None:
        said |= {"key": left.farewell.key, "farewell": left.farewell.sealed.hex()}
    body = wrap(code.key, _place(code, thread.pk), FORMAT + json.dumps(said).encode(), random=os.urandom)
    with transaction.atomic():
        Thread.objects.select_for_update().get(pk=thread.pk)
        MoveTicket.objects.filter(thread=thread).exclude(tag=code.tag).delete()
        values = {"tag": code.tag, "sealed": body, "day": ends.date()}
        MoveTicket.objects.get_or_create(thread=thread, defaults=values)
    return True


def use(*, code: MoveCode, now: datetime) -> Moving | None:
    """Take the code's conversation out of where it was; None for a code that is not good, whatever the reason. The
    caller has a transaction open and gives the conversation its new place in it.
    """
    line = line_of(b"tropa code used", code.tag)
    if line in book(USED).known():
        for put_back in MoveTicket.objects.filter(tag=code.tag):  # used, its row went
            refuse(table="messengers_moveticket", row=put_back.thread_id, day=now.date())
        return None
    thread = Thread.objects.select_for_update().filter(move_ticket__tag=code.tag).first()  # of two one waits
    found = MoveTicket.objects.filter(tag=code.tag).first()
    if thread is None or found is None or found.thread_id != thread.pk:
        return None
    opened = _opened(code, found, now)
    found.delete()
    if opened is None:
        return None
    _leave(thread, opened[1], now)
    transaction.on_commit(lambda: book(USED).add([line]))
    return Moving(thread, *opened)


def arrive_at_drop(moving: Moving, *, tag: str, sealed: bytes) -> None:
    """From now on the thread is found by these nine words, its seed sealed under them, and answers wait for them."""
    thread = moving.thread
    Address.objects.filter(thread=thread).delete()
    waiting = Outgoing.objects.filter(thread=thread, state=OutgoingState.QUEUED)
    waiting.exclude(kind=OutgoingKind.AUTOMATIC).delete()  # what waited to be sent waits to be read instead
    Doorway.objects.create(tag=tag, thread=thread, sealed=sealed)
    Thread.objects.filter(pk=thread.pk).update(look_up_tag=os.urandom(16).hex())


def goes_by_messenger(thread: Thread) -> set[str]:
    """Ids of answers and releases that wait to be sent, so that nobody is shown them, or erases them, meanwhile."""
    waiting = Outgoing.objects.filter(thread=thread, state__in=[OutgoingState.QUEUED, OutgoingState.SENDING])
    return {each for row in waiting.values_list("entry_id", "release_id") for each in row if each}


def forget_old_codes(*, now: datetime) -> int:
    """Take away codes whose day is over."""
    return MoveTicket.objects.filter(day__lt=now.date()).delete()[0]


def _opened(code: MoveCode, ticket: MoveTicket, now: datetime) -> tuple[Seed, Leaving] | None:
    """What was sealed, if it has not ended; a row that was not sealed for this thread is counted."""
    try:
        body = unwrap(code.key, _place(code, ticket.thread_id), bytes(ticket.sealed))
        found = read_ticket(body)
    except (CannotOpen, ValueError):
        found = None
    if found is None or thread_id_of(ApplicantPublic.of(found[0])) != ticket.thread_id:
        refuse(table="messengers_moveticket", row=ticket.thread_id, day=now.date())
        return None
    seed, left, ends = found
    return (seed, left) if now <= ends.astimezone(UTC) else None


def read_ticket(body: bytes) -> tuple[Seed, Leaving, datetime]:
    """What a code's row holds: the thread's seed, where it is left, and when the code ends. Raises ValueError."""
    if body[:1] != FORMAT:
        raise ValueError("no move of this format")
    try:
        said = json.loads(body[1:])
        seed, ends = Seed(bytes.fromhex(said["seed"])), datetime.fromisoformat(said["ends"])
        farewell = Farewell(said["key"], bytes.fromhex(said["farewell"])) if "key" in said else None
        return seed, Leaving(said["channel"], farewell, said["door"]), ends
    except (CannotOpen, KeyError, TypeError, RecursionError) as error:
        raise ValueError("no move of this format") from error


def _leave(thread: Thread, left: Leaving, now: datetime) -> None:
    """The old channel is told; what is under way there ends as not known; the words it was begun with still open it."""
    if left.farewell is not None:
        queue_automatic(left.farewell.key, None, left.farewell.sealed)
    under_way = Outgoing.objects.select_related(*delivery.RELATED)
    for row in under_way.filter(thread=thread, state=OutgoingState.SENDING).exclude(
        kind=OutgoingKind.AUTOMATIC
    ):
        delivery.end(row, Outcome(OutgoingState.UNKNOWN, "moved", now))
    if left.door:
        Doorway.objects.get_or_create(tag=left.door, defaults={"thread": thread})


def _place(code: MoveCode, thread_id: str) -> Context:
    return Context("move", 1, "messengers_moveticket", "sealed", f"{code.tag} {thread_id}")
