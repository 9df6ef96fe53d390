"""What a card leaves open becomes a draft to the person; a colleague named in a note finds it on Today."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from tests.desk.world import World, signed_in
from tropa.desk.cases.asking import ASKED, asking_text, missing_questions
from tropa.desk.cases.card import SEVERAL, SINGLE, Card, Danger, Deadline
from tropa.desk.cases.services import save_card
from tropa.desk.talk.mentions import mentioned_in, mentions
from tropa.desk.talk.models import Draft, Entry, EntryKind, Mention
from tropa.desk.talk.services import note
from tropa.desk.vault.services import revoke_case


def test_every_question_of_the_card_can_be_asked() -> None:
    assert set(ASKED) == set(SINGLE) | set(SEVERAL)
    assert missing_questions(Card()) == list(ASKED)


def test_what_is_answered_is_not_asked_and_danger_stands_first() -> None:
    assert missing_questions(Card())[0] == "danger"
    card = Card(danger=Danger.NO, deadline=Deadline.TODAY)
    assert not {"danger", "deadline"} & set(missing_questions(card))


@pytest.mark.parametrize(
    ("language", "words"), [("ru", "Угрожает ли"), ("en", "Is anybody's life"), ("de", "Угрожает ли")]
)
def test_they_are_asked_in_their_own_language_whatever_the_page_speaks(language: str, words: str) -> None:
    for page in ("ru", "en"):
        with override(page):
            text = asking_text(Card(), language=language)
        assert f"1. {words}" in text
        assert text.count("\n") == len(ASKED) + 1


def test_the_draft_is_filled_and_nothing_is_sent(world: World) -> None:
    written, case = world.taken("Please help my brother")
    client, address = signed_in(world.boris), f"/threads/{written.thread.pk}/"
    assert f"{address}ask-missing/" in client.get(address).content.decode()
    save_card(reader=world.boris.reader(), case=case, card=Card(danger=Danger.NO), version=0)
    page = client.post(f"{address}ask-missing/", {"text": "Здравствуйте."}).content.decode()
    assert "Здравствуйте.\n\nЧтобы помочь вам точнее" in page
    assert "Угрожает ли" not in page
    assert not Draft.objects.exists()
    assert not Entry.objects.filter(kind=EntryKind.REPLY).exists()


def test_an_untaken_thread_has_no_card_to_ask_from(world: World) -> None:
    written = world.write_in()
    assert signed_in(world.boris).post(f"/threads/{written.thread.pk}/ask-missing/").status_code == 404


def test_who_is_named_finds_the_note_until_they_open_the_thread(world: World) -> None:
    written, _case = world.taken()
    note(
        reader=world.boris.reader(), thread=written.thread, text="@Анна, посмотри срок; @Вера не держит дело"
    )
    assert [one.member_id for one in Mention.objects.all()] == [world.anna.member.pk]
    anna = signed_in(world.anna)
    assert "Вас упоминает Борис" in anna.get("/").content.decode()
    assert "упоминает" not in signed_in(world.boris).get("/").content.decode()
    anna.get(f"/threads/{written.thread.pk}/")
    assert "Вас упоминает" not in anna.get("/").content.decode()
    assert not Mention.objects.exists()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("@Анна", True),
        ("спроси @анна.", True),
        ("@Аннабель", False),
        ("Анна", False),
        ("@Анна-2", False),
        ("mail@", False),
    ],
)
def test_a_name_is_named_whole_and_behind_its_sign(world: World, text: str, named: bool) -> None:
    _written, case = world.taken()
    found = mentioned_in(text, case=case, reader=world.boris.reader())
    assert [one.pk for one in found] == ([world.anna.member.pk] if named else [])


def test_nobody_is_told_of_a_case_they_no_longer_hold(world: World) -> None:
    written, case = world.taken()
    note(reader=world.boris.reader(), thread=written.thread, text="@Анна")
    assert len(mentions(reader=world.anna.reader())) == 1
    revoke_case(reader=world.boris.reader(), case=case, member=world.anna.member)
    assert mentions(reader=world.anna.reader()) == []


def test_a_note_sent_twice_mentions_once(world: World) -> None:
    written, _case = world.taken()
    for _ in range(2):
        note(reader=world.boris.reader(), thread=written.thread, text="@Анна", dedupe_tag="d" * 32)
    assert Mention.objects.count() == 1
