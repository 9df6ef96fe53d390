"""Whoever asked to record abuse is asked before anything of theirs is destroyed."""

from datetime import timedelta

import pytest

from tests.desk.retention.test_closing import DAY, answered, closed
from tests.desk.world import World, signed_in
from tropa.desk.cases.card import Card, Wish
from tropa.desk.cases.models import Case, Lane
from tropa.desk.cases.services import save_card
from tropa.desk.conf import conf
from tropa.desk.housekeeping import keep_house
from tropa.desk.plans.models import PlanFacts
from tropa.desk.retention.asking import answer_of, record_answer
from tropa.desk.retention.models import AskFirst, Wanted
from tropa.desk.retention.queries import goes_soon
from tropa.desk.talk.applicant import delete_everything
from tropa.desk.talk.models import Thread
from tropa.desk.talk.services import release_to_duty
from tropa.desk.vault.errors import NoGrant

LATE = timedelta(days=conf.closed_days + 1)


def asked_for_abuse(world: World, case: Case) -> None:
    card = Card(wishes=frozenset({Wish.LEAVE, Wish.ABUSE}))
    save_card(reader=world.boris.reader(world.now), case=case, card=card, version=0)


def test_nothing_goes_before_they_were_asked_and_agreed(world: World) -> None:
    _written, case = closed(world)
    asked_for_abuse(world, case)
    assert answer_of(case) is Wanted.NOT_ASKED
    assert keep_house(now=world.now + LATE).cases == 0
    assert PlanFacts.objects.exists()
    [line] = goes_soon(reader=world.anna.reader(world.now + LATE))
    assert line.ask
    record_answer(reader=world.boris.reader(world.now), case=case, kept=True)
    assert keep_house(now=world.now + 50 * LATE).cases == 0
    record_answer(reader=world.boris.reader(world.now), case=case, kept=False)
    assert keep_house(now=world.now + LATE).cases == 1


def test_a_wish_taken_off_the_card_leaves_nothing_to_ask_unless_they_answered(world: World) -> None:
    _written, case = answered(world)
    asked_for_abuse(world, case)
    reader = world.boris.reader(world.now)
    save_card(reader=reader, case=case, card=Card(), version=1)
    assert answer_of(Case.objects.get()) is None
    save_card(reader=reader, case=case, card=Card(wishes=frozenset({Wish.ABUSE})), version=2)
    record_answer(reader=reader, case=case, kept=True)
    save_card(reader=reader, case=case, card=Card(), version=3)
    assert answer_of(Case.objects.get()) is Wanted.KEPT


def test_the_lane_alone_says_it_too(world: World) -> None:
    _written, case = closed(world)
    Case.objects.filter(pk=case.pk).update(lane=Lane.ABUSE)
    assert keep_house(now=world.now + LATE).cases == 0
    assert not AskFirst.objects.exists()


def test_a_thread_of_that_lane_given_back_waits_for_somebody_to_ask(world: World) -> None:
    written, _case = answered(world)
    Thread.objects.filter(pk=written.thread.pk).update(lane=Lane.ABUSE)
    release_to_duty(reader=world.boris.reader(world.now), thread=written.thread)
    assert keep_house(now=world.now + 500 * DAY).threads == 0
    assert Thread.objects.filter(pk=written.thread.pk).exists()


def test_what_they_erase_themselves_goes_at_once(world: World) -> None:
    written, case = answered(world)
    asked_for_abuse(world, case)
    delete_everything(thread=written.thread, now=world.now)
    assert not Case.objects.exists()
    assert not AskFirst.objects.exists()


def test_nobody_else_answers_for_them(world: World) -> None:
    _written, case = answered(world)
    asked_for_abuse(world, case)
    with pytest.raises(NoGrant):
        record_answer(reader=world.vera.reader(world.now), case=case, kept=False)
    page = f"/cases/{case.pk}/keeping/"
    assert signed_in(world.vera).post(page, {"act": "asked", "kept": "no"}).status_code == 404
    assert answer_of(case) is Wanted.NOT_ASKED
    told = signed_in(world.boris).post(page, {"act": "asked", "kept": "no"}, follow=True)
    assert "ответил: можно уничтожить" in told.content.decode()
