"""Every page of the atlas, in both languages, for those who change facts and for those who only read them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import datetime

import pytest
from django.test import Client
from django.utils.translation import override

from tests.desk.atlas.changing import proposed, reviewed
from tests.desk.world import World, signed_in
from tropa.atlas import EXAMPLE_DAY, Atlas, Confidence, Kind, ProfileClass
from tropa.atlas.search import search
from tropa.desk import clock
from tropa.desk.atlas.edit_views import ADDED_BY_FORM
from tropa.desk.atlas.home_page import countries_for, judged_on
from tropa.desk.atlas.in_force import in_force
from tropa.desk.atlas.paging import MOST
from tropa.desk.atlas.rule_words import rule_line
from tropa.desk.atlas.services import stop
from tropa.desk.map.view import Shade
from tropa.desk.pages.fact_words import title_of
from tropa.desk.plans.map_of_plans import worst_of_staying

PAGES = (
    "/atlas/",
    "/atlas/?q=граница",
    "/atlas/?profile=charged",
    "/atlas/all/due/",
    "/atlas/all/changes/",
    "/atlas/all/conflicts/",
    "/atlas/countries/KZ/",
    "/atlas/countries/AM/?profile=absent",
    "/atlas/countries/FR/",
    "/atlas/countries/RU/",
    "/atlas/countries/RU/?whole=1",
    "/atlas/sources/judgement/",
    "/atlas/sources/riamo-ru-2025-10-25/",
    "/atlas/KZ/",
    "/atlas/entry-AM/?on=2026-11-22",
    "/atlas/entry-AM/?on=2020-01-01",
)
EDITED = ("/atlas/entry-AM/edit/", "/atlas/KZ/stop/", "/atlas/air-yerevan-paris/stop/")


def in_language(client: Client, language: str) -> Client:
    client.post("/language/", {"language": language})
    return client


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("who", ["anna", "boris", "stranger"])
def test_every_page_opens_for_everybody_on_staff(world: World, who: str, language: str) -> None:
    client = in_language(signed_in(getattr(world, who)), language)
    for address in PAGES:
        page = client.get(address)
        assert page.status_code == 200, address
        text = re.sub(r"<code>.*?</code>|<option.*?</option>|value=\"[^\"]*\"", "", page.content.decode())
        assert not re.search(r">None<|: None\b", text), address


@pytest.mark.parametrize("who", ["anna", "stranger"])
def test_forms_open_for_those_who_change_facts(world: World, who: str) -> None:
    client = signed_in(getattr(world, who))
    for address in (*EDITED, *(f"/atlas/add/{kind}/" for kind in ADDED_BY_FORM)):
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize("who", ["boris", "vera"])
def test_advisers_read_and_change_nothing(world: World, who: str) -> None:
    client = signed_in(getattr(world, who))
    page = client.get("/atlas/entry-AM/").content.decode()
    assert "/atlas/entry-AM/edit/" not in page
    assert "/atlas/entry-AM/review/" not in page
    for address in (*EDITED, "/atlas/add/incident/"):
        assert client.get(address).status_code == 403, address
        assert client.post(address, {"reason": "Так."}).status_code == 403, address
    for address in ("/atlas/entry-AM/review/", "/atlas/entry-AM/withdraw/", "/atlas/sources/judgement/"):
        assert client.post(address, {"reason": "Так."}).status_code == 403, address
    assert client.post("/atlas/all/conflicts/", {"reason": "Так."}).status_code == 403
    assert in_force().rows == ()


def test_every_kind_of_fact_has_a_form_that_gives_back_what_stands_there(world: World) -> None:
    from django.http import QueryDict

    from tropa.atlas.writing import record_of
    from tropa.desk.atlas.fact_fields import differing, fields_of, typed

    seen: set[Kind] = set()
    for fact in in_force().atlas.facts.values():
        seen.add(fact.kind)
        record = record_of(fact)
        posted = QueryDict(mutable=True)
        for one in fields_of(fact.kind, record):
            for part, value in one.values.items():
                posted[f"{one.key}.{part}"] = value
            posted.setlist(f"{one.key}.each", sorted(one.chosen))
        assert differing(fact.kind, record, typed(fact.kind, posted)) == {}, fact.id
    assert seen == set(Kind) - {Kind.STOP, Kind.CONTACT}  # nobody stopped anything, no contact was collected


def test_search_finds_in_both_languages_and_tells_when_nothing_fits(world: World) -> None:
    client = signed_in(world.boris)
    for words, found in (("Казахстан въезд", "entry-KZ"), ("kazakhstan entry", "entry-KZ")):
        assert f'href="/atlas/{found}/"' in client.get("/atlas/", {"q": words}).content.decode(), words
    assert "Ни в одном факте" in client.get("/atlas/", {"q": "абракадабра"}).content.decode()


@pytest.mark.parametrize(
    ("command", "address"),
    [
        ("Казахстан: стоп", "/atlas/KZ/stop/"),
        ("казахстан стоп, выдали двоих", "/atlas/KZ/stop/?reason="),
        ("Kazakhstan: stop", "/atlas/KZ/stop/"),
        ("AM stop", "/atlas/AM/stop/"),
    ],
)
def test_a_country_and_stop_lead_to_the_stop_and_do_nothing_by_themselves(
    world: World, command: str, address: str
) -> None:
    answer = signed_in(world.stranger).get("/atlas/", {"q": command})
    assert answer.status_code == 302
    assert answer["Location"].startswith(address)
    assert in_force().rows == ()


def test_a_review_by_the_page_is_signed_and_told_in_the_history(world: World) -> None:
    client = signed_in(world.stranger)
    seen = re.search(r'name="seen" value="(\w+)"', client.get("/atlas/entry-AM/").content.decode())
    assert seen
    told = {"reason": "Позвонили в посольство.", "seen": seen[1], "source": ""}
    answer = client.post("/atlas/entry-AM/review/", told)
    assert answer["Location"] == "/atlas/entry-AM/?said=fact-reviewed"
    page = client.get(answer["Location"]).content.decode()
    assert "Позвонили в посольство." in page
    assert "Чужая" in page
    stale = client.post("/atlas/entry-AM/review/", told | {"seen": "0" * 32})
    assert stale.status_code == 409
    assert client.post("/atlas/entry-AM/review/", {"seen": seen[1]}).status_code == 422
    assert len(in_force().rows) == 1


def test_a_batch_by_source_reviews_what_is_ticked_in_one_change(world: World) -> None:
    client = signed_in(world.stranger)
    page = client.get("/atlas/sources/riamo-ru-2025-10-25/").content.decode()
    ticks = re.findall(r'name="fact" value="([^"]+)"', page)
    assert len(ticks) > 5
    answer = client.post("/atlas/sources/riamo-ru-2025-10-25/", {"fact": ticks[:4], "reason": "Сверено."})
    assert answer["Location"].endswith("?from=0&said=source-reviewed")
    rows = in_force().rows
    assert len(rows) == 1
    assert {act.fact_id for act in in_force().acts} == {tick.partition(" ")[0] for tick in ticks[:4]}
    assert client.post("/atlas/sources/riamo-ru-2025-10-25/", {"reason": "Сверено."}).status_code == 422
    assert client.post("/atlas/sources/riamo-ru-2025-10-25/", {"fact": ticks[:1]}).status_code == 422


def test_a_long_batch_goes_on_with_its_next_part(world: World) -> None:
    client, address = signed_in(world.stranger), "/atlas/sources/judgement/"
    parts = [re.findall(r'name="fact" value="([^"]+)"', client.get(address).content.decode())]
    for _part in range(2):
        answer = client.post(address, {"fact": parts[-1][:1], "reason": "Сверено."})
        assert answer.status_code == 302
        page = client.get(answer["Location"]).content.decode()
        parts.append(re.findall(r'name="fact" value="([^"]+)"', page))
        address = answer["Location"].replace("&said=source-reviewed", "")
    assert all(parts)
    assert len({tick for part in parts for tick in part}) == sum(map(len, parts))


def test_lists_of_changes_say_what_facts_are_called(world: World) -> None:
    waiting = proposed(world.stranger, "entry-AM", papers=[["fp10"]])
    stop(reader=world.stranger.reader(), scope="KZ", reason="Выдали двоих.")
    client = signed_in(world.boris)
    for address in ("/atlas/", "/atlas/all/changes/"):
        page = client.get(address).content.decode()
        assert f'/atlas/changes/{waiting.id}/">Армения: въезд</a>' in page, address
    assert ">Казахстан</a>" in client.get("/atlas/all/changes/").content.decode()


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("kind", [Kind.HAZARD, Kind.INCIDENT, Kind.PROTECTION])
@pytest.mark.usefixtures("world")
def test_titles_tell_dangers_incidents_and_ways_of_protection_apart(language: str, kind: Kind) -> None:
    with override(language):
        facts = [fact for fact in in_force().atlas.facts.values() if fact.kind is kind]
        titles = Counter(title_of(fact) for fact in facts if fact.in_force(EXAMPLE_DAY))
    assert len(titles) > 30
    assert titles.most_common(1)[0][1] == 1


def test_a_search_that_finds_much_says_how_much_and_shows_it_in_parts(world: World) -> None:
    client, address, shown = signed_in(world.boris), "/atlas/?q=россия", []
    count = len(search(in_force().atlas, "россия"))
    assert count > 2 * MOST
    while address:
        page = client.get(address).content.decode()
        assert f"Найдено {count} факт" in page or f"Найден {count} факт" in page
        shown += re.findall(r'<a class="who" href="([^"]+)"', page)
        onward = re.search(r'href="\?q=[^"&]+&amp;from=(\d+)"', page)
        address = f"/atlas/?q=россия&from={onward[1]}" if onward else ""
    assert len(shown) == len(set(shown)) == count


def test_deadlines_and_articles_are_said_in_a_line(world: World) -> None:
    client = signed_in(world.boris)
    asked = re.search(
        r'href="(\?profile=\w+&amp;whole=1)#c8"', client.get("/atlas/countries/RU/").content.decode()
    )
    assert asked
    page = client.get(f"/atlas/countries/RU/{asked[1].replace('&amp;', '&')}").content.decode()
    assert "Повестка размещена в реестре: 7 дней (календарные дни); Считается вручённой" in page


@pytest.mark.usefixtures("world")
def test_ways_and_gaps_are_said_in_a_line() -> None:
    facts = in_force().atlas
    (way,) = (
        leg
        for leg in facts.legs
        if (leg.value.origin, leg.value.target, leg.value.mode) == ("yerevan", "tbilisi", "road")
    )
    gap = facts.gaps[0]
    with override("ru"):
        assert rule_line(way).startswith("по шоссе; 3–18\N{NO-BREAK SPACE}ч; 10–60")
        assert rule_line(gap) == gap.value.what.ru


def test_a_stopped_country_is_marked_as_dangerous_in_the_list_too(world: World) -> None:
    stop(reader=world.stranger.reader(), scope="FR", reason="Выдали двоих.")
    page = signed_in(world.boris).get("/atlas/").content.decode()
    (row,) = re.findall(r"<li><svg(?:(?!</li>).)*Франция</a>.*?</li>", page)
    assert 'class="hz-high"' in row


def test_the_map_says_how_many_of_its_colours_nobody_counted(world: World) -> None:
    state, day = in_force(), clock.facts_day()
    coloured = [
        row for row in countries_for(state.atlas, ProfileClass.SUMMONED, day) if row.shade is not Shade.NONE
    ]
    judged, of = judged_on(state.atlas, ProfileClass.SUMMONED, day)
    assert 0 < judged <= of == len(coloured)
    assert (
        f"Из {of} стран по суждению закрашено: {judged}."
        in signed_in(world.boris).get("/atlas/").content.decode()
    )


def test_a_colour_that_rests_on_a_count_is_not_judged(world: World) -> None:
    atlas, day = in_force().atlas, clock.facts_day()
    deciding = (worst_of_staying(code, ProfileClass.SUMMONED, day, atlas) for code in atlas.countries)
    judged = next(fact for fact, _chance in filter(None, deciding) if fact.confidence is Confidence.JUDGEMENT)
    counted = atlas.facts | {judged.id: replace(judged, confidence=Confidence.SOURCED)}
    changed = Atlas(meta=atlas.meta, facts=counted.values(), reviewed_as_of=atlas.reviewed_as_of)
    before, after = (judged_on(one, ProfileClass.SUMMONED, day) for one in (atlas, changed))
    assert after == (before[0] - 1, before[1])


def test_chances_are_said_in_per_cent(world: World) -> None:
    page = signed_in(world.boris).get("/atlas/hazard-entry-KZ-summoned/").content.decode()
    assert "0,1 – 0,8 – 5\N{NO-BREAK SPACE}%" in page


def test_pages_tell_of_stops_and_proposals(world: World) -> None:
    reviewed(world.stranger, "stay-rule-AM")
    stop(reader=world.stranger.reader(), scope="KZ", reason="Выдали двоих, просивших убежища.")
    waiting = proposed(world.stranger, "entry-AM", papers=[["fp10"]])
    assert waiting.waits
    client = signed_in(world.boris)
    for address in ("/atlas/", "/atlas/countries/KZ/"):
        assert "Выдали двоих" in client.get(address).content.decode(), address
    for address in ("/atlas/", "/atlas/all/changes/", "/atlas/entry-AM/"):
        assert f"/atlas/changes/{waiting.id}/" in client.get(address).content.decode(), address
    own = signed_in(world.stranger).get(f"/atlas/changes/{waiting.id}/").content.decode()
    assert 'value="approve"' not in own
    assert 'value="approve"' in signed_in(world.anna).get(f"/atlas/changes/{waiting.id}/").content.decode()
    assert 'value="approve"' not in client.get(f"/atlas/changes/{waiting.id}/").content.decode()


def test_the_number_of_queries_does_not_grow_with_changes(world: World, clock_stands: datetime) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = signed_in(world.stranger)
    addresses = ("/atlas/", "/atlas/countries/AM/", "/atlas/entry-AM/", "/atlas/all/changes/")

    def counted() -> list[int]:
        found = []
        for address in addresses:
            client.get(address)  # what changed last is read once
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            found.append(len(queries))
        return found

    before = counted()
    for fact in ("entry-AM", "stay-rule-AM", "entry-KZ", "asylum-FR"):
        reviewed(world.stranger, fact)
    assert counted() == before
