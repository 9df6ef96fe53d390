"""The released step: shown while both signatures hold, answered by a button, gone when read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.desk.plans.example_plans import PERSON, ReadyPlanner
from tests.desk.world import World
from tests.drop.applicant import Applicant, heading, hidden, notice, text_of
from tropa.desk import clock
from tropa.desk.atlas.services import stop
from tropa.desk.plans import planner
from tropa.desk.plans.models import PlanStep, Release, ReleaseState
from tropa.desk.plans.services import approve, ask_review, release_step, save_facts
from tropa.desk.talk.models import Entry, Thread
from tropa.desk.talk.services import take
from tropa.drop.size_class import SIZE_CLASS

TEXT = (
    "Подайте на загранпаспорт\n\nВозьмите паспорт и 2000 рублей.\n\nЕсли откажут, возьмите отказ на бумаге."
)


@pytest.fixture
def visitor(applicant: Applicant, world: World) -> Iterator[Applicant]:
    """Somebody whose first step Boris planned, Anna approved and Boris released; come back with the words."""
    ready = ReadyPlanner()
    planner.use(ready)
    applicant.write()
    thread = Thread.objects.get()
    boris = world.boris.reader()
    case = take(reader=boris, thread=thread, second=world.anna.member)
    thread.refresh_from_db()
    save_facts(reader=boris, case=case, facts=PERSON, version=0)
    plan = ask_review(reader=boris, case=case, thread=thread, plan=ready.set.plans[0], step_texts={1: TEXT})
    approve(reader=world.anna.reader(), plan=plan)
    release_step(reader=boris, step=plan.steps.get(number=1), check_in=world.now + timedelta(days=4, hours=1))
    applicant.come_back()
    yield applicant
    planner.use(None)


def test_the_step_stands_first_with_its_clock(visitor: Applicant) -> None:
    response = visitor.answers()
    page = text_of(response)
    assert heading(response) == "Есть следующий шаг"
    assert '<h2 id="step-h">Подайте на загранпаспорт</h2>' in page
    assert "4\N{NO-BREAK SPACE}дня" in page
    assert page.index("Подайте") < page.index('value="safe"')
    assert len(response.content) == SIZE_CLASS


def test_a_time_that_is_over_is_not_said_to_be_left(
    visitor: Applicant, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = clock.now() + timedelta(days=5)
    monkeypatch.setattr(clock, "now", lambda: later)
    visitor.come_back()
    page = text_of(visitor.answers())
    assert "Срок прошёл" in page
    assert "Мы ждали вестей до" in page
    assert "осталось, чтобы" not in page


@pytest.mark.parametrize(
    ("act", "state", "said"),
    [
        ("step_done", ReleaseState.DONE, "Отметили: шаг сделан"),
        ("step_failed", ReleaseState.FAILED, "Отметили: не получается"),
        ("step_read", ReleaseState.ACKNOWLEDGED, "Стёрто"),
    ],
)
def test_an_answered_step_is_gone(visitor: Applicant, act: str, state: ReleaseState, said: str) -> None:
    visitor.press(act, id=Release.objects.get().pk)
    response = visitor.answers()
    assert Release.objects.get().state == state
    assert notice(response) == said
    assert "Подайте" not in text_of(response)


@pytest.mark.parametrize("act", ["step_done", "step_failed"])
def test_a_step_that_is_over_makes_the_thread_wait_again(visitor: Applicant, act: str) -> None:
    Thread.objects.update(waiting=False)
    nonce = hidden(visitor.answers(), "nonce")
    for _each in range(2):
        visitor.press(act, id=Release.objects.get().pk, nonce=nonce)
    assert Thread.objects.get().waiting
    assert Entry.objects.count() == 2


def test_a_kept_step_stays_after_it_was_read(visitor: Applicant) -> None:
    release_id = Release.objects.get().pk
    visitor.press("step_keep", id=release_id)
    visitor.press("step_read", id=release_id)
    assert "Подайте" in text_of(visitor.answers())


def test_being_safe_answers_the_check_in(visitor: Applicant) -> None:
    visitor.press("safe")
    assert Release.objects.get().checked_in
    page = text_of(visitor.answers())
    assert "Подайте" in page
    assert "дать о себе знать" not in page


@pytest.mark.parametrize("said_safe", [False, True])
def test_what_a_column_says_neither_stops_nor_starts_the_clock(visitor: Applicant, said_safe: bool) -> None:
    """Whoever writes rows can set the column; only what stands outside the database is believed."""
    if said_safe:
        visitor.press("safe")
    Release.objects.update(checked_in=not said_safe)
    assert ("дать о себе знать" in text_of(visitor.answers())) is not said_safe


def test_needing_to_talk_answers_no_check_in(visitor: Applicant) -> None:
    visitor.press("talk_now")
    assert not Release.objects.get().checked_in


def test_a_step_without_the_approvers_signature_is_not_shown(visitor: Applicant) -> None:
    PlanStep.objects.update(approver_signature=bytes(64))
    response = visitor.answers()
    assert heading(response) == "Новых ответов пока нет"
    assert len(response.content) == SIZE_CLASS


def test_a_step_that_was_changed_on_the_disk_is_not_shown(visitor: Applicant) -> None:
    PlanStep.objects.update(step_digest=hashlib.sha256(b"another text").digest())
    assert heading(visitor.answers()) == "Новых ответов пока нет"


def test_a_stop_takes_the_step_away_and_says_calmly_that_it_is_checked_anew(
    visitor: Applicant, world: World
) -> None:
    assert "Подайте" in text_of(visitor.answers())
    stop(reader=world.stranger.reader(), scope="AM", reason="Двоих выдали.")
    response = visitor.answers()
    page = text_of(response)
    assert heading(response) == "Ваш шаг проверяют заново"
    assert "Подайте" not in page
    assert "Двоих выдали" not in page
    assert "Сейчас по нему не выходите" in page
    assert 'value="talk_now"' in page
    assert len(response.content) == SIZE_CLASS
