"""What a taken disk tells about when people came: moments that should have become days, or nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from tests.desk.world import build_world, signed_in
from tests.stores import store_of_this_test
from tropa.desk.conf import conf
from tropa.desk.housekeeping import keep_house
from tropa.desk.staff import services as staff
from tropa.desk.staff.models import Member, Visit
from tropa.desk.talk.applicant import mark_seen, read_it
from tropa.desk.talk.models import Entry
from tropa.desk.talk.services import reply
from tropa.seizure.places import everything_written

if TYPE_CHECKING:
    from tests.desk.world import World

STEPS_A_DAY = 24 * 60 * 2


def test_the_hour_somebody_read_an_answer_goes_with_the_answer(world: World) -> None:
    written, _case = world.taken()
    entry = reply(reader=world.boris.reader(), thread=written.thread, text="Ответ")
    mark_seen(thread=written.thread, ids=[entry.pk], now=world.now)
    read_it(thread=written.thread, ids=[entry.pk])
    assert Entry.objects.get(pk=entry.pk).gone_after is None


def test_the_minute_of_a_sign_in_is_gone_after_housekeeping(world: World) -> None:
    signed_in(world.boris)
    Visit.objects.all().delete()
    keep_house(now=timezone.now() + timedelta(days=1))
    step = Member.objects.get(pk=world.boris.member.pk).totp_last_step
    assert step % STEPS_A_DAY == 0


@pytest.mark.django_db(transaction=True)
def test_after_locking_the_unlocked_seed_is_nowhere_on_the_disk() -> None:
    world = build_world()
    keep_house(now=timezone.now())
    signed_in(world.boris)
    visit = Visit.objects.get()
    sealed = bytes(visit.sealed_seed or b"")
    assert any(sealed in content for _where, content in everything_written(store_of_this_test()))
    staff.lock(visit=visit)
    assert not any(sealed in content for _where, content in everything_written(store_of_this_test()))


def test_no_file_of_the_data_directory_is_readable_by_others(world: World) -> None:
    open_to_others = [
        path for path in conf.data.rglob("*.key") if path.is_file() and path.stat().st_mode & 0o077
    ]
    assert open_to_others == []
