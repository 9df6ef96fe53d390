"""Whoever works long, at night or through danger after danger is reminded to rest, quietly and by memory alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.desk.world import World, signed_in
from tropa.desk.cases.models import Urgency
from tropa.desk.staff import rest
from tropa.desk.staff.models import Visit
from tropa.desk.staff.rest import DANGEROUS_IN_A_ROW, Reason, note_opened, put_aside, reasons_to_rest
from tropa.desk.talk.models import Thread

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    rest._days.clear()


def why(*, began: datetime = NOON, now: datetime = NOON, who: str = "a") -> tuple[Reason, ...]:
    return reasons_to_rest(member_id=who, began=began, now=now)


def test_long_hours_and_the_night_are_reasons() -> None:
    assert why(now=NOON + 5 * HOUR) == ()
    assert why(now=NOON + 6 * HOUR) == (Reason.LONG,)
    night = NOON.replace(hour=23)
    assert why(began=night, now=night) == (), "whoever has just come is left alone"
    assert why(began=night - HOUR, now=night) == (Reason.NIGHT,)
    assert why(began=night - 7 * HOUR, now=night) == (Reason.LONG, Reason.NIGHT)


def test_one_danger_after_another_is_a_reason_and_each_person_counts_once() -> None:
    for _again in range(20):
        note_opened(member_id="a", thread_id="same", danger=True, now=NOON)
    assert why() == ()
    for number in range(DANGEROUS_IN_A_ROW):
        note_opened(member_id="a", thread_id=f"{number}", danger=True, now=NOON)
    assert why() == (Reason.DANGER,)
    assert why(who="b") == ()
    note_opened(member_id="a", thread_id="calm", danger=False, now=NOON)
    assert why() == ()


def test_yesterdays_dangers_are_over() -> None:
    for number in range(DANGEROUS_IN_A_ROW):
        note_opened(member_id="a", thread_id=f"{number}", danger=True, now=NOON)
    later = NOON + 20 * HOUR
    assert why(began=later, now=later) == ()


def test_it_is_put_aside_for_two_hours() -> None:
    put_aside(member_id="a", now=NOON)
    assert why(began=NOON - 8 * HOUR, now=NOON + HOUR) == ()
    assert why(began=NOON - 8 * HOUR, now=NOON + 2 * HOUR) == (Reason.LONG,)


def test_memory_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rest, "MOST_PEOPLE", 3)
    for number in range(10):
        note_opened(member_id=str(number), thread_id="t", danger=True, now=NOON)
    assert len(rest._days) <= 3


def test_today_reminds_and_is_told_to_stop(world: World) -> None:
    boris = signed_in(world.boris)
    for _person in range(DANGEROUS_IN_A_ROW):
        thread = world.write_in().thread
        Thread.objects.filter(pk=thread.pk).update(urgency=Urgency.NOW)
        boris.get(f"/threads/{thread.pk}/")
    page = boris.get("/").content.decode()
    assert 'action="/account/rest/"' in page
    assert 'action="/account/rest/"' not in signed_in(world.vera).get("/").content.decode()
    assert boris.post("/account/rest/").headers["Location"] == "/"
    assert 'action="/account/rest/"' not in boris.get("/").content.decode()


def test_an_empty_desk_reminds_after_long_hours_too(world: World) -> None:
    from tests.attacks.test_who_forces_somebody_to_unlock import forced, give_duress

    give_duress(world.boris)
    client = forced(world.boris).client
    Visit.objects.update(ends_after=datetime.now(UTC) + 4 * HOUR)
    assert 'action="/account/rest/"' in client.get("/").content.decode()
