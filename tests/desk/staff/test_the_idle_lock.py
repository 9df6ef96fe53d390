"""A desk left alone locks by itself; every page says when, lets one stay, and can be locked at once."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from tests.desk.world import signed_in
from tropa.desk.conf import conf
from tropa.desk.staff.models import Visit

if TYPE_CHECKING:
    from tests.desk.world import World

PAGES = ("/", "/inbox/", "/review/", "/atlas/", "/people/", "/account/")
SAID = re.compile(r"закроется сам в (\d\d:\d\d) UTC")


@pytest.mark.parametrize("address", PAGES)
def test_every_page_says_when_and_offers_to_lock_now(world: World, address: str) -> None:
    client = signed_in(world.boris)
    page = client.get(address).content.decode()
    visit = Visit.objects.get()
    assert SAID.findall(page) == [visit.idle_after.strftime("%H:%M")]
    left = re.search(r'data-idle="(\d+)"', page)
    assert left
    assert 0 < int(left[1]) <= (conf.idle_minutes + 1) * 60
    assert 'action="/lock/"' in page


def test_a_thread_says_it_too(world: World) -> None:
    written, _case = world.taken()
    page = signed_in(world.boris).get(f"/threads/{written.thread.pk}/").content.decode()
    assert len(SAID.findall(page)) == 1


def test_who_is_locked_is_told_nothing_of_it(world: World) -> None:
    for client in (Client(), signed_in(world.boris, unlocked=False)):
        page = client.get("/unlock/", follow=True).content.decode()
        assert not SAID.search(page)
        assert "data-idle" not in page


def test_staying_puts_it_off_and_says_how_long(world: World) -> None:
    client = signed_in(world.boris)
    soon = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(minutes=2)
    Visit.objects.update(idle_after=soon)
    answer = client.post("/stay/")
    assert answer.status_code == 200
    assert int(answer.content) > (conf.idle_minutes - 1) * 60
    assert Visit.objects.get().idle_after > soon


def test_staying_opens_nothing_that_has_locked(world: World) -> None:
    client = signed_in(world.boris)
    Visit.objects.update(idle_after=datetime.now(UTC) - timedelta(minutes=1))
    assert client.post("/stay/").headers["Location"].startswith("/unlock/")
    assert Visit.objects.get().sealed_seed is None
    assert client.get("/stay/").status_code == 405


def test_nothing_puts_off_the_end_of_a_visit(world: World) -> None:
    client = signed_in(world.boris)
    ends = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(minutes=3)
    Visit.objects.update(ends_after=ends)
    assert int(client.post("/stay/").content) <= 180
    Visit.objects.update(ends_after=datetime.now(UTC) - timedelta(minutes=1))
    assert client.post("/stay/").headers["Location"] == "/sign-in/"


def test_what_a_page_sends_by_itself_does_not_put_the_lock_off(world: World) -> None:
    written, _case = world.taken()
    client = signed_in(world.boris)
    Visit.objects.update(idle_after=datetime.now(UTC) + timedelta(minutes=2))
    before = Visit.objects.get().idle_after
    address = f"/threads/{written.thread.pk}/answer/"
    kept = client.post(
        address, {"act": "draft", "text": "не дописано", "token": "0" * 32}, headers={"x-by-page": "idle"}
    )
    assert kept.status_code == 302
    assert Visit.objects.get().idle_after == before
    client.get("/people/")
    assert Visit.objects.get().idle_after > before
