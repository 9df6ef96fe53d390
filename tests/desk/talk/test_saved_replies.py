"""A team's texts go into a draft with their variables filled in, by the gender of whoever answers; people are «вы»."""

from __future__ import annotations

import re
from datetime import date

import pytest

from tests.desk.world import World, signed_in
from tropa.desk.staff.models import Gender, Member
from tropa.desk.talk.errors import BadReplyText, ReplyChanged
from tropa.desk.talk.models import Draft, Entry, EntryKind, SavedReply
from tropa.desk.talk.saved_replies import (
    Filling,
    check_text,
    filled,
    remove_reply,
    save_reply,
    saved_replies,
)

TEXT = (
    "Здравствуйте. Я {прочитал|прочитала} ваше сообщение {date}. Вы правильно сделали, что написали. {name}"
)


def filling(gender: Gender) -> Filling:
    return Filling(name="Рябина", gender=gender, day=date(2026, 11, 22), hours=24, date_words="22 ноября")


@pytest.mark.parametrize(
    ("gender", "form"),
    [(Gender.MASCULINE, "прочитал"), (Gender.FEMININE, "прочитала"), (Gender.NEUTER, "прочитало")],
)
def test_the_volunteer_speaks_of_themselves_in_their_own_gender(gender: Gender, form: str) -> None:
    assert filled("Я {прочитал|прочитала|прочитало}.", filling(gender)) == f"Я {form}."
    assert "{" not in filled(TEXT, filling(gender))


def test_without_a_neuter_form_the_masculine_one_stands() -> None:
    assert filled("{готов|готова}", filling(Gender.NEUTER)) == "готов"


def test_variables_are_filled_in() -> None:
    said = filled("{name}: {date}, {hours} ч", filling(Gender.FEMININE))
    assert said == "Рябина: 22 ноября, 24 ч"


@pytest.mark.parametrize(
    ("text", "what", "place"),
    [
        ("{nobody} знает", "variable", "nobody"),
        ("{a|b|c|d}", "variable", "a|b|c|d"),
        ("скобка {name", "braces", ""),
        ("", "length", ""),
        ("д" * 4001, "length", ""),
        ("Хорошо, что вы написал", "agreement", "вы написал"),
        ("Вы уже получила повестку?", "agreement", "Вы уже получила"),
        ("вы не явился", "agreement", "вы не явился"),
    ],
)
def test_what_cannot_be_right_is_not_kept_and_says_where(text: str, what: str, place: str) -> None:
    with pytest.raises(BadReplyText) as refused:
        check_text(text)
    assert (refused.value.what, refused.value.place) == (what, place)


@pytest.mark.parametrize("text", ["Вы написали вовремя.", "Вы не пришли.", "Вы молодец.", TEXT])
def test_what_agrees_is_kept(text: str) -> None:
    check_text(text)


def test_a_text_belongs_to_its_team_and_lies_sealed(world: World) -> None:
    saved = save_reply(reader=world.boris.reader(), reply_id="", title=" Прочитано ", text=TEXT, version=0)
    assert saved_replies(reader=world.anna.reader()) == [saved], "Anna is on his team"
    assert saved_replies(reader=world.vera.reader()) == []
    assert "прочитал".encode() not in bytes(SavedReply.objects.get().sealed)
    remove_reply(reader=world.vera.reader(), reply_id=saved.id)
    with pytest.raises(ReplyChanged):
        save_reply(reader=world.vera.reader(), reply_id=saved.id, title="чужое", text="чужое", version=1)
    SavedReply.objects.update(team=world.vera.member.team)
    assert saved_replies(reader=world.vera.reader()) == [], "moved to another team it does not open"


def test_of_two_who_change_one_text_the_second_is_told(world: World) -> None:
    first = save_reply(reader=world.boris.reader(), reply_id="", title="одно", text="первое", version=0)
    kept = save_reply(reader=world.anna.reader(), reply_id=first.id, title="одно", text="от Анны", version=1)
    with pytest.raises(ReplyChanged):
        save_reply(reader=world.boris.reader(), reply_id=first.id, title="одно", text="от Бориса", version=1)
    assert saved_replies(reader=world.boris.reader()) == [kept]
    SavedReply.objects.update(version=1)
    assert saved_replies(reader=world.boris.reader()) == [], "an older version put back does not open"


def test_it_is_put_into_the_draft_and_sent_by_nobody(world: World) -> None:
    written, _case = world.taken()
    Member.objects.filter(pk=world.boris.member.pk).update(gender=Gender.MASCULINE)
    client, address = signed_in(world.boris), f"/threads/{written.thread.pk}/"
    posted = {"reply": "", "version": "0", "title": "Прочитано", "text": TEXT}
    assert "said=reply-kept" in client.post("/replies/", posted)["Location"]
    saved = SavedReply.objects.get()
    assert f'value="{saved.pk}"' in client.get(address).content.decode()
    page = client.post(f"{address}saved/", {"text": "Начало.", "reply": saved.pk}).content.decode()
    assert "Начало.\n\nЗдравствуйте. Я прочитал ваше сообщение" in page
    assert not Draft.objects.exists()
    assert not Entry.objects.filter(kind=EntryKind.REPLY).exists()
    gone = client.post(f"{address}saved/", {"text": "Начало.", "reply": "0" * 32})
    assert gone.status_code == 409
    assert "Начало." in gone.content.decode()


def test_the_page_says_what_is_wrong_and_keeps_what_was_typed(world: World) -> None:
    client = signed_in(world.boris)
    posted = {"reply": "", "version": "0", "title": "Ошибка", "text": "Вы писал вчера"}
    refused = client.post("/replies/", posted)
    page = refused.content.decode()
    assert refused.status_code == 409
    assert page.count("Вы писал") >= 2
    assert "на «вы»" in page
    assert not SavedReply.objects.exists()
    client.post("/replies/", posted | {"text": "Вы писали вчера"})
    saved = SavedReply.objects.get()
    assert "Вы писали вчера" in client.get(f"/replies/?change={saved.pk}").content.decode()
    assert client.get("/replies/?change=nothing").status_code == 404
    said = client.post(f"/replies/{saved.pk}/remove/").content.decode()
    assert not SavedReply.objects.exists()
    undone = said.partition('role="status"')[2].partition("</form>")[0]
    back = dict(re.findall(r'<input type="hidden" name="((?!csrf)[a-z]+)" value="([^"]*)">', undone))
    assert back == {"title": "Ошибка", "text": "Вы писали вчера"}
    client.post("/replies/", back)
    assert [one.text for one in saved_replies(reader=world.boris.reader())] == ["Вы писали вчера"]
    assert client.get(f"/replies/{saved.pk}/remove/")["Location"] == "/replies/"
    assert "Отменить" not in client.post(f"/replies/{saved.pk}/remove/").content.decode()
