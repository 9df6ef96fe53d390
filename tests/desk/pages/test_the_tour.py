"""The tour is offered until it is closed, walks without a script, and looks the same in an empty desk."""

from __future__ import annotations

import re

from tests.attacks.test_who_forces_somebody_to_unlock import forced, give_duress
from tests.desk.world import World, signed_in
from tropa.desk.pages.tour import STEPS
from tropa.desk.staff.models import Member

NEXT = re.compile(r'class="button main" href="(/tour/\?step=\d)"')


def test_it_leads_from_the_first_step_to_the_last(world: World) -> None:
    client, address, seen = signed_in(world.boris), "/tour/", 0
    while address:
        page = client.get(address).content.decode()
        assert f"<h1>{STEPS[seen].title}</h1>" in page
        seen += 1
        found = NEXT.search(page)
        address = found[1] if found else ""
    assert seen == len(STEPS)


def test_today_offers_it_until_it_is_closed_for_good_to_that_person_alone(world: World) -> None:
    boris, vera = signed_in(world.boris), signed_in(world.vera)
    assert 'href="/tour/"' in boris.get("/").content.decode()
    assert boris.get("/account/tour/").status_code == 405
    assert boris.post("/account/tour/").headers["Location"] == "/?said=tour-closed"
    assert 'href="/tour/"' not in boris.get("/").content.decode()
    assert 'href="/tour/"' not in signed_in(world.boris).get("/").content.decode()
    assert 'href="/tour/"' in vera.get("/").content.decode()
    assert 'href="/tour/"' in boris.get("/help/").content.decode()


def test_any_number_is_answered(world: World) -> None:
    client = signed_in(world.boris)
    for step in ("0", "7", "-1", "x", "٣", "9" * 5000, ""):
        assert f"<h1>{STEPS[0].title}</h1>" in client.get("/tour/", {"step": step}).content.decode()


def test_an_empty_desk_offers_walks_and_closes_it_as_any(world: World) -> None:
    give_duress(world.boris)
    client = forced(world.boris).client
    assert 'href="/tour/"' in client.get("/").content.decode()
    assert client.get("/tour/?step=3").status_code == 200
    client.post("/account/tour/")
    assert Member.objects.get(pk=world.boris.member.pk).tour_closed
    assert 'href="/tour/"' not in client.get("/").content.decode()
