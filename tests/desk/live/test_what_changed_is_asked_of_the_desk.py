"""The desk says what changed to somebody unlocked with a ticket for it; asking does not count as being there."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from tests.desk.world import signed_in
from tropa.desk.security import CONTENT_SECURITY_POLICY, policy
from tropa.desk.talk.services import claim

if TYPE_CHECKING:
    from tests.desk.world import World

pytestmark = pytest.mark.django_db


def ask_of(client: Client, address: str) -> str:
    """What the page at this address asks for by itself."""
    found = re.search(r'data-ask="([^"]+)"', client.get(address, secure=True).content.decode())
    assert found, address
    return unescape(found[1])


@pytest.mark.parametrize("address", ["/", "/inbox/"])
def test_marks_differ_once_somebody_writes(world: World, address: str) -> None:
    boris = signed_in(world.boris)
    asked = ask_of(boris, address)
    before = boris.get(asked, secure=True).json()
    assert boris.get(asked, secure=True).json() == before
    world.write_in()
    after = boris.get(asked, secure=True).json()
    assert before["marks"]["changed"] != after["marks"]["changed"]
    assert after["says"]


@pytest.mark.parametrize("address", ["/", "/inbox/"])
def test_marks_differ_once_somebody_is_put_aside_and_once_their_hour_has_come(
    world: World, address: str
) -> None:
    from tropa.desk.talk.models import Snooze
    from tropa.desk.talk.setting_aside import Until, snooze

    written = world.write_in()
    boris = signed_in(world.boris)
    asked = ask_of(boris, address)
    waits = boris.get(asked, secure=True).json()["marks"]["changed"]
    snooze(reader=world.boris.reader(), thread=written.thread, until=Until.FOUR_HOURS, heard=1)
    aside = boris.get(asked, secure=True).json()["marks"]["changed"]
    assert aside != waits
    Snooze.objects.update(until=world.now - timedelta(hours=1))
    assert boris.get(asked, secure=True).json()["marks"]["changed"] == waits


def test_a_thread_says_who_else_has_it_open(world: World) -> None:
    thread = world.write_in().thread
    boris = signed_in(world.boris)
    asked = ask_of(boris, f"/threads/{thread.pk}/")
    inbox = ask_of(boris, "/inbox/")
    from tropa.desk.staff.models import Claim

    Claim.objects.all().delete()
    claim(reader=world.vera.reader(), thread=thread)
    assert "Вера" in boris.get(asked, secure=True).json()["says"]
    assert boris.get(inbox, secure=True).json()["busy"] == {thread.pk: "Вера"}


def test_a_ticket_is_good_for_its_visit_and_its_topic_alone(world: World) -> None:
    boris, vera = signed_in(world.boris), signed_in(world.vera)
    asked = ask_of(boris, "/inbox/")
    assert vera.get(asked, secure=True).status_code == 404
    assert boris.get(asked.replace("on=inbox", "on=today"), secure=True).status_code == 404
    assert boris.get("/live/", secure=True).status_code == 404
    assert Client().get(asked, secure=True).status_code in {302, 404}


def test_an_empty_chair_does_not_keep_the_desk_open(world: World) -> None:
    from tropa.desk.staff.models import Visit

    boris = signed_in(world.boris)
    asked = ask_of(boris, "/inbox/")
    visit = Visit.objects.get(member=world.boris.member)
    sooner = visit.idle_after - timedelta(minutes=5)
    Visit.objects.filter(pk=visit.pk).update(idle_after=sooner)
    boris.get(asked, secure=True)
    visit.refresh_from_db()
    assert visit.idle_after == sooner
    boris.get("/inbox/", secure=True)
    visit.refresh_from_db()
    assert visit.idle_after > sooner


def test_pages_may_listen_to_the_desk_and_to_its_streams_alone() -> None:
    def listens(text: str) -> list[str]:
        return next(part.split()[1:] for part in text.split(";") if part.split()[0] == "connect-src")

    assert listens(policy(None)) == ["'self'"]
    assert listens(policy("https://desk.example.org")) == ["'self'", "https://desk.example.org/stream/"]
    assert policy("https://x.example").replace(" https://x.example/stream/", "") == CONTENT_SECURITY_POLICY
