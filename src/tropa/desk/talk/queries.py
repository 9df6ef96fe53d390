"""Reading threads: the look-up by tag, and one thread's entries for somebody who may open it.

An entry that does not open, or whose author's signature does not verify up to the pinned root, is shown as a
problem, never as text. What colleagues wrote who have left since is shown: it was theirs to write then.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.db import connection

from tropa.desk.audit.readings import note_reading
from tropa.desk.audit.refusals import refuse
from tropa.desk.staff.models import Member
from tropa.desk.staff.reader import Reader
from tropa.desk.talk.applicants import OWN_KINDS, is_their_own
from tropa.desk.talk.body import EntryBody, FileNote, decode
from tropa.desk.talk.errors import BadBody
from tropa.desk.talk.inbox import InboxFilters, InboxPlace, InboxRow, Queue, inbox_page, waiting_count
from tropa.desk.talk.keys import ThreadKeys, opened_body, thread_keys
from tropa.desk.talk.known import kind_of
from tropa.desk.talk.models import Draft, Entry, EntryKind, Thread
from tropa.desk.talk.seals import check_answer, check_entry
from tropa.desk.vault.errors import BeforeGrant
from tropa.envelope import BadSignature, CannotOpen, EnvelopeError

CLAIMANT = "SELECT member_id FROM staff_claim WHERE thread_id = %s AND member_id <> %s AND lapses > %s"


class Problem(StrEnum):
    """Why an entry cannot be shown."""

    DOES_NOT_OPEN = "does-not-open"  # damaged or moved
    BEFORE_GRANT = "before-grant"  # older than the reader's access to the case
    NOT_SIGNED = "not-signed"  # the author's signature does not verify


@dataclass(frozen=True, slots=True)
class OpenEntry:
    """An entry as somebody who holds the thread reads it. `text` is empty when there is a problem."""

    id: str
    sequence: int
    kind: EntryKind
    author: Member | None
    text: str = field(repr=False)
    at: datetime | None
    language: str
    channel: str
    files: tuple[FileNote, ...]
    remarks: tuple[str, ...]  # codes of how it came
    answers: tuple[str, ...]  # ids of library answers it is made of
    problem: Problem | None
    wanted: bool  # an answer the person has not said they have read


def thread_by_tag(look_up_tag: bytes) -> Thread | None:
    """The thread a codename belongs to."""
    return Thread.objects.filter(look_up_tag=look_up_tag.hex()).first()


def thread_entries(*, reader: Reader, thread: Thread) -> list[OpenEntry]:
    """Every entry in order. Raises NoGrant when the reader may not open the thread."""
    keys = thread_keys(reader=reader, thread=thread)
    note_reading(reader=reader, held=thread.case, thread_id=thread.pk)
    entries = list(
        Entry.objects.filter(thread=thread).select_related("author__issuer", "thread").order_by("sequence")
    )
    shown = [shown_entry(entry, thread, keys) for entry in entries]
    keys.keep_wrapped()
    for entry in shown:
        if entry.problem not in {None, Problem.BEFORE_GRANT}:
            refuse(table="talk_entry", row=entry.id, day=reader.now.date())
    return shown


def open_draft(*, reader: Reader, thread: Thread) -> str:
    """The draft answer, empty when there is none. Raises NoGrant."""
    keys = thread_keys(reader=reader, thread=thread)
    draft = Draft.objects.filter(thread=thread).first()
    if draft is None:
        return ""
    try:
        return keys.open_draft(draft)
    except BeforeGrant:
        return ""
    except CannotOpen:
        refuse(table="talk_draft", row=thread.pk, day=reader.now.date())
        return ""


def claimed_by(*, thread: Thread, reader: Reader) -> Member | None:
    """Who else has this thread open just now."""
    now = connection.ops.adapt_datetimefield_value(reader.now)
    with connection.cursor() as cursor:
        cursor.execute(CLAIMANT, [thread.pk, reader.member.pk, now])
        found = cursor.fetchone()
    return Member.objects.filter(pk=found[0]).first() if found else None


def shown_entry(entry: Entry, thread: Thread, keys: ThreadKeys) -> OpenEntry:
    """An entry as it may be shown: with its text if it opens and verifies, else with the problem."""
    kind = kind_of(entry.kind)
    try:
        content = opened_body(entry, keys)
        body = decode(content)
    except BeforeGrant:
        return _problem(entry, Problem.BEFORE_GRANT)
    except BadSignature:
        return _problem(entry, Problem.NOT_SIGNED)
    except (CannotOpen, BadBody):
        return _problem(entry, Problem.DOES_NOT_OPEN)
    if body.kind != kind:  # the row says it is another kind of entry than was sealed
        return _problem(entry, Problem.DOES_NOT_OPEN)
    if not _is_signed(entry, thread, body, content):
        return _problem(entry, Problem.NOT_SIGNED)
    return OpenEntry(
        id=entry.id,
        sequence=entry.sequence,
        kind=kind,
        author=entry.author,
        text=body.text,
        at=body.at,
        language=body.language,
        channel=body.channel,
        files=body.files,
        remarks=body.remarks,
        answers=body.answers,
        problem=None,
        wanted=kind == EntryKind.REPLY and entry.sealed_applicant is not None,
    )


def _is_signed(entry: Entry, thread: Thread, body: EntryBody, content: bytes) -> bool:
    if body.kind in OWN_KINDS:
        return is_their_own(entry, thread, content)
    if entry.author is None or body.author is None or body.author.id != entry.author.id:
        return False
    check = check_answer if body.kind == EntryKind.REPLY else check_entry
    try:
        check(entry, entry.author, body.at.date(), content)
    except EnvelopeError:
        return False
    return True


def _problem(entry: Entry, problem: Problem) -> OpenEntry:
    return OpenEntry(
        id=entry.id,
        sequence=entry.sequence,
        kind=kind_of(entry.kind),
        author=entry.author,
        text="",
        at=None,
        language="",
        channel="",
        files=(),
        remarks=(),
        answers=(),
        problem=problem,
        wanted=False,
    )


__all__ = [
    "InboxFilters",
    "InboxPlace",
    "InboxRow",
    "OpenEntry",
    "Problem",
    "Queue",
    "claimed_by",
    "inbox_page",
    "open_draft",
    "shown_entry",
    "thread_by_tag",
    "thread_entries",
    "waiting_count",
]
