"""A gateway stores many messages in one transaction, on rows it read and locked there: none is asked for again, and
what is not stored leaves the row as it was.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tropa.desk.cases.models import Urgency
from tropa.desk.identifiers import new_id
from tropa.desk.talk import arrivals
from tropa.desk.talk.arrivals import Received, receive_more
from tropa.desk.talk.body import EntryBody
from tropa.desk.talk.errors import KeySwapped
from tropa.desk.talk.models import Entry, Snooze, Thread
from tropa.envelope import Seed, SigningKey

if TYPE_CHECKING:
    from tests.desk.world import World

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def held(thread_id: str) -> Thread:
    rows = Thread.objects.select_related("case", "duty_epoch").select_for_update(of=("self",))
    return rows.get(pk=thread_id)


def add(thread: Thread, signing: SigningKey, tag: str) -> Received:
    body = EntryBody(text="ещё слово", at=NOW, language="ru")
    return receive_more(
        thread=thread, signing=signing, body=body, dedupe_tag=tag, at_least=Urgency.DAY, now=NOW, held=True
    )


@pytest.mark.parametrize("taken", [False, True], ids=["on duty", "taken"])
def test_several_in_a_row_stand_in_order_and_the_row_is_kept_up(world: World, taken: bool) -> None:
    written = world.taken()[0] if taken else world.write_in("Помогите")
    Snooze.objects.create(
        thread_id=written.thread.pk, member=world.boris.member, until=NOW + timedelta(hours=1)
    )
    with transaction.atomic():
        thread = held(written.thread.pk)
        added = [add(thread, written.keys.signing, new_id()) for _message in range(3)]
    first = written.thread.last_sequence
    assert [one.entry.sequence for one in added] == [first + 1, first + 2, first + 3]
    stored = Thread.objects.get(pk=thread.pk)
    for name in arrivals.CHANGED_BY_AN_ENTRY:
        assert getattr(stored, name) == getattr(thread, name), name
    assert (stored.last_sequence, stored.urgency, stored.waiting) == (first + 3, Urgency.DAY, True)
    assert not Snooze.objects.exists()
    assert all(entry.case_epoch is not None for entry in (one.entry for one in added)) is taken


def test_the_thread_is_not_asked_for_again(world: World) -> None:
    written = world.write_in("Помогите")
    with transaction.atomic():
        thread = held(written.thread.pk)
        add(thread, written.keys.signing, new_id())
        with CaptureQueriesContext(connection) as asked:
            add(thread, written.keys.signing, new_id())
    assert not [each["sql"] for each in asked if each["sql"].startswith("SELECT")]


def test_the_same_message_again_is_one_and_leaves_the_row_as_it_was(world: World) -> None:
    written = world.write_in("Помогите")
    with transaction.atomic():
        thread = held(written.thread.pk)
        tag = new_id()
        once, twice = (add(thread, written.keys.signing, tag) for _time in range(2))
        third = add(thread, written.keys.signing, new_id())
    assert (once.duplicate, twice.duplicate) == (False, True)
    assert twice.entry == once.entry
    assert third.entry.sequence == once.entry.sequence + 1
    assert Entry.objects.filter(dedupe_tag=tag).count() == 1


def test_who_signs_with_another_key_adds_nothing(world: World) -> None:
    written = world.write_in("Помогите")
    other = Seed(bytes(Seed.length)).signing()
    with transaction.atomic():
        thread = held(written.thread.pk)
        before = {name: getattr(thread, name) for name in arrivals.CHANGED_BY_AN_ENTRY}
        with pytest.raises(KeySwapped):
            add(thread, other, new_id())
    assert {name: getattr(thread, name) for name in arrivals.CHANGED_BY_AN_ENTRY} == before
    assert Entry.objects.filter(thread=thread).count() == 1
