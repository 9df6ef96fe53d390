"""Language and channel lie sealed; the unlocked desk picks threads by them all the same, and hides nobody."""

from __future__ import annotations

from html import unescape

import pytest

from tests.desk.world import World, signed_in
from tropa.desk.talk import inbox
from tropa.desk.talk.inbox import InboxFilters, narrowed_page
from tropa.desk.talk.models import Entry, SavedView
from tropa.desk.talk.saved_views import read_view, save_view, saved_views


def words(world: World, **filters: str) -> list[str]:
    page = narrowed_page(reader=world.boris.reader(world.now), filters=InboxFilters(**filters))  # type: ignore[arg-type]
    return [row.words for row in page.rows]


def test_threads_are_picked_by_what_the_person_wrote_last(world: World) -> None:
    for language, channel in (("ru", "drop"), ("en", "drop"), ("ru", "telegram"), ("de", "telegram")):
        world.write_in(f"{language} {channel}", language=language, channel=channel)
    assert sorted(words(world, language="ru")) == ["ru drop", "ru telegram"]
    assert words(world, language="other") == ["de telegram"]
    assert sorted(words(world, channel="telegram")) == ["de telegram", "ru telegram"]
    assert words(world, language="en", channel="telegram") == []


def test_what_does_not_open_is_hidden_by_no_filter(world: World) -> None:
    world.write_in("раз", language="ru")
    Entry.objects.update(sealed=b"\x01 damaged", wrapped=None)
    page = narrowed_page(reader=world.boris.reader(world.now), filters=InboxFilters(language="en"))
    assert [row.broken for row in page.rows] == [True]


def test_a_long_list_is_looked_through_piece_by_piece_and_nobody_is_left_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, bound in (("PAGE", 3), ("LOOKED_AT", 8), ("LOOKED_AT_ONCE", 4)):
        monkeypatch.setattr(inbox, name, bound)
    wanted = {f"en {number}" for number in range(20) if number in {0, 1, 2, 3, 4, 13, 19}}
    for number in range(20):
        language = "en" if f"en {number}" in wanted else "ru"
        world.write_in(f"{language} {number}", language=language)
    found: list[str] = []
    after, pages = None, 0
    while after is not None or not pages:
        page = narrowed_page(
            reader=world.boris.reader(world.now), filters=InboxFilters(language="en"), after=after
        )
        assert len(page.rows) <= 3
        found += [row.words for row in page.rows]
        after, pages = page.following, pages + 1
    assert sorted(found) == sorted(wanted)
    assert 3 <= pages <= 5


def test_a_view_keeps_both_sealed_and_older_views_open(world: World) -> None:
    filters = InboxFilters(language="other", channel="telegram")
    save_view(reader=world.boris.reader(), name="Телеграм", filters=filters)
    assert [view.filters for view in saved_views(reader=world.boris.reader())] == [filters]
    assert b"telegram" not in bytes(SavedView.objects.get().sealed)
    before = '{"name": "старый", "queue": "open", "lane": "", "urgency": ""}'.encode()
    assert read_view(before) == ("старый", InboxFilters())


@pytest.mark.parametrize(("language", "said"), [("ru", "Telegram"), ("en", "Telegram")])
def test_the_page_names_the_filters_and_the_true_secrecy_of_each_row(
    world: World, language: str, said: str
) -> None:
    world.write_in("Hello", language="en", channel="telegram")
    boris = signed_in(world.boris)
    boris.cookies["tropa-desk-language"] = language
    page = unescape(boris.get("/inbox/?language=en&channel=telegram").content.decode())
    assert said in page.partition("</h1>")[0].rpartition("<h1")[2]
    assert "Hello" in page
    assert 'class="channel open"' in page, "Telegram reads what goes through it"
    assert "Hello" not in boris.get("/inbox/?language=ru").content.decode()
    assert "Hello" in boris.get("/inbox/?language=tlh&channel=pigeon").content.decode(), "unknown: left out"
