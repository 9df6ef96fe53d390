"""An answer is written by one person and approved by another; nothing else changes the library, and nothing is lost."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from tests.desk.world import World, signed_in
from tropa.atlas.basics import Text
from tropa.counsel.library import Answer, AnswerRefused, State, answer_from, load_library, record_of, wording
from tropa.counsel.library.errors import LibraryError
from tropa.counsel.library.state import Why
from tropa.desk.audit.models import Refusal
from tropa.desk.conf import conf
from tropa.desk.identifiers import new_id
from tropa.desk.library.change_forms import filled
from tropa.desk.library.errors import AlreadyDecided, NothingChanges, OwnProposal, StaleAnswer, WrongAnswer
from tropa.desk.library.finding import found_for
from tropa.desk.library.in_force import judged, library, require_sound
from tropa.desk.library.models import AnswerChange, Decision
from tropa.desk.library.proposing import approve, decline, propose
from tropa.desk.library.stored import forget_stored, stored

ID = "summons-age"
TODAY = date(2026, 11, 22)
WHY = "Сказано яснее."
NEW = "Сначала прочитайте повестку целиком. Потом напишите нам."


@pytest.fixture(autouse=True)
def fresh() -> None:
    forget_stored()


def changed(text: str = NEW, **more: object) -> Answer:
    now = library().answer(ID)
    return replace(now, text=Text(ru=text, en="Read the summons whole first. Then write to us."), **more)


def proposed(world: World, answer: Answer | None = None) -> AnswerChange:
    now = wording(library().answer(ID))
    return propose(reader=world.boris.reader(), answer=answer or changed(), was=now, why=WHY)


def form(client: Client, **more: object) -> dict[str, object]:
    now = library().answer(ID)
    told = {**filled(now, TODAY), "was": wording(now), "why": WHY, "read": "1", "text_ru": NEW}
    told |= {"review_by": (TODAY + timedelta(days=30)).isoformat(), "lawyer": ""}
    return told | more


def test_a_proposal_changes_nothing_until_somebody_else_approved_it(world: World) -> None:
    before = library().answer(ID)
    row = proposed(world)
    assert library().answer(ID) == before
    approve(reader=world.anna.reader(), change_id=row.pk)
    assert library().answer(ID).text.ru == NEW
    assert judged()[ID].state is State.SOUND
    assert len(library().answers) == len(load_library().answers)
    assert found_for("прочитайте повестку целиком")[0] == ID


def test_whoever_proposed_never_approves_in_service_page_or_database(world: World) -> None:
    row = proposed(world)
    with pytest.raises(OwnProposal):
        approve(reader=world.boris.reader(), change_id=row.pk)
    with pytest.raises(OwnProposal):
        decline(reader=world.boris.reader(), change_id=row.pk)
    page = signed_in(world.boris).post(f"/answers/all/changes/{row.pk}/", {"act": "approve"})
    assert page.status_code == 409
    own = {"decision": "approved", "place": 9, "second": world.boris.member, "second_day": row.day}
    with pytest.raises(IntegrityError), transaction.atomic():
        AnswerChange.objects.filter(pk=row.pk).update(**own)
    assert library().answer(ID).text.ru != NEW


def test_a_declined_text_never_counts_and_what_was_decided_stays_decided(world: World) -> None:
    row = proposed(world)
    decline(reader=world.anna.reader(), change_id=row.pk)
    assert library().answer(ID).text.ru != NEW
    with pytest.raises(AlreadyDecided):
        approve(reader=world.anna.reader(), change_id=row.pk)


def test_nobody_overwrites_unseen_what_somebody_else_changed(world: World) -> None:
    first, second = proposed(world), proposed(world, changed("Другое начало. Напишите нам."))
    approve(reader=world.anna.reader(), change_id=first.pk)
    with pytest.raises(StaleAnswer):
        approve(reader=world.anna.reader(), change_id=second.pk)
    with pytest.raises(StaleAnswer):
        propose(reader=world.boris.reader(), answer=changed("Третье."), was="0" * 16, why=WHY)
    assert library().answer(ID).text.ru == NEW


def test_a_text_that_cannot_stand_is_refused_with_every_reason(world: World) -> None:
    now = library().answer(ID)
    for text, part in (
        ("Позвоните Ивану, он знает.", "Ивану"),
        ("Так было у Рябины-12.", "Рябины-12"),
        ("Штраф 123456 рублей.", "123456"),
        (f"{'благонамеренностью ' * 40}.", "15"),
    ):
        with pytest.raises(WrongAnswer) as refused:
            proposed(world, changed(text))
        assert any(part in reason for reason in refused.value.reasons), text
    with pytest.raises(WrongAnswer):
        proposed(world, changed(review_by=now.as_of))
    with pytest.raises(NothingChanges):
        proposed(world, now)
    assert not AnswerChange.objects.exists()


def test_an_approved_text_that_expires_or_is_contradicted_cannot_be_sent(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    approve(reader=world.anna.reader(), change_id=proposed(world).pk)
    assert require_sound(ID).text.ru == NEW
    monkeypatch.setattr("tropa.desk.clock.facts_day", lambda _at=None: date(2028, 1, 1))
    with pytest.raises(AnswerRefused):
        require_sound(ID)


FORGED = {
    "content": lambda row: row.content.replace("целиком", "потом"),
    "answer": lambda _row: "exit-debts",
    "day": lambda row: row.day - timedelta(days=1),
    "number": lambda _row: 7,
    "place": lambda _row: 7,
    "signature": lambda _row: bytes(64),
    "second_signature": lambda _row: bytes(64),
    "second_day": lambda row: row.day - timedelta(days=1),
    "id": lambda _row: new_id(),
}


def test_a_changed_column_takes_a_text_out_and_is_counted(world: World) -> None:
    row = proposed(world)
    approve(reader=world.anna.reader(), change_id=row.pk)
    row.refresh_from_db()
    for column, forge in FORGED.items():
        with transaction.atomic():
            AnswerChange.objects.update(**{column: forge(row)})
            forget_stored()  # as a process that starts now
            assert library().answer(ID).text.ru != NEW, column
            assert Refusal.objects.filter(table="library_answerchange").exists()
            transaction.set_rollback(True)
    forget_stored()
    assert library().answer(ID).text.ru == NEW


def test_an_approval_in_somebodys_name_does_not_count(world: World) -> None:
    row = proposed(world)
    planted = {"decision": "approved", "place": 9, "second": world.anna.member, "second_day": row.day}
    AnswerChange.objects.update(**planted, second_signature=bytes(row.signature))
    forget_stored()
    assert library().answer(ID).text.ru != NEW


def test_a_row_that_is_gone_is_told_and_the_shipped_answer_stands(world: World) -> None:
    first, second = proposed(world), proposed(world, changed("Другое начало. Напишите нам."))
    approve(reader=world.anna.reader(), change_id=first.pk)
    AnswerChange.objects.filter(pk=first.pk).delete()
    assert library().answer(ID) == load_library().answer(ID)
    assert stored().missing == 1
    assert "пропало" in signed_in(world.boris).get("/answers/all/changes/").content.decode()
    assert second.decision == Decision.WAITING


def test_the_last_row_is_missed_too_and_nobody_is_given_what_stood_before_it(world: World) -> None:
    approve(reader=world.anna.reader(), change_id=proposed(world).pk)
    assert (stored().missing, judged()[ID].state) == (0, State.SOUND)
    AnswerChange.objects.all().delete()
    forget_stored()  # as a process that starts now
    assert stored().missing == 1
    assert [reason.why for reason in judged()[ID].reasons] == [Why.TEXT_GONE]
    with pytest.raises(AnswerRefused):
        require_sound(ID)
    assert sum(one.state is not State.SOUND for one in judged().values()) == 1
    client = signed_in(world.boris)
    assert "пропало" in client.get("/answers/all/changes/").content.decode()
    assert "одобрили двое, пропал" in client.get(f"/answers/{ID}/").content.decode()
    approve(reader=world.anna.reader(), change_id=proposed(world).pk)  # two people say anew what holds
    assert require_sound(ID).text.ru == NEW
    assert stored().missing == 1


def test_an_approval_that_is_taken_back_in_the_database_closes_its_answer(world: World) -> None:
    row = proposed(world)
    approve(reader=world.anna.reader(), change_id=row.pk)
    undone = {"decision": "waiting", "place": None, "second": None, "second_day": None}
    AnswerChange.objects.update(**undone, second_signature=None)
    assert judged()[ID].state is State.CONTRADICTED
    approve(reader=world.anna.reader(), change_id=row.pk)
    assert require_sound(ID).text.ru == NEW


def test_what_a_crash_kept_from_the_files_is_written_with_the_next_text(world: World) -> None:
    first = proposed(world)
    for name in ("answers-written", "answers-standing"):
        (conf.pinned / name).unlink(missing_ok=True)
    proposed(world, changed("Другое начало. Напишите нам."))
    AnswerChange.objects.filter(pk=first.pk).delete()
    assert stored().missing == 1


def test_what_is_written_and_read_again_is_the_same_answer() -> None:
    for one in load_library().answers.values():
        assert answer_from(record_of(one), topic=one.topic, said=one.says) == one
    broken = record_of(load_library().answer(ID)) | {"facts": []}
    with pytest.raises(LibraryError):
        answer_from(broken, topic=one.topic, said={})


def test_a_change_goes_through_the_pages_and_is_shown_side_by_side(world: World) -> None:
    client = signed_in(world.boris)
    assert "Записать заново" in client.get(f"/answers/{ID}/change/").content.decode()
    answer = client.post(f"/answers/{ID}/change/", form(client))
    row = AnswerChange.objects.get()
    assert answer.headers["Location"].startswith(f"/answers/all/changes/{row.pk}/")
    assert f"/answers/all/changes/{row.pk}/" in client.get(f"/answers/{ID}/").content.decode()
    page = signed_in(world.anna).get(f"/answers/all/changes/{row.pk}/").content.decode()
    assert "<del>" in page
    assert "<ins>" in page
    assert 'value="approve"' in page
    assert 'value="approve"' not in client.get(f"/answers/all/changes/{row.pk}/").content.decode()
    told = signed_in(world.anna).post(f"/answers/all/changes/{row.pk}/", {"act": "approve"})
    assert told.status_code == 302
    assert NEW in client.get(f"/answers/{ID}/").content.decode()
    assert WHY in client.get("/answers/all/changes/").content.decode()


def test_bad_input_stores_nothing_and_keeps_what_was_written(world: World) -> None:
    client = signed_in(world.boris)
    for more in (
        {"read": ""},
        {"facts": "NO-SUCH-FACT"},
        {"facts": ""},
        {"text_ru": "🙂" * 20},
        {"text_en": "По-русски."},
        {"text_ru": "я" * 5_000},
        {"review_by": "2020-01-01"},
        {"review_by": "2099-01-01"},
        {"topic": "weather"},
        {"owner": "nobody"},
        {"why": ""},
        {"text_ru": "Спросите Ивана."},
        {"was": "0" * 16},
    ):
        answer = client.post(f"/answers/{ID}/change/", form(client, **more))
        assert answer.status_code in {409, 422}, more
    assert (
        "Спросите Ивана."
        in client.post(f"/answers/{ID}/change/", form(client, text_ru="Спросите Ивана.")).content.decode()
    )
    assert not AnswerChange.objects.exists()
    assert client.get("/answers/nothing-such/change/").status_code == 404


def test_facts_are_looked_for_by_words_and_what_was_written_stays(world: World) -> None:
    client = signed_in(world.boris)
    own = library().answer(ID).facts
    told = form(client, act="seek", seek="Грузия въезд", text_ru="Половина текста", why="", read="")
    page = client.post(f"/answers/{ID}/change/", told).content.decode()
    assert "Половина текста" in page
    assert 'class="error' not in page
    ticked = re.findall(r'name="facts" value="([^"]+)" checked', page)
    assert ticked == list(own)
    offered = re.findall(r'name="facts" value="([^"]+)">', page)
    assert "entry-GE" in offered
    assert not set(offered) & set(own)
    assert len(offered) <= 12
    assert page.count("проверить до") >= len(ticked) + len(offered)
    assert not AnswerChange.objects.exists()
    # ticked, it is kept while somebody looks on, and stands in what is proposed
    told |= {"facts": [*own, "entry-GE"], "seek": "нет такого слова", "read": "1"}
    page = client.post(f"/answers/{ID}/change/", told).content.decode()
    assert re.findall(r'name="facts" value="([^"]+)" checked', page) == [*own, "entry-GE"]
    assert "Ни один" in page
    assert re.search(r'name="read"[^>]*checked', page) is None  # read beside these facts, not beside those
    told |= {"act": "propose", "text_ru": NEW, "why": WHY, "read": "1"}
    assert client.post(f"/answers/{ID}/change/", told).status_code == 302
    assert stored().changes[0].answer.facts == (*own, "entry-GE")


@pytest.mark.parametrize("sought", ["", "  ", "я" * 5_000, "<b>&", "🙂", "\x00", "entry-GE"])
def test_whatever_is_sought_in_a_new_answer_loses_nothing(world: World, sought: str) -> None:
    told = {"act": "seek", "seek": sought, "text_en": "Half a text", "facts": "no-such-fact entry-AM"}
    page = signed_in(world.boris).post("/answers/all/new/", told)
    assert page.status_code == 200
    assert "Half a text" in page.content.decode()
    assert 'value="entry-AM" checked' in page.content.decode()
    assert ('value="entry-GE">' in page.content.decode()) is (sought == "entry-GE")


def test_an_answer_given_to_many_becomes_a_proposal_for_the_library(world: World) -> None:
    client = signed_in(world.boris)
    page = client.post("/answers/all/new/", {"given": NEW}).content.decode()
    assert NEW in page
    now = library().answer(ID)
    told = form(client, was="", title_ru="Что делать с повесткой?", title_en="What to do with a summons?")
    assert client.post("/answers/all/new/", told).status_code == 302
    row = AnswerChange.objects.get()
    assert row.answer not in library().answers
    approve(reader=world.anna.reader(), change_id=row.pk)
    assert library().answer(row.answer).text.ru == NEW
    assert library().answer(ID) == now


def test_who_may_not_see_the_desk_sees_no_proposal(world: World) -> None:
    row = proposed(world)
    assert Client().get(f"/answers/all/changes/{row.pk}/").status_code == 302
    assert signed_in(world.boris, unlocked=False).get("/answers/all/changes/").status_code == 302
    assert signed_in(world.boris).get(f"/answers/all/changes/{new_id()}/").status_code == 404
