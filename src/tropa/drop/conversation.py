"""One applicant's conversation, as the drop may know it: sealed on the way in, opened with the codename on
the way out.

The drop holds no key of its own. A thread is found by the codename's tag and believed only if its id and
public key follow from the codename too: whoever writes to the database cannot put another person's thread, or
a key of theirs, under it. What shows here was verified by the desk's services up to the pinned root; what
fails there is not here.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from django.db import DatabaseError, IntegrityError
from django.utils.translation import gettext as _

from tropa.desk import clock
from tropa.desk.audit.refusals import refuse
from tropa.desk.cases.models import Urgency
from tropa.desk.library.at_arrival import AtArrival
from tropa.desk.messengers.models import Doorway
from tropa.desk.messengers.moving import goes_by_messenger
from tropa.desk.messengers.queueing import is_reached_by_messenger
from tropa.desk.plans import applicant as steps
from tropa.desk.plans.ended_steps import unsettled
from tropa.desk.plans.models import Release
from tropa.desk.plans.shaken import being_checked_anew
from tropa.desk.talk import applicant as talk
from tropa.desk.talk.arrivals import receive_first, receive_more
from tropa.desk.talk.body import EntryBody
from tropa.desk.talk.errors import TalkError
from tropa.desk.talk.files import IncomingFile
from tropa.desk.talk.models import EntryKind, Thread
from tropa.desk.talk.recognised import Heard, heard_in
from tropa.desk.vault.errors import VaultError
from tropa.drop.admission import Admission
from tropa.drop.at_arrival import count_shown
from tropa.drop.form_token import FormToken, dedupe_tag
from tropa.drop.message import Message
from tropa.drop.uploads import ArrivedFile
from tropa.envelope import (
    MOST_READINGS,
    ApplicantKeys,
    CannotOpen,
    Codename,
    Context,
    Seed,
    SymmetricKey,
    UnknownCodename,
    applicant_keys,
    keys_of_seed,
    look_up_tag,
    unwrap,
)
from tropa.envelope.codename import ENTROPY_BYTES

FIRST = b"first"


class NotStored(Exception):
    """Nothing was stored; trying again is safe. Carries nothing of what was to be stored."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """A thread that exists, with the keys to it."""

    thread: Thread
    keys: ApplicantKeys = field(repr=False)
    entropy: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Signal:
    """A button that says something by itself: where it was pressed and when."""

    nonce: bytes = field(repr=False)
    language: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Contents:
    """What is to be shown: the current step, unread and kept answers, and one's own messages without their
    text. `heard`: the step's check-in has been answered, so its clock is over. `checking`: the step they had was
    taken back because a fact under it was closed, and no other one has come yet.
    """

    step: steps.ShownStep | None
    heard: bool
    checking: bool
    replies: Sequence[talk.ShownReply]
    own: Sequence[talk.OwnMessage]
    by_messenger: bool  # answers are sent there and do not come here


def admission_for(typed: str) -> Admission:
    """The admission for typed words: always the same number of look-ups in one query; random for words that
    fit nothing.
    """
    try:
        readings = [codename.entropy for codename in Codename.readings(typed)]
    except UnknownCodename:
        readings = []
    tried = [*readings, *(os.urandom(ENTROPY_BYTES) for _each in range(MOST_READINGS - len(readings)))]
    tags = {look_up_tag(entropy).hex(): entropy for entropy in tried}
    found = Thread.objects.filter(look_up_tag__in=list(tags)).values_list("look_up_tag", flat=True)
    doors = Doorway.objects.filter(tag__in=list(tags)).values_list("tag", flat=True)
    for tag in found.union(doors):
        return Admission(tags[tag])
    return Admission.of_nobody()


def find(admission: Admission) -> Conversation | None:
    """The conversation an admission leads to, None if to none (or to a row that is not what the codename
    says).
    """
    keys = applicant_keys(admission.entropy)
    threads = Thread.objects.select_related("case", "duty_epoch")
    thread = threads.filter(look_up_tag=keys.look_up_tag.hex()).first()
    if thread is None:
        return _through_door(keys, admission.entropy)
    if thread.pk != keys.thread_id:
        _refuse("talk_thread", thread.pk)
        return None
    return Conversation(thread, keys, admission.entropy)


def _through_door(keys: ApplicantKeys, entropy: bytes) -> Conversation | None:
    """The conversation these words lead to though it is found by something else now, with the keys it has."""
    doors = Doorway.objects.select_related("thread__case", "thread__duty_epoch")
    door = doors.filter(tag=keys.look_up_tag.hex()).first()
    if door is None:
        return None
    try:
        inside = keys if door.sealed is None else _behind(door, keys)
    except (CannotOpen, ValueError):
        inside = None
    if inside is None or door.thread_id != inside.thread_id:
        _refuse("messengers_doorway", door.thread_id)
        return None
    return Conversation(door.thread, inside, entropy)


def _behind(door: Doorway, keys: ApplicantKeys) -> ApplicantKeys:
    """The keys of a thread begun elsewhere, which lie under the words. Raises CannotOpen, ValueError."""
    seed = Seed(unwrap(door_key(keys), door_place(door.tag, door.thread_id), bytes(door.sealed or b"")))
    return keys_of_seed(seed, keys.look_up_tag)


def _refuse(table: str, row: str) -> None:
    """Count a row that was led elsewhere; a database that takes nothing changes no answer."""
    with suppress(DatabaseError):
        refuse(table=table, row=row, day=clock.now().date())


def door_key(keys: ApplicantKeys) -> SymmetricKey:
    """What the seed of a thread begun elsewhere lies under: it follows from the words alone."""
    return keys.seed.subkey("doorway")


def door_place(tag: str, thread_id: str) -> Context:
    """Where it lies."""
    return Context("doorway", 1, "messengers_doorway", "sealed", f"{tag} {thread_id}")


def begin(*, token: FormToken, message: Message, language: str, now: datetime, arrival: AtArrival) -> None:
    """Store a first message with what was recognised in it, and count what is shown for it; one posted twice once,
    another text of the same form under the same codename.
    """
    entropy = token.entropy()
    keys = applicant_keys(entropy)
    try:
        receive_first(
            public=keys.public,
            signing=keys.signing,
            look_up_tag=keys.look_up_tag,
            body=EntryBody(message.text, now, language, remarks=arrival.remarks("shown")),
            files=_incoming(message.files),
            dedupe_tag=dedupe_tag(entropy=entropy, nonce=FIRST, parts=message.parts()),
            urgency=arrival.urgency,
            now=now,
            beside=partial(count_shown, arrival, now.date()),
        )
    except IntegrityError:
        if _begun_before(entropy, message, Signal(FIRST, language, now)):
            count_shown(arrival, now.date())
    except (DatabaseError, VaultError, TalkError):
        raise NotStored from None


def _begun_before(entropy: bytes, message: Message, signal: Signal) -> bool:
    """Another text from a form that has been sent already: the thread is there, so it goes into it, if it is new."""
    found = find(Admission(entropy))
    if found is None:
        raise NotStored
    return _receive(found, message.text, message.files, EntryKind.APPLICANT, signal, message.parts())


def add(found: Conversation, message: Message, *, language: str, now: datetime) -> None:
    """Store a later message; danger in it makes the thread more urgent."""
    signal = Signal(message.nonce, language, now)
    _receive(found, message.text, message.files, EntryKind.APPLICANT, signal, message.parts())


def say(found: Conversation, text: str, signal: Signal) -> None:
    """Store a sentence a button stands for."""
    _receive(found, text, (), EntryKind.APPLICANT, signal, (text.encode(),))


def say_safe(found: Conversation, signal: Signal) -> None:
    """ "I am safe": a sealed entry, and every check-in that was open is answered."""
    _receive(found, _("I am safe"), (), EntryKind.SAFE, signal)
    steps.checked_in(thread=found.thread)


def ask_to_talk(found: Conversation, signal: Signal) -> None:
    """ "I need to talk now": a sealed entry that makes the thread urgent. It answers no check-in: the person
    is not safe.
    """
    _receive(found, _("I need to talk now"), (), EntryKind.TALK_NOW, signal)


def _receive(
    found: Conversation,
    text: str,
    files: tuple[ArrivedFile, ...],
    kind: EntryKind,
    signal: Signal,
    parts: tuple[bytes, ...] = (),
) -> bool:
    """Store it; False when it was there already."""
    heard = heard_in(text, Urgency.INFO) if kind == EntryKind.APPLICANT else Heard(Urgency.INFO, ())
    # messages are tagged by what they say alone, in `begin` as well: a twin is found whichever came first
    named = parts if kind == EntryKind.APPLICANT else (*parts, kind.value.encode())
    tag = dedupe_tag(entropy=found.entropy, nonce=signal.nonce, parts=named)
    try:
        received = receive_more(
            thread=found.thread,
            signing=found.keys.signing,
            body=EntryBody(text, signal.at, signal.language, remarks=heard.remarks),
            files=_incoming(files),
            kind=kind,
            at_least=heard.urgency,
            dedupe_tag=tag,
            now=signal.at,
        )
    except (DatabaseError, VaultError, TalkError):
        raise NotStored from None
    return not received.duplicate


def _incoming(files: tuple[ArrivedFile, ...]) -> list[IncomingFile]:
    return [IncomingFile(file.name, file.media_type, file) for file in files]


def contents(found: Conversation, now: datetime) -> Contents:
    """What may be shown now."""
    leaving = goes_by_messenger(found.thread)
    step = None
    if not leaving or not Release.objects.filter(pk__in=leaving).exists():
        step = steps.current_step(thread=found.thread, seed=found.keys.seed, now=now)
    replies = talk.unread_replies(thread=found.thread, seed=found.keys.seed, now=now)
    return Contents(
        step=step,
        heard=step is not None and _heard(step.release_id),
        checking=step is None and being_checked_anew(thread=found.thread),
        replies=[reply for reply in replies if reply.id not in leaving],
        own=talk.own_messages(thread=found.thread),
        by_messenger=is_reached_by_messenger(found.thread),
    )


def _heard(release_id: str) -> bool:
    """Whether the check-in was answered, by what stands outside the database: a column anybody who writes rows could
    set would take the clock off the page of somebody who is waited for.
    """
    try:
        return not unsettled([release_id])
    except OSError:
        return False  # to be reminded once too often harms nobody
