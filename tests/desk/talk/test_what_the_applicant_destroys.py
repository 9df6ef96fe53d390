"""Somebody who wrote may destroy one message or everything; it is gone for the desk as well."""

from datetime import timedelta

from tests.desk.world import World
from tropa.desk.cases.card import Card, Danger
from tropa.desk.cases.models import Case, TriageCard
from tropa.desk.cases.services import save_card
from tropa.desk.talk.applicant import delete_entry, delete_everything, own_messages
from tropa.desk.talk.arrivals import receive_first, receive_more
from tropa.desk.talk.body import EntryBody
from tropa.desk.talk.files import IncomingFile
from tropa.desk.talk.models import Attachment, Chunk, Draft, Entry, EntryKind, Thread
from tropa.desk.talk.queries import thread_by_tag, thread_entries
from tropa.desk.talk.services import reply, save_draft
from tropa.desk.vault.models import CaseGrant, CaseKey


def test_own_messages_are_a_day_and_a_size_and_never_a_text(world: World) -> None:
    written, _case = world.taken()
    reply(reader=world.boris.reader(), thread=written.thread, text="ответ")
    receive_more(
        thread=written.thread,
        signing=written.signing,
        body=EntryBody(text="", at=world.now),
        kind=EntryKind.SAFE,
        dedupe_tag="a" * 32,
        now=world.now + timedelta(days=2),
    )
    mine = own_messages(thread=written.thread)
    assert [one.kind for one in mine] == [EntryKind.APPLICANT, EntryKind.SAFE]
    assert [(one.day - world.now.date()).days for one in mine] == [0, 2]
    assert not any(hasattr(one, "text") for one in mine)


def test_one_message_goes_with_its_files(world: World) -> None:
    written = world.write_in("первое")
    more = receive_more(
        thread=written.thread,
        signing=written.signing,
        body=EntryBody(text="снимок", at=world.now),
        dedupe_tag="a" * 32,
        now=world.now,
        files=[IncomingFile("повестка.jpg", "image/jpeg", b"x" * 300_000)],
    )
    assert (Attachment.objects.count(), Chunk.objects.count()) == (1, 2)
    assert delete_entry(thread=written.thread, entry_id=more.entry.pk)
    assert not Attachment.objects.exists()
    assert not Chunk.objects.exists()
    assert [entry.text for entry in thread_entries(reader=world.boris.reader(), thread=written.thread)] == [
        "первое"
    ]


def test_after_the_last_message_nobody_waits(world: World) -> None:
    written = world.write_in()
    delete_entry(thread=written.thread, entry_id=written.entry.pk)
    written.thread.refresh_from_db()
    assert not written.thread.waiting
    assert own_messages(thread=written.thread) == []


def test_answers_and_messages_of_others_are_not_theirs_to_delete(world: World) -> None:
    written, _case = world.taken()
    answer = reply(reader=world.boris.reader(), thread=written.thread, text="ответ")
    other = world.write_in()
    assert not delete_entry(thread=written.thread, entry_id=answer.pk)
    assert not delete_entry(thread=written.thread, entry_id=other.entry.pk)
    assert Entry.objects.count() == 3


def test_everything_goes_case_card_keys_and_all(world: World) -> None:
    written, case = world.taken()
    save_card(reader=world.boris.reader(), case=case, card=Card(danger=Danger.YES), version=0)
    reply(reader=world.boris.reader(), thread=written.thread, text="ответ")
    save_draft(reader=world.boris.reader(), thread=written.thread, text="черновик")
    staying, _case = world.taken("другой человек")
    delete_everything(thread=written.thread, now=world.now)
    assert thread_by_tag(written.keys.look_up_tag) is None
    assert [thread.pk for thread in Thread.objects.all()] == [staying.thread.pk]
    for kept in (Case, CaseKey):
        assert kept.objects.count() == 1
    assert (CaseGrant.objects.count(), TriageCard.objects.count(), Draft.objects.count()) == (2, 0, 0)


def test_the_same_codename_may_write_anew_afterwards(world: World) -> None:
    written = world.write_in()
    delete_everything(thread=written.thread, now=world.now)
    again = receive_first(
        public=written.keys.public,
        signing=written.keys.seed.signing(),
        look_up_tag=written.keys.look_up_tag,
        body=EntryBody(text="снова", at=world.now),
        dedupe_tag="a" * 32,
        now=world.now,
    )
    assert not again.duplicate
