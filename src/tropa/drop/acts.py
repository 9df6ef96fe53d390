"""What may be done on the page of answers, each with one service of the desk and the notice after it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from django.db import transaction
from django.utils.translation import gettext as _

from tropa.desk.plans import applicant as steps
from tropa.desk.talk import applicant as talk
from tropa.drop import conversation
from tropa.drop.admission import Notice
from tropa.drop.conversation import Conversation
from tropa.drop.helping import count_help


class Act(StrEnum):
    """The button that was pressed. Sending a text is not among them: it may have to be given back
    (`views.answers`).
    """

    SAFE = "safe"
    TALK_NOW = "talk_now"
    READ = "read"
    KEEP = "keep"
    LET_GO = "let_go"
    STEP_DONE = "step_done"
    STEP_FAILED = "step_failed"
    STEP_READ = "step_read"
    STEP_KEEP = "step_keep"
    ERASE_ONE = "erase_one"
    ERASE_ALL = "erase_all"
    HELPED = "helped"
    NOT_HELPED = "not_helped"


def act_of(name: str) -> Act | None:
    """The act of this name, if there is one."""
    try:
        return Act(name)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Deed:
    """A pressed button with what stood in its form: ids of answers, messages or a step, and its nonce."""

    act: Act
    ids: tuple[str, ...]
    nonce: bytes = field(repr=False)
    language: str


def perform(deed: Deed, found: Conversation, now: datetime) -> Notice:
    """Do it; ids that are not of this thread do nothing. NotStored if it could not be stored."""
    signal = conversation.Signal(nonce=deed.nonce, language=deed.language, at=now)
    match deed.act:
        case Act.SAFE:
            conversation.say_safe(found, signal)
            return Notice.SAFE
        case Act.TALK_NOW:
            conversation.ask_to_talk(found, signal)
            return Notice.TALK_NOW
        case Act.STEP_DONE:
            return _step_over(deed, found, signal, Notice.STEP_DONE)
        case Act.STEP_FAILED:
            return _step_over(deed, found, signal, Notice.STEP_FAILED)
        case Act.HELPED | Act.NOT_HELPED:
            count_help(found, deed.ids, helped=deed.act is Act.HELPED, now=now)
            return Notice.HELP_COUNTED
        case _:
            return _tidy(deed, found, now)


def _step_over(deed: Deed, found: Conversation, signal: conversation.Signal, notice: Notice) -> Notice:
    """Close the step and say so in the thread, so that it waits for an answer again. A step that is gone
    changes nothing.
    """
    end = steps.done if notice is Notice.STEP_DONE else steps.failed
    for release_id in deed.ids[:1]:
        with transaction.atomic():
            if end(thread=found.thread, release_id=release_id):
                said = _("The step is done.") if notice is Notice.STEP_DONE else _("The step does not work.")
                conversation.say(found, said, signal)
    return notice


def _tidy(deed: Deed, found: Conversation, now: datetime) -> Notice:
    """What only concerns what is shown and kept."""
    match deed.act:
        case Act.READ:
            talk.read_it(thread=found.thread, ids=deed.ids)
            return Notice.READ
        case Act.KEEP:
            for entry_id in deed.ids:
                talk.keep(thread=found.thread, entry_id=entry_id)
            return Notice.KEPT
        case Act.LET_GO:
            for entry_id in deed.ids:
                talk.let_go(thread=found.thread, entry_id=entry_id)
            return Notice.READ
        case Act.STEP_READ:
            for release_id in deed.ids:
                steps.acknowledge(thread=found.thread, release_id=release_id)
            return Notice.READ
        case Act.STEP_KEEP:
            for release_id in deed.ids:
                steps.keep(thread=found.thread, release_id=release_id)
            return Notice.KEPT
        case Act.ERASE_ONE:
            for entry_id in deed.ids:
                talk.delete_entry(thread=found.thread, entry_id=entry_id)
            return Notice.MESSAGE_ERASED
        case Act.ERASE_ALL:
            talk.delete_everything(thread=found.thread, now=now)
            return Notice.ALL_ERASED
        case Act.SAFE | Act.TALK_NOW | Act.STEP_DONE | Act.STEP_FAILED | Act.HELPED | Act.NOT_HELPED:
            raise AssertionError("done before")
    assert_never(deed.act)
