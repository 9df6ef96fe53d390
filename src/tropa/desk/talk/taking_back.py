"""Taking an answer back that nobody has read: the undo of sending it.

Kept true: only its author takes an answer back, only while they hold the case, and only while the person has not seen
it and no messenger has begun to carry it. Then it is gone on both sides, its text is a draft again, and the person
waits for an answer as before. An answer that was read stays, whoever asks.
"""

from __future__ import annotations

from datetime import UTC, datetime, time

from django.db import transaction

from tropa.desk.audit.acts import Act
from tropa.desk.audit.services import record
from tropa.desk.messengers.models import Outgoing, OutgoingState
from tropa.desk.plans.ended_steps import Ending, write_down
from tropa.desk.staff.reader import Reader
from tropa.desk.talk.errors import NotTaken, ReadAlready
from tropa.desk.talk.keys import thread_keys
from tropa.desk.talk.models import Draft, Entry, EntryKind, Thread
from tropa.desk.talk.queries import shown_entry
from tropa.desk.talk.services import save_draft
from tropa.desk.vault.services import open_newest


def take_back(*, reader: Reader, thread: Thread, entry_id: str) -> None:
    """Take one of one's own answers back. Raises NotTaken, NoGrant, and ReadAlready once it was seen or is on its
    way, or when there is no such answer.
    """
    with transaction.atomic():
        locked = Thread.objects.select_for_update(of=("self",)).select_related("case").get(pk=thread.pk)
        if locked.case is None:
            raise NotTaken
        open_newest(reader=reader, case=locked.case)
        entry = _unread(reader, locked, entry_id)
        text = shown_entry(entry, locked, thread_keys(reader=reader, thread=locked)).text
        entry.delete()
        if text and not Draft.objects.filter(thread=locked).exists():
            save_draft(reader=reader, thread=locked, text=text)
        _let_wait(locked)
        detail = {"thread": locked.pk, "entry": entry_id}
        record(reader=reader, act=Act.TAKEN_BACK, detail=detail, now=reader.now)
    write_down(Ending(over=(entry_id,)))


def _unread(reader: Reader, thread: Thread, entry_id: str) -> Entry:
    """The answer, locked, if nobody has seen it and nothing carries it; it no longer waits to be carried."""
    own = Entry.objects.filter(thread=thread, kind=EntryKind.REPLY, author=reader.member)
    unseen = own.filter(sealed_applicant__isnull=False, gone_after=None, kept=False)
    entry = (
        unseen.select_for_update(of=("self",)).select_related("author__issuer").filter(pk=entry_id).first()
    )
    if entry is None:
        raise ReadAlready
    # first what still waits is taken away, so that a gateway finds it gone; what is left then is on its way
    Outgoing.objects.filter(entry=entry, state=OutgoingState.QUEUED).delete()
    if Outgoing.objects.filter(entry=entry).exists():
        raise ReadAlready
    return entry


def _let_wait(thread: Thread) -> None:
    """The person waits again unless somebody else has answered. The hour was not kept: since the day began, which is
    rather too long than too short.
    """
    if Entry.objects.filter(thread=thread, kind=EntryKind.REPLY, sequence__gt=thread.last_heard).exists():
        return
    since = datetime.combine(thread.day, time(0, tzinfo=UTC))
    Thread.objects.filter(pk=thread.pk).update(waiting=True, waiting_since=since, retention_day=None)
