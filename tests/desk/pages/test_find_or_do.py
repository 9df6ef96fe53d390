"""One line leads to people, pages, countries, facts and answers: by POST, for whoever may open them, kept nowhere."""

from __future__ import annotations

import logging
import re
from typing import Any

import pytest
from django.test import Client

from tests.attacks.test_who_forces_somebody_to_unlock import forced, give_duress
from tests.desk.world import World, signed_in
from tropa.desk.atlas.in_force import in_force
from tropa.desk.audit.models import Record
from tropa.desk.talk.models import Thread
from tropa.desk.talk.pseudonyms import name_of

HEADING = re.compile(r'<h2 id="w-(\w+)">')


def asked(client: Client, typed: str, language: str = "ru", **headers: str) -> str:
    client.cookies["tropa-desk-language"] = language
    answer = client.post("/find/", {"q": typed}, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


LEADS = (
    ("повесткой вручили", "answers", "/answers/"),
    ("Казахстане", "countries", "/atlas/countries/KZ/"),
    ("kazakhstan", "countries", "/atlas/countries/KZ/"),
    ("смены", "pages", "/people/"),
    ("overdue", "pages", "/atlas/all/due/"),
    ("просрочено", "pages", "/atlas/all/due/"),
    ("виза", "facts", "/atlas/"),
    ("бор", "colleagues", "/people/"),
)


def test_words_in_either_language_and_any_form_lead_there(world: World) -> None:
    client = signed_in(world.boris)
    for language in ("ru", "en"):
        for typed, sort, address in LEADS:
            page = asked(client, typed, language)
            assert sort in HEADING.findall(page), typed
            part = page.split(f'id="w-{sort}"')[1].split("</section>")[0]
            assert f'href="{address}' in part, typed


def test_a_pseudonym_leads_to_the_thread_its_card_and_its_plan(world: World) -> None:
    written, case = world.taken()
    name = Thread.objects.get(pk=written.thread.pk)
    page = asked(signed_in(world.boris), name_of(name).ru)
    for address in (f"/threads/{name.pk}/", f"/cases/{case.pk}/card/", f"/cases/{case.pk}/plan/"):
        assert f'href="{address}"' in page
    assert name.pk not in asked(signed_in(world.vera), name_of(name).ru)


def test_a_country_and_stop_lead_to_the_page_that_stops_it_for_whoever_may(world: World) -> None:
    assert 'href="/atlas/KZ/stop/"' in asked(signed_in(world.anna), "Казахстан: стоп")
    assert "/stop/" not in asked(signed_in(world.boris), "Казахстан: стоп")


def test_a_reason_typed_behind_stop_is_carried_by_post_into_the_form_and_stops_nothing(world: World) -> None:
    client = signed_in(world.anna)
    page = asked(client, "Казахстан: стоп, выдали «двоих»")
    form = page.split('action="/atlas/KZ/stop/"')[1].split("</form>")[0]
    assert 'name="act" value="look"' in form
    assert 'name="reason" value="выдали «двоих»"' in form
    answer = client.post("/atlas/KZ/stop/", {"act": "look", "reason": "выдали «двоих»"})
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "выдали «двоих»</textarea>" in text
    assert 'class="error"' not in text
    assert in_force().rows == ()
    assert client.post("/atlas/KZ/stop/", {"reason": "выдали «двоих»"}).status_code == 302
    assert [row.act for row in in_force().rows] == ["stop"]


def test_pages_for_coordinators_stand_on_their_list_alone(world: World) -> None:
    assert "/people/call-in/" in asked(signed_in(world.anna), "")
    assert "/people/call-in/" not in asked(signed_in(world.boris), "")


def test_words_stand_in_no_address_no_log_and_no_record(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    client = signed_in(world.boris)
    before = Record.objects.count()
    with caplog.at_level(logging.DEBUG):
        page = asked(client, "Тихвинская")
    assert "Тихвинская" not in caplog.text
    assert Record.objects.count() == before
    assert client.get("/find/?q=Тихвинская").content.decode().count("Тихвинская") == 0
    assert "/find/?" not in page


def test_typing_on_asks_for_the_lines_alone(world: World) -> None:
    part = asked(signed_in(world.boris), "атлас", **{"x-part": "ways"})
    assert "<html" not in part
    assert 'data-said="' in part
    assert 'href="/atlas/"' in part


def test_what_was_typed_can_be_looked_for_in_what_people_wrote(world: World) -> None:
    page = asked(signed_in(world.boris), '<b>"поезд"')
    form = page.split('action="/search/"')[1].split("</form>")[0]
    assert "&lt;b&gt;&quot;поезд&quot;" in form
    assert "<b>" not in form


@pytest.mark.parametrize(
    "typed", ["", " ", "\x00", "к" * 5000, "٣٤", "\u202eабв", "'; --", "%", "_" * 300, "😀"]
)
def test_whatever_is_typed_is_answered(world: World, typed: str) -> None:
    asked(signed_in(world.boris), typed)


def test_an_empty_desk_leads_to_its_pages_alone(world: World) -> None:
    give_duress(world.boris)
    client = forced(world.boris).client
    page = asked(client, "")
    assert 'href="/inbox/"' in page
    assert "/answers/all/missing/" not in page
    assert HEADING.findall(asked(client, "Казахстан")) == []


def test_the_number_of_queries_does_not_grow(world: World, django_assert_max_num_queries: Any) -> None:
    client = signed_in(world.boris)
    asked(client, "рябина")
    for _ in range(5):
        world.write_in()
    with django_assert_max_num_queries(16):
        asked(client, "рябина")
