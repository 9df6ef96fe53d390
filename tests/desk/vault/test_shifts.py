"""Duty epochs are prepared for who comes on duty; the next shift opens what the last one left, and idle keys go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.desk.world import RECOVERY, signed_in
from tropa.desk import clock
from tropa.desk.housekeeping import keep_house
from tropa.desk.staff.leaving import leave
from tropa.desk.staff.tending import tend
from tropa.desk.talk.inbox import InboxFilters, inbox_page
from tropa.desk.talk.services import take
from tropa.desk.vault.duty_links import destroy_idle_epochs
from tropa.desk.vault.errors import NoGrant
from tropa.desk.vault.models import DutyEpoch, DutyGrant, DutyLink
from tropa.desk.vault.recovery import reach_of
from tropa.desk.vault.services import current_duty_epoch, open_duty_epoch, open_duty_seed
from tropa.desk.vault.shifts import add_shift, prepare, remove_shift, roster_of, uncovered_days

if TYPE_CHECKING:
    from tests.desk.world import Person, World

DAY = timedelta(days=1)


def on_duty(world: World, person: Person, first: int, last: int | None = None) -> None:
    """A shift from `first` to `last` days from today."""
    today = world.now.date()
    days = {"first_day": today + first * DAY, "last_day": today + (first if last is None else last) * DAY}
    add_shift(reader=world.anna.reader(world.now), member=person.member, **days)


def days_later(monkeypatch: pytest.MonkeyPatch, days: int) -> datetime:
    """The clock that many days from now."""
    at = datetime.now(UTC) + days * DAY
    monkeypatch.setattr(clock, "now", lambda: at)
    return at


def test_an_epoch_is_prepared_for_the_day_others_come_on_duty(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_duty(world, world.boris, 0, 1)
    on_duty(world, world.vera, 2, 5)
    before = current_duty_epoch()
    days_later(monkeypatch, 2)
    prepared = current_duty_epoch()
    assert prepared.number > before.number
    open_duty_seed(reader=world.vera.reader(), epoch=prepared)
    open_duty_seed(reader=world.anna.reader(), epoch=prepared)
    with pytest.raises(NoGrant):
        open_duty_seed(reader=world.boris.reader(), epoch=prepared)
    assert world.write_in().thread.duty_epoch == prepared


def test_an_epoch_is_not_sealed_to_before_its_day(world: World) -> None:
    on_duty(world, world.vera, 2, 5)
    assert DutyEpoch.objects.filter(opened_day__gt=world.now.date()).exists()
    assert current_duty_epoch() == world.epoch
    assert world.write_in().thread.duty_epoch == world.epoch


def test_on_a_day_nobody_covers_all_on_duty_open_what_comes(world: World) -> None:
    on_duty(world, world.boris, 0)
    far = world.now.date() + 9 * DAY
    assert {one.pk for one in roster_of(far)} >= {world.vera.member.pk, world.boris.member.pk}


def test_preparing_twice_makes_nothing_anew_and_a_removed_shift_is_forgotten(world: World) -> None:
    on_duty(world, world.boris, 1, 3)
    made = set(DutyEpoch.objects.values_list("pk", flat=True))
    assert prepare(reader=world.anna.reader(world.now)) == 0
    assert set(DutyEpoch.objects.values_list("pk", flat=True)) == made
    shift = world.boris.member.shifts.get()
    remove_shift(reader=world.anna.reader(world.now), shift_id=shift.pk)
    assert not DutyEpoch.objects.filter(opened_day__gt=world.now.date()).exists()


def test_who_leaves_opens_no_prepared_epoch(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    on_duty(world, world.boris, 2, 5)
    leave(reader=world.anna.reader(), member=world.boris.member)
    tend(reader=world.anna.reader())
    days_later(monkeypatch, 3)
    current = current_duty_epoch()
    assert not DutyGrant.objects.filter(member=world.boris.member).exists()
    assert not DutyGrant.objects.filter(epoch=current, member=world.boris.member).exists()


@pytest.mark.parametrize("who", ["boris", "vera", "stranger"])
def test_only_coordinators_keep_the_roster(world: World, who: str) -> None:
    reader = getattr(world, who).reader(world.now)
    today = world.now.date()
    for act in (
        lambda: add_shift(reader=reader, member=world.vera.member, first_day=today, last_day=today),
        lambda: remove_shift(reader=reader, shift_id="0"),
        lambda: prepare(reader=reader),
    ):
        with pytest.raises(NoGrant):
            act()


def test_an_uncovered_day_alarms_beforehand_and_only_coordinators(world: World) -> None:
    today = world.now.date()
    assert uncovered_days(today) == []  # no shifts are kept here
    on_duty(world, world.boris, 0, 1)
    assert uncovered_days(today) == [today + 2 * DAY, today + 3 * DAY]
    assert "никто не дежурит" in signed_in(world.anna).get("/").content.decode()
    assert "никто не дежурит" not in signed_in(world.boris).get("/").content.decode()
    on_duty(world, world.vera, 2, 4)
    assert uncovered_days(today) == []


def test_all_off_shift_for_two_days_the_next_person_opens_everything(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Boris has the shift; then nobody for two days; then Vera, who was granted nothing of what came before."""
    old = open_duty_epoch(reader=world.anna.reader(), roster=[world.anna.member, world.boris.member])
    first = world.write_in("при Борисе")
    on_duty(world, world.boris, 0)
    on_duty(world, world.vera, 3, 5)
    tend(reader=world.boris.reader())
    DutyGrant.objects.filter(member=world.vera.member, epoch=world.epoch).delete()
    days_later(monkeypatch, 1)
    alone = world.write_in("когда никого не было")
    at = days_later(monkeypatch, 3)
    tend(reader=world.anna.reader(at))
    vera = world.vera.reader(at)
    tend(reader=vera)
    open_duty_seed(reader=vera, epoch=old)
    words = {row.words for row in inbox_page(reader=vera, filters=InboxFilters())}
    assert words == {"при Борисе", "когда никого не было"}
    assert take(reader=vera, thread=first.thread)
    assert take(reader=vera, thread=alone.thread)


def test_the_next_shift_needs_nobody_of_the_last_once_the_way_is_laid(world: World) -> None:
    written = world.write_in("осталось")
    later = open_duty_epoch(reader=world.anna.reader(), roster=[world.anna.member, world.stranger.member])
    tend(reader=world.anna.reader())  # holds both, and lays the way
    DutyGrant.objects.exclude(epoch=later).delete()
    tend(reader=world.stranger.reader())
    assert open_duty_seed(reader=world.stranger.reader(), epoch=world.epoch)
    assert [row.words for row in inbox_page(reader=world.stranger.reader(), filters=InboxFilters())] == [
        "осталось"
    ]
    assert written.thread.duty_epoch == world.epoch


def test_a_planted_way_leads_nowhere(world: World) -> None:
    world.write_in()
    later = open_duty_epoch(reader=world.anna.reader(), roster=[world.anna.member, world.stranger.member])
    DutyLink.objects.create(later=later, earlier=world.epoch, sealed=b"\x01" + bytes(80))
    tend(reader=world.stranger.reader())
    with pytest.raises(NoGrant):
        open_duty_seed(reader=world.stranger.reader(), epoch=world.epoch)


def test_a_key_is_destroyed_when_nothing_rests_on_it_and_not_before(world: World) -> None:
    written = world.write_in()
    open_duty_epoch(reader=world.anna.reader(), roster=[world.anna.member, world.boris.member])
    assert destroy_idle_epochs() == 0
    open_duty_seed(reader=world.vera.reader(), epoch=world.epoch)
    take(reader=world.boris.reader(), thread=written.thread)
    assert keep_house(now=world.now).duty_epochs == 1
    world.epoch.refresh_from_db()
    assert (world.epoch.destroyed, world.epoch.recovery) == (True, None)
    with pytest.raises(NoGrant):
        open_duty_seed(reader=world.vera.reader(), epoch=world.epoch)
    reach = reach_of(RECOVERY.sealing())
    assert reach.duty_epochs.complete
    assert destroy_idle_epochs() == 0


def test_a_coordinator_keeps_shifts_on_their_page(world: World) -> None:
    client = signed_in(world.anna)
    today = world.now.date()
    form = {
        "member": world.vera.member.pk,
        "first_day": today.isoformat(),
        "last_day": (today + DAY).isoformat(),
    }
    assert (
        client.post("/people/shifts/add/", form)
        .headers["Location"]
        .partition("&week=")[0]
        .endswith("shift-added")
    )
    shift = world.vera.member.shifts.get()
    assert f"/people/shifts/{shift.pk}/remove/" in client.get("/people/shifts/").content.decode()
    assert "/people/shifts/" in client.get("/people/").content.decode()
    wrong = {**form, "last_day": (today - DAY).isoformat()}
    assert client.post("/people/shifts/add/", wrong).headers["Location"].endswith("shift-refused")
    assert signed_in(world.boris).post("/people/shifts/add/", form).status_code == 403
    assert client.post(f"/people/shifts/{shift.pk}/remove/").status_code == 302
    assert not world.vera.member.shifts.exists()
