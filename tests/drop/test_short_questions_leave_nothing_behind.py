"""Questions one after the other on the drop: answers lie in the form alone, and what is doubtful goes to a person."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from tests.drop.applicant import Applicant, in_field, text_of
from tropa.atlas import SHIPPED_PACK, Atlas, load_pack
from tropa.desk import clock, interview_form
from tropa.drop.size_class import SIZE_CLASS

DAY = date(2026, 11, 22)


@pytest.fixture
def applicant(drop_settings: Any, db: None) -> Applicant:
    """Somebody with a browser, at a desk where nobody needs to be: the questions ask nobody."""
    return Applicant()


@pytest.fixture
def confirmed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The example's day, on which every fact of the pack counts as confirmed."""
    atlas = _pack(DAY)
    monkeypatch.setattr(interview_form.facts, "atlas", lambda: atlas)
    monkeypatch.setattr(clock, "conf", replace(clock.conf, as_of=DAY))


@cache
def _pack(reviewed_as_of: date | None) -> Atlas:
    return load_pack(SHIPPED_PACK, reviewed_as_of=reviewed_as_of)


def kept(page: HttpResponse) -> list[str]:
    """The earlier answers the page carries on."""
    return [html.unescape(one) for one in re.findall(r'name="was" value="([^"]*)"', text_of(page))]


def skipped(page: HttpResponse) -> list[str]:
    return re.findall(r'name="skipped" value="([^"]*)"', text_of(page))


def asked(page: HttpResponse) -> str:
    found = re.search(r'name="asked" value="([^"]*)"', text_of(page))
    return found[1] if found else ""


def answer(applicant: Applicant, page: HttpResponse, *chosen: str, **button: str) -> HttpResponse:
    """Answer the question of a page as its form would."""
    fields: dict[str, Any] = {
        "was": kept(page),
        "skipped": skipped(page),
        "asked": asked(page),
        "answer": list(chosen),
    }
    return applicant.post("questions/", **fields, **button)


def with_answers(applicant: Applicant, *was: str, **more: Any) -> HttpResponse:
    return applicant.post("questions/", was=list(was), **more)


def test_every_answer_leads_to_another_question_until_none_is_left(applicant, confirmed):
    page = applicant.get("questions/")
    seen = []
    while asked(page):
        seen.append(asked(page))
        page = answer(applicant, page, skip="1") if len(seen) > 2 else answer(applicant, page, "other", "all")
        assert len(seen) < 30
    assert seen[0] == "who"
    assert len(set(seen)) >= 10
    assert 'href="/ru/leave/"' in text_of(page)


def test_nothing_is_stored_and_no_address_or_cookie_holds_an_answer(applicant, confirmed):
    first = applicant.get("questions/")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page = answer(applicant, first, "self")
        page = with_answers(
            applicant, *kept(page), "told-of-ban:yes", asked="told-day", answer=["2026-11-20"]
        )
    assert {query["sql"].split()[0].upper() for query in queries} <= {"SELECT", "SAVEPOINT", "RELEASE"}
    assert page.status_code == 200
    assert not applicant.client.cookies
    assert kept(page) == ["who:self", "told-of-ban:yes", "told-day:2026-11-20"]
    assert not re.search(r'(?:href|action|formaction)="[^"]*(?:\?|told|2026)', text_of(page))


def test_a_conclusion_comes_with_its_day_its_reasons_and_its_facts(applicant, confirmed):
    was = ["told-of-ban:yes", "told-day:2026-11-20", "passports:fp10"]
    page = text_of(with_answers(applicant, *was))
    assert "Не позже: 25\u00a0ноября 2026" in page
    assert "Человек узнал" in page or "Загранпаспорт надо сдать" in page
    assert "2023-12" in page
    applicant.language = "en"
    assert "By: 25\u00a0November 2026" in text_of(with_answers(applicant, *was))


def test_on_facts_nobody_confirmed_nothing_is_told_and_a_person_is_offered(applicant, monkeypatch):
    atlas = _pack(None)
    monkeypatch.setattr(interview_form.facts, "atlas", lambda: atlas)
    page = text_of(with_answers(applicant, "told-of-ban:yes", "service:civilian", "age:20", "reserve:no"))
    assert "никто не подтвердил" in page
    assert "остановят на любом пункте" not in page
    assert "Мужчин этого возраста призывают" not in page
    assert "Написать человеку" in page


def test_answers_that_contradict_each_other_are_shown_and_can_be_changed(applicant, confirmed):
    page = with_answers(
        applicant, "summons:none", "in-register:yes", "told-of-ban:no", "service:civilian", "bars:none"
    )
    text = text_of(page)
    assert "Повестки не было — и она есть в реестре." in text
    assert "Ничего, что закрывает выезд, не названо" not in text
    again = with_answers(applicant, *kept(page), change="summons")
    assert asked(again) == "summons"
    assert "summons:none" not in kept(again)
    right = answer(applicant, again, "conscription")
    assert "Повестка в реестре закрывает выезд" in text_of(right)


def test_two_answers_to_one_question_in_a_form_are_asked_about(applicant, confirmed):
    text = text_of(with_answers(applicant, "told-of-ban:yes", "told-of-ban:no"))
    assert "два разных ответа" in text


@pytest.mark.parametrize(
    ("question", "typed", "said"),
    [
        ("told-day", "2027-01-01", "ещё не наступил"),
        ("told-day", "вчера", "не дата"),
        ("age", "сто", "не возраст"),
        ("age", "9" * 5000, "слишком длинно"),
        ("age", "", "Выберите или впишите"),
        ("service", "🤷", "такого ответа"),
    ],
)
def test_an_answer_that_cannot_be_is_asked_again_and_the_rest_is_kept(
    applicant, confirmed, question, typed, said
):
    page = with_answers(applicant, "who:self", "told-of-ban:yes", asked=question, answer=[typed])
    assert said.lower() in text_of(page).lower()
    assert asked(page) == question
    assert kept(page) == ["who:self", "told-of-ban:yes"]


def test_nothing_of_these_does_not_go_with_something(applicant, confirmed):
    page = with_answers(applicant, asked="bars", answer=["none", "debts"])
    assert "не сочетаются" in text_of(page)
    assert kept(with_answers(applicant, asked="bars", answer=["none"])) == ["bars:none"]
    assert kept(with_answers(applicant, asked="bars", answer=["debts", "accused"])) == ["bars:accused,debts"]


def test_i_do_not_know_is_an_answer_and_not_a_no(applicant, confirmed):
    page = with_answers(
        applicant, "told-of-ban:yes", "passports:fp10", asked="told-day", unknown="1", answer=[""]
    )
    assert "told-day:unknown" in kept(page)
    assert "не посчитано" in text_of(page)


def test_a_form_that_was_tampered_with_loses_only_what_cannot_be_read(applicant, confirmed):
    page = with_answers(
        applicant, "age:20", "nonsense", "colour:red", "posted:2099-01-01", "<b>:x", asked="nobody"
    )
    assert kept(page) == ["age:20"]
    assert "<b>:x" not in text_of(page)


def test_who_writes_for_another_is_asked_about_the_other(applicant, confirmed):
    own = with_answers(applicant, "who:self", change="age")
    other = with_answers(applicant, "who:other", change="age")
    assert "Сколько вам полных лет?" in text_of(own)
    assert "Сколько человеку полных лет?" in text_of(other)


def test_the_switch_of_language_takes_the_answers_along(applicant, confirmed):
    page = with_answers(applicant, "who:self", "about:exit")
    applicant.language = "en"
    switched = applicant.post("questions/", was=kept(page), asked=asked(page), answer=["yes"], switch="1")
    assert kept(switched) == ["who:self", "about:exit"]
    assert asked(switched) == asked(page)
    assert '<html lang="en">' in text_of(switched)


def test_the_answers_go_into_a_message_only_when_the_person_sends_it(world, applicant, confirmed):
    from tropa.desk.talk.models import Thread

    page = with_answers(applicant, "who:self", "told-of-ban:yes", "told-day:2026-11-20")
    summary = re.search(r'<textarea name="text" hidden>\n(.*?)</textarea>', text_of(page), re.DOTALL)
    assert summary
    written = applicant.post("", text=html.unescape(summary[1]), switch="1")
    assert "Вам сообщали, что выезд" in in_field(written)
    assert "20\u00a0ноября 2026" in in_field(written)
    assert Thread.objects.count() == 0
    applicant.write(in_field(written))
    assert len(applicant.words) == 9
    assert Thread.objects.count() == 1


@pytest.mark.parametrize(
    "was", [[], ["who:self"], ["service:contract", "absent:yes", "for-good:yes", "absent-since:2026-08-01"]]
)
def test_every_page_is_of_one_size_class_so_that_its_length_tells_little(applicant, confirmed, was):
    assert len(with_answers(applicant, *was).content) % SIZE_CLASS == 0


def test_the_first_page_leads_to_the_questions(applicant):
    assert 'href="/ru/questions/"' in text_of(applicant.get())
