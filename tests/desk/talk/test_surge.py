"""When more people wait than the shift can answer, the desk says so, the drop tells an honest time, and people are
called in by coordinators.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.desk.talk.crowd import many
from tests.desk.world import World, signed_in
from tropa.desk.cases.models import Urgency
from tropa.desk.conf import conf
from tropa.desk.staff.models import Member
from tropa.desk.talk.models import Thread
from tropa.desk.talk.queries import thread_entries
from tropa.desk.talk.surge import STEPS, WATCH, Load, hours_to_tell, load
from tropa.desk.vault.calling_in import call_in, off_shift
from tropa.desk.vault.errors import NoGrant
from tropa.desk.vault.models import Shift
from tropa.desk.vault.services import open_duty_epoch


@pytest.fixture(autouse=True)
def _nothing_counted_yet() -> Iterator[None]:
    WATCH.forget()
    yield
    WATCH.forget()


def waiting(others: int, *, danger: int = 0, people: int = 5, each: int = 20) -> Load:
    return Load(danger=danger, others=others, people=people, each_a_day=each)


@pytest.mark.parametrize(
    ("counted", "hours"),
    [(waiting(0), 1), (waiting(99), 24), (waiting(100), 25), (waiting(399), 96), (waiting(9, people=0), 720)],
)
def test_the_time_is_what_the_people_on_shift_need_for_all_who_wait(counted: Load, hours: int) -> None:
    assert counted.hours == hours
    assert counted.told_hours >= counted.hours or counted.told_hours == STEPS[-1]
    assert counted.told_hours in STEPS


def test_more_than_can_be_answered_before_waiting_alarms_is_a_surge() -> None:
    fits = conf.unanswered_hours * 5 * 20 // 24 - 1
    assert not waiting(fits).surge
    assert waiting(fits + 1).surge
    assert waiting(fits, danger=1).surge


def test_who_waits_and_who_is_on_shift_is_counted_from_the_rows(world: World) -> None:
    world.write_in("сейчас", urgency=Urgency.NOW)
    world.write_in()
    world.taken()
    today = world.now.date()
    counted = load(now=world.now)
    assert (counted.danger, counted.others, counted.people) == (1, 2, 3), "researchers answer nobody"
    Shift.objects.create(member=world.vera.member, first_day=today, last_day=today)
    assert load(now=world.now).people == 1
    assert load(now=world.now + timedelta(days=1)).people == 3


def test_nobody_is_told_less_than_is_promised_nor_less_than_it_takes(world: World) -> None:
    Member.objects.update(on_duty=True)
    assert hours_to_tell(now=world.now, promised=24) == (24, False)
    WATCH.forget()
    many(world, 100)
    told, crowded = hours_to_tell(now=world.now, promised=24)
    assert crowded
    assert told >= load(now=world.now).hours > 24


def test_the_queue_is_seen_to_drain(world: World) -> None:
    many(world, 60)
    assert WATCH.draining(now=world.now) is None
    WATCH.load(now=world.now)
    Thread.objects.filter(pk__lt=f"{40:032x}").update(waiting=False)
    later = world.now + timedelta(minutes=30)
    assert WATCH.load(now=later).waiting == 21
    seen = WATCH.draining(now=later)
    assert seen is not None
    assert (seen.before, seen.now, seen.since) == (60, 21, world.now)


def test_within_a_minute_nothing_is_counted_again(world: World, django_assert_num_queries: object) -> None:
    WATCH.load(now=world.now)
    with django_assert_num_queries(0):  # type: ignore[operator]
        WATCH.load(now=world.now + timedelta(seconds=50))
    assert WATCH.load(now=world.now + timedelta(seconds=70)) == load(now=world.now)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_today_and_the_inbox_say_so_and_only_coordinators_call_in(world: World, language: str) -> None:
    many(world, 60)
    for who in ("anna", "boris"):
        client = signed_in(getattr(world, who))
        client.cookies["tropa-desk-language"] = language
        WATCH.forget()
        today, inbox = (client.get(path).content.decode() for path in ("/", "/inbox/"))
        words = (
            "больше людей, чем смена" if language == "ru" else "More people write than the shift can answer"
        )
        assert words.lower() in today.lower()
        assert words.lower() in inbox.lower()
        assert ("/people/call-in/" in today) is (who == "anna")
        assert client.get("/people/call-in/").status_code == (200 if who == "anna" else 403)


def test_on_an_ordinary_day_nothing_is_said(world: World) -> None:
    Member.objects.update(on_duty=True)
    world.write_in()
    assert "call-in" not in signed_in(world.anna).get("/").content.decode()


def test_who_is_called_in_opens_what_waits_and_nothing_that_was_taken(world: World) -> None:
    Member.objects.exclude(pk=world.stranger.member.pk).update(on_duty=True)
    taken, _case = world.taken()
    untaken = world.write_in("ждёт")
    today = world.now.date()
    open_duty_epoch(reader=world.anna.reader(), roster=[world.anna.member, world.boris.member])
    newer = world.write_in("пришло позже")
    with pytest.raises(NoGrant):
        thread_entries(reader=world.vera.reader(), thread=newer.thread)
    assert world.vera.member in off_shift(on=today)
    assert call_in(reader=world.anna.reader(), member=world.vera.member) == 1
    assert call_in(reader=world.anna.reader(), member=world.vera.member) == 0
    for written in (newer, untaken):
        assert thread_entries(reader=world.vera.reader(), thread=written.thread)
    with pytest.raises(NoGrant):
        thread_entries(reader=world.vera.reader(), thread=taken.thread)
    assert world.vera.member not in off_shift(on=today)
    assert Shift.objects.filter(member=world.vera.member).count() == 1


def test_only_coordinators_call_in_and_only_who_may_be_on_duty(world: World) -> None:
    Member.objects.filter(pk=world.vera.member.pk).update(on_duty=True)
    vera = Member.objects.get(pk=world.vera.member.pk)
    with pytest.raises(NoGrant):
        call_in(reader=world.boris.reader(), member=vera)
    with pytest.raises(NoGrant):
        call_in(reader=world.anna.reader(), member=replace_off_duty(vera))
    client = signed_in(world.anna)
    assert client.post("/people/call-in/", {"member": vera.pk}).status_code == 302
    assert client.post("/people/call-in/", {"member": "0" * 32}).status_code == 404


def replace_off_duty(member: Member) -> Member:
    member.on_duty = False
    return member
