"""A week of shifts is drawn hour by hour, says what hours nobody covers, and what they are where somebody lives."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.desk.world import signed_in
from tropa.desk.staff.abilities import Abilities, abilities_of, say_abilities
from tropa.desk.staff.models import Member
from tropa.desk.vault.models import Shift
from tropa.desk.vault.shift_calendar import KeptShift, drawn_week, gaps, monday_of, said_there
from tropa.desk.vault.shifts import add_shift, roster_of

if TYPE_CHECKING:
    from tests.desk.world import World

MONDAY = date(2026, 11, 23)
DAY = timedelta(days=1)


def kept(who: str, first: int, last: int, from_hour: int = 0, until_hour: int = 24) -> KeptShift:
    return KeptShift(who, who, who, MONDAY + first * DAY, MONDAY + last * DAY, from_hour, until_hour)


def week(*shifts: KeptShift, today: date = MONDAY, **zones: int) -> list[list[tuple[str, ...]]]:
    days = drawn_week(shifts, monday=MONDAY, today=today, zones=zones, reader_id="nobody")
    return [
        [
            *((bar.pseudonym, bar.hours, bar.local) for bar in day.bars),
            *((gap.hours,) for gap in day.gaps),
        ]
        for day in days
    ]


def test_every_day_has_its_shifts_and_its_gaps() -> None:
    days = week(kept("anna", 0, 1, 6, 14), kept("vera", 1, 1, 12, 24))
    assert days[0] == [("anna", "06:00–14:00", ""), ("00:00–06:00",), ("14:00–24:00",)]
    assert days[1] == [("anna", "06:00–14:00", ""), ("vera", "12:00–24:00", ""), ("00:00–06:00",)]
    assert days[2] == [("00:00–24:00",)]
    assert len(days) == 7


def test_what_is_over_misses_nobody() -> None:
    assert week(today=MONDAY + 2 * DAY)[:3] == [[], [], [("00:00–24:00",)]]


def test_hours_are_said_as_they_are_where_somebody_lives() -> None:
    assert week(kept("anna", 0, 0, 22, 24), anna=330)[0][0] == ("anna", "22:00–24:00", "03:30–05:30")
    assert week(kept("anna", 0, 0, 0, 4), anna=-180)[0][0] == ("anna", "00:00–04:00", "21:00–01:00")
    assert week(kept("anna", 0, 0), anna=180)[0][0] == ("anna", "00:00–24:00", ""), (
        "a whole day is one anywhere"
    )
    assert said_there(0, 14 * 60) == "14:00"


@pytest.mark.parametrize("seed", range(20))
def test_gaps_and_shifts_make_up_the_day(seed: int) -> None:
    import random

    dice = random.Random(seed)  # noqa: S311  # nothing secret is drawn
    shifts = []
    for number in range(dice.randrange(6)):
        first = dice.randrange(24)
        shifts.append(kept(str(number), 0, 0, first, dice.randrange(first + 1, 25)))
    free = {hour for gap in gaps(shifts) for hour in range(gap.x // 10, (gap.x + gap.width) // 10)}
    worked = {hour for one in shifts for hour in range(one.from_hour, one.until_hour)}
    assert free | worked == set(range(24))
    assert not free & worked


def test_everybody_sees_the_week_and_coordinators_change_it(world: World) -> None:
    Member.objects.exclude(pk=world.stranger.member.pk).update(on_duty=True)
    today = world.now.date()
    client, boris = signed_in(world.anna), signed_in(world.boris)
    empty = client.get("/people/shifts/").content.decode()
    assert "Смен здесь не ведут" in empty
    assert "никого" not in empty, "where no shifts are kept none is missing"
    form = {
        "member": world.vera.member.pk,
        "first_day": today.isoformat(),
        "last_day": today.isoformat(),
        "from_hour": "6",
        "until_hour": "14",
    }
    added = client.post("/people/shifts/add/", form).headers["Location"]
    assert f"said=shift-added&week={monday_of(today).isoformat()}&done=" in added
    say_abilities(member=world.vera.member, abilities=Abilities(zone=240, most_cases=2))
    shown = client.get("/people/shifts/").content.decode()
    for said in ("Вера", "06:00–14:00", "там 10:00–18:00", "00:00–06:00, 14:00–24:00", "0 из 2"):
        assert said in shown, said
    shift = world.vera.member.shifts.get()
    assert f"/people/shifts/{shift.pk}/remove/" in shown
    theirs = boris.get("/people/shifts/").content.decode()
    assert "06:00–14:00" in theirs
    for said in ("там 10:00–18:00", "/remove/", "0 из 2", "/people/shifts/add/"):
        assert said not in theirs, f"a colleague is not shown {said}"
    assert "там 10:00–18:00" in signed_in(world.vera).get("/people/shifts/").content.decode(), "one's own"
    assert not re.search(r"<script[^>]+calendar|style=", shown)


def test_hours_change_nobodys_keys(world: World) -> None:
    Member.objects.exclude(pk=world.stranger.member.pk).update(on_duty=True)
    today = world.now.date()
    add_shift(
        reader=world.anna.reader(),
        member=world.vera.member,
        first_day=today,
        last_day=today,
        from_hour=3,
        until_hour=4,
    )
    assert world.vera.member in roster_of(today)


@pytest.mark.parametrize(("from_hour", "until_hour"), [(4, 4), (5, 4), (-1, 4), (0, 25)])
def test_hours_in_the_wrong_order_are_refused(world: World, from_hour: int, until_hour: int) -> None:
    today = world.now.date()
    form = {
        "member": world.vera.member.pk,
        "first_day": today.isoformat(),
        "last_day": today.isoformat(),
        "from_hour": str(from_hour),
        "until_hour": str(until_hour),
    }
    Member.objects.filter(pk=world.vera.member.pk).update(on_duty=True)
    assert "shift-refused" in signed_in(world.anna).post("/people/shifts/add/", form).headers["Location"]
    with pytest.raises(ValueError, match="hours"):
        add_shift(
            reader=world.anna.reader(),
            member=world.vera.member,
            first_day=today,
            last_day=today,
            from_hour=from_hour,
            until_hour=until_hour,
        )
    assert not Shift.objects.exists()


@pytest.mark.parametrize(
    ("asked", "status"),
    [("", 200), ("2026-11-30", 404), ("yesterday", 404), ("0001-01-01", 404), ("9999-12-31", 404)],
)
def test_only_weeks_near_by_are_drawn(world: World, asked: str, status: int) -> None:
    client = signed_in(world.boris)
    near = (world.now.date() + 30 * DAY).isoformat()
    if asked == "2026-11-30":
        asked, status = near, 200
    assert client.get("/people/shifts/", {"week": asked} if asked else {}).status_code == status


@pytest.mark.parametrize("shifts", [1, 40])
def test_the_number_of_queries_does_not_grow(
    world: World, shifts: int, django_assert_max_num_queries: object
) -> None:
    Member.objects.filter(pk=world.vera.member.pk).update(on_duty=True)
    today = world.now.date()
    Shift.objects.bulk_create(
        Shift(member=world.vera.member, first_day=today, last_day=today) for _number in range(shifts)
    )
    client = signed_in(world.anna)
    client.get("/people/shifts/")
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        client.get("/people/shifts/")


def test_a_zone_is_kept_sealed_and_no_other_than_there_is(world: World) -> None:
    client = signed_in(world.vera)
    client.post("/account/abilities/", {"zone": "330", "languages": "ru"})
    assert abilities_of([world.vera.member.pk])[world.vera.member.pk].zone == 330
    assert client.post("/account/abilities/", {"zone": "7"}).status_code == 400
    client.post("/account/abilities/", {"zone": ""})
    assert abilities_of([world.vera.member.pk])[world.vera.member.pk].zone is None
    with pytest.raises(ValueError, match="zone"):
        Abilities(zone=15 * 60)


def test_a_change_of_shifts_is_undone_from_the_notice_that_says_it(world: World) -> None:
    client, today = signed_in(world.anna), world.now.date()
    Member.objects.filter(pk=world.vera.member.pk).update(on_duty=True)
    days = {"first_day": today.isoformat(), "last_day": (today + DAY).isoformat()}
    form = {"member": world.vera.member.pk, **days, "from_hour": "6", "until_hour": "14"}
    said = notice(client.post("/people/shifts/add/", form, follow=True).content.decode())
    first = world.vera.member.shifts.get()
    assert f'action="/people/shifts/{first.pk}/remove/"' in said
    gone = notice(client.post(f"/people/shifts/{first.pk}/remove/", follow=True).content.decode())
    assert 'action="/people/shifts/add/"' in gone
    back = dict(re.findall(r'<input type="hidden" name="((?!csrf)[a-z_]+)" value="([^"]+)">', gone))
    assert back == form
    client.post("/people/shifts/add/", back)
    again = world.vera.member.shifts.get()
    for name in ("first_day", "last_day", "from_hour", "until_hour"):
        assert getattr(again, name) == getattr(first, name), name


@pytest.mark.parametrize("done", ["", "x", "0" * 31, "0" * 32 + ".2026-11-22", "<b>", "0" * 32 + ".a.b.1.2"])
def test_an_address_that_names_no_shift_brings_no_button(world: World, done: str) -> None:
    page = signed_in(world.anna).get("/people/shifts/", {"said": "shift-removed", "done": done})
    said = notice(page.content.decode())
    assert "Дежурство снято" in said
    assert "<form" not in said
    assert "<b>" not in said


def notice(page: str) -> str:
    return page.partition('role="status"')[2].partition("</div>")[0]
