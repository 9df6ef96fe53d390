"""An answer of the library in a reply: put into the draft, sealed with what is sent, refused when it has expired."""

from datetime import date

import pytest

from tests.desk.world import World, signed_in
from tropa.desk.library.counting import Counts, counts
from tropa.desk.talk.body import EntryBody, decode, encode
from tropa.desk.talk.models import Entry
from tropa.desk.talk.queries import thread_entries

ASKED = "вызвали в военкомат, а мне скоро тридцать, призовут ли"
ANSWER = "summons-age"


@pytest.fixture
def after_the_reviews(monkeypatch):
    monkeypatch.setattr("tropa.desk.clock.facts_day", lambda _at=None: date(2027, 3, 1))


def test_what_the_person_wrote_last_finds_answers_and_one_is_put_after_the_draft(world: World) -> None:
    written, _case = world.taken(ASKED)
    client, address = signed_in(world.boris), f"/threads/{written.thread.pk}/library/"
    page = client.post(address, {"text": "Здравствуйте.", "asked": ""}).content.decode()
    assert f"{ANSWER}:ru" in page
    page = client.post(address, {"text": "Здравствуйте.", "put": f"{ANSWER}:ru"}).content.decode()
    draft = page.partition('id="draft"')[2].partition("</textarea>")[0]
    assert draft.partition(">")[2].startswith("Здравствуйте.\n\nНа срочную службу призывают")
    assert "22 ноября 2026" in draft
    assert f'name="used" value="{ANSWER}" checked' in page
    assert written.thread.entries.count() == 1  # nothing was stored


def test_the_reply_keeps_which_answer_it_is_made_of_sealed_and_counts_it(world: World) -> None:
    written, _case = world.taken(ASKED)
    client = signed_in(world.boris)
    form = {"text": "До тридцатилетия.", "act": "reply", "token": "a" * 32, "used": [ANSWER]}
    assert client.post(f"/threads/{written.thread.pk}/answer/", form).status_code == 302
    last = thread_entries(reader=world.boris.reader(), thread=written.thread)[-1]
    assert last.answers == (ANSWER,)
    assert counts() == {ANSWER: Counts(sent=1)}
    assert ANSWER.encode() not in bytes(Entry.objects.get(pk=last.id).sealed)
    assert f"/answers/{ANSWER}/" in client.get(f"/threads/{written.thread.pk}/").content.decode()


def test_an_answer_that_expired_meanwhile_is_neither_put_in_nor_sent(
    world: World, after_the_reviews: None
) -> None:
    written, _case = world.taken(ASKED)
    client = signed_in(world.boris)
    put = client.post(f"/threads/{written.thread.pk}/library/", {"text": "Моё.", "put": f"{ANSWER}:ru"})
    assert put.status_code == 409
    assert "LR-01" in put.content.decode()
    form = {"text": "До тридцатилетия.", "act": "reply", "token": "b" * 32, "used": [ANSWER]}
    sent = client.post(f"/threads/{written.thread.pk}/answer/", form)
    assert sent.status_code == 409
    assert "До тридцатилетия." in sent.content.decode()
    assert written.thread.entries.count() == 1
    assert counts() == {}


def test_in_ones_own_words_the_same_text_may_go(world: World, after_the_reviews: None) -> None:
    written, _case = world.taken(ASKED)
    form = {"text": "Спрошу и напишу.", "act": "reply", "token": "c" * 32}
    assert signed_in(world.boris).post(f"/threads/{written.thread.pk}/answer/", form).status_code == 302


def test_a_reply_names_no_answer_that_is_none(world: World) -> None:
    written, _case = world.taken(ASKED)
    form = {"text": "Текст.", "act": "reply", "token": "d" * 32, "used": ["nothing-such"]}
    assert signed_in(world.boris).post(f"/threads/{written.thread.pk}/answer/", form).status_code == 400


@pytest.mark.parametrize("who", ["vera", "stranger"])
def test_without_a_grant_nothing_of_the_thread_comes_back(world: World, who: str) -> None:
    written, _case = world.taken("КАНАРЕЙКА, призовут ли")
    address = f"/threads/{written.thread.pk}/library/"
    answer = signed_in(getattr(world, who)).post(address, {"text": "", "asked": ""})
    assert answer.status_code == 403
    assert "КАНАРЕЙКА" not in answer.content.decode()


def test_a_body_without_answers_is_written_as_before(world: World) -> None:
    body = EntryBody(text="x", at=world.now)
    assert b"answers" not in encode(body)
    assert decode(encode(EntryBody(text="x", at=world.now, answers=(ANSWER,)))).answers == (ANSWER,)
