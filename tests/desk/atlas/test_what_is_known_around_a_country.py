"""A country's page tells of treaties, handing over, partners, settling in and figures; each line leads to its fact."""

from __future__ import annotations

import re

import pytest

from tests.desk.world import World, signed_in
from tropa.atlas import Kind
from tropa.atlas.overlay import Act
from tropa.desk.atlas.content import Content, Seen
from tropa.desk.atlas.services import approve, change_fact

pytestmark = pytest.mark.django_db


def card(page: str, name: str) -> str:
    found = re.search(rf'<section class="card" aria-labelledby="b-{name}">(.*?)</section>', page, re.DOTALL)
    return found[1] if found else ""


def test_treaties_and_handing_over_stand_with_what_became_of_requests(world: World) -> None:
    told = card(signed_in(world.boris).get("/atlas/countries/KZ/").content.decode(), "extradition")
    assert "людей выдавали" in told
    assert "Конвенция о статусе беженцев 1951 года: страна связана договором, 15 января 1999" in told
    assert 'href="/atlas/treaty-against-torture-KZ/"' in told


def test_settling_in_tells_what_holds_there_and_what_holds_everywhere(world: World) -> None:
    client = signed_in(world.boris)
    germany, france = (
        client.get(f"/atlas/countries/{code}/?whole=1").content.decode() for code in ("DE", "FR")
    )
    assert "Kenntnisprüfung" in card(germany, "settling")
    assert "Kenntnisprüfung" in card(client.get("/atlas/countries/DE/").content.decode(), "settling")
    assert "Kenntnisprüfung" not in card(france, "settling")
    assert "/atlas/SET-13/" in card(germany, "settling")
    assert "/atlas/SET-13/" in card(france, "settling")


def test_figures_stand_newest_first_and_say_who_published_them(world: World) -> None:
    told = card(signed_in(world.boris).get("/atlas/countries/RU/?whole=1").content.decode(), "figure")
    assert told.index("CNT-P-022") < told.index("CNT-P-001")
    assert re.search(r"20\s538 \(«Медиазона»", told)


def test_a_partner_added_by_two_people_stands_there_by_the_kind_of_help(world: World) -> None:
    record = {
        "country": "KZ",
        "what": "legal_aid",
        "name": {"en": "Invented bureau", "ru": "Выдуманное бюро"},
        "reached": "https://bureau.example",
    }
    content = Content(
        (Seen("contact-KZ-bureau", None),), "Спросили их самих.", kind=Kind.CONTACT, record=record
    )
    done = change_fact(reader=world.stranger.reader(), act=Act.ADDED, content=content)
    assert done.waits
    approve(reader=world.anna.reader(), change_id=done.id)
    told = card(signed_in(world.boris).get("/atlas/countries/KZ/").content.decode(), "contact")
    assert "юридическая помощь: Выдуманное бюро, https://bureau.example" in told


def test_notes_stand_beside_what_they_are_about(world: World) -> None:
    anna = signed_in(world.anna)
    pages = {
        code: anna.get(f"/atlas/countries/{code}/?whole=1").content.decode()
        for code in ("RU", "GE", "EG", "AM")
    }
    assert "Арест до шести месяцев или дисциплинарная часть" in pages["RU"]
    assert "от 12 лет" in pages["RU"]
    assert "от 5 до 10 лет" in pages["RU"]
    assert "закрывается из-за снега и лавин" in pages["GE"]
    assert "Об убежище решает УВКБ" in pages["EG"]
    assert "на въезде смотрят в списки" in pages["AM"]
