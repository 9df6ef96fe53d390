"""A volunteer asks short questions beside a case; answers stay in the form until they are kept, sealed."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import cache

import pytest
from django.db import connection
from django.test import Client

from tests.desk.world import World, signed_in
from tropa.atlas import SHIPPED_PACK, Atlas, load_pack
from tropa.counsel.interview import Law, interview, read_answers, read_book
from tropa.desk import clock, interview_form
from tropa.desk.cases.card import (
    AskingFor,
    Ban,
    Card,
    Danger,
    Deadline,
    PaperInHand,
    Situation,
    Whereabouts,
    Wish,
)
from tropa.desk.cases.from_interview import answers_of, filled
from tropa.desk.cases.models import Case
from tropa.desk.cases.services import open_card, save_card
from tropa.desk.talk.models import Entry

DAY = date(2026, 11, 22)
WAS = [
    "who:self",
    "service:civilian",
    "told-of-ban:yes",
    "told-day:2026-11-20",
    "passports:fp10",
    "place:russia",
]


@cache
def _confirmed() -> Atlas:
    return load_pack(SHIPPED_PACK, reviewed_as_of=DAY)


@pytest.fixture(autouse=True)
def example_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interview_form.facts, "atlas", _confirmed)
    monkeypatch.setattr(clock, "conf", replace(clock.conf, as_of=DAY))


def page_of(case: Case) -> str:
    return f"/cases/{case.pk}/interview/"


def text_of(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined]


def test_a_holder_asks_and_nothing_is_stored_before_it_is_kept(world: World) -> None:
    _written, case = world.taken()
    boris = signed_in(world.boris)
    entries = Entry.objects.count()
    page = text_of(boris.get(page_of(case)))
    assert 'name="asked"' in page
    page = text_of(boris.post(page_of(case), {"was": WAS}))
    assert "25\u00a0ноября 2026" in page or "25\u00a0November 2026" in page
    assert Entry.objects.count() == entries
    assert open_card(reader=world.boris.reader(), case=case) == (Card(), 0)


@pytest.mark.parametrize("who", ["vera", "stranger"])
def test_nobody_else_sees_that_there_is_such_a_case(world: World, who: str) -> None:
    _written, case = world.taken()
    other = signed_in(getattr(world, who))
    assert other.get(page_of(case)).status_code == 404
    assert other.post(page_of(case), {"was": WAS, "keep": "1"}).status_code == 404
    assert Client().get(page_of(case), secure=True).status_code in (302, 404)


def test_what_is_kept_is_a_sealed_note_and_the_card(world: World) -> None:
    written, case = world.taken()
    boris = signed_in(world.boris)
    kept = boris.post(page_of(case), {"was": WAS, "keep": "1"})
    assert (kept.status_code, "said=card" in kept["Location"]) == (302, True)
    card, version = open_card(reader=world.boris.reader(), case=case)
    assert version == 1
    assert (card.asking_for, card.whereabouts, card.bans) == (
        AskingFor.SELF,
        Whereabouts.RUSSIA,
        frozenset({Ban.EXIT_BAN}),
    )
    assert (card.papers, card.deadline) == (frozenset({PaperInHand.FOREIGN_10}), Deadline.THREE_DAYS)
    thread = text_of(boris.get(f"/threads/{written.thread.pk}/"))
    assert re.search("загранпаспорт надо сдать|foreign passport must be handed in", thread)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM talk_entry")
        stored = b"".join(
            bytes(value) for row in cursor for value in row if isinstance(value, (bytes, memoryview))
        )
    assert "загранпаспорт".encode() not in stored
    assert b"passport" not in stored


def test_what_the_volunteer_put_on_the_card_stays(world: World) -> None:
    _written, case = world.taken()
    mine = Card(danger=Danger.YES, situation=Situation.COMMISSION, whereabouts=Whereabouts.FRONT)
    save_card(reader=world.boris.reader(), case=case, card=mine, version=0)
    signed_in(world.boris).post(page_of(case), {"was": WAS, "keep": "1"})
    card, _version = open_card(reader=world.boris.reader(), case=case)
    assert (card.danger, card.situation, card.whereabouts) == (
        Danger.YES,
        Situation.COMMISSION,
        Whereabouts.FRONT,
    )


def test_what_the_card_says_is_not_asked_again(world: World) -> None:
    _written, case = world.taken()
    card = Card(
        asking_for=AskingFor.RELATIVE, situation=Situation.MOBILISED, papers=frozenset({PaperInHand.NONE})
    )
    save_card(reader=world.boris.reader(), case=case, card=card, version=0)
    page = text_of(signed_in(world.boris).get(page_of(case)))
    assert {"who:other", "service:mobilised", "passports:none"} <= set(
        re.findall(r'name="was" value="([^"]*)"', page)
    )


def test_an_answer_that_cannot_be_is_asked_again(world: World) -> None:
    _written, case = world.taken()
    page = text_of(signed_in(world.boris).post(page_of(case), {"was": WAS, "asked": "age", "answer": "old"}))
    assert 'aria-invalid="true"' in page
    assert 'name="asked" value="age"' in page


@pytest.fixture(scope="module")
def law() -> Law:
    return Law(read_book(), _confirmed())


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([("service", "contract")], Card(situation=Situation.CONTRACT)),
        ([("service", "contract"), ("absent", "yes")], Card(situation=Situation.ABSENT)),
        ([("summons", "check")], Card(situation=Situation.SUMMONS)),
        ([("summons", "notice")], Card(situation=Situation.NO_SUMMONS)),
        ([("about", "options")], Card(wishes=frozenset({Wish.DEFERRAL}))),
        ([("bars", "debts,wanted")], Card(bans=frozenset({Ban.DEBTS, Ban.WANTED}))),
        ([("bars", "none"), ("told-of-ban", "no")], Card(bans=frozenset({Ban.NONE}))),
        ([("bars", "none"), ("told-of-ban", "unknown")], Card()),
        ([("who", "other"), ("place", "abroad"), ("passports", "unknown")], Card()),
        ([("passports", "none")], Card(papers=frozenset({PaperInHand.NONE}))),
        (
            [("summons", "check"), ("reporting-day", "2026-11-22")],
            Card(situation=Situation.SUMMONS, deadline=Deadline.TODAY),
        ),
        (
            [("summons", "check"), ("reporting-day", "2026-11-25")],
            Card(situation=Situation.SUMMONS, deadline=Deadline.THREE_DAYS),
        ),
        (
            [("summons", "check"), ("reporting-day", "2026-11-26")],
            Card(situation=Situation.SUMMONS, deadline=Deadline.TWO_WEEKS),
        ),
        (
            [("summons", "check"), ("reporting-day", "2026-12-07")],
            Card(situation=Situation.SUMMONS, deadline=Deadline.TWO_MONTHS),
        ),
    ],
)
def test_each_answer_fills_what_it_says_and_nothing_more(
    law: Law, pairs: list[tuple[str, str]], expected: Card
) -> None:
    result = interview(law, read_answers(pairs, law.book, DAY), DAY)
    assert filled(Card(), result) == expected


def test_a_card_that_does_not_know_answers_nothing() -> None:
    unsure = Card(
        papers=frozenset({PaperInHand.UNKNOWN}), asking_for=AskingFor.NOT_SAID, situation=Situation.PIT
    )
    assert answers_of(unsure).given == {}
