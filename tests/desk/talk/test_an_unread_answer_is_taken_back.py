"""The undo of an answer: whoever wrote it takes it back as long as nobody has read it, and loses no word."""

from __future__ import annotations

import pytest

from tests.desk.world import World, Written, signed_in
from tropa.desk.messengers.models import Outgoing, OutgoingKind, OutgoingState
from tropa.desk.talk.applicant import mark_seen, unread_replies
from tropa.desk.talk.errors import NotTaken, ReadAlready
from tropa.desk.talk.models import Entry
from tropa.desk.talk.queries import open_draft
from tropa.desk.talk.services import reply, save_draft
from tropa.desk.talk.taking_back import take_back
from tropa.desk.vault.errors import NoGrant


def answered(world: World, text: str = "Ответ не тому") -> tuple[Written, Entry]:
    written, _case = world.taken()
    sent = reply(reader=world.boris.reader(), thread=written.thread, text=text)
    return written, sent


def shown_to_them(world: World, written: Written) -> list[str]:
    replies = unread_replies(thread=written.thread, seed=written.keys.seed, now=world.now)
    return [each.text for each in replies]


def test_it_is_gone_on_both_sides_stands_as_a_draft_and_they_wait_again(world: World) -> None:
    written, sent = answered(world)
    assert shown_to_them(world, written) == ["Ответ не тому"]
    take_back(reader=world.boris.reader(), thread=written.thread, entry_id=sent.pk)
    assert shown_to_them(world, written) == []
    assert not Entry.objects.filter(pk=sent.pk).exists()
    written.thread.refresh_from_db()
    assert open_draft(reader=world.boris.reader(), thread=written.thread) == "Ответ не тому"
    assert written.thread.waiting
    assert written.thread.waiting_since <= world.now
    reply(reader=world.boris.reader(), thread=written.thread, text="Ответ тому")
    assert shown_to_them(world, written) == ["Ответ тому"]


def test_a_draft_begun_meanwhile_and_another_answer_stay(world: World) -> None:
    written, sent = answered(world)
    reply(reader=world.anna.reader(), thread=written.thread, text="ответ Анны")
    save_draft(reader=world.boris.reader(), thread=written.thread, text="начато")
    take_back(reader=world.boris.reader(), thread=written.thread, entry_id=sent.pk)
    written.thread.refresh_from_db()
    assert not written.thread.waiting, "Anna answered them"
    assert open_draft(reader=world.boris.reader(), thread=written.thread) == "начато"
    assert shown_to_them(world, written) == ["ответ Анны"]


def test_what_was_seen_is_on_its_way_or_is_somebody_elses_stays(world: World) -> None:
    written, sent = answered(world)
    for reader, refused in ((world.anna, ReadAlready), (world.vera, NoGrant)):
        with pytest.raises(refused):
            take_back(reader=reader.reader(), thread=written.thread, entry_id=sent.pk)
    carried = Outgoing.objects.create(
        kind=OutgoingKind.REPLY, thread=written.thread, entry=sent, state=OutgoingState.SENDING
    )
    with pytest.raises(ReadAlready):
        take_back(reader=world.boris.reader(), thread=written.thread, entry_id=sent.pk)
    carried.delete()
    mark_seen(thread=written.thread, ids=[sent.pk], now=world.now)
    with pytest.raises(ReadAlready):
        take_back(reader=world.boris.reader(), thread=written.thread, entry_id=sent.pk)
    with pytest.raises(ReadAlready):
        take_back(reader=world.boris.reader(), thread=written.thread, entry_id=written.entry.pk)
    untaken = world.write_in()
    with pytest.raises(NotTaken):
        take_back(reader=world.boris.reader(), thread=untaken.thread, entry_id=untaken.entry.pk)
    assert Entry.objects.filter(pk=sent.pk, sealed_applicant__isnull=False).exists()


def test_the_notice_after_sending_carries_the_way_back(world: World) -> None:
    written, _case = world.taken()
    boris, address = signed_in(world.boris), f"/threads/{written.thread.pk}/"
    told = boris.post(
        f"{address}answer/", {"act": "reply", "text": "Поспешно", "token": "a" * 32, "seen": "1"}
    )
    sent = Entry.objects.get(author=world.boris.member)
    back = f"/entries/{sent.pk}/take-back/"
    assert back in boris.get(told["Location"]).content.decode()
    after = boris.post(back, follow=True).content.decode()
    assert "Поспешно</textarea>" in after
    assert boris.post(back).status_code == 404, "pressed twice"
