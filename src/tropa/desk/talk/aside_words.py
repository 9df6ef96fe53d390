"""What may be done with a thread beside answering it, in words: put it aside, close it without a word, give it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from django.utils.translation import gettext as _

from tropa.desk.talk.models import EntryKind, Snooze, Thread
from tropa.desk.talk.queries import OpenEntry
from tropa.desk.talk.setting_aside import Until, hour_of, work_begun


@dataclass(frozen=True, slots=True)
class Choice:
    """One time to put a thread aside until."""

    value: str
    words: str
    hour: datetime


@dataclass(frozen=True, slots=True)
class Aside:
    """What may be done now. `until`: the hour it comes back at, when it was put aside."""

    until: datetime | None
    choices: Sequence[Choice]
    may_settle: bool
    may_give_back: bool


def aside_of(thread: Thread, entries: Sequence[OpenEntry], *, on: datetime) -> Aside:
    """For somebody who may open the thread."""
    calm = thread.waiting and thread.urgency_rank > 0
    until = Snooze.objects.filter(thread=thread, until__gt=on).values_list("until", flat=True).first()
    ours = any(entry.kind in {EntryKind.REPLY, EntryKind.NOTE} for entry in entries)
    choices = [Choice(one.value, until_words(one), hour_of(one, on)) for one in Until] if calm else []
    return Aside(
        until=until if calm else None,
        choices=choices,
        may_settle=calm and thread.case is not None,
        may_give_back=thread.case is not None and not ours and not work_begun(thread),
    )


def until_words(until: Until) -> str:
    """How long, on a button."""
    match until:
        case Until.HOUR:
            return _("an hour")
        case Until.FOUR_HOURS:
            return _("four hours")
        case Until.MORNING:
            return _("tomorrow morning")
        case Until.THREE_DAYS:
            return _("three days")
        case Until.THEY_WRITE:
            return _("they write, or a week")
        case _:
            assert_never(until)
