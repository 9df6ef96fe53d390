"""A clock set back opens nothing that has ended, and nothing is half done; the drop goes on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.desk.world import build_world, signed_in
from tropa.desk import clock
from tropa.desk.audit.models import Record
from tropa.desk.cases.models import Case
from tropa.desk.conf import conf
from tropa.desk.talk.applicant import delete_everything
from tropa.desk.talk.models import Entry, Thread
from tropa.desk.talk.services import reply, take
from tropa.desk.vault.errors import ClockSetBack
from tropa.desk.vault.last_act import FILE, note_act, require_time_runs_on
from tropa.desk.vault.models import CaseKey
from tropa.desk.vault.services import grant_case, open_case_seed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.desk.world import World


@pytest.fixture
def world(transactional_db: None) -> Iterator[World]:
    """A world whose transactions end, and a time that is nobody else's."""
    yield build_world()
    (conf.pinned / FILE).unlink(missing_ok=True)


def test_every_signed_act_moves_the_hour_on_and_none_moves_it_back(world: World) -> None:
    assert (conf.pinned / FILE).read_text().strip().isdecimal()
    later = world.now + timedelta(hours=5)
    take(reader=world.boris.reader(later), thread=world.write_in().thread)
    require_time_runs_on(later)
    with pytest.raises(ClockSetBack):
        require_time_runs_on(world.now + timedelta(hours=3))


def test_what_is_signed_before_the_last_act_is_refused_whole(world: World) -> None:
    written, _case = world.taken()
    waiting = world.write_in()
    note_act(world.now + timedelta(hours=5))
    before = (Entry.objects.count(), CaseKey.objects.count(), Case.objects.count(), Record.objects.count())
    for act in (
        lambda: reply(reader=world.boris.reader(world.now), thread=written.thread, text="ответ"),
        lambda: take(reader=world.boris.reader(world.now), thread=waiting.thread),
    ):
        with pytest.raises(ClockSetBack):
            act()
    after = (Entry.objects.count(), CaseKey.objects.count(), Case.objects.count(), Record.objects.count())
    assert after == before


def test_a_grant_that_has_ended_does_not_open_again(world: World) -> None:
    _written, case = world.taken()
    today = world.now.date()
    grant_case(reader=world.boris.reader(world.now), case=case, member=world.vera.member, ends_day=today)
    note_act(world.now + timedelta(days=1))
    with pytest.raises(ClockSetBack):
        open_case_seed(reader=world.vera.reader(world.now), case=case)


def test_the_desk_says_so_and_the_drop_goes_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in(world.boris)
    note_act(world.now + timedelta(hours=5))
    for address in ("/", "/inbox/", "/sign-in/"):
        page = client.get(address)
        assert page.status_code == 503
        assert "Часы компьютера отстают" in page.content.decode()
    written = world.write_in()
    delete_everything(thread=written.thread, now=world.now)
    assert not Thread.objects.filter(pk=written.thread.pk).exists()
    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + timedelta(hours=6))
    assert client.get("/sign-in/").status_code != 503


@pytest.mark.parametrize("damage", ["", "-1\n", "noon\n"])
def test_a_damaged_file_lets_nothing_through(world: World, damage: str) -> None:
    (conf.pinned / FILE).write_text(damage)
    with pytest.raises(ClockSetBack):
        require_time_runs_on(world.now)


def test_clocks_a_little_apart_are_one_clock(world: World) -> None:
    note_act(world.now.replace(minute=0, second=0))
    require_time_runs_on(world.now.replace(minute=0, second=0) - timedelta(minutes=5))
