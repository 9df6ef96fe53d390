"""Nine words open the answers again: with a slip of the finger, in the other language, for half an hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from tests.desk.world import World
from tests.drop.applicant import TEXT, Applicant, heading, hidden, in_field, nine_words, notice
from tropa.desk.talk.models import Entry, Thread
from tropa.desk.talk.queries import thread_entries
from tropa.drop.admission import COOKIE, LIFE, LONGEST_LIFE, Admission, Notice, admission_of, admit

ENTROPY = bytes(range(12))
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def opened(applicant: Applicant) -> bool:
    return heading(applicant.answers()) == "Новых ответов пока нет"


@pytest.mark.parametrize("place", range(9))
def test_one_mistyped_letter_still_opens(applicant: Applicant, place: int) -> None:
    applicant.write()
    typed = list(applicant.words)
    typed[place] = typed[place][:-1] + ("ъ" if typed[place][-1] != "ъ" else "щ")
    applicant.come_back(" ".join(typed))
    assert opened(applicant)


def test_capitals_numbers_and_line_ends_do_not_matter(applicant: Applicant) -> None:
    applicant.write()
    applicant.come_back("\r\n".join(f"{n}. {word.upper()}," for n, word in enumerate(applicant.words, 1)))
    assert opened(applicant)


def test_the_words_of_the_other_language_open_the_same(applicant: Applicant) -> None:
    token = applicant.token()
    applicant.write(token=token)
    english = Applicant("en", Client())
    english.words = nine_words(english.post("code/", token=token))
    english.come_back()
    assert heading(english.answers()) == "There is no new answer yet"


def test_from_the_page_of_the_code_one_goes_on_without_typing(applicant: Applicant) -> None:
    token = applicant.token()
    applicant.write(token=token)
    applicant.post("open/", token=token, kept="1")
    assert opened(applicant)


def test_the_words_of_somebody_else_open_only_theirs(applicant: Applicant, world: World) -> None:
    applicant.write()
    other = world.write_in("чужое")
    stranger = Applicant("ru", Client(), list(other.codename.words))
    stranger.come_back()
    stranger.press("send", text="от чужой")
    assert Entry.objects.filter(thread=other.thread).count() == 2
    assert Entry.objects.exclude(thread=other.thread).count() == 1


def test_a_row_under_the_tag_that_is_not_the_codenames_is_not_believed(
    applicant: Applicant, world: World
) -> None:
    applicant.write()
    mine = Thread.objects.get()
    planted = world.write_in("подложено").thread
    tag = mine.look_up_tag
    Thread.objects.filter(pk=mine.pk).update(look_up_tag="0" * 32)
    Thread.objects.filter(pk=planted.pk).update(look_up_tag=tag)
    applicant.come_back()
    assert heading(applicant.answers()) == "Эти слова ничего не открыли"


def test_what_is_written_later_is_read_by_people_on_duty(applicant: Applicant, world: World) -> None:
    applicant.write()
    applicant.come_back()
    applicant.press("send", text="и ещё: меня уже ищут")
    entries = thread_entries(reader=world.boris.reader(), thread=Thread.objects.get())
    assert [entry.text for entry in entries] == [TEXT, "и ещё: меня уже ищут"]
    assert notice(applicant.answers()) == "Ваше сообщение у нас"


def test_a_notice_is_told_once(applicant: Applicant) -> None:
    applicant.write()
    applicant.come_back()
    applicant.press("send", text="ещё")
    assert [notice(applicant.answers()), notice(applicant.answers())] == ["Ваше сообщение у нас", ""]


def test_the_same_later_form_posted_twice_is_one_entry(applicant: Applicant) -> None:
    applicant.write()
    applicant.come_back()
    nonce = hidden(applicant.answers(), "nonce")
    for _each in range(2):
        applicant.press("send", text="ещё", nonce=nonce)
    assert Entry.objects.count() == 2


def test_the_same_text_from_two_forms_is_two_entries(applicant: Applicant) -> None:
    applicant.write()
    applicant.come_back()
    for _each in range(2):
        applicant.press("send", text="ещё")
    assert Entry.objects.count() == 3


def test_a_message_begun_before_the_half_hour_ran_out_is_sent_with_the_words(applicant: Applicant) -> None:
    applicant.write()
    applicant.come_back()
    nonce = hidden(applicant.answers(), "nonce")
    applicant.client.cookies.clear()
    response = applicant.press("send", text="долго писал", nonce=nonce)
    assert notice(response) == "Прошло много времени, и страница закрылась"
    assert in_field(response) == "долго писал"
    sent = applicant.post("return/", words=" ".join(applicant.words), text="долго писал", nonce=nonce)
    assert heading(sent) == "Ваше сообщение у нас"
    assert Entry.objects.count() == 2
    assert opened(applicant)


def cookie_at(moment: datetime) -> str:
    response = HttpResponse()
    admit(response, Admission(ENTROPY, Notice.SENT), moment)
    return response.cookies[COOKIE].value


@pytest.mark.parametrize(
    ("after", "good"), [(timedelta(0), True), (LIFE, True), (LIFE + timedelta(seconds=1), False)]
)
def test_the_cookie_is_good_for_half_an_hour(after: timedelta, good: bool) -> None:
    request = RequestFactory(headers={"Cookie": f"{COOKIE}={cookie_at(NOW)}"}).get("/")
    admission = admission_of(request, NOW + after)
    assert (admission.entropy == ENTROPY) is good


def test_asking_again_and_again_does_not_keep_it_for_ever() -> None:
    admission, moment = Admission(ENTROPY), NOW
    while admission.entropy == ENTROPY:
        response = HttpResponse()
        admit(response, admission, moment)
        moment += LIFE
        assert moment <= NOW + LONGEST_LIFE + LIFE
        cookie = f"{COOKIE}={response.cookies[COOKIE].value}"
        admission = admission_of(RequestFactory(headers={"Cookie": cookie}).get("/"), moment)
    assert moment > NOW + LONGEST_LIFE


def test_the_cookie_says_nothing_in_clear() -> None:
    first, second = cookie_at(NOW), cookie_at(NOW)
    assert first != second
    assert repr(ENTROPY)[2:-1] not in repr(Admission(ENTROPY))
