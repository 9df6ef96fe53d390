"""Opening a case leaves a record, once an hour, with the hour alone; coordinators see unusual reading on Today."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.desk.world import World, signed_in
from tropa.desk.audit import readings
from tropa.desk.audit.acts import Act
from tropa.desk.audit.queries import latest_acts
from tropa.desk.audit.readings import (
    MANY_CASES,
    MANY_OF_OTHERS,
    MANY_SEARCHES,
    UNUSUAL,
    Unusual,
    note_reading,
    note_search,
)
from tropa.desk.audit.services import record
from tropa.desk.cases.models import Case
from tropa.desk.staff.alarms import alarms
from tropa.desk.staff.reader import Reader
from tropa.desk.talk.queries import thread_entries
from tropa.desk.vault.services import grant_case
from tropa.desk.vault.shifts import add_shift
from tropa.envelope import Seed

Capture = Callable[..., Any]


@pytest.fixture(autouse=True)
def _nothing_read_yet() -> Iterator[None]:
    readings._hours.clear()
    yield
    readings._hours.clear()


def opened(world: World) -> list[dict[str, str]]:
    """What the log says of openings, oldest first."""
    acts = latest_acts(reader=world.anna.reader(), count=1000)
    return [dict(act.detail) | {"by": act.member} for act in reversed(acts) if act.act == Act.OPENED]


def told(world: World) -> list[tuple[str, ...]]:
    return [alarm.unusual for alarm in alarms(reader=world.anna.reader())]


def read_many(world: World, capture: Capture, cases: list[Case], who: Reader) -> None:
    for case in cases:
        with capture(execute=True):
            note_reading(reader=who, held=case)


def cases_of(world: World, count: int, lead: str) -> list[Case]:
    member = getattr(world, lead).member
    made = [Case(team=member.team, lead=member, opened_day=world.now.date()) for _ in range(count)]
    return Case.objects.bulk_create(made)


def test_opening_a_case_is_recorded_once_an_hour(
    world: World, django_capture_on_commit_callbacks: Capture
) -> None:
    written, case = world.taken()
    hour = world.now.replace(minute=5)
    for at in (hour, hour + timedelta(minutes=20), hour + timedelta(hours=1)):
        with django_capture_on_commit_callbacks(execute=True):
            thread_entries(reader=world.boris.reader(at), thread=written.thread)
    assert opened(world) == [{"case": case.pk, "by": world.boris.member.id}] * 2


def test_a_thread_nobody_has_taken_is_named_as_such(world: World) -> None:
    written = world.write_in()
    thread_entries(reader=world.vera.reader(), thread=written.thread)
    assert opened(world) == [{"thread": written.thread.pk, "by": world.vera.member.id}]


def test_reading_that_ends_in_nothing_is_written_again(world: World) -> None:
    """A record that was rolled back does not count as written."""
    written, _case = world.taken()
    for _ in range(2):
        thread_entries(reader=world.boris.reader(), thread=written.thread)  # never committed in this test
    assert len(opened(world)) == 2


def test_the_log_knows_the_hour_and_no_moment(world: World) -> None:
    at = world.now.replace(minute=41, second=17, microsecond=5)
    record(reader=world.boris.reader(at), act=Act.REPLIED, detail={}, now=at)
    (act,) = latest_acts(reader=world.anna.reader(), count=1)
    assert act.at == at.replace(minute=0, second=0, microsecond=0)
    assert b":41:" not in act.signed


def test_one_case_too_many_alarms_once(world: World, django_capture_on_commit_callbacks: Capture) -> None:
    mine = cases_of(world, MANY_CASES + 3, "boris")
    read_many(
        world, django_capture_on_commit_callbacks, mine[: MANY_CASES - 1], world.boris.reader(world.now)
    )
    assert told(world) == []
    read_many(world, django_capture_on_commit_callbacks, mine, world.boris.reader(world.now))
    assert told(world) == [(Unusual.MANY,)]
    assert told(world) == [(Unusual.MANY,)], "it stays until it is put aside"


def test_an_hour_later_is_another_count(world: World, django_capture_on_commit_callbacks: Capture) -> None:
    mine = cases_of(world, MANY_CASES, "boris")
    half = MANY_CASES // 2
    read_many(world, django_capture_on_commit_callbacks, mine[:half], world.boris.reader(world.now))
    later = world.boris.reader(world.now + timedelta(hours=1))
    read_many(world, django_capture_on_commit_callbacks, mine[half:], later)
    assert told(world) == []


def test_cases_of_others_alarm_earlier(world: World, django_capture_on_commit_callbacks: Capture) -> None:
    theirs = cases_of(world, MANY_OF_OTHERS, "vera")
    read_many(world, django_capture_on_commit_callbacks, theirs[:-1], world.boris.reader(world.now))
    assert told(world) == []
    read_many(world, django_capture_on_commit_callbacks, theirs, world.boris.reader(world.now))
    assert told(world) == [(Unusual.OTHERS,)]


def test_reading_outside_ones_shift_alarms_but_for_ones_own_cases(world: World) -> None:
    today = world.now.date()
    add_shift(reader=world.anna.reader(world.now), member=world.vera.member, first_day=today, last_day=today)
    written, case = world.taken()
    other = world.write_in()
    thread_entries(reader=world.vera.reader(), thread=other.thread)  # on shift
    thread_entries(reader=world.boris.reader(), thread=written.thread)  # his own
    thread_entries(reader=world.anna.reader(), thread=other.thread)  # coordinators are on every roster
    assert told(world) == []
    thread_entries(reader=world.boris.reader(), thread=other.thread)
    assert told(world) == [(Unusual.OFF_SHIFT,)]
    assert case.lead == world.boris.member


def test_where_nobody_has_a_shift_everybody_is_on_duty(world: World) -> None:
    thread_entries(reader=world.boris.reader(), thread=world.write_in().thread)
    assert told(world) == []


def test_many_searches_alarm_and_none_says_for_what(world: World) -> None:
    for _ in range(MANY_SEARCHES + 1):
        note_search(reader=world.boris.reader(world.now))
    assert told(world) == [(Unusual.SEARCHES,)]
    acts = [act for act in latest_acts(reader=world.anna.reader(), count=100) if act.act == Act.SEARCHED]
    assert {tuple(act.detail) for act in acts} == {(), (UNUSUAL,)}


def test_coordinators_read_it_on_today_and_advisers_do_not(
    world: World, django_capture_on_commit_callbacks: Capture
) -> None:
    theirs = cases_of(world, MANY_OF_OTHERS, "vera")
    read_many(world, django_capture_on_commit_callbacks, theirs, world.boris.reader(world.now))
    anna = signed_in(world.anna)
    page = anna.get("/").content.decode()
    assert page.count("Борис: необычное чтение") == 1
    assert f"которые ведут другие: {MANY_OF_OTHERS} или больше" in page
    assert "необычное чтение" not in signed_in(world.boris).get("/").content.decode()
    (alarm,) = alarms(reader=world.anna.reader())
    anna.post(f"/alarms/{alarm.sequence}/aside/")
    assert "необычное чтение" not in anna.get("/").content.decode()


def test_nobody_raises_it_in_a_colleagues_name(world: World) -> None:
    planted = Reader(member=world.boris.member, seed=Seed(bytes(32)), now=world.now)
    record(reader=planted, act=Act.OPENED, detail={UNUSUAL: Unusual.MANY}, now=world.now)
    record(reader=world.boris.reader(), act=Act.TAKEN, detail={UNUSUAL: Unusual.MANY}, now=world.now)
    assert told(world) == []


def test_a_third_holder_reads_a_case_of_others(world: World) -> None:
    written, case = world.taken()
    grant_case(reader=world.boris.reader(), case=case, member=world.vera.member)
    thread_entries(reader=world.vera.reader(), thread=written.thread)
    assert opened(world)[-1] == {"case": case.pk, "by": world.vera.member.id}
