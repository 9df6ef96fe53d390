"""Today and the atlas pages: what waits, what falls due, and facts with their sources and standing."""

from __future__ import annotations

import re
from datetime import date

from tests.desk.world import World, signed_in
from tropa.atlas import Confidence, Effect
from tropa.atlas.day_words import day_words
from tropa.desk.facts import atlas
from tropa.desk.pages.fact_words import lines_of, title_of
from tropa.desk.pages.field_words import CONFIDENCE, OWNERS


def test_today_shows_who_waits_to_be_taken_and_what_is_mine(world: World) -> None:
    world.write_in("меня никто не взял")
    world.taken("меня ведёт Борис")
    page = signed_in(world.boris).get("/").content.decode()
    assert "меня никто не взял" in page
    assert "меня ведёт Борис" in page


def test_the_banner_says_on_which_day_facts_are_judged(world: World) -> None:
    assert "факты взяты на 22 ноября 2026" in signed_in(world.boris).get("/").content.decode()


def test_every_fact_has_a_page_in_both_languages(world: World) -> None:
    client = signed_in(world.stranger)
    one_of_each_kind = {fact.kind: fact for fact in atlas().facts.values()}
    for language in ("ru", "en"):
        client.post("/language/", {"language": language})
        for fact in one_of_each_kind.values():
            page = client.get(f"/atlas/{fact.id}/")
            assert page.status_code == 200, fact.id
            assert day_words(fact.review_by, language) in page.content.decode()


def test_every_fact_has_a_name_for_people(world: World) -> None:
    for fact in atlas().facts.values():
        assert title_of(fact).strip() not in {"", fact.id}, fact.id


def test_a_fact_nobody_has_is_not_found(world: World) -> None:
    assert signed_in(world.boris).get("/atlas/no-such-fact/").status_code == 404


def test_on_the_real_clock_the_shipped_pack_opens_nothing() -> None:
    from tropa.atlas import load_pack
    from tropa.desk.facts import SHIPPED_PACK

    unreviewed = load_pack(SHIPPED_PACK)
    permissions = [fact for fact in unreviewed.facts.values() if fact.effect is Effect.PERMISSION]
    assert permissions
    assert not any(unreviewed.usable(fact, date(2026, 11, 22)) for fact in permissions)


def test_every_field_and_word_of_the_atlas_has_words(world: World) -> None:
    for fact in atlas().facts.values():
        for _field, said in lines_of(fact.value):
            assert said.strip(), fact.id
            assert not re.search(r"\b[a-z]+_[a-z_]+\b|frozenset|Requirement", said), (fact.id, said)
    assert {fact.owner for fact in atlas().facts.values()} <= OWNERS.keys()
    assert {str(one) for one in Confidence} == CONFIDENCE.keys()
