"""A drawn day played through the real services loses nobody and answers nobody twice; a short form of what `make soak`
may play whole.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from tests.desk.world import World, join
from tropa.desk.conf import conf
from tropa.desk.example.day import Played, orphans, p95, play_day
from tropa.desk.example.drawn_day import DANGER, MINUTES, Day, draw_day
from tropa.desk.staff.joining import Certifier, Joined
from tropa.desk.staff.models import Member, Role
from tropa.desk.talk.models import Entry, EntryKind, Thread
from tropa.desk.vault.models import Shift
from tropa.desk.vault.services import grant_duty


def joined(world: World, count: int) -> list[Joined]:
    """So many volunteers who may be on duty and hold its key."""
    made = []
    for number in range(count):
        person = join(
            f"Волонтёр {number}",
            Role.ADVISER,
            world.boris.member.team,
            Certifier(world.anna.seed.signing(), world.anna.member),
            now=world.now,
        )
        Member.objects.filter(pk=person.member.pk).update(on_duty=True)
        person.member.on_duty = True
        made.append(Joined(person.member, person.seed))
    return made


def played(world: World, kind: Day, people: int, volunteers: int) -> Played:
    day = draw_day(kind, people=people, volunteers=volunteers, seed=7)
    start = datetime.combine(world.now.date() - timedelta(days=1), time(0, tzinfo=UTC))
    staff = joined(world, volunteers)
    for one, shift in zip(staff, day.shifts, strict=True):
        if not shift.called:
            grant_duty(
                reader=world.anna.reader(start - timedelta(hours=2)), epoch=world.epoch, member=one.member
            )
            Shift.objects.create(member=one.member, first_day=start.date(), last_day=start.date())
    return play_day(
        day=day, coordinator=Joined(world.anna.member, world.anna.seed), volunteers=staff, start=start
    )


@pytest.mark.parametrize(("kind", "people", "volunteers"), [(Day.CALM, 8, 3), (Day.SURGE, 30, 5)])
def test_nobody_is_lost_and_nobody_is_answered_twice(
    world: World, kind: Day, people: int, volunteers: int
) -> None:
    told = played(world, kind, people, volunteers)
    assert told.arrived == told.told == people == Thread.objects.count()
    assert (told.lost, told.orphans, told.answered_twice) == (0, 0, 0)
    assert told.answered + told.waiting >= people
    assert told.answered > people // 3
    assert p95(told.danger_waits) <= p95(told.waits)


def test_the_counts_find_who_was_lost_and_who_was_answered_twice(world: World) -> None:
    """The test above would hold for counts that never count."""
    told = played(world, Day.CALM, 6, 2)
    assert told.lost == 0
    world.epoch.grants.all().delete()
    written = Thread.objects.filter(case=None).first() or world.write_in().thread
    Thread.objects.filter(pk=written.pk).update(waiting=True)
    assert orphans() >= 1
    assert Entry.objects.filter(kind=EntryKind.REPLY).exists()


def test_the_same_seed_draws_the_same_day_and_another_does_not() -> None:
    one, same, other = (draw_day(Day.SURGE, people=400, volunteers=9, seed=seed) for seed in (1, 1, 2))
    assert one == same != other
    assert all(0 <= arrival.minute < MINUTES for arrival in one.arrivals)
    danger = sum(arrival.urgency == "now" for arrival in one.arrivals) / 400
    assert abs(danger - DANGER) < 0.06
    assert any(shift.called for shift in one.shifts)


@pytest.mark.parametrize(("waits", "value"), [((), 0), ((5,), 5), (tuple(range(1, 101)), 95)])
def test_p95_is_what_95_of_100_do_not_pass(waits: tuple[int, ...], value: int) -> None:
    assert p95(waits) == value


def test_a_day_is_refused_where_people_are_real(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from tropa.desk.example import day as module
    from tropa.desk.example.world import NoExample

    monkeypatch.setattr(module, "conf", replace(conf, example=False, testing=False))
    with pytest.raises(NoExample):
        play_day(
            day=draw_day(Day.CALM, people=1, volunteers=1, seed=1),
            coordinator=Joined(world.anna.member, world.anna.seed),
            volunteers=[Joined(world.boris.member, world.boris.seed)],
            start=world.now,
        )
