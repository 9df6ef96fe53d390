"""What the person who wrote may see and destroy, for one request in which their codename opened their keys.

An answer is shown only if it opens for them, stands where its author wrote it, its author is an adviser or
coordinator who still works here and is called what the answer says, and their signature verifies up to the pinned
root. Anything else is not shown, not even as an error, and is counted for the coordinators; so are answers of
somebody who has left since, which somebody else has to give anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction

from tropa.desk.audit.refusals import refuse
from tropa.desk.clock import next_hour
from tropa.desk.receipts import Destroyed, note_destroyed
from tropa.desk.retention.destroying import destroy
from tropa.desk.retention.models import Cause
from tropa.desk.scrub import scrub
from tropa.desk.staff.models import Gender
from tropa.desk.talk.applicants import OWN_KINDS
from tropa.desk.talk.body import EntryBody, decode
from tropa.desk.talk.errors import BadBody
from tropa.desk.talk.known import kind_of
from tropa.desk.talk.models import Entry, EntryKind, Thread
from tropa.desk.talk.seals import check_answer, open_for_applicant
from tropa.envelope import EnvelopeError, SealingKey, Seed

READABLE_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ShownReply:
    """An answer, verified. `gender` is the author's pseudonym's, for Russian sentences."""

    id: str
    text: str = field(repr=False)
    at: datetime
    author_pseudonym: str
    gender: Gender
    kept: bool
    answers: tuple[str, ...] = ()  # ids of library answers it is made of


@dataclass(frozen=True, slots=True)
class OwnMessage:
    """What they sent, as date and size class only."""

    id: str
    day: date
    size_class: int
    kind: EntryKind
    files: int


def unread_replies(*, thread: Thread, seed: Seed, now: datetime) -> list[ShownReply]:
    """The answers they have not read or have kept, oldest first. Two queries at most, beside
    counting refusals.
    """
    entries = Entry.objects.filter(thread=thread, kind=EntryKind.REPLY, sealed_applicant__isnull=False)
    waiting = [
        entry
        for entry in entries.select_related("author__issuer").order_by("sequence")
        if entry.kept or entry.gone_after is None or entry.gone_after > now
    ]
    if not waiting:
        return []
    key = seed.sealing()
    shown = [verified_reply(entry, key) for entry in waiting]
    for entry, reply in zip(waiting, shown, strict=True):
        if reply is None:
            refuse(table="talk_entry", row=entry.id, day=now.date())
    return [reply for reply in shown if reply is not None]


def verified_reply(entry: Entry, key: SealingKey) -> ShownReply | None:
    """The answer as it may be shown or sent to whoever holds `key`; None when anything about it does not hold."""
    try:
        content = open_for_applicant(entry, key)
        body = decode(content)
        if not _belongs(entry, body):
            return None
        assert entry.author is not None
        check_answer(entry, entry.author, body.at.date(), content)
    except (EnvelopeError, BadBody):
        return None
    return ShownReply(
        id=entry.id,
        text=body.text,
        at=body.at,
        author_pseudonym=entry.author.pseudonym,
        gender=Gender(entry.author.gender),
        kept=entry.kept,
        answers=body.answers,
    )


def own_messages(*, thread: Thread) -> list[OwnMessage]:
    """What they sent, oldest first."""
    entries = Entry.objects.filter(thread=thread, kind__in=OWN_KINDS).order_by("sequence")
    rows = entries.prefetch_related("attachments").only("id", "day", "size_class", "kind", "thread_id")
    return [
        OwnMessage(
            id=entry.id,
            day=entry.day,
            size_class=entry.size_class + sum(file.size_class for file in entry.attachments.all()),
            kind=kind_of(entry.kind),
            files=len(entry.attachments.all()),
        )
        for entry in rows
    ]


def mark_seen(*, thread: Thread, ids: Iterable[str], now: datetime) -> None:
    """These answers were shown: a day from now they are gone, unless kept. Seen again, the
    clock does not start anew; on a copy destroyed in the meantime it does not start at all.
    """
    shown = Entry.objects.filter(thread=thread, id__in=list(ids), sealed_applicant__isnull=False)
    shown.filter(gone_after=None, kept=False).update(gone_after=next_hour(now + READABLE_FOR))


def read_it(*, thread: Thread, ids: Iterable[str]) -> None:
    """ "I have read it": their copies are destroyed at once, kept ones excepted, and with them when they were
    seen.
    """
    rows = Entry.objects.filter(thread=thread, id__in=list(ids), kept=False)
    rows.update(sealed_applicant=None, gone_after=None)
    scrub()


def keep(*, thread: Thread, entry_id: str) -> None:
    """Keep one answer on purpose, until deleted; one whose copy is gone stays gone."""
    rows = Entry.objects.filter(thread=thread, id=entry_id, kind=EntryKind.REPLY)
    rows.filter(sealed_applicant__isnull=False).update(kept=True, gone_after=None)


def let_go(*, thread: Thread, entry_id: str) -> None:
    """Destroy one's copy of an answer that was kept."""
    rows = Entry.objects.filter(thread=thread, id=entry_id, kind=EntryKind.REPLY)
    rows.update(kept=False, sealed_applicant=None, gone_after=None)
    scrub()


def delete_entry(*, thread: Thread, entry_id: str) -> bool:
    """Destroy one message they sent, with its files, for the desk too. False when there is no
    such message.
    """
    with transaction.atomic():
        deleted, _ = Entry.objects.filter(thread=thread, id=entry_id, kind__in=OWN_KINDS).delete()
        if deleted:
            _forget_if_silent(thread)
            note_destroyed({Destroyed.ENTRY: [entry_id]})
    transaction.on_commit(scrub)
    return deleted > 0


def delete_everything(*, thread: Thread, now: datetime) -> None:
    """Destroy the thread, and its case with card, plans and every key to it, unless the case
    has other threads.
    """
    with transaction.atomic():
        locked = Thread.objects.select_for_update().get(pk=thread.pk)
        case_id = locked.case_id
        others = Thread.objects.filter(case_id=case_id).exclude(pk=locked.pk)
        cases = [] if case_id is None or others.exists() else [case_id]
        destroy(cause=Cause.APPLICANT, now=now, threads=[locked.pk], cases=cases)
    transaction.on_commit(scrub)  # the gateway erases in a transaction of its own


def _forget_if_silent(thread: Thread) -> None:
    """A thread whose own messages are all deleted no longer waits for an answer."""
    last = (
        Entry.objects.filter(thread=thread, kind__in=OWN_KINDS)
        .order_by("-sequence")
        .values_list("sequence", flat=True)
    ).first()
    values = {"last_heard": last} if last else {"last_heard": 0, "waiting": False, "waiting_since": None}
    Thread.objects.filter(pk=thread.pk).update(**values)


def _belongs(entry: Entry, body: EntryBody) -> bool:
    """Whether the content is an answer by the author the row names, under their own pseudonym, who still
    works here.
    """
    return (
        body.kind == EntryKind.REPLY
        and body.author is not None
        and entry.author is not None
        and entry.author.active
        and (body.author.id, body.author.pseudonym) == (entry.author.id, entry.author.pseudonym)
    )
