"""Search finds what one may open, in memory: nothing of it is stored, logged or shown to somebody without a grant."""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.desk.world import World, signed_in
from tropa.desk.audit.acts import Act
from tropa.desk.audit.models import Refusal
from tropa.desk.audit.queries import latest_acts
from tropa.desk.conf import conf
from tropa.desk.talk import search as searching
from tropa.desk.talk.arrivals import receive_more
from tropa.desk.talk.body import EntryBody
from tropa.desk.talk.models import Entry
from tropa.desk.talk.search import MOST_SHOWN, Found, search
from tropa.desk.talk.search_words import read_query
from tropa.desk.talk.services import note, reply
from tropa.desk.vault.services import grant_case, revoke_case


def find(world: World, typed: str, who: str = "boris") -> Found:
    return search(reader=getattr(world, who).reader(), query=read_query(typed))


def texts(found: Found) -> list[str]:
    return [entry.text for entry in found.entries]


def test_every_word_has_to_be_there_in_any_case_and_with_any_ending(world: World) -> None:
    world.write_in("Пришла ПОВЕСТКА, ещё вчера")
    world.write_in("повестки не было")
    assert sorted(texts(find(world, "Повестк"))) == ["Пришла ПОВЕСТКА, ещё вчера", "повестки не было"]
    assert texts(find(world, "вчера повестка")) == ["Пришла ПОВЕСТКА, ещё вчера"]
    assert texts(find(world, "ЕЩЕ")) == texts(find(world, "ещё")) == ["Пришла ПОВЕСТКА, ещё вчера"]
    assert texts(find(world, "повестка завтра")) == []


def test_every_form_of_a_word_finds_the_others_and_only_whole_words(world: World) -> None:
    written = ["Мне вручили ПОВЕСТКУ", "ждём\nДетей моих", "I was summoned", "поводья и поветки"]
    for text in written:
        world.write_in(text)
    assert texts(find(world, "повестками")) == written[:1]
    assert texts(find(world, "ребёнок")) == written[1:2]
    assert texts(find(world, "summons")) == written[2:3]
    assert texts(find(world, "вручать повестки")) == []
    assert texts(find(world, "вручив повестки")) == written[:1]
    world.write_in("он пошёл в виду берега")
    assert texts(find(world, "идти")) == []  # "шёл" and "иду" stand only inside other words


def test_answers_notes_and_untaken_threads_are_found_and_named(world: World) -> None:
    written, _case = world.taken("про поезд")
    reply(reader=world.boris.reader(), thread=written.thread, text="поезд отменён")
    note(reader=world.boris.reader(), thread=written.thread, text="поезд проверить")
    world.write_in("тоже поезд")
    found = find(world, "поезд").entries
    assert {(entry.text, entry.note) for entry in found} == {
        ("про поезд", False),
        ("поезд отменён", False),
        ("поезд проверить", True),
        ("тоже поезд", False),
    }
    assert {entry.who for entry in found if entry.text == "поезд отменён"} == {"Борис"}


def test_only_holders_find_a_case_and_only_while_they_hold_it(world: World) -> None:
    _written, case = world.taken("тайное слово")
    for who in ("vera", "stranger"):
        assert find(world, "тайное", who) == Found()
    grant_case(reader=world.boris.reader(), case=case, member=world.vera.member)
    assert texts(find(world, "тайное", "vera")) == ["тайное слово"]
    revoke_case(reader=world.boris.reader(), case=case, member=world.vera.member)
    assert find(world, "тайное", "vera") == Found()
    ended = world.now.date() - timedelta(days=1)
    grant_case(reader=world.boris.reader(), case=case, member=world.vera.member, ends_day=ended)
    assert find(world, "тайное", "vera") == Found()


def test_what_is_older_than_ones_access_is_not_found(world: World) -> None:
    written, case = world.taken("раньше слово")
    grant_case(reader=world.boris.reader(), case=case, member=world.vera.member, history=False)
    later = EntryBody(text="позже слово", at=world.now)
    written.thread.refresh_from_db()
    receive_more(
        thread=written.thread, signing=written.signing, body=later, dedupe_tag="a" * 32, now=world.now
    )
    assert texts(find(world, "слово", "vera")) == ["позже слово"]
    assert len(texts(find(world, "слово"))) == 2


def test_a_second_search_opens_nothing_with_key_pairs(world: World) -> None:
    for number in range(3):
        world.write_in(f"слово {number}")
    assert len(find(world, "слово").entries) == 3
    assert not Entry.objects.filter(wrapped=None).exists()
    Entry.objects.update(sealed=b"\x01 nothing opens this any more")
    assert len(find(world, "слово").entries) == 3


def test_what_was_never_opened_is_opened_step_by_step_and_said(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "OPENED_AT_ONCE", 2)
    for number in range(5):
        world.write_in(f"слово {number}")
    steps = [find(world, "слово") for _ in range(3)]
    assert [(len(found.entries), found.left) for found in steps] == [(2, 3), (4, 1), (5, 0)]


def test_the_newest_are_shown_and_it_is_said_that_there_are_more(world: World) -> None:
    for number in range(MOST_SHOWN + 2):
        world.write_in(f"слово {number}", at=world.now - timedelta(days=number))
    found = find(world, "слово")
    assert texts(found) == [f"слово {number}" for number in range(MOST_SHOWN)]
    assert found.more
    assert not find(world, "слово 13").more


def test_what_somebody_changed_is_neither_found_nor_passed_over_in_silence(world: World) -> None:
    written, _case = world.taken("слово человека")
    reply(reader=world.boris.reader(), thread=written.thread, text="слово ответа")
    Entry.objects.filter(kind="reply").update(signature=bytes(64))
    assert texts(find(world, "слово")) == ["слово человека"]
    assert Refusal.objects.filter(table="talk_entry").count() == 1


def test_what_stands_around_the_text_is_not_searched(world: World) -> None:
    world.write_in("привет")
    for typed in ("drop", "applicant", "salt", "text"):
        assert find(world, typed).entries == ()


def test_quotes_and_breaks_within_the_text_hide_nothing(world: World) -> None:
    world.write_in('он сказал: "повестка","at":"завтра\\"\nв Омске')
    assert len(find(world, "повестка омске завтра").entries) == 1


def test_nothing_is_looked_for_in_an_empty_query_and_no_record_is_left(world: World) -> None:
    for typed in ("", "  ", "а", "., !"):
        assert find(world, typed) == Found()
    assert Act.SEARCHED not in [act.act for act in latest_acts(reader=world.anna.reader(), count=20)]


def test_every_search_leaves_a_record_that_does_not_say_for_what(world: World) -> None:
    find(world, "секретное")
    (act,) = [one for one in latest_acts(reader=world.anna.reader(), count=20) if one.act == Act.SEARCHED]
    assert (act.member, dict(act.detail)) == (world.boris.member.id, {})


def test_the_page_finds_by_post_alone_and_writes_the_words_nowhere(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    _written, _case = world.taken("Пришла повестка в Омске <b>")
    client = signed_in(world.boris)
    with caplog.at_level(logging.DEBUG):
        page = client.post("/search/", {"q": "Омск"})
    shown = page.content.decode()
    assert "Пришла повестка в <mark>Омск</mark>е &lt;b&gt;" in shown
    assert "<mark>" not in client.get("/search/?q=Омск").content.decode()
    assert "no-store" in page.headers["Cache-Control"]
    assert "Омск" not in caplog.text
    sought = "Омск".encode()
    for path in Path(conf.data).rglob("*"):
        assert not path.is_file() or sought not in path.read_bytes(), path


def test_the_page_says_when_nothing_is_found_or_too_little_was_typed(world: World) -> None:
    client = signed_in(world.boris)
    assert "всех этих слов вместе нет" in client.post("/search/", {"q": "ничего"}).content.decode()
    assert "хотя бы две буквы" in client.post("/search/", {"q": "а"}).content.decode()


def test_a_stranger_and_an_adviser_of_another_team_find_nothing_of_a_case(world: World) -> None:
    world.taken("Пришла повестка в Омске")
    for person in (world.vera, world.stranger):
        assert "<mark>" not in signed_in(person).post("/search/", {"q": "Омск"}).content.decode()


@pytest.mark.parametrize("unlocked", [False, None])
def test_whoever_is_not_unlocked_searches_nothing(world: World, client: Any, unlocked: bool | None) -> None:
    browser = client if unlocked is None else signed_in(world.boris, unlocked=False)
    assert browser.post("/search/", {"q": "слово"}).status_code == 302
