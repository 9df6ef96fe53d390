"""Unread answers are shown, read ones gone; kept ones stay; forged ones never show; long ones come whole."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest

from tests.desk.world import World
from tests.drop.applicant import Applicant, heading, text_of
from tropa.desk.talk.applicant import unread_replies
from tropa.desk.talk.models import Entry, Thread
from tropa.desk.talk.services import reply, take
from tropa.drop.answers_page import parts_of
from tropa.drop.size_class import SIZE_CLASS
from tropa.envelope import Codename, applicant_keys


@pytest.fixture
def visitor(applicant: Applicant, world: World) -> Applicant:
    """Somebody whose thread Boris holds, come back with the words."""
    applicant.write()
    take(reader=world.boris.reader(), thread=Thread.objects.get())
    applicant.come_back()
    return applicant


def answer(world: World, text: str) -> str:
    """Boris answers; the id of the answer."""
    return reply(reader=world.boris.reader(), thread=Thread.objects.get(), text=text).pk


def shown_texts(visitor: Applicant) -> str:
    """Everything on all pages, tags left out."""
    pages, number = [], 1
    while True:
        response = visitor.answers(None if number == 1 else number)
        assert len(response.content) == SIZE_CLASS
        pages.append(text_of(response))
        number += 1
        if f"/answers/{number}/" not in pages[-1]:
            return html.unescape(re.sub(r"<[^>]+>", "", "".join(pages)))


def test_an_answer_is_shown_with_who_wrote_it(visitor: Applicant, world: World) -> None:
    answer(world, "Не ходите одни.")
    page = text_of(visitor.answers())
    assert "Не ходите одни." in page
    assert "Борис" in page


def test_what_was_read_is_gone(visitor: Applicant, world: World) -> None:
    entry_id = answer(world, "Не ходите одни.")
    visitor.answers()
    visitor.press("read", id=entry_id)
    assert "Не ходите одни." not in text_of(visitor.answers())
    assert Entry.objects.get(pk=entry_id).sealed_applicant is None


def test_what_was_shown_is_gone_after_a_day(visitor: Applicant, world: World) -> None:
    answer(world, "Не ходите одни.")
    visitor.answers()
    keys = applicant_keys(Codename.parse(" ".join(visitor.words)))
    later = world.now + timedelta(hours=26)
    assert unread_replies(thread=Thread.objects.get(), seed=keys.seed, now=later) == []


def test_what_was_kept_stays_until_it_is_erased(visitor: Applicant, world: World) -> None:
    entry_id = answer(world, "Не ходите одни.")
    visitor.press("keep", id=entry_id)
    visitor.press("read", id=entry_id)
    assert "Не ходите одни." in text_of(visitor.answers())
    visitor.press("let_go", id=entry_id)
    assert "Не ходите одни." not in text_of(visitor.answers())


def test_an_answer_moved_from_another_thread_is_not_shown(visitor: Applicant, world: World) -> None:
    mine = answer(world, "Не ходите одни.")
    written, _case = world.taken("чужое")
    foreign = reply(reader=world.boris.reader(), thread=written.thread, text="Идите туда.")
    Entry.objects.filter(pk=mine).update(sealed_applicant=bytes(foreign.sealed_applicant or b""))
    assert heading(visitor.answers()) == "Новых ответов пока нет"


def test_an_answer_whose_signature_was_changed_is_not_shown(visitor: Applicant, world: World) -> None:
    entry_id = answer(world, "Не ходите одни.")
    Entry.objects.filter(pk=entry_id).update(signature=bytes(64))
    assert heading(visitor.answers()) == "Новых ответов пока нет"


def test_what_is_written_in_an_answer_is_text_and_never_markup(visitor: Applicant, world: World) -> None:
    answer(world, "<script>alert(1)</script>")
    page = text_of(visitor.answers())
    assert "<script" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("letter", ["ы", '"', "<", "a"])
def test_a_long_answer_comes_whole_on_pages_of_one_size(
    visitor: Applicant, world: World, letter: str
) -> None:
    text = " ".join(f"{number}{letter * 60}" for number in range(300))[:20_000]
    answer(world, text)
    shown = "".join(shown_texts(visitor).split())
    assert [word for word in text.split()[:-1] if word not in shown] == []


def test_many_answers_come_whole_on_pages_of_one_size(visitor: Applicant, world: World) -> None:
    for number in range(30):
        answer(world, f"Ответ {number}. " + "Подробности. " * 60)
    shown = shown_texts(visitor)
    assert [number for number in range(30) if f"Ответ {number}." not in shown] == []


def test_a_part_of_an_answer_cannot_be_called_read(visitor: Applicant, world: World) -> None:
    entry_id = answer(world, "ы " * 9_900)
    assert entry_id not in text_of(visitor.answers())


@pytest.mark.parametrize("length", [1, 2_999, 3_000, 3_001, 10_000])
def test_parts_of_a_text_are_the_text(length: int) -> None:
    text = ("слово " * 2_000)[:length]
    assert "".join(parts_of(text)) == text
    assert all(len(part) <= 3_000 for part in parts_of(text))


def test_own_messages_show_as_day_and_size_and_never_as_text(visitor: Applicant) -> None:
    visitor.press("send", text="канарейка в шахте")
    page = text_of(visitor.answers())
    assert "канарейка" not in page
    assert page.count('value="erase_one"') == 2
    assert "до 1\N{NO-BREAK SPACE}КБ" in page
