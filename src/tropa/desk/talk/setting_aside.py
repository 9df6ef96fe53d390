"""Putting a thread aside until an hour, saying that it needs no answer, giving it back, and taking each of these back.

Nobody is forgotten: a thread put aside comes back by itself, at the latest after a week, and at once when the person
writes; one that needs no answer stays among its holder's cases. Danger to a person is never put aside, and nobody puts
aside what they have not seen: an act names the last entry its page showed.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import assert_never

from django.db import transaction
from django.db.models import Q

from tropa.desk.audit.acts import Act
from tropa.desk.audit.services import record
from tropa.desk.cases.models import Case, Urgency
from tropa.desk.clock import next_hour
from tropa.desk.staff.models import Claim
from tropa.desk.staff.reader import Reader
from tropa.desk.talk.errors import InDanger, NotTaken, NotWaiting, WorkBegun, WroteMeanwhile
from tropa.desk.talk.keys import thread_keys
from tropa.desk.talk.models import Draft, Entry, EntryKind, Snooze, Thread
from tropa.desk.talk.services import release_to_duty
from tropa.desk.vault.services import open_newest

LONGEST = timedelta(days=7)
MORNING = time(6, tzinfo=UTC)


class Until(StrEnum):
    """How long a thread is put aside."""

    HOUR = "hour"
    FOUR_HOURS = "four-hours"
    MORNING = "morning"  # of the next day, 6 UTC
    THREE_DAYS = "three-days"
    THEY_WRITE = "they-write"  # or a week is over: nobody is forgotten over a silence


def hour_of(until: Until, now: datetime) -> datetime:
    """The whole hour at which a thread comes back, aware, UTC."""
    match until:
        case Until.HOUR:
            return next_hour(now + timedelta(hours=1))
        case Until.FOUR_HOURS:
            return next_hour(now + timedelta(hours=4))
        case Until.MORNING:
            return datetime.combine(now.date() + timedelta(days=1), MORNING)
        case Until.THREE_DAYS:
            return next_hour(now + timedelta(days=3))
        case Until.THEY_WRITE:
            return next_hour(now + LONGEST)
        case _:
            assert_never(until)


@transaction.atomic
def snooze(*, reader: Reader, thread: Thread, until: Until, heard: int) -> datetime:
    """Take a waiting thread out of the queues until an hour, which is given back. Of two people the later word counts.

    `heard` is the number of the person's last entry that was on the page. Raises NoGrant, NotWaiting, InDanger, and
    WroteMeanwhile when there is a later one.
    """
    locked = _seen(reader, thread, heard)
    hour = hour_of(until, reader.now)
    Snooze.objects.update_or_create(thread=locked, defaults={"member": reader.member, "until": hour})
    _let_go(reader, locked)
    record(reader=reader, act=Act.SNOOZED, detail={"thread": locked.pk}, now=reader.now)
    return hour


@transaction.atomic
def wake(*, reader: Reader, thread: Thread) -> None:
    """Put a thread back into its queue at once; nothing when it is there already. Raises NoGrant."""
    thread_keys(reader=reader, thread=_locked(thread))
    if Snooze.objects.filter(thread_id=thread.pk).delete()[0]:
        record(reader=reader, act=Act.WOKEN, detail={"thread": thread.pk}, now=reader.now)


@transaction.atomic
def settle(*, reader: Reader, thread: Thread, heard: int) -> None:
    """Say that what the person wrote last needs no answer: the thread waits no longer and stays with its case.

    Raises as `snooze`, and NotTaken: what nobody holds would stand in no queue any more.
    """
    locked = _seen(reader, thread, heard)
    if locked.case is None:
        raise NotTaken
    open_newest(reader=reader, case=locked.case)
    Snooze.objects.filter(thread=locked).delete()
    Thread.objects.filter(pk=locked.pk).update(waiting=False, waiting_since=None)
    _let_go(reader, locked)
    record(reader=reader, act=Act.SETTLED, detail={"thread": locked.pk}, now=reader.now)


@transaction.atomic
def unsettle(*, reader: Reader, thread: Thread) -> None:
    """Let the person wait for an answer again; nothing when they do, or were answered since.

    The hour was not kept: they have waited since the day they wrote began, which is rather too long than too short.
    Raises NoGrant, NotTaken.
    """
    locked = _locked(thread)
    if locked.case is None:
        raise NotTaken
    open_newest(reader=reader, case=locked.case)
    answered = Entry.objects.filter(
        thread=locked, kind=EntryKind.REPLY, sequence__gt=locked.last_heard
    ).exists()
    if locked.waiting or answered:
        return
    since = datetime.combine(locked.day, time(0, tzinfo=UTC))
    Thread.objects.filter(pk=locked.pk).update(waiting=True, waiting_since=since, retention_day=None)
    record(reader=reader, act=Act.UNSETTLED, detail={"thread": locked.pk}, now=reader.now)


@transaction.atomic
def give_back(*, reader: Reader, thread: Thread) -> None:
    """Undo the taking of a thread in whose case nothing stands yet: whoever is on duty reads and takes it.

    Raises NotTaken, NoGrant, and WorkBegun once there is an answer, note, draft, card or plan.
    """
    locked = _locked(thread)
    if locked.case is None:
        raise NotTaken
    open_newest(reader=reader, case=locked.case)
    if work_begun(locked):
        raise WorkBegun
    release_to_duty(reader=reader, thread=locked)
    _let_go(reader, locked)


def work_begun(thread: Thread) -> bool:
    """Whether a taken thread's case holds anything its holders made. Two queries; opens nothing."""
    ours = ~Q(kind__in=[EntryKind.APPLICANT, EntryKind.SAFE, EntryKind.TALK_NOW])
    if Entry.objects.filter(ours, thread=thread).exists() or Draft.objects.filter(thread=thread).exists():
        return True
    made = Q(card__isnull=False) | Q(plan_facts__isnull=False) | Q(plans__isnull=False)
    return Case.objects.filter(made, pk=thread.case_id).exists()


def _let_go(reader: Reader, thread: Thread) -> None:
    """The thread is on one's screen no longer."""
    Claim.objects.filter(thread=thread, member=reader.member).delete()


def _seen(reader: Reader, thread: Thread, heard: int) -> Thread:
    """The locked row of a waiting thread of which the reader has seen everything."""
    locked = _locked(thread)
    thread_keys(reader=reader, thread=locked)
    if not locked.waiting:
        raise NotWaiting
    if locked.urgency_rank == 0 or locked.urgency == Urgency.NOW:
        raise InDanger
    if locked.last_heard != heard:
        raise WroteMeanwhile
    return locked


def _locked(thread: Thread) -> Thread:
    found = Thread.objects.select_for_update(of=("self",)).select_related("case", "duty_epoch")
    return found.get(pk=thread.pk)
