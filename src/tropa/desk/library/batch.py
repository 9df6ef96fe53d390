"""Answering many at once: one text, sent into each thread by itself, signed and sealed there like any other answer.

Kept true: nobody gets it who is in danger or in doubt, who wrote again since the volunteer saw the list, whom somebody
else took or answered meanwhile, or whom the volunteer may not open; each of these is named and left as it was. A form
posted twice answers nobody twice. An answer of the library that expired stops all before anything is sent.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.db import transaction

from tropa.desk.cases.models import Urgency
from tropa.desk.library.in_force import require_sound
from tropa.desk.staff.reader import Reader
from tropa.desk.talk.errors import AlreadyTaken
from tropa.desk.talk.models import Entry, EntryKind, Thread
from tropa.desk.talk.pseudonyms import Pseudonym, name_of
from tropa.desk.talk.queries import OpenEntry, thread_entries
from tropa.desk.talk.recognised import heard_in
from tropa.desk.talk.services import reply, take
from tropa.desk.vault.errors import NoGrant


class Left(StrEnum):
    """Why somebody was left to be answered alone."""

    DANGER = "danger"
    WROTE_AGAIN = "wrote_again"
    ANSWERED = "answered"
    TAKEN = "taken"
    CLOSED = "closed"  # the volunteer may not open it, or it is gone


@dataclass(frozen=True, slots=True)
class Recipient:
    """One thread as the volunteer saw it: `heard` is the number of the person's last entry. `first_line` stands above
    the text for this person alone; "" for none.
    """

    thread_id: str
    heard: int
    first_line: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one; `left` None: answered. No name where the reader may not know it."""

    thread_id: str
    name: Pseudonym | None
    left: Left | None


def answer_together(
    *,
    reader: Reader,
    recipients: Sequence[Recipient],
    text: str,
    answers: Sequence[str],
    token: str,
    text_en: str = "",
) -> tuple[Outcome, ...]:
    """Answer each, whoever last wrote in English with `text_en` where there is one; threads nobody holds are taken.

    Raises AnswerRefused and UnknownAnswer before anything is sent, and NoGrant for somebody who is not certified to
    answer.
    """
    for answer_id in answers:
        require_sound(answer_id)
    texts = (text, text_en or text)
    return tuple(_one(reader, recipient, texts, answers, token) for recipient in recipients)


def _one(
    reader: Reader, recipient: Recipient, texts: tuple[str, str], answers: Sequence[str], token: str
) -> Outcome:
    tag = _tag(token, recipient.thread_id)
    with transaction.atomic():
        thread = (
            Thread.objects.select_for_update(of=("self",))
            .select_related("case__lead", "case__second", "duty_epoch")
            .filter(pk=recipient.thread_id)
            .first()
        )
        if thread is None:
            return Outcome(recipient.thread_id, None, Left.CLOSED)
        if Entry.objects.filter(thread=thread, dedupe_tag=tag, author=reader.member).exists():
            return Outcome(thread.pk, name_of(thread), None)
        try:
            entries = thread_entries(reader=reader, thread=thread)
        except NoGrant:
            return Outcome(recipient.thread_id, None, Left.CLOSED)
        left = _left(thread, entries, recipient)
        if left is None and thread.case is None:
            left = _take(reader, thread)
        if left is None:
            text = texts[_wrote_in_english(entries)]
            whole = f"{recipient.first_line}\n\n{text}" if recipient.first_line else text
            reply(reader=reader, thread=thread, text=whole, dedupe_tag=tag, answers=answers)
        return Outcome(thread.pk, name_of(thread), left)


def _wrote_in_english(entries: Sequence[OpenEntry]) -> bool:
    """Whether the last thing the person wrote was in English."""
    theirs = [entry for entry in entries if entry.kind is EntryKind.APPLICANT]
    return bool(theirs) and theirs[-1].language == "en"


def _left(thread: Thread, entries: Sequence[OpenEntry], recipient: Recipient) -> Left | None:
    """Why this one is not answered together; every word the person ever wrote here is asked for danger."""
    if not thread.waiting:
        return Left.ANSWERED
    if thread.last_heard != recipient.heard:
        return Left.WROTE_AGAIN
    calm = thread.urgency not in {Urgency.NOW, Urgency.DAY}
    return None if calm and all(_is_harmless(entry) for entry in entries) else Left.DANGER


def _is_harmless(entry: OpenEntry) -> bool:
    """Whether nothing in an entry speaks of danger; what cannot be read might."""
    if entry.problem is not None or entry.kind is EntryKind.TALK_NOW:
        return False
    if entry.kind is not EntryKind.APPLICANT:
        return True
    warned = any(code.startswith("danger.") for code in entry.remarks)
    return not warned and not heard_in(entry.text, Urgency.UNSORTED).dangerous


def _take(reader: Reader, thread: Thread) -> Left | None:
    try:
        take(reader=reader, thread=thread)
    except AlreadyTaken:
        return Left.TAKEN
    except NoGrant:
        return Left.CLOSED
    thread.refresh_from_db()
    return None


def _tag(token: str, thread_id: str) -> str:
    """One sending for each thread of one form."""
    return hashlib.blake2b(
        f"{token} {thread_id}".encode(), digest_size=16, person=b"tropa together 1"
    ).hexdigest()
