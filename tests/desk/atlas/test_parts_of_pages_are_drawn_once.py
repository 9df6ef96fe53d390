"""What of a page is facts alone is drawn once for a state of the facts, and never holds anything of who reads."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client
from django.utils.translation import override

from tests.desk.atlas.changing import proposed, reviewed
from tests.desk.world import World, signed_in
from tropa.atlas import EXAMPLE_DAY
from tropa.desk.atlas import change_views, paging
from tropa.desk.atlas import drawn as kept
from tropa.desk.atlas.drawn import MOST, drawn
from tropa.desk.atlas.in_force import in_force
from tropa.desk.atlas.services import approve, stop

ASKED = ("/atlas/", "/atlas/countries/KZ/", "/atlas/countries/RU/?whole=1", "/atlas/all/changes/")
PART = "atlas/home_countries.html"


def never() -> dict[str, object]:
    pytest.fail("drawn anew")


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_part_is_drawn_once_for_each_day_language_and_question(world: World) -> None:
    state, rows = in_force(), {"countries": []}
    with override("ru"):
        first = drawn(state, EXAMPLE_DAY, PART, "charged", told=lambda: rows)
        assert drawn(state, EXAMPLE_DAY, PART, "charged", told=never) == first
    others = [
        ("en", EXAMPLE_DAY, "charged"),
        ("ru", date(2026, 11, 23), "charged"),
        ("ru", EXAMPLE_DAY, "absent"),
    ]
    for language, day, profile in others:
        asked = []
        with override(language):
            drawn(state, day, PART, profile, told=lambda asked=asked: asked.append(1) or rows)  # type: ignore[misc]
        assert asked == [1], (language, day, profile)


def test_only_so_many_parts_are_kept_and_the_longest_unasked_goes_first(world: World) -> None:
    state = in_force()
    for number in range(MOST + 1):
        drawn(state, EXAMPLE_DAY, PART, number, told=dict)
        drawn(state, EXAMPLE_DAY, PART, 0, told=dict)
    assert len(kept._parts) == MOST  # the bound itself
    drawn(state, EXAMPLE_DAY, PART, 0, told=never)
    asked = []
    drawn(state, EXAMPLE_DAY, PART, 1, told=lambda: asked.append(1) or {})  # type: ignore[func-returns-value]
    assert asked == [1]


def test_a_change_shows_with_the_next_request(world: World) -> None:
    anna = signed_in(world.anna)
    before = page(anna, "/atlas/")
    assert page(anna, "/atlas/countries/FR/").count("Прежнее слово") == 0
    stop(reader=world.anna.reader(), scope="FR", reason="Прежнее слово не держат.")
    assert page(anna, "/atlas/countries/FR/").count("Прежнее слово") > 0
    after = page(anna, "/atlas/")
    assert after.count("hz-high") > before.count("hz-high")
    assert "Прежнее слово" in page(anna, "/atlas/all/changes/")


def test_an_approved_danger_shows_on_the_page_of_the_country(world: World) -> None:
    boris = signed_in(world.boris)
    shown = re.findall(r'class="who" href="/atlas/(hazard-[^/"]+)/"', page(boris, "/atlas/countries/KZ/"))
    done = proposed(world.anna, shown[0], chance=["0.61", "0.71", "0.81"])
    assert "61–81" not in page(boris, "/atlas/countries/KZ/")
    approve(reader=world.stranger.reader(), change_id=done.id)
    assert "61–81" in page(boris, "/atlas/countries/KZ/")


def test_kept_parts_hold_no_token_no_form_no_case_and_no_reader(world: World) -> None:
    for person in (world.anna, world.boris):
        client = signed_in(person)
        for address in ASKED:
            page(client, address)
    parts = "".join(kept._parts.values())  # what lies in memory
    assert len(kept._parts) >= len(ASKED)
    assert not re.search(r"csrf|<form|<input|/threads/|/cases/|/review/|/plans/", parts)
    for person in (world.anna, world.boris, world.vera, world.stranger):
        assert person.member.pseudonym not in parts


def test_what_anna_may_do_is_not_shown_to_boris_after_her(world: World) -> None:
    anna, boris = signed_in(world.anna), signed_in(world.boris)
    assert "/atlas/KZ/stop/" in page(anna, "/atlas/countries/KZ/")
    assert "/atlas/KZ/stop/" not in page(boris, "/atlas/countries/KZ/")


def test_changes_are_told_in_parts_and_none_is_out_of_reach(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "MOST", 2)
    monkeypatch.setattr(change_views, "MOST", 2)
    for number in range(3):
        reviewed(world.anna, "KZ", reason=f"Снова, раз {number}.")
    client = signed_in(world.anna)
    first, second = page(client, "/atlas/all/changes/"), page(client, "/atlas/all/changes/?from=2")
    assert 'href="?from=2"' in first
    assert "?from=" not in second
    assert [re.findall(r"раз (\d)", part) for part in (first, second)] == [["2", "1"], ["0"]]
