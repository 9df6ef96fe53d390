"""Nobody outside can tell whether typed words opened anything: status, headers and bytes are the same."""

from __future__ import annotations

import re
import secrets

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.desk.world import World
from tests.drop.applicant import Applicant, heading, notice, text_of
from tropa.desk.talk.models import Thread
from tropa.desk.talk.services import reply
from tropa.drop.admission import COOKIE
from tropa.drop.size_class import SIZE_CLASS
from tropa.envelope import Codename, Language

WRONG = [
    "",
    "раз два три",
    "слово " * 500,
    "\x00\u202e<script>",
    " ".join(Codename.from_entropy(bytes(12), Language.RUSSIAN).words),
    " ".join(Codename.from_entropy(bytes(12), Language.ENGLISH).words),
]


def shape(response: HttpResponse) -> tuple[int, list[tuple[str, str]], int, list[tuple[str, int, str]]]:
    """Everything an observer sees but the hidden bytes themselves."""
    cookies = [(name, len(morsel.value), str(morsel["max-age"])) for name, morsel in response.cookies.items()]
    return response.status_code, sorted(response.items()), len(response.content), cookies


@pytest.fixture
def answered(applicant: Applicant, world: World) -> Applicant:
    """Somebody whose thread has been taken and answered at length."""
    applicant.write()
    thread = Thread.objects.get()
    from tropa.desk.talk.services import take

    take(reader=world.boris.reader(), thread=thread)
    thread.refresh_from_db()
    reply(reader=world.boris.reader(), thread=thread, text="Ответ. " * 200)
    return applicant


@pytest.mark.parametrize("typed", WRONG)
def test_typed_words_are_answered_alike(answered: Applicant, typed: str) -> None:
    right, wrong = answered.come_back(), Applicant("ru", Client()).come_back(typed)
    assert shape(wrong) == shape(right)
    assert right.status_code == 303


@pytest.mark.parametrize("typed", WRONG)
def test_the_page_that_follows_has_the_same_shape(answered: Applicant, typed: str) -> None:
    stranger = Applicant("ru", Client())
    stranger.come_back(typed)
    answered.come_back()
    right, wrong = answered.answers(), stranger.answers()
    assert shape(wrong) == shape(right)
    assert len(right.content) == SIZE_CLASS
    assert (heading(right), heading(wrong)) == ("Есть ответ", "Эти слова ничего не открыли")


def test_both_titles_are_the_same(answered: Applicant) -> None:
    stranger = Applicant("ru", Client())
    stranger.come_back("раз")
    answered.come_back()
    titles = {re.search("<title>.*</title>", text_of(page.answers()))[0] for page in (answered, stranger)}  # type: ignore[index]
    assert len(titles) == 1


@pytest.mark.parametrize("cookie", ["", "x", "A" * 200, "\N{SNOWMAN}"])
def test_a_cookie_that_is_not_ours_is_a_wrong_code(applicant: Applicant, cookie: str) -> None:
    applicant.client.cookies[COOKIE] = cookie.encode("utf-8").decode("latin-1")
    response = applicant.answers()
    assert (response.status_code, len(response.content)) == (200, SIZE_CLASS)
    assert heading(response) == "Эти слова ничего не открыли"


def test_a_cookie_changed_by_a_letter_is_a_wrong_code(answered: Applicant) -> None:
    answered.come_back()
    value = answered.client.cookies[COOKIE].value
    place = secrets.randbelow(len(value) - 4) + 2
    answered.client.cookies[COOKIE] = (
        value[:place] + ("A" if value[place] != "A" else "B") + value[place + 1 :]
    )
    assert heading(answered.answers()) == "Эти слова ничего не открыли"


def test_words_of_a_thread_that_was_erased_are_wrong_words(answered: Applicant) -> None:
    answered.come_back()
    answered.press("erase_all")
    fresh = Applicant("ru", Client(), answered.words)
    fresh.come_back()
    assert heading(fresh.answers()) == "Эти слова ничего не открыли"


@pytest.mark.parametrize(
    "act", ["safe", "talk_now", "read", "keep", "erase_one", "erase_all", "step_done", "no such act"]
)
def test_what_is_pressed_with_a_wrong_code_is_answered_as_with_a_right_one(
    answered: Applicant, act: str
) -> None:
    stranger = Applicant("ru", Client())
    stranger.come_back("раз два три")
    answered.come_back()
    wrong = stranger.press(act, nonce="", id="0" * 32)
    right = answered.press(act, id="0" * 32)
    assert shape(wrong) == shape(right)
    assert shape(stranger.answers()) == shape(answered.answers())


@pytest.mark.parametrize("text", ["", "ы" * 30_000])
def test_a_message_that_cannot_be_taken_comes_back_alike(answered: Applicant, text: str) -> None:
    stranger = Applicant("ru", Client())
    stranger.come_back("раз два три")
    answered.come_back()
    wrong, right = stranger.press("send", nonce="", text=text), answered.press("send", text=text)
    assert shape(wrong) == shape(right)
    assert notice(wrong) == notice(right) != ""


def test_a_message_that_comes_with_the_words_is_answered_alike(answered: Applicant) -> None:
    text = "Пока писал, страница закрылась. <&> " * 300
    wrong = Applicant("ru", Client()).post("return/", words="раз два три", text=text)
    right = Applicant("ru", Client()).post("return/", words=" ".join(answered.words), text=text)
    assert shape(wrong) == shape(right)
    assert text.strip() in text_of(wrong).replace("&lt;&amp;&gt;", "<&>")
    assert heading(right) == "Ваше сообщение у нас"


def test_asking_about_a_code_takes_the_same_number_of_queries(
    answered: Applicant, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        answered.come_back()
    with django_assert_num_queries(1):  # type: ignore[operator]
        answered.come_back("раз два три")
