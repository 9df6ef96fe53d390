""" "I am safe", "I need to talk now", and erasing: sealed, done once, and never to somebody else's thread."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.desk.world import World
from tests.drop.applicant import Applicant, heading, hidden, notice, text_of
from tropa.desk.cases.models import Case, Urgency
from tropa.desk.talk.models import Entry, EntryKind, Thread
from tropa.desk.talk.queries import thread_entries
from tropa.desk.talk.services import take


@pytest.fixture
def visitor(applicant: Applicant) -> Applicant:
    """Somebody who wrote and came back."""
    applicant.write()
    applicant.come_back()
    return applicant


@pytest.mark.parametrize(
    ("act", "kind", "said"),
    [
        ("safe", EntryKind.SAFE, "Спасибо. Мы знаем, что вы в безопасности"),
        ("talk_now", EntryKind.TALK_NOW, "Мы видим, что нужен разговор"),
    ],
)
def test_a_quick_message_is_a_sealed_entry_of_its_kind(
    visitor: Applicant, world: World, act: str, kind: EntryKind, said: str
) -> None:
    visitor.press(act)
    assert notice(visitor.answers()) == said
    entries = thread_entries(reader=world.boris.reader(), thread=Thread.objects.get())
    assert [entry.kind for entry in entries] == [EntryKind.APPLICANT, kind]


def test_needing_to_talk_makes_the_thread_urgent(visitor: Applicant) -> None:
    visitor.press("talk_now")
    thread = Thread.objects.get()
    assert (thread.urgency, thread.waiting) == (Urgency.NOW, True)


@pytest.mark.parametrize("act", ["safe", "talk_now"])
def test_a_button_pressed_twice_on_one_page_is_one_entry(visitor: Applicant, act: str) -> None:
    nonce = hidden(visitor.answers(), "nonce")
    for _each in range(2):
        visitor.press(act, nonce=nonce)
    assert Entry.objects.count() == 2


def test_a_button_pressed_without_a_nonce_is_never_swallowed(visitor: Applicant) -> None:
    for _each in range(2):
        visitor.press("talk_now", nonce="")
    assert Entry.objects.count() == 3


def test_both_buttons_of_one_page_are_two_entries(visitor: Applicant) -> None:
    nonce = hidden(visitor.answers(), "nonce")
    visitor.press("safe", nonce=nonce)
    visitor.press("talk_now", nonce=nonce)
    assert Entry.objects.count() == 3


def test_one_message_is_erased_for_the_desk_too(visitor: Applicant) -> None:
    visitor.press("erase_one", id=Entry.objects.get().pk)
    assert Entry.objects.count() == 0
    assert notice(visitor.answers()) == "Сообщение стёрто"


def test_erasing_everything_leaves_no_thread_case_or_cookie(visitor: Applicant, world: World) -> None:
    take(reader=world.boris.reader(), thread=Thread.objects.get())
    visitor.press("erase_all")
    assert (Thread.objects.count(), Entry.objects.count(), Case.objects.count()) == (0, 0, 0)
    assert heading(visitor.answers()) == "Всё стёрто"
    assert heading(visitor.answers()) == "Эти слова ничего не открыли"


@pytest.mark.parametrize(
    "act", ["erase_one", "read", "keep", "let_go", "step_done", "step_failed", "step_read", "step_keep"]
)
def test_ids_of_somebody_elses_thread_do_nothing(visitor: Applicant, world: World, act: str) -> None:
    other = world.write_in("чужое")
    visitor.press(act, id=other.entry.pk)
    untouched = Entry.objects.get(pk=other.entry.pk)
    assert (bytes(untouched.sealed), untouched.kept) == (bytes(other.entry.sealed), False)


@pytest.mark.parametrize("act", ["safe", "talk_now", "erase_all", "send"])
def test_a_stranger_without_words_changes_nothing(visitor: Applicant, act: str) -> None:
    stranger = Applicant("ru", Client())
    stranger.press(act, nonce="", text="чужой текст", id=Entry.objects.get().pk)
    assert Entry.objects.count() == 1


def test_when_a_button_cannot_be_stored_the_page_says_so(visitor: Applicant) -> None:
    from tropa.desk.vault.models import DutyEpoch

    DutyEpoch.objects.update(signature=b"planted")
    visitor.press("talk_now")
    assert notice(visitor.answers()) == "Мы не смогли это сохранить"


def test_erasing_everything_is_asked_about_first(visitor: Applicant) -> None:
    page = text_of(visitor.answers())
    assert 'href="#sure"' in page
    assert page.index('id="sure"') < page.index('value="erase_all"')
