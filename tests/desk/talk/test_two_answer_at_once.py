"""Of two colleagues who answer one person in the same second, the second reads the first's answer before sending."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connections

from tests.desk.world import World, build_world, signed_in
from tropa.desk.talk.errors import AnsweredMeanwhile
from tropa.desk.talk.models import Entry, EntryKind
from tropa.desk.talk.services import note, reply


def replies(world: World) -> int:
    return Entry.objects.filter(kind=EntryKind.REPLY).count()


def test_what_a_colleague_answered_since_is_read_first(world: World) -> None:
    written, _case = world.taken()
    reply(reader=world.anna.reader(), thread=written.thread, text="от Анны", seen=1)
    with pytest.raises(AnsweredMeanwhile):
        reply(reader=world.boris.reader(), thread=written.thread, text="от Бориса", seen=1)
    reply(reader=world.boris.reader(), thread=written.thread, text="в дополнение", seen=2)
    assert replies(world) == 2


def test_a_note_and_the_same_form_twice_hinder_nobody(world: World) -> None:
    written, _case = world.taken()
    note(reader=world.anna.reader(), thread=written.thread, text="заметка")
    for _ in range(2):
        reply(reader=world.boris.reader(), thread=written.thread, text="ответ", dedupe_tag="b" * 32, seen=1)
    assert replies(world) == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_in_the_same_second_one_is_sent() -> None:
    world = build_world()
    written, _case = world.taken()
    start = threading.Barrier(2)
    outcomes: list[str] = []

    def try_it(who: str) -> None:
        reader = getattr(world, who).reader(world.now + timedelta(seconds=1))
        try:
            start.wait()
            reply(reader=reader, thread=written.thread, text=f"от {who}", seen=1)
            outcomes.append("sent")
        except AnsweredMeanwhile:
            outcomes.append("stepped back")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=try_it, args=(who,)) for who in ("anna", "boris")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["sent", "stepped back"]
    assert replies(world) == 1


def test_the_page_keeps_the_text_and_shows_the_colleagues_answer(world: World) -> None:
    written, _case = world.taken()
    client, address = signed_in(world.boris), f"/threads/{written.thread.pk}/"
    assert '<input type="hidden" name="seen" value="1">' in client.get(address).content.decode()
    reply(reader=world.anna.reader(), thread=written.thread, text="Анна была быстрее")
    posted = {"text": "мой длинный ответ", "act": "reply", "token": "c" * 32, "seen": "1"}
    refused = client.post(f"{address}answer/", posted)
    page = refused.content.decode()
    assert refused.status_code == 409
    assert "мой длинный ответ" in page
    assert "Анна была быстрее" in page
    assert '<input type="hidden" name="seen" value="2">' in page
    assert client.post(f"{address}answer/", posted | {"seen": "2"}).status_code == 302
