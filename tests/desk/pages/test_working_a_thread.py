"""The volunteer's path over real pages: inbox, taking, answering, the card; what is refused comes back whole."""

from __future__ import annotations

from django.test import Client

from tests.desk.world import World, signed_in
from tropa.desk.cases.models import TriageCard, Urgency
from tropa.desk.talk.body import LONGEST_TEXT
from tropa.desk.talk.models import EntryKind

TOKEN = "0123456789abcdef0123456789abcdef"


def _answer(client: Client, thread: str, text: str, *, act: str = "reply", token: str = TOKEN):  # type: ignore[no-untyped-def]
    return client.post(f"/threads/{thread}/answer/", {"text": text, "act": act, "token": token}, follow=True)


def test_danger_stands_first_in_the_inbox_under_its_own_heading(world: World) -> None:
    world.write_in("можно ли подождать до весны", urgency=Urgency.INFO)
    world.write_in("увозят сегодня", urgency=Urgency.NOW)
    page = signed_in(world.boris).get("/inbox/").content.decode()
    assert "Сейчас: опасность для человека" in page
    assert page.index("увозят сегодня") < page.index("можно ли подождать")


def test_the_inbox_speaks_english_when_asked(world: World) -> None:
    world.write_in("увозят сегодня", urgency=Urgency.NOW)
    client = signed_in(world.boris)
    client.post("/language/", {"language": "en", "next": "/inbox/"})
    page = client.get("/inbox/").content.decode()
    assert "Now: danger to a person" in page
    assert 'lang="en"' in page


def test_the_language_switch_leads_to_our_own_pages_only(world: World) -> None:
    response = Client().post("/language/", {"language": "en", "next": "https://elsewhere.example/"})
    assert response["Location"] == "/"


def test_taking_a_thread_says_who_leads_it_and_ends_the_shifts_access(world: World) -> None:
    written = world.write_in("Пришла повестка на третье")
    page = signed_in(world.boris).post(f"/threads/{written.thread.pk}/take/", follow=True).content.decode()
    assert "ведёт Борис" in page
    assert signed_in(world.vera).get(f"/threads/{written.thread.pk}/").status_code == 403


def test_the_second_to_take_is_told_who_was_quicker_and_loses_nothing(world: World) -> None:
    written, _case = world.taken("Пришла повестка")
    response = signed_in(world.vera).post(f"/threads/{written.thread.pk}/take/")
    assert response.status_code in {403, 409}
    assert world.boris.member.pseudonym in response.content.decode()


def test_an_answer_posted_twice_is_one_entry(world: World) -> None:
    written, _case = world.taken()
    client = signed_in(world.boris)
    for _ in range(2):
        assert _answer(client, written.thread.pk, "Сначала успокойтесь.").status_code == 200
    assert written.thread.entries.filter(kind=EntryKind.REPLY).count() == 1


def test_a_note_posted_twice_is_one_entry(world: World) -> None:
    written, _case = world.taken()
    client = signed_in(world.boris)
    for _ in range(2):
        _answer(client, written.thread.pk, "Проверить даты.", act="note")
    assert written.thread.entries.filter(kind=EntryKind.NOTE).count() == 1


def test_an_over_long_answer_comes_back_in_full(world: World) -> None:
    written, _case = world.taken()
    text = "ж" * (LONGEST_TEXT + 1)
    response = _answer(signed_in(world.boris), written.thread.pk, text)
    assert response.status_code == 400
    assert text in response.content.decode()
    assert not written.thread.entries.filter(kind=EntryKind.REPLY).exists()


def test_an_empty_answer_is_not_sent(world: World) -> None:
    written, _case = world.taken()
    assert _answer(signed_in(world.boris), written.thread.pk, "   ").status_code == 400
    assert not written.thread.entries.filter(kind=EntryKind.REPLY).exists()


def test_a_draft_waits_for_its_author_and_is_gone_once_sent(world: World) -> None:
    written, _case = world.taken()
    client = signed_in(world.boris)
    assert (
        "наполовину написано"
        in _answer(client, written.thread.pk, "наполовину написано", act="draft").content.decode()
    )
    page = _answer(client, written.thread.pk, "написано целиком").content.decode()
    assert "наполовину" not in page


def test_an_answer_before_taking_is_refused_and_kept(world: World) -> None:
    written = world.write_in("Помогите")
    response = _answer(signed_in(world.boris), written.thread.pk, "Мы вас прочитали")
    assert response.status_code == 409


def test_what_a_person_wrote_is_text_and_never_markup(world: World) -> None:
    written, _case = world.taken("<script>alert(1)</script><img src=x>")
    page = signed_in(world.boris).get(f"/threads/{written.thread.pk}/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_card_gives_urgency_and_lane_with_their_reasons(world: World) -> None:
    _written, case = world.taken()
    client = signed_in(world.boris)
    answers = {
        "danger": "yes",
        "situation": "pit-or-cellar",
        "wishes": ["leave", "record-abuse"],
        "version": "0",
    }
    page = client.post(f"/cases/{case.pk}/card/", answers, follow=True).content.decode()
    assert "Карточка сохранена" in page
    case.refresh_from_db()
    assert case.urgency == Urgency.NOW
    assert "есть угроза жизни или здоровью" in client.get(f"/cases/{case.pk}/card/").content.decode()


def test_a_card_saved_by_two_is_never_overwritten_unseen(world: World) -> None:
    _written, case = world.taken()
    boris, anna = signed_in(world.boris), signed_in(world.anna)
    boris.post(f"/cases/{case.pk}/card/", {"danger": "yes", "version": "0"})
    late = anna.post(f"/cases/{case.pk}/card/", {"danger": "no", "wishes": "settle", "version": "0"})
    assert late.status_code == 409
    assert "её изменил кто-то ещё" in late.content.decode()
    assert 'value="settle" checked' in late.content.decode()


def test_an_empty_card_does_not_lower_what_the_person_said_about_urgency(world: World) -> None:
    written = world.write_in("увозят сегодня", urgency=Urgency.NOW)
    client = signed_in(world.boris)
    client.post(f"/threads/{written.thread.pk}/take/")
    written.thread.refresh_from_db()
    client.post(f"/cases/{written.thread.case_id}/card/", {"version": "0"})
    written.thread.refresh_from_db()
    assert written.thread.urgency == Urgency.NOW


def test_somebody_else_looking_at_the_thread_is_said(world: World) -> None:
    written = world.write_in("Помогите")
    signed_in(world.boris).get(f"/threads/{written.thread.pk}/")
    page = signed_in(world.vera).get(f"/threads/{written.thread.pk}/").content.decode()
    assert "Эту переписку сейчас смотрит Борис" in page


def test_a_damaged_card_is_said_and_may_be_filled_in_anew(world: World) -> None:
    _written, case = world.taken()
    client = signed_in(world.boris)
    client.post(f"/cases/{case.pk}/card/", {"danger": "no", "version": "0"})
    TriageCard.objects.filter(case=case).update(wrapped=b"spoilt", sealed=b"spoilt")
    page = client.get(f"/cases/{case.pk}/card/").content.decode()
    assert "не открывается" in page
    assert 'name="version" value="1"' in page
    client.post(f"/cases/{case.pk}/card/", {"danger": "yes", "version": "1"})
    assert "не открывается" not in client.get(f"/cases/{case.pk}/card/").content.decode()
