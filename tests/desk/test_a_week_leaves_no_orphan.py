"""A week of drawn days, shifts that change and somebody who leaves in the middle: whoever waits is always
somebody's, or in the queue of whoever is on duty. A short week here; `make soak` plays a whole one (`--week 100`).
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from tests.desk.test_a_day_is_played import joined
from tests.desk.world import World
from tropa.desk.example.day import orphans, play_day
from tropa.desk.example.drawn_day import Day, draw_day
from tropa.desk.staff.joining import Joined
from tropa.desk.staff.leaving import leave
from tropa.desk.talk.inbox import InboxFilters, Queue, inbox_page
from tropa.desk.talk.models import Thread
from tropa.desk.vault.models import Shift
from tropa.desk.vault.services import grant_duty
from tropa.desk.vault.shifts import prepare

DAYS = 7
FOR_ONE = 8
"""Who write on a day, for each volunteer on shift."""
LEAVES = 3
"""The day, counted from 0, on whose evening somebody leaves."""


def listed(readers: list[Joined], world: World, now: datetime) -> set[str]:
    """Everybody who stands in some queue of these people."""
    found = set()
    for one in readers:
        reader = type(world.anna.reader(now))(member=one.member, seed=one.seed, now=now)
        for queue in (Queue.OPEN, Queue.SNOOZED):
            found |= {
                row.id for row in inbox_page(reader=reader, filters=InboxFilters(queue=queue), size=500)
            }
    return found


def test_everybody_who_waits_is_somebodys_at_the_end_of_each_day(
    world: World, request: pytest.FixtureRequest
) -> None:
    people: int = request.config.getoption("--week", 4)
    on_shift = max(2, people // FOR_ONE)
    anna = Joined(world.anna.member, world.anna.seed)
    staff = joined(world, 2 * on_shift)
    first = datetime.combine(world.now.date() - timedelta(days=DAYS + 1), time(0, tzinfo=UTC))
    for one in staff:
        grant_duty(reader=world.anna.reader(first - timedelta(hours=2)), epoch=world.epoch, member=one.member)
    answered = 0
    for number in range(DAYS):
        start = first + timedelta(days=number)
        today = [staff[(number + place) % len(staff)] for place in range(on_shift)]
        Shift.objects.bulk_create(
            Shift(member=one.member, first_day=start.date(), last_day=start.date()) for one in today
        )
        prepare(reader=world.anna.reader(start))
        day = draw_day(Day.CALM, people=people, volunteers=on_shift, seed=number)
        told = play_day(day=day, coordinator=anna, volunteers=today, start=start)
        answered += told.answered
        evening = start + timedelta(hours=30)
        if number == LEAVES:
            leaver = today[0]
            leave(reader=world.anna.reader(evening), member=leaver.member)
            staff.remove(leaver)
        waiting = set(Thread.objects.filter(waiting=True).values_list("pk", flat=True))
        everybody = [anna, *staff, Joined(world.boris.member, world.boris.seed)]
        assert orphans() == 0, number
        assert waiting - listed(everybody, world, evening) == set(), number
        assert (told.lost, told.answered_twice) == (0, 0), number
    assert answered > DAYS * people // 2
