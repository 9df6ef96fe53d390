"""Taking a thread, answering, noting, drafting, and giving a thread back.

Taking makes a case with a key of its own, re-seals every entry to it and ends the duty team's access, all or
nothing; of two people who take at once exactly one does. An answer is sealed twice, to the case and to the
person, and signed over its place and content, so that nothing can be shown to them that its author did not
write for this very place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import NoReturn

from django.db import IntegrityError, connection, transaction

from tropa.desk.audit.acts import Act
from tropa.desk.audit.services import record
from tropa.desk.cases.models import Assignment, Case, Phase
from tropa.desk.cases.queries import second_holder_for
from tropa.desk.clock import next_minute
from tropa.desk.conf import conf
from tropa.desk.identifiers import new_id
from tropa.desk.library.counting import Use, count
from tropa.desk.library.in_force import require_sound
from tropa.desk.messengers.queueing import queue_reply, withdraw_waiting
from tropa.desk.staff.models import Claim, Gender, Member
from tropa.desk.staff.reader import Reader
from tropa.desk.talk.applicants import applicant_public
from tropa.desk.talk.body import AuthorNote, EntryBody, encode
from tropa.desk.talk.errors import AlreadyTaken, AnsweredMeanwhile, NotTaken
from tropa.desk.talk.keys import ThreadKeys, seal_draft, sealed_content, sealing_case, thread_keys
from tropa.desk.talk.mentions import mentioned_in, note_mentions
from tropa.desk.talk.models import Draft, Entry, EntryKind, Snooze, Thread
from tropa.desk.talk.seals import seal_entry, seal_for_applicant, sign_entry, wrap_entry
from tropa.desk.vault.begun_epochs import note_given_back
from tropa.desk.vault.errors import NoDutyEpoch, NoGrant
from tropa.desk.vault.services import (
    CasePublic,
    CaseSeed,
    TakenFrom,
    case_public,
    current_duty_epoch,
    duty_public,
    grant_seed,
    make_case_key,
    open_case_seed,
    open_case_seeds,
    open_duty_seed,
    verified_caseworker,
)
from tropa.envelope import EnvelopeError, padme_length

CLAIM_MINUTES = 5
CLAIM = """
INSERT INTO staff_claim (thread_id, member_id, lapses) VALUES (%s, %s, %s)
ON CONFLICT (thread_id) DO UPDATE SET member_id = excluded.member_id, lapses = excluded.lapses
WHERE staff_claim.member_id = excluded.member_id OR staff_claim.lapses <= %s
"""
"""One statement, so that of two in the same moment one stands; written out because every opened thread asks it."""
RESEALED = ("sealed", "wrapped", "duty_epoch", "case_epoch")


@transaction.atomic
def take(*, reader: Reader, thread: Thread, second: Member | None = None, lead: Member | None = None) -> Case:
    """Make a case of an untaken thread and hold it, with a second holder; or for another `lead`, the reader being its
    second holder then.

    `second` None: the colleague with the fewest cases is chosen; a desk of one person gets a case with one
    holder. Raises AlreadyTaken when somebody was quicker (naming who to people on duty), NoGrant for somebody who
    is not on its duty roster.
    """
    locked = Thread.objects.select_for_update().get(pk=thread.pk)
    if locked.case_id is not None or locked.duty_epoch is None:
        refuse_taken(reader=reader, thread=locked)
    keys = thread_keys(reader=reader, thread=locked)
    lead = lead if lead is not None else reader.member
    second = second if second is not None else second_holder_for(member=lead, on=reader.now.date())
    case = Case.objects.create(
        lane=locked.lane,
        urgency=locked.urgency,
        team=lead.team,
        lead=lead,
        second=second,
        opened_day=reader.now.date(),
    )
    taken = TakenFrom(locked.pk, locked.duty_epoch, keys.at(locked.duty_epoch.pk).seed)
    _make_key(reader, case, taken)
    _reseal(locked, keys, open_case_seed(reader=reader, case=case), case_public(case))
    Thread.objects.filter(pk=locked.pk).update(case=case, duty_epoch=None)
    Claim.objects.filter(thread=locked).delete()
    record(reader=reader, act=Act.TAKEN, detail={"thread": locked.pk, "case": case.pk}, now=reader.now)
    thread.case, thread.duty_epoch = case, None
    return case


def reply(
    *,
    reader: Reader,
    thread: Thread,
    text: str,
    dedupe_tag: str | None = None,
    answers: Sequence[str] = (),
    seen: int | None = None,
) -> Entry:
    """Answer the person. The thread no longer waits, and the draft is gone. `answers`: ids of library answers the text
    is made of; they are sealed with it and counted by week. `seen`: the number of the last entry its author had read;
    AnsweredMeanwhile is raised when a colleague answered after it.

    Sent twice with one `dedupe_tag` it is one answer. Raises NotTaken, NoGrant, TooLong, NotCommitted,
    KeySwapped; NoGrant too for a holder who is not certified to answer, whose words the person would never see.
    Raises AnswerRefused when an answer named may not be given any more, UnknownAnswer for one that is none.
    """
    for answer_id in answers:
        require_sound(answer_id)
    try:
        verified_caseworker(reader.member, reader.now.date())
    except EnvelopeError:
        raise NoGrant from None
    try:
        with transaction.atomic():
            locked, public = _held(reader, thread)
            if seen is not None:
                _require_unanswered(locked, seen, dedupe_tag)
            body = replace(_body(reader, text, EntryKind.REPLY), answers=tuple(answers))
            entry, content = _written(reader, locked, public, body, dedupe_tag)
            public_of_applicant = applicant_public(locked).sealing
            entry.sealed_applicant = seal_for_applicant(entry, public_of_applicant, content)
            entry.save(force_insert=True)
            queue_reply(entry)
            _answered(locked, reader)
            Draft.objects.filter(thread=locked).delete()
            Snooze.objects.filter(thread=locked).delete()
            Assignment.objects.filter(
                case=locked.case, taker=reader.member
            ).delete()  # who answers has accepted
            detail = {"thread": locked.pk, "entry": entry.pk}
            record(reader=reader, act=Act.REPLIED, detail=detail, now=reader.now)
            count(answers, Use.SENT, day=reader.now.date())
    except IntegrityError as refused:
        return _written_before(thread, dedupe_tag, refused)
    return entry


def note(*, reader: Reader, thread: Thread, text: str, dedupe_tag: str | None = None) -> Entry:
    """Write something for the holders alone; twice with one `dedupe_tag` it is one note. Raises
    as `reply`.
    """
    try:
        with transaction.atomic():
            locked, public = _held(reader, thread)
            body = _body(reader, text, EntryKind.NOTE)
            entry, _content = _written(reader, locked, public, body, dedupe_tag)
            entry.save(force_insert=True)
            if locked.case is not None:
                note_mentions(entry, mentioned_in(text, case=locked.case, reader=reader))
            Thread.objects.filter(pk=locked.pk).update(last_sequence=entry.sequence)
    except IntegrityError as refused:
        return _written_before(thread, dedupe_tag, refused)
    return entry


@transaction.atomic
def save_draft(*, reader: Reader, thread: Thread, text: str) -> None:
    """Keep an answer that is not finished; empty text forgets it. Raises NotTaken, NoGrant."""
    if thread.case is None:
        raise NotTaken
    opened = open_case_seed(reader=reader, case=thread.case)
    if not text.strip():
        Draft.objects.filter(thread=thread).delete()
        return
    sealed = seal_draft(thread.pk, text, opened)
    values = {"author": reader.member, "case_epoch": opened.epoch, "sealed": sealed}
    Draft.objects.update_or_create(thread=thread, defaults=values)


def claim(*, reader: Reader, thread: Thread) -> None:
    """Say to others that this thread is open on one's screen; a running claim of somebody else stands.

    Somebody who may not open the thread claims nothing.
    """
    try:
        thread_keys(reader=reader, thread=thread)
    except NoGrant:
        return
    lapses = next_minute(reader.now + timedelta(minutes=CLAIM_MINUTES))
    moment = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [thread.pk, reader.member.pk, moment(lapses), moment(reader.now)])


@transaction.atomic
def release_to_duty(*, reader: Reader, thread: Thread) -> None:
    """Give a thread back to whoever is on duty: its entries are re-sealed to the present duty epoch.

    The case with its card and plans stays with its holders, closed. Raises NotTaken, NoDutyEpoch, and NoGrant also
    for somebody who does not hold the whole history.
    """
    locked = Thread.objects.select_for_update(of=("self",)).select_related("case").get(pk=thread.pk)
    if locked.case is None:
        raise NotTaken
    keys = thread_keys(reader=reader, thread=locked)
    epoch = current_duty_epoch()
    public = duty_public(epoch)
    for entry in Entry.objects.filter(thread=locked).select_related("thread"):
        found = _content_or_none(entry, keys)
        entry.duty_epoch, entry.case_epoch = epoch, None
        if found is not None:  # one that is broken already stays, visible as such
            entry.sealed, entry.wrapped = seal_entry(entry, public, found[0]), None
        entry.save(update_fields=RESEALED)
    Draft.objects.filter(thread=locked).delete()
    Case.objects.filter(pk=locked.case.pk).update(phase=Phase.CLOSED, closed_day=reader.now.date())
    Thread.objects.filter(pk=locked.pk).update(
        case=None, duty_epoch=epoch, retention_day=None if locked.waiting else _retention(locked, reader)
    )
    withdraw_waiting(locked)
    record(reader=reader, act=Act.RELEASED_TO_DUTY, detail={"thread": locked.pk}, now=reader.now)
    case_id = locked.case.pk
    transaction.on_commit(lambda: note_given_back(case_id))


def refuse_taken(*, reader: Reader, thread: Thread) -> NoReturn:
    """Refuse to take a thread that has a case: its holders, and whoever is on duty now and could have taken it, may
    know who did. Raises AlreadyTaken for these, NoGrant for everybody else.
    """
    holder = Case.objects.select_related("lead").filter(pk=thread.case_id).first()
    if holder is None or holder.pk not in open_case_seeds(reader=reader, case_ids=[holder.pk]):
        try:
            open_duty_seed(reader=reader, epoch=current_duty_epoch())
        except (NoGrant, NoDutyEpoch):
            raise NoGrant from None
    raise AlreadyTaken(holder.lead.pseudonym if holder else "")


def _make_key(reader: Reader, case: Case, taken: TakenFrom) -> None:
    key, made = make_case_key(reader=reader, case=case, taken=taken)
    for holder in [case.lead] if case.second is None else [case.lead, case.second]:
        grant_seed(reader=reader, key=key, seed=made.seed, member=holder)


def _reseal(thread: Thread, old: ThreadKeys, new: CaseSeed, public: CasePublic) -> None:
    """Every entry under the case's key; one that does not open stays as it is, visible as broken, and loses nothing.

    What nobody has opened yet is kept wrapped by whoever opens it first, once its author's signature has verified.
    """
    wrapping = new.wrapping()
    entries = list(Entry.objects.filter(thread=thread))
    for entry in entries:
        entry.thread = thread
        found = _content_or_none(entry, old)
        entry.duty_epoch, entry.case_epoch = None, public.epoch
        if found is not None:
            content, believed = found
            entry.sealed = seal_entry(entry, public.public, content)
            entry.wrapped = wrap_entry(entry, wrapping, content) if believed else None
    _store_resealed(entries)


def _content_or_none(entry: Entry, keys: ThreadKeys) -> tuple[bytes, bool] | None:
    """As `sealed_content`; None for one that is broken. Raises NoGrant for one from before one's time."""
    try:
        return sealed_content(entry, keys)
    except EnvelopeError:
        return None


def _store_resealed(entries: Sequence[Entry]) -> None:
    """One prepared statement for all rows: Django's own bulk update builds an expression for every value."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE talk_entry SET duty_epoch_id = NULL, case_epoch = %s, sealed = %s, wrapped = %s"
            " WHERE id = %s",
            [
                (
                    entry.case_epoch,
                    bytes(entry.sealed),
                    bytes(entry.wrapped) if entry.wrapped else None,
                    entry.id,
                )
                for entry in entries
            ],
        )


def _require_unanswered(thread: Thread, seen: int, dedupe_tag: str | None) -> None:
    """Nobody answered after the entry of that number, but for this very form, which the row refuses by itself.

    Raises AnsweredMeanwhile.
    """
    later = Entry.objects.filter(thread=thread, kind=EntryKind.REPLY, sequence__gt=seen)
    if any(tag is None or tag != dedupe_tag for tag in later.values_list("dedupe_tag", flat=True)):
        raise AnsweredMeanwhile


def _held(reader: Reader, thread: Thread) -> tuple[Thread, CasePublic]:
    """The thread, locked, and its case's verified key, for somebody who holds the case."""
    locked = Thread.objects.select_for_update(of=("self",)).select_related("case").get(pk=thread.pk)
    if locked.case is None:
        raise NotTaken
    held, public = open_case_seed(reader=reader, case=locked.case), sealing_case(locked)
    if held.epoch != public.epoch:
        raise NoGrant
    return locked, public


def _body(reader: Reader, text: str, kind: EntryKind) -> EntryBody:
    member = reader.member
    author = AuthorNote(id=member.id, pseudonym=member.pseudonym, gender=Gender(member.gender))
    return EntryBody(
        text=text, at=reader.now, language=member.language, channel="desk", kind=kind, author=author
    )


def _written(
    reader: Reader, thread: Thread, public: CasePublic, body: EntryBody, dedupe_tag: str | None
) -> tuple[Entry, bytes]:
    """A signed entry at the end of the thread, sealed to the case, not stored yet."""
    content = encode(body)
    entry = Entry(
        id=new_id(),
        thread=thread,
        sequence=thread.last_sequence + 1,
        kind=body.kind,
        case_epoch=public.epoch,
        author=reader.member,
        dedupe_tag=dedupe_tag,
        size_class=padme_length(len(content)),
        day=reader.now.date(),
    )
    entry.sealed = seal_entry(entry, public.public, content)
    entry.signature = sign_entry(entry, reader.seed.signing(), content)
    return entry, content


def _written_before(thread: Thread, dedupe_tag: str | None, refused: IntegrityError) -> Entry:
    """The entry a form posted twice has made already; the refusal again when it was about something else."""
    before = Entry.objects.filter(dedupe_tag=dedupe_tag, thread=thread).first() if dedupe_tag else None
    if before is None:
        raise refused
    return before


def _answered(thread: Thread, reader: Reader) -> None:
    """From now on only the day is known, not the hour."""
    Thread.objects.filter(pk=thread.pk).update(
        last_sequence=thread.last_sequence + 1, waiting=False, waiting_since=None, day=reader.now.date()
    )


def _retention(thread: Thread, reader: Reader) -> date:
    """So many days after the last answer, and not before people had the time of a warning."""
    answers = Entry.objects.filter(thread=thread, kind=EntryKind.REPLY).order_by("-sequence")
    answered = answers.values_list("day", flat=True).first() or reader.now.date()
    last = answered + timedelta(days=conf.answered_days)
    return max(last, reader.now.date() + timedelta(days=conf.warning_days))
