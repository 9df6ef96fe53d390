"""What arrives is sealed, stored once however often it is sent, and waits to be answered."""

import secrets
import threading
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from tests.desk.world import World, build_world
from tropa.desk.cases.models import Urgency
from tropa.desk.talk.arrivals import receive_first, receive_more
from tropa.desk.talk.body import LONGEST_TEXT, EntryBody
from tropa.desk.talk.errors import TooLong
from tropa.desk.talk.models import Entry, EntryKind, Thread
from tropa.desk.talk.queries import thread_by_tag, thread_entries
from tropa.desk.talk.services import take
from tropa.desk.vault.errors import NoDutyEpoch, NotCommitted
from tropa.desk.vault.models import CaseKey, DutyEpoch
from tropa.envelope import Codename, Language, Seed, applicant_keys, thread_id_of


def test_a_first_message_is_read_by_somebody_on_duty(world: World) -> None:
    written = world.write_in("Загранпаспорта нет, явка 3 декабря")
    [entry] = thread_entries(reader=world.boris.reader(), thread=written.thread)
    assert entry.text == "Загранпаспорта нет, явка 3 декабря"
    assert entry.at == world.now
    assert (entry.language, entry.channel, entry.kind) == ("ru", "drop", EntryKind.APPLICANT)


def test_the_thread_is_named_after_the_applicants_key_and_found_by_the_codename(world: World) -> None:
    written = world.write_in()
    again = applicant_keys(Codename.parse(" ".join(written.codename.words)))
    assert written.thread.id == thread_id_of(again.public)
    assert thread_by_tag(again.look_up_tag) == written.thread


def test_only_the_hour_of_arrival_stands_in_clear(world: World) -> None:
    written = world.write_in(at=world.now.replace(minute=41, second=7))
    assert written.thread.waiting_since == world.now.replace(minute=0, second=0, microsecond=0)


def test_a_form_sent_twice_is_one_thread(world: World) -> None:
    tag = secrets.token_hex(16)
    codenames = [Codename.generate(secrets.token_bytes, Language.RUSSIAN) for _ in range(2)]
    received = []
    for codename in codenames:
        keys = applicant_keys(codename)
        received.append(
            receive_first(
                public=keys.public,
                signing=keys.seed.signing(),
                look_up_tag=keys.look_up_tag,
                body=EntryBody(text="дважды", at=world.now),
                dedupe_tag=tag,
                now=world.now,
            )
        )
    assert [one.duplicate for one in received] == [False, True]
    assert received[0].thread == received[1].thread
    assert Thread.objects.count() == Entry.objects.count() == 1


def test_a_second_message_sent_twice_is_one_entry(world: World) -> None:
    written = world.write_in()
    thread = written.thread
    sent = [
        receive_more(
            thread=thread,
            signing=written.signing,
            body=EntryBody(text="ещё", at=world.now),
            dedupe_tag="a" * 32,
            now=world.now,
        )
        for _ in range(2)
    ]
    assert [one.duplicate for one in sent] == [False, True]
    assert sent[0].entry == sent[1].entry
    thread.refresh_from_db()
    assert (thread.last_sequence, Entry.objects.count()) == (2, 2)


def test_a_message_to_a_taken_thread_is_sealed_to_its_case_and_waits_again(world: World) -> None:
    written, _case = world.taken()
    receive_more(
        thread=written.thread,
        signing=written.signing,
        body=EntryBody(text="ещё вопрос", at=world.now),
        dedupe_tag="a" * 32,
        now=world.now,
    )
    written.thread.refresh_from_db()
    assert written.thread.waiting
    assert written.thread.retention_day is None
    texts = [entry.text for entry in thread_entries(reader=world.boris.reader(), thread=written.thread)]
    assert texts == ["Пришла повестка, что делать?", "ещё вопрос"]


def test_who_needs_to_talk_now_stands_first(world: World) -> None:
    written = world.write_in(urgency=Urgency.INFO)
    receive_more(
        thread=written.thread,
        signing=written.signing,
        body=EntryBody(text="", at=world.now),
        kind=EntryKind.TALK_NOW,
        dedupe_tag="a" * 32,
        now=world.now,
    )
    written.thread.refresh_from_db()
    assert (written.thread.urgency, written.thread.urgency_rank) == (Urgency.NOW, 0)


def test_a_planted_case_key_gets_no_message(world: World) -> None:
    written, _case = world.taken()
    CaseKey.objects.update(seal_public=Seed(b"planted key of an attacker 12345").sealing().public.raw)
    with pytest.raises(NotCommitted):
        receive_more(
            thread=written.thread,
            signing=written.signing,
            body=EntryBody(text="тайна", at=world.now),
            dedupe_tag="a" * 32,
            now=world.now,
        )
    assert Entry.objects.count() == 1


def test_with_no_duty_key_that_verifies_nothing_is_taken_in(world: World) -> None:
    DutyEpoch.objects.update(signature=b"forged")
    with pytest.raises(NoDutyEpoch):
        world.write_in()
    assert not Thread.objects.exists()


def test_a_text_over_the_limit_is_refused_before_anything_is_stored(world: World) -> None:
    with pytest.raises(TooLong):
        world.write_in("я" * (LONGEST_TEXT + 1))
    assert not Thread.objects.exists()


def test_waiting_counts_from_the_first_unanswered_message(world: World) -> None:
    written = world.write_in(at=world.now - timedelta(hours=5))
    receive_more(
        thread=written.thread,
        signing=written.signing,
        body=EntryBody(text="вы здесь?", at=world.now),
        dedupe_tag="a" * 32,
        now=world.now,
    )
    since = written.thread.waiting_since
    written.thread.refresh_from_db()
    assert written.thread.waiting_since == since


def test_an_arrival_costs_five_statements_between_begin_and_commit(world: World) -> None:
    world.write_in()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        world.write_in()
    work = [
        query["sql"] for query in queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN"))
    ]
    assert len(work) <= 5, work


@pytest.mark.django_db(transaction=True)
def test_messages_that_come_at_once_all_find_a_place() -> None:
    world = build_world()
    written = world.write_in("первое")
    thread = written.thread
    start = threading.Barrier(6)
    failed: list[BaseException] = []

    def send(number: int) -> None:
        try:
            start.wait()
            for again in range(3):
                text = EntryBody(text=f"{number}-{again}", at=world.now)
                receive_more(
                    thread=thread,
                    signing=written.signing,
                    body=text,
                    dedupe_tag=f"{number}-{again}",
                    now=world.now,
                )
                world.write_in(f"новый {number}-{again}")
        except BaseException as error:  # noqa: BLE001  # told to the test below, whatever it is
            failed.append(error)
        finally:
            connections.close_all()

    senders = [threading.Thread(target=send, args=(number,)) for number in range(6)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert failed == []
    assert sorted(Entry.objects.filter(thread=thread).values_list("sequence", flat=True)) == list(
        range(1, 20)
    )
    assert Thread.objects.count() == 19
    thread.refresh_from_db()
    assert thread.last_sequence == 19


@pytest.mark.django_db(transaction=True)
def test_what_arrives_while_somebody_takes_the_thread_opens_for_its_holders() -> None:
    """Whatever was sealed before the taking is sealed anew to the case; nothing keeps its place or key by chance."""
    world = build_world()
    written = world.write_in("0")
    gate = threading.Barrier(4)

    def write(name: str) -> None:
        gate.wait()
        for number in range(5):
            receive_more(
                thread=written.thread,
                signing=written.signing,
                body=EntryBody(text=f"{name}{number}", at=world.now),
                dedupe_tag=secrets.token_hex(16),
                now=world.now,
            )
        connections.close_all()

    def take_it() -> None:
        gate.wait()
        take(reader=world.boris.reader(), thread=written.thread)
        connections.close_all()

    workers = [threading.Thread(target=write, args=(name,)) for name in "abc"]
    workers.append(threading.Thread(target=take_it))
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    entries = thread_entries(reader=world.boris.reader(), thread=Thread.objects.get())
    assert [entry.sequence for entry in entries] == list(range(1, 17))
    assert {entry.text for entry in entries} == {"0"} | {f"{name}{n}" for name in "abc" for n in range(5)}
    assert not Entry.objects.exclude(duty_epoch=None).exists()
