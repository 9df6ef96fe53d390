"""What shows who somebody is goes with the decision, its files too, and does not come back with a backup."""

import pytest

from tests.desk.retention.test_asking_first import asked_for_abuse
from tests.desk.retention.test_closing import DAY, WHY
from tests.desk.world import World, Written, signed_in
from tropa.desk.append_only import book
from tropa.desk.cases.models import Case
from tropa.desk.housekeeping import keep_house
from tropa.desk.receipts import FILE
from tropa.desk.retention.asking import record_answer
from tropa.desk.retention.destroying import destroy_again
from tropa.desk.retention.errors import NoSuchMessage
from tropa.desk.retention.evidence import decide, destroy_evidence, mark_evidence
from tropa.desk.retention.models import Evidence, Receipt
from tropa.desk.retention.services import hold_case, lift_hold
from tropa.desk.retention.writing_receipts import Standing, receipt_lines
from tropa.desk.talk.applicant import delete_entry
from tropa.desk.talk.arrivals import receive_more
from tropa.desk.talk.body import EntryBody
from tropa.desk.talk.files import IncomingFile
from tropa.desk.talk.models import Chunk, Entry
from tropa.desk.talk.queries import thread_entries
from tropa.desk.talk.services import note
from tropa.desk.vault.errors import NoGrant


def sent(world: World) -> tuple[Written, Case, Entry]:
    """A case into which a photo of a paper was sent."""
    written, case = world.taken()
    receive_more(
        thread=written.thread, signing=written.signing, body=EntryBody(text="мой билет", at=world.now),
        files=[IncomingFile("билет.jpg", "image/jpeg", b"photo" * 1000)], dedupe_tag="b" * 32, now=world.now,
    )  # fmt: skip
    entry = Entry.objects.get(thread=written.thread, sequence=2)
    mark_evidence(reader=world.boris.reader(world.now), case=case, entry_id=entry.pk)
    return written, case, entry


def test_the_decision_destroys_it_with_its_files_and_leaves_a_receipt(world: World) -> None:
    written, case, entry = sent(world)
    assert decide(reader=world.boris.reader(world.now), case=case, confirmed=True) == 1
    assert not Entry.objects.filter(pk=entry.pk).exists()
    assert not Chunk.objects.exists()
    left = thread_entries(reader=world.anna.reader(world.now), thread=written.thread)
    assert [each.sequence for each in left] == [1]
    keep_house(now=world.now)
    [line] = receipt_lines(most=9)
    assert (line.receipt.what, line.receipt.files, line.standing) == ("evidence", 1, Standing.SIGNED)
    assert decide(reader=world.boris.reader(world.now), case=case, confirmed=True) == 0


def test_it_does_not_come_back_with_a_backup(world: World) -> None:
    _written, case, entry = sent(world)
    row = Entry.objects.values().get(pk=entry.pk)
    decide(reader=world.boris.reader(world.now), case=case, confirmed=False)
    Entry.objects.create(**row)
    assert destroy_again(known=book(FILE).known()) == 1
    assert not Entry.objects.filter(pk=entry.pk).exists()


def test_neither_does_a_message_its_author_deleted(world: World) -> None:
    written, _case = world.taken()
    row = Entry.objects.values().get(pk=written.entry.pk)
    assert delete_entry(thread=written.thread, entry_id=written.entry.pk)
    Entry.objects.create(**row)
    assert destroy_again(known=book(FILE).known()) == 1


def test_what_was_not_decided_about_stays(world: World) -> None:
    sent(world)
    assert keep_house(now=world.now + 20 * DAY).evidence == 0
    assert Evidence.objects.exists()


def test_a_hold_and_a_question_not_asked_keep_it_until_they_end(world: World) -> None:
    _written, case, _entry = sent(world)
    reader = world.boris.reader(world.now)
    asked_for_abuse(world, case)
    hold_case(reader=reader, case=case, last_day=world.now.date() + DAY, reason=WHY)
    assert decide(reader=reader, case=case, confirmed=True) == 0
    lift_hold(reader=reader, case=case)
    assert destroy_evidence(now=world.now) == 0
    record_answer(reader=reader, case=case, kept=False)
    assert destroy_evidence(now=world.now) == 1
    assert Receipt.objects.count() == 1


def test_only_their_own_messages_of_this_case_by_a_holder(world: World) -> None:
    written, case, entry = sent(world)
    ours = note(reader=world.boris.reader(world.now), thread=written.thread, text="заметка")
    other, _case = world.taken()
    for wrong in (ours.pk, other.entry.pk, "0" * 32):
        with pytest.raises(NoSuchMessage):
            mark_evidence(reader=world.boris.reader(world.now), case=case, entry_id=wrong)
    for act in (
        lambda: mark_evidence(reader=world.vera.reader(world.now), case=case, entry_id=entry.pk),
        lambda: decide(reader=world.vera.reader(world.now), case=case, confirmed=True),
    ):
        with pytest.raises(NoGrant):
            act()
    assert Entry.objects.filter(pk=entry.pk).exists()


def test_the_page_marks_and_decides(world: World) -> None:
    written, case = world.taken()
    client, page = signed_in(world.boris), f"/cases/{case.pk}/keeping/"
    marked = client.post(page, {"act": "evidence", "entry": written.entry.pk}, follow=True).content.decode()
    assert "1 отмеченное сообщение ждёт решения" in marked
    assert client.post(page, {"act": "evidence", "entry": "0" * 32}).status_code == 409
    client.post(page, {"act": "decided", "confirmed": "yes"})
    assert not Entry.objects.filter(pk=written.entry.pk).exists()
