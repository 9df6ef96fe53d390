"""What arrives is sealed and stored before it is acknowledged, and nothing of it can be read here.

Whoever calls this (the drop, the gateway) can seal but not open. A message posted twice becomes one entry. Text is
sealed before the transaction begins, and sealed again in it only when the thread went to somebody else meanwhile. It
shares the transaction with whoever arrives in the same moment (`turns`). Files lie there before, in short transactions
of their own, and become the entry's in the one that stores it (`files`): no reader ever sees an entry without its files
or files without their entry, and no upload, however large, keeps others from writing. What is
stored is signed with the key the thread is named after, which exists for the length of the request that writes.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, connection

from tropa.desk.cases.models import Urgency
from tropa.desk.clock import whole_hour
from tropa.desk.identifiers import new_id
from tropa.desk.talk.applicants import require_own
from tropa.desk.talk.body import EntryBody, encode
from tropa.desk.talk.files import IncomingFile, SealedFile, attach, laid_down, seal_files
from tropa.desk.talk.inserts import insert, update
from tropa.desk.talk.keys import sealing_case
from tropa.desk.talk.models import Entry, EntryKind, Thread
from tropa.desk.talk.pseudonyms import NAMES
from tropa.desk.talk.seals import seal_entry, sign_entry
from tropa.desk.talk.turns import store
from tropa.desk.talk.urgency import rank_of
from tropa.desk.vault.models import CaseKey
from tropa.desk.vault.services import current_duty_epoch, duty_public
from tropa.envelope import ApplicantPublic, SigningKey, padme_length, thread_id_of

TRIES = 8
NO_LONGER_PUT_OFF = "DELETE FROM talk_snooze WHERE thread_id = %s"
CHANGED_BY_AN_ENTRY = (
    "last_sequence", "last_heard", "waiting", "waiting_since", "urgency", "urgency_rank", "day",
    "retention_day",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Received:
    """What was stored; `duplicate` when it had been stored before."""

    thread: Thread
    entry: Entry
    duplicate: bool


def receive_first(
    *,
    public: ApplicantPublic,
    signing: SigningKey,
    look_up_tag: bytes,
    body: EntryBody,
    files: Sequence[IncomingFile] = (),
    dedupe_tag: str,
    urgency: Urgency = Urgency.UNSORTED,
    now: datetime,
    beside: Callable[[], None] = lambda: None,
) -> Received:
    """Start a thread. `look_up_tag` is 16 bytes, `dedupe_tag` at most 32 characters, one for each sending. What
    `beside` writes stands in the transaction of a message that is stored, and only there.

    `signing` is the private half of `public.signing`. Raises NoDutyEpoch when there is nobody whose key verifies to
    seal to, KeySwapped for another key.
    """
    before = _received_before(dedupe_tag) if files else None
    if before is not None:
        return before
    sealed_files = seal_files(files)
    content = dataclasses.replace(
        body, kind=EntryKind.APPLICANT, files=tuple(file.note for file in sealed_files)
    )
    thread = _new_thread(public, look_up_tag, urgency, now)
    require_own(thread, signing)
    written = _Written(encode(content), EntryKind.APPLICANT, dedupe_tag, now, signing)
    entry = _sealed_entry(thread, written)
    with laid_down(sealed_files, now.date()):
        return _store_first(thread, entry, sealed_files, beside)


def _store_first(
    thread: Thread, entry: Entry, files: Sequence[SealedFile], beside: Callable[[], None]
) -> Received:
    """Under a name nobody has."""

    def write() -> None:
        insert(thread)
        insert(entry)
        attach(entry, files)
        beside()

    for _attempt in range(TRIES):
        thread.name = NAMES.draw()
        try:
            store(write, size=len(entry.sealed))
        except IntegrityError as error:
            # the same form sent twice, or the random name was drawn by somebody else in this moment
            before = _received_before(entry.dedupe_tag or "")
            if before is not None:
                return before
            NAMES.was_taken()
            refused = error
        else:
            return Received(thread=thread, entry=entry, duplicate=False)
    raise refused


def receive_more(
    *,
    thread: Thread,
    signing: SigningKey,
    body: EntryBody,
    files: Sequence[IncomingFile] = (),
    kind: EntryKind = EntryKind.APPLICANT,
    at_least: Urgency = Urgency.INFO,
    dedupe_tag: str,
    now: datetime,
    held: bool = False,
) -> Received:
    """Add to a thread; it waits for an answer again, and is `at_least` so urgent. `held`: the caller has read it with
    its case and duty epoch, and locked it, in the transaction that is open; the row is kept up and asked for no more.

    Raises NotCommitted when its case's key does not verify, KeySwapped when `signing` is not the key its words are
    verified with.
    """
    before = _received_before(dedupe_tag) if files else None
    if before is not None:
        return before
    sealed_files = seal_files(files)
    content = encode(dataclasses.replace(body, kind=kind, files=tuple(file.note for file in sealed_files)))
    written = _Written(content, kind, dedupe_tag, now, signing)
    add = _add_to_held if held else _add
    with laid_down(sealed_files, now.date()):
        try:
            return add(thread, written, sealed_files, at_least)
        except IntegrityError:
            before = _received_before(dedupe_tag)
            if before is None:
                raise
            return before


def _add(thread: Thread, written: _Written, files: Sequence[SealedFile], at_least: Urgency) -> Received:
    """Sealed before the transaction begins."""
    seen = Thread.objects.select_related("case", "duty_epoch").get(pk=thread.pk)
    require_own(seen, written.signing)
    place = _place(seen)
    seen.last_sequence += 1
    sealed = _sealed_entry(seen, written)

    def write() -> Received:
        locked = Thread.objects.select_for_update().get(pk=thread.pk)
        moved = _place(locked) != place
        _wait_again(locked, written, at_least)
        # somebody took the thread or wrote in it while this was sealed
        return _stored(locked, _sealed_entry(locked, written) if moved else sealed, files)

    return store(write, size=len(sealed.sealed))


def _add_to_held(
    thread: Thread, written: _Written, files: Sequence[SealedFile], at_least: Urgency
) -> Received:
    """Sealed within the caller's transaction, which writes already. What is not stored changes nothing of the row."""
    require_own(thread, written.signing)
    before = {name: getattr(thread, name) for name in CHANGED_BY_AN_ENTRY}
    try:
        _wait_again(thread, written, at_least)
        entry = _sealed_entry(thread, written)
        return store(lambda: _stored(thread, entry, files), size=len(entry.sealed))
    except BaseException:
        for name, value in before.items():
            setattr(thread, name, value)
        raise


def _stored(thread: Thread, entry: Entry, files: Sequence[SealedFile]) -> Received:
    """The entry and what it changes, in the transaction that is open."""
    with connection.cursor() as cursor:
        cursor.execute(NO_LONGER_PUT_OFF, [thread.pk])
    insert(entry)
    attach(entry, files)
    update(thread, CHANGED_BY_AN_ENTRY)
    return Received(thread=thread, entry=entry, duplicate=False)


def _place(thread: Thread) -> tuple[int, str | None, str | None, int | None]:
    """What an entry's seal rests on: its number, whom it is sealed to, and the latest key under a case."""
    epochs = CaseKey.objects.filter(case_id=thread.case_id).order_by("-epoch") if thread.case_id else None
    latest = epochs.values_list("epoch", flat=True).first() if epochs is not None else None
    return thread.last_sequence, thread.case_id, thread.duty_epoch_id, latest


def _new_thread(public: ApplicantPublic, look_up_tag: bytes, urgency: Urgency, now: datetime) -> Thread:
    """A thread without a name yet, not stored."""
    return Thread(
        id=thread_id_of(public),
        look_up_tag=look_up_tag.hex(),
        applicant_public=public.raw,
        duty_epoch=current_duty_epoch(),
        urgency=urgency,
        urgency_rank=rank_of(urgency),
        waiting=True,
        waiting_since=whole_hour(now),
        day=now.date(),
        last_sequence=1,
        last_heard=1,
    )


def _wait_again(thread: Thread, written: _Written, at_least: Urgency) -> None:
    thread.last_sequence += 1
    thread.last_heard = thread.last_sequence
    if not thread.waiting:
        thread.waiting, thread.waiting_since = True, whole_hour(written.now)
    wanted = Urgency.NOW if written.kind == EntryKind.TALK_NOW else at_least
    if rank_of(wanted) < thread.urgency_rank:
        thread.urgency, thread.urgency_rank = wanted, rank_of(wanted)
    thread.day = written.now.date()
    thread.retention_day = None


@dataclass(frozen=True, slots=True)
class _Written:
    """What somebody wrote, ready to be sealed and signed for whatever place it gets."""

    content: bytes = field(repr=False)
    kind: EntryKind
    dedupe_tag: str
    now: datetime
    signing: SigningKey


def _sealed_entry(thread: Thread, written: _Written) -> Entry:
    """The thread's last entry, sealed to its case, or to the duty epoch it rests on while nobody has taken it, and
    signed by who wrote it.
    """
    entry = Entry(
        id=new_id(),
        thread=thread,
        sequence=thread.last_sequence,
        kind=written.kind,
        dedupe_tag=written.dedupe_tag,
        size_class=padme_length(len(written.content)),
        day=written.now.date(),
    )
    if thread.case is not None:
        key = sealing_case(thread)
        entry.case_epoch, public = key.epoch, key.public
    else:
        assert thread.duty_epoch is not None  # the database says so too
        entry.duty_epoch, public = thread.duty_epoch, duty_public(thread.duty_epoch)
    entry.sealed = seal_entry(entry, public, written.content)
    entry.signature = sign_entry(entry, written.signing, written.content)
    return entry


def _received_before(dedupe_tag: str) -> Received | None:
    entry = Entry.objects.select_related("thread").filter(dedupe_tag=dedupe_tag).first()
    return None if entry is None else Received(thread=entry.thread, entry=entry, duplicate=True)
