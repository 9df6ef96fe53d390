"""An answer is sealed to the case and to the person, signed, and shown to nobody when anything
about it is changed.
"""

from datetime import UTC, datetime, timedelta

import pytest

from tests.desk.world import Person, World, Written
from tropa.desk.audit.models import Refusal
from tropa.desk.staff.models import Gender, Member
from tropa.desk.talk.applicant import keep, let_go, mark_seen, read_it, unread_replies
from tropa.desk.talk.applicants import applicant_public
from tropa.desk.talk.body import AuthorNote, EntryBody, encode
from tropa.desk.talk.errors import KeySwapped, NotTaken
from tropa.desk.talk.models import Draft, Entry, EntryKind, Thread
from tropa.desk.talk.queries import Problem, open_draft, thread_entries
from tropa.desk.talk.seals import seal_for_applicant, sign_entry
from tropa.desk.talk.services import note, reply, save_draft
from tropa.desk.vault.errors import NoGrant
from tropa.desk.vault.services import grant_case
from tropa.envelope import ApplicantPublic, Seed

ANSWER = "Билет пока не сдавайте. Какой у вас паспорт?"


def answered(world: World, *texts: str) -> tuple[Written, list[Entry]]:
    written, _case = world.taken()
    entries = [
        reply(reader=world.boris.reader(), thread=written.thread, text=text) for text in texts or (ANSWER,)
    ]
    written.thread.refresh_from_db()
    return written, entries


def shown(world: World, written: Written) -> list[str]:
    return [one.text for one in unread_replies(thread=written.thread, seed=written.keys.seed, now=world.now)]


def test_the_person_reads_it_with_their_codename_and_knows_who_wrote(world: World) -> None:
    written, _entries = answered(world)
    [answer] = unread_replies(thread=written.thread, seed=written.keys.seed, now=world.now)
    assert (answer.text, answer.author_pseudonym, answer.gender) == (ANSWER, "Борис", "f")


def test_both_holders_read_it_too(world: World) -> None:
    written, _entries = answered(world)
    for person in (world.boris, world.anna):
        last = thread_entries(reader=person.reader(), thread=written.thread)[-1]
        assert (last.text, last.kind, last.author) == (ANSWER, EntryKind.REPLY, world.boris.member)


def test_who_was_answered_no_longer_waits_and_the_hour_is_forgotten(world: World) -> None:
    written, _entries = answered(world)
    assert not written.thread.waiting
    assert written.thread.waiting_since is None


def test_an_answer_needs_a_case_and_a_grant(world: World) -> None:
    with pytest.raises(NotTaken):
        reply(reader=world.boris.reader(), thread=world.write_in().thread, text=ANSWER)
    written, _case = world.taken()
    for person in (world.vera, world.stranger):
        with pytest.raises(NoGrant):
            reply(reader=person.reader(), thread=written.thread, text=ANSWER)


def test_a_researcher_who_holds_the_case_answers_nobody(world: World) -> None:
    written, case = world.taken()
    grant_case(reader=world.boris.reader(), case=case, member=world.stranger.member)
    with pytest.raises(NoGrant):
        reply(reader=world.stranger.reader(), thread=written.thread, text=ANSWER)
    assert note(reader=world.stranger.reader(), thread=written.thread, text="заметка")


def test_an_answer_of_somebody_who_has_left_is_read_by_the_desk_alone_and_counted(world: World) -> None:
    written, _entries = answered(world)
    Member.objects.filter(pk=world.boris.member.pk).update(active=False)
    assert shown(world, written) == []
    assert Refusal.objects.get().table == "talk_entry"
    assert thread_entries(reader=world.anna.reader(), thread=written.thread)[-1].text == ANSWER


def test_an_answer_under_a_name_its_author_no_longer_has_is_not_shown(world: World) -> None:
    written, _entries = answered(world)
    Member.objects.filter(pk=world.boris.member.pk).update(pseudonym="Фёдор")
    assert shown(world, written) == []


def test_an_answer_that_was_read_away_is_neither_kept_nor_dated(world: World) -> None:
    written, [entry] = answered(world)
    read_it(thread=written.thread, ids=[entry.pk])
    keep(thread=written.thread, entry_id=entry.pk)
    mark_seen(thread=written.thread, ids=[entry.pk], now=world.now)
    entry.refresh_from_db()
    assert (entry.sealed_applicant, entry.kept, entry.gone_after) == (None, False, None)


def test_an_answer_sent_twice_is_one(world: World) -> None:
    written, _case = world.taken()
    sent = [
        reply(reader=world.boris.reader(), thread=written.thread, text=ANSWER, dedupe_tag="c" * 32)
        for _ in range(2)
    ]
    assert sent[0] == sent[1]
    assert shown(world, written) == [ANSWER]


def test_another_codename_opens_nothing(world: World) -> None:
    written, _entries = answered(world)
    other = world.write_in()
    assert unread_replies(thread=written.thread, seed=other.keys.seed, now=world.now) == []


def test_a_note_is_read_by_holders_and_never_by_the_person(world: World) -> None:
    written, _entries = answered(world)
    note(reader=world.anna.reader(), thread=written.thread, text="спросить о повестке")
    assert shown(world, written) == [ANSWER]
    assert (
        thread_entries(reader=world.boris.reader(), thread=written.thread)[-1].text == "спросить о повестке"
    )


def test_a_note_turned_into_an_answer_in_the_database_is_not_shown(world: World) -> None:
    written, _entries = answered(world)
    secret = note(reader=world.anna.reader(), thread=written.thread, text="только для своих")
    Entry.objects.filter(pk=secret.pk).update(kind=EntryKind.REPLY, sealed_applicant=secret.sealed)
    assert shown(world, written) == [ANSWER]
    last = thread_entries(reader=world.boris.reader(), thread=written.thread)[-1]
    assert last.problem is Problem.DOES_NOT_OPEN


# what somebody who can write to the database may try


def forged(written: Written, entry: Entry, author: Person, key: Seed, text: str) -> None:
    """Put another text into an answer's row, sealed to the person (anybody can) and signed with `key`."""
    member = author.member
    note_of_author = AuthorNote(member.id, member.pseudonym, Gender(member.gender))
    at = datetime(entry.day.year, entry.day.month, entry.day.day, tzinfo=UTC)
    content = encode(EntryBody(text=text, at=at, kind=EntryKind.REPLY, author=note_of_author))
    public = applicant_public(written.thread).sealing
    Entry.objects.filter(pk=entry.pk).update(
        sealed_applicant=seal_for_applicant(entry, public, content),
        signature=sign_entry(entry, key.signing(), content),
    )


def test_a_forged_answer_is_never_shown_and_is_counted(world: World) -> None:
    written, [entry] = answered(world)
    forged(written, entry, world.boris, Seed(b"planted key of an attacker 12345"), "идите в военкомат")
    assert shown(world, written) == []
    assert shown(world, written) == []
    assert (Refusal.objects.get().row, Refusal.objects.get().times) == (entry.pk, 2)


def test_an_answer_signed_by_a_colleague_in_anothers_name_is_never_shown(world: World) -> None:
    written, [entry] = answered(world)
    forged(written, entry, world.boris, world.vera.seed, "идите в военкомат")
    assert shown(world, written) == []


def test_swapped_answers_are_never_shown(world: World) -> None:
    written, [first, second] = answered(world, "первый", "второй")
    Entry.objects.filter(pk=first.pk).update(
        sealed_applicant=second.sealed_applicant, signature=second.signature
    )
    Entry.objects.filter(pk=second.pk).update(
        sealed_applicant=first.sealed_applicant, signature=first.signature
    )
    assert shown(world, written) == []


def test_reordered_answers_are_never_shown(world: World) -> None:
    written, [first, second] = answered(world, "первый", "второй")
    Entry.objects.filter(pk=first.pk).update(sequence=99)
    Entry.objects.filter(pk=second.pk).update(sequence=first.sequence)
    Entry.objects.filter(pk=first.pk).update(sequence=second.sequence)
    assert shown(world, written) == []


def test_an_answer_moved_to_another_thread_is_never_shown(world: World) -> None:
    written, [entry] = answered(world)
    other, _case = world.taken("другой человек")
    Entry.objects.filter(pk=entry.pk).update(thread=other.thread, sequence=7)
    assert shown(world, other) == []
    assert shown(world, written) == []


def test_an_answer_whose_author_is_exchanged_is_never_shown(world: World) -> None:
    written, [entry] = answered(world)
    Entry.objects.filter(pk=entry.pk).update(author=world.vera.member)
    assert shown(world, written) == []


@pytest.mark.parametrize("column", ["sealed_applicant", "signature"])
def test_a_flipped_bit_is_never_shown(world: World, column: str) -> None:
    written, [entry] = answered(world)
    blob = bytearray(getattr(entry, column))
    blob[len(blob) // 2] ^= 1
    Entry.objects.filter(pk=entry.pk).update(**{column: bytes(blob)})
    assert shown(world, written) == []


def test_an_unsigned_answer_is_a_problem_on_the_desk_too(world: World) -> None:
    written, [entry] = answered(world)
    Entry.objects.filter(pk=entry.pk).update(signature=None)
    last = thread_entries(reader=world.anna.reader(), thread=written.thread)[-1]
    assert (last.text, last.problem) == ("", Problem.NOT_SIGNED)


def test_no_answer_is_sealed_to_a_key_somebody_put_under_the_thread(world: World) -> None:
    written, _case = world.taken()
    planted = ApplicantPublic.of(Seed(b"planted key of an attacker 12345")).raw
    Thread.objects.filter(pk=written.thread.pk).update(applicant_public=planted)
    with pytest.raises(KeySwapped):
        reply(reader=world.boris.reader(), thread=written.thread, text=ANSWER)
    assert not Entry.objects.filter(kind=EntryKind.REPLY).exists()


# how long an answer stays


def test_what_was_shown_is_gone_a_day_later_unless_kept(world: World) -> None:
    written, [first, second] = answered(world, "первый", "второй")
    mark_seen(thread=written.thread, ids=[first.pk, second.pk], now=world.now)
    keep(thread=written.thread, entry_id=second.pk)
    later = world.now + timedelta(days=1, hours=1)
    kept = unread_replies(thread=written.thread, seed=written.keys.seed, now=later)
    assert [(one.text, one.kept) for one in kept] == [("второй", True)]


def test_seeing_it_again_does_not_start_the_day_anew(world: World) -> None:
    written, [entry] = answered(world)
    mark_seen(thread=written.thread, ids=[entry.pk], now=world.now)
    entry.refresh_from_db()
    first = entry.gone_after
    mark_seen(thread=written.thread, ids=[entry.pk], now=world.now + timedelta(hours=5))
    entry.refresh_from_db()
    assert entry.gone_after == first


def test_i_have_read_it_destroys_their_copy_at_once_but_not_the_desks(world: World) -> None:
    written, [entry] = answered(world)
    read_it(thread=written.thread, ids=[entry.pk])
    entry.refresh_from_db()
    assert entry.sealed_applicant is None
    assert shown(world, written) == []
    assert thread_entries(reader=world.boris.reader(), thread=written.thread)[-1].text == ANSWER


def test_a_kept_answer_can_be_let_go(world: World) -> None:
    written, [entry] = answered(world)
    keep(thread=written.thread, entry_id=entry.pk)
    read_it(thread=written.thread, ids=[entry.pk])
    assert shown(world, written) == [ANSWER]
    let_go(thread=written.thread, entry_id=entry.pk)
    assert shown(world, written) == []


def test_nobody_destroys_answers_of_another_thread(world: World) -> None:
    written, [entry] = answered(world)
    other = world.write_in().thread
    read_it(thread=other, ids=[entry.pk])
    mark_seen(thread=other, ids=[entry.pk], now=world.now)
    keep(thread=other, entry_id=entry.pk)
    entry.refresh_from_db()
    assert entry.sealed_applicant is not None
    assert (entry.gone_after, entry.kept) == (None, False)
    assert shown(world, written) == [ANSWER]


# drafts


def test_a_draft_is_kept_for_the_holders_and_forgotten_when_the_answer_goes(world: World) -> None:
    written, _case = world.taken()
    save_draft(reader=world.boris.reader(), thread=written.thread, text="начал писать")
    assert open_draft(reader=world.anna.reader(), thread=written.thread) == "начал писать"
    with pytest.raises(NoGrant):
        open_draft(reader=world.vera.reader(), thread=written.thread)
    reply(reader=world.boris.reader(), thread=written.thread, text=ANSWER)
    assert not Draft.objects.exists()


def test_a_draft_moved_to_another_thread_does_not_open(world: World) -> None:
    written, _case = world.taken()
    other, _other_case = world.taken()
    for thread in (written.thread, other.thread):
        save_draft(reader=world.boris.reader(), thread=thread, text="черновик")
    mine = Draft.objects.get(thread=written.thread)
    Draft.objects.filter(thread=other.thread).update(sealed=mine.sealed)
    assert open_draft(reader=world.boris.reader(), thread=other.thread) == ""
