"""A thread is put aside until an hour, needs no answer, or is given back, and each of these is taken back; nobody is
forgotten over it, and danger is never put aside.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections

from tests.desk.world import World, Written, build_world, signed_in
from tropa.desk.cases.card import Card, Danger
from tropa.desk.cases.models import Urgency
from tropa.desk.cases.services import save_card
from tropa.desk.housekeeping import keep_house
from tropa.desk.talk.arrivals import receive_more
from tropa.desk.talk.body import EntryBody
from tropa.desk.talk.errors import InDanger, NotTaken, NotWaiting, TalkError, WorkBegun, WroteMeanwhile
from tropa.desk.talk.inbox import InboxFilters, Queue, inbox_page, waiting_count
from tropa.desk.talk.models import EntryKind, Snooze, Thread
from tropa.desk.talk.services import note, reply, take
from tropa.desk.talk.setting_aside import LONGEST, Until, give_back, hour_of, settle, snooze, unsettle, wake
from tropa.desk.vault.errors import NoGrant


def listed(
    world: World, queue: Queue = Queue.OPEN, at: datetime | None = None, who: str = "boris"
) -> list[str]:
    reader = getattr(world, who).reader(at or world.now)
    return [row.words for row in inbox_page(reader=reader, filters=InboxFilters(queue=queue))]


def write_more(world: World, written: Written, kind: EntryKind = EntryKind.APPLICANT) -> None:
    body = EntryBody(text="ещё", at=world.now)
    receive_more(
        thread=written.thread,
        signing=written.signing,
        body=body,
        kind=kind,
        dedupe_tag="e" * 32,
        now=world.now,
    )


def fresh(written: Written) -> Thread:
    return Thread.objects.select_related("case", "duty_epoch").get(pk=written.thread.pk)


def test_it_leaves_every_queue_for_everybody_and_comes_back_by_itself(world: World) -> None:
    written = world.write_in("потом")
    hour = snooze(
        reader=world.boris.reader(world.now), thread=written.thread, until=Until.FOUR_HOURS, heard=1
    )
    for who in ("boris", "vera"):
        assert listed(world, who=who) == listed(world, Queue.UNTAKEN, who=who) == []
        assert listed(world, Queue.SNOOZED, who=who) == ["потом"]
    assert waiting_count(reader=world.boris.reader(world.now)) == 0
    assert listed(world, at=hour - timedelta(seconds=1)) == []
    assert listed(world, at=hour) == ["потом"]
    assert listed(world, Queue.SNOOZED, at=hour) == []


@pytest.mark.parametrize("until", list(Until))
def test_every_choice_is_a_whole_hour_within_a_week(world: World, until: Until) -> None:
    hour = hour_of(until, world.now)
    assert world.now < hour <= world.now + LONGEST + timedelta(hours=1)
    assert (hour.minute, hour.second, hour.microsecond, hour.tzinfo) == (0, 0, 0, UTC)


@pytest.mark.parametrize("kind", [EntryKind.APPLICANT, EntryKind.TALK_NOW, EntryKind.SAFE])
def test_it_comes_back_at_once_when_the_person_writes(world: World, kind: EntryKind) -> None:
    written = world.write_in("потом")
    snooze(reader=world.boris.reader(), thread=written.thread, until=Until.THEY_WRITE, heard=1)
    write_more(world, written, kind)
    assert len(listed(world)) == 1
    assert not Snooze.objects.exists()


def test_danger_is_never_put_aside(world: World) -> None:
    written = world.write_in("сейчас", urgency=Urgency.NOW)
    for act in (
        lambda: snooze(reader=world.boris.reader(), thread=written.thread, until=Until.HOUR, heard=1),
        lambda: settle(reader=world.boris.reader(), thread=written.thread, heard=1),
    ):
        with pytest.raises(InDanger):
            act()
    assert listed(world) == ["сейчас"]


def test_what_was_put_aside_and_then_is_danger_stands_in_the_queue(world: World) -> None:
    written, case = world.taken("потом")
    snooze(reader=world.boris.reader(world.now), thread=written.thread, until=Until.THREE_DAYS, heard=1)
    save_card(reader=world.boris.reader(), case=case, card=Card(danger=Danger.YES), version=0)
    assert Snooze.objects.exists(), "the row is there and is passed over"
    assert listed(world) == ["потом"]
    assert listed(world, Queue.SNOOZED) == []


def test_nobody_puts_aside_what_they_have_not_seen(world: World) -> None:
    written, _case = world.taken()
    write_more(world, written)
    for act in (
        lambda: snooze(reader=world.boris.reader(), thread=written.thread, until=Until.HOUR, heard=1),
        lambda: settle(reader=world.boris.reader(), thread=written.thread, heard=1),
    ):
        with pytest.raises(WroteMeanwhile):
            act()
    assert fresh(written).waiting


def test_waking_undoes_it(world: World) -> None:
    written = world.write_in("потом")
    snooze(reader=world.boris.reader(world.now), thread=written.thread, until=Until.MORNING, heard=1)
    wake(reader=world.vera.reader(), thread=written.thread)
    wake(reader=world.vera.reader(), thread=written.thread)
    assert listed(world) == ["потом"]


def test_what_needs_no_answer_stays_with_its_holder_and_can_wait_again(world: World) -> None:
    written, _case = world.taken("спасибо")
    settle(reader=world.boris.reader(), thread=written.thread, heard=1)
    assert listed(world) == []
    assert listed(world, Queue.MINE) == ["спасибо"]
    unsettle(reader=world.boris.reader(), thread=written.thread)
    thread = fresh(written)
    assert thread.waiting
    assert thread.waiting_since is not None
    assert thread.waiting_since <= world.now.replace(minute=0, second=0, microsecond=0)
    assert listed(world) == ["спасибо"]


def test_what_was_answered_since_does_not_wait_again(world: World) -> None:
    written, _case = world.taken()
    settle(reader=world.boris.reader(), thread=written.thread, heard=1)
    reply(reader=world.boris.reader(), thread=written.thread, text="ответ")
    unsettle(reader=world.boris.reader(), thread=written.thread)
    assert not fresh(written).waiting
    with pytest.raises(NotWaiting):
        settle(reader=world.boris.reader(), thread=written.thread, heard=1)


def test_what_nobody_holds_is_not_said_to_need_no_answer(world: World) -> None:
    written = world.write_in()
    with pytest.raises(NotTaken):
        settle(reader=world.boris.reader(), thread=written.thread, heard=1)


def test_taking_is_undone_until_there_is_work(world: World) -> None:
    written, _case = world.taken("взято по ошибке")
    give_back(reader=world.boris.reader(), thread=written.thread)
    assert listed(world, Queue.UNTAKEN, who="vera") == ["взято по ошибке"]
    take(reader=world.boris.reader(), thread=fresh(written))
    note(reader=world.boris.reader(), thread=fresh(written), text="начато")
    with pytest.raises(WorkBegun):
        give_back(reader=world.boris.reader(), thread=written.thread)
    assert fresh(written).case is not None


def test_nobody_without_a_grant_does_any_of_it(world: World) -> None:
    written, _case = world.taken()
    untaken = world.write_in()
    acts = (
        lambda who: snooze(reader=who, thread=written.thread, until=Until.HOUR, heard=1),
        lambda who: settle(reader=who, thread=written.thread, heard=1),
        lambda who: wake(reader=who, thread=written.thread),
        lambda who: unsettle(reader=who, thread=written.thread),
        lambda who: give_back(reader=who, thread=written.thread),
    )
    for act in acts:
        with pytest.raises(NoGrant):
            act(world.vera.reader())
    with pytest.raises(NoGrant):
        snooze(reader=world.stranger.reader(), thread=untaken.thread, until=Until.HOUR, heard=1)


def test_housekeeping_forgets_hours_that_have_come(world: World) -> None:
    written = world.write_in()
    hour = snooze(reader=world.boris.reader(), thread=written.thread, until=Until.HOUR, heard=1)
    assert keep_house(now=hour - timedelta(minutes=1)).snoozes == 0
    assert keep_house(now=hour).snoozes == 1


@pytest.mark.django_db(transaction=True)
def test_of_putting_aside_and_taking_in_one_second_nothing_is_lost() -> None:
    world = build_world()
    written = world.write_in("одно на двоих")
    start = threading.Barrier(2)
    broken: list[Exception] = []

    def at_once(act: object) -> None:
        try:
            start.wait()
            act()  # type: ignore[operator]
        except TalkError:
            pass
        except Exception as error:  # noqa: BLE001  # told by the test itself
            broken.append(error)
        finally:
            connections.close_all()

    boris, vera = world.boris.reader(world.now + timedelta(seconds=1)), world.vera.reader(world.now)
    acts = (
        lambda: take(reader=boris, thread=written.thread),
        lambda: snooze(reader=vera, thread=written.thread, until=Until.HOUR, heard=1),
    )
    threads = [threading.Thread(target=at_once, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [error for error in broken if not isinstance(error, NoGrant)] == []
    thread_row = fresh(written)
    assert thread_row.case is not None
    assert thread_row.waiting
    at = hour_of(Until.HOUR, world.now)
    assert listed(world, at=at) == ["одно на двоих"]


def test_the_pages_say_what_was_done_and_take_it_back(world: World) -> None:
    written = world.write_in("потом", at=datetime.now(UTC))
    client, address = signed_in(world.boris), f"/threads/{written.thread.pk}/"
    assert "Отложить" in client.get(address).content.decode()
    told = client.post(f"{address}snooze/", {"until": "morning", "heard": "1"}, follow=True).content.decode()
    assert f"{address}wake/" in told
    assert "Вернётся" in told
    assert client.post(f"{address}wake/").status_code == 302
    taken = client.post(f"{address}take/", follow=True).content.decode()
    assert f"{address}give-back/" in taken
    settled = client.post(f"{address}no-answer-needed/", {"heard": "1"}, follow=True).content.decode()
    assert f"{address}waits-again/" in settled
    client.post(f"{address}waits-again/")
    assert fresh(written).waiting
    back = client.post(f"{address}give-back/", follow=True)
    assert back.status_code == 200
    assert fresh(written).case is None
    refused = client.post(f"{address}no-answer-needed/", {"heard": "1"})
    assert refused.status_code == 409


def test_a_notice_names_no_address_but_our_own(world: World) -> None:
    page = signed_in(world.boris).get("/inbox/?said=snoozed&done=%22%3E%3Cscript%3E").content.decode()
    assert "<script>" not in page
    assert "wake/" not in page
