"""Closing starts the clocks, reopening stops them, a hold stands above them; each is an act with a reason."""

from datetime import date, timedelta

import pytest
from django.utils import translation

from tests.desk.plans.example_plans import PERSON
from tests.desk.world import World, Written
from tropa.desk.cases.models import Case, Phase
from tropa.desk.conf import conf
from tropa.desk.housekeeping import keep_house
from tropa.desk.plans.models import PlanFacts
from tropa.desk.plans.services import save_facts
from tropa.desk.receipts import Destroyed, note_destroyed
from tropa.desk.retention import queries
from tropa.desk.retention.errors import BadEnd, Going, NoReason, NotClosed, NotOpen
from tropa.desk.retention.for_today import too_long
from tropa.desk.retention.models import Closing, Hold
from tropa.desk.retention.queries import goes_soon, kept, waiting_too_long
from tropa.desk.retention.services import close_case, hold_case, lift_hold, reopen_case
from tropa.desk.talk.applicant import delete_everything
from tropa.desk.talk.arrivals import receive_more
from tropa.desk.talk.body import EntryBody
from tropa.desk.talk.models import Thread
from tropa.desk.talk.services import release_to_duty, reply
from tropa.desk.vault.errors import NoGrant
from tropa.desk.vault.services import revoke_case

WHY = "Доехал до Алматы, помощь больше не нужна"
DAY = timedelta(days=1)


def answered(world: World) -> tuple[Written, Case]:
    written, case = world.taken()
    reply(reader=world.boris.reader(world.now), thread=written.thread, text="ответ")
    return written, case


def closed(world: World, *, safe: bool = False) -> tuple[Written, Case]:
    written, case = answered(world)
    save_facts(reader=world.boris.reader(world.now), case=case, facts=PERSON, version=0)
    close_case(reader=world.boris.reader(world.now), case=case, safe=safe, reason=WHY)
    return written, case


def after(world: World, days: int) -> object:
    return keep_house(now=world.now + days * DAY)


def last_day(world: World, case: Case) -> date | None:
    due = kept(reader=world.boris.reader(world.now), case=case).due
    return due.last_day if due else None


def test_it_is_closed_with_a_reason_its_holders_read_and_says_when_it_goes(world: World) -> None:
    _written, case = closed(world, safe=True)
    found = kept(reader=world.anna.reader(world.now), case=case)
    assert (case.phase, case.closed_day) == (Phase.SAFE, world.now.date())
    assert (found.closing_reason, found.closing and found.closing.member) == (WHY, world.boris.member)
    assert found.due is not None
    assert found.due.last_day == world.now.date() + conf.closed_days * DAY
    assert found.due.facts_last_day == world.now.date() + conf.facts_days * DAY
    assert WHY.encode() not in bytes(Closing.objects.get().sealed_reason)


def test_what_is_refused_changes_nothing(world: World) -> None:
    _written, case = answered(world)
    boris = world.boris.reader(world.now)
    with pytest.raises(NoReason):
        close_case(reader=boris, case=case, safe=False, reason="  \n ")
    with pytest.raises(NotClosed):
        reopen_case(reader=boris, case=case)
    with pytest.raises(NoGrant):
        close_case(reader=world.vera.reader(world.now), case=case, safe=False, reason=WHY)
    assert Case.objects.get().closed_day is None
    close_case(reader=boris, case=case, safe=False, reason=WHY)
    with pytest.raises(NotOpen):
        close_case(reader=boris, case=case, safe=False, reason=WHY)
    for ends in (world.now.date() - DAY, world.now.date() + 400 * DAY):
        with pytest.raises(BadEnd):
            hold_case(reader=boris, case=case, last_day=ends, reason=WHY)
    assert not Hold.objects.exists()


def test_plan_facts_go_first_and_the_case_later(world: World) -> None:
    _written, case = closed(world)
    after(world, conf.facts_days)
    assert PlanFacts.objects.exists()
    assert keep_house(now=world.now + (conf.facts_days + 1) * DAY).planned == 1
    assert not PlanFacts.objects.exists()
    assert Case.objects.get() == case
    after(world, conf.closed_days)
    assert Case.objects.exists()
    assert keep_house(now=world.now + (conf.closed_days + 1) * DAY).cases == 1


def test_reopened_it_stands_where_it_stood_and_nothing_goes(world: World) -> None:
    _written, case = answered(world)
    Case.objects.filter(pk=case.pk).update(phase=Phase.MOVING)
    boris = world.boris.reader(world.now)
    close_case(reader=boris, case=case, safe=False, reason=WHY)
    reopen_case(reader=boris, case=case)
    assert (Case.objects.get().phase, Case.objects.get().closed_day) == (Phase.MOVING, None)
    assert not Closing.objects.exists()
    after(world, 5000)
    assert Case.objects.exists()


def test_what_has_begun_to_go_is_neither_reopened_nor_held(world: World) -> None:
    _written, case = closed(world)
    note_destroyed({Destroyed.CASE: [case.pk]})
    boris = world.boris.reader(world.now)
    with pytest.raises(Going):
        reopen_case(reader=boris, case=case)
    with pytest.raises(Going):
        hold_case(reader=boris, case=case, last_day=world.now.date() + DAY, reason=WHY)


def test_a_hold_keeps_case_and_facts_until_its_day_is_over(world: World) -> None:
    _written, case = closed(world)
    ends = world.now.date() + 200 * DAY
    boris = world.boris.reader(world.now)
    hold_case(reader=boris, case=case, last_day=ends, reason="Суд просит показания")
    assert kept(reader=world.anna.reader(world.now), case=case).hold_reason == "Суд просит показания"
    assert last_day(world, case) == ends
    after(world, 200)
    assert PlanFacts.objects.exists()
    assert keep_house(now=world.now + 201 * DAY).cases == 1


def test_a_hold_that_is_lifted_is_as_if_it_had_not_been(world: World) -> None:
    _written, case = closed(world)
    boris = world.boris.reader(world.now)
    hold_case(reader=boris, case=case, last_day=world.now.date() + 300 * DAY, reason=WHY)
    lift_hold(reader=boris, case=case)
    assert keep_house(now=world.now + (conf.closed_days + 1) * DAY).cases == 1


def test_delete_everything_wins_over_a_hold(world: World) -> None:
    written, case = closed(world)
    hold_case(
        reader=world.boris.reader(world.now), case=case, last_day=world.now.date() + 300 * DAY, reason=WHY
    )
    delete_everything(thread=written.thread, now=world.now)
    assert not Case.objects.exists()
    assert not Hold.objects.exists()


def test_who_writes_again_is_answered_before_anything_goes_and_has_time_to_read(world: World) -> None:
    written, case = closed(world)
    late = world.now + (conf.closed_days - 1) * DAY
    receive_more(
        thread=written.thread, signing=written.signing, body=EntryBody(text="я снова тут", at=late),
        dedupe_tag="a" * 32, now=late,
    )  # fmt: skip
    after(world, 3000)
    assert Case.objects.get() == case
    written.thread.refresh_from_db()
    answer = world.now + (conf.closed_days + 10) * DAY
    revived = world.anna.reader(answer)
    reply(reader=revived, thread=written.thread, text="ответ")
    assert keep_house(now=answer + conf.answered_days * DAY).cases == 0
    assert keep_house(now=answer + (conf.answered_days + 1) * DAY).cases == 1


def test_holders_are_warned_and_nobody_else(world: World) -> None:
    _written, case = closed(world)
    warned = world.now + (conf.facts_days - conf.warning_days) * DAY
    assert goes_soon(reader=world.boris.reader(warned - DAY)) == []
    [first] = goes_soon(reader=world.boris.reader(warned))
    assert (first.facts_only, first.last_day) == (True, world.now.date() + conf.facts_days * DAY)
    late = world.now + (conf.closed_days - conf.warning_days) * DAY
    [last] = goes_soon(reader=world.anna.reader(late))
    assert (last.facts_only, last.last_day) == (False, world.now.date() + conf.closed_days * DAY)
    assert goes_soon(reader=world.vera.reader(late)) == []
    revoke_case(reader=world.anna.reader(world.now), case=case, member=world.boris.member)
    assert goes_soon(reader=world.boris.reader(late)) == []


def test_a_thread_given_back_goes_by_its_answer_but_not_without_a_warning(world: World) -> None:
    written, _case = answered(world)
    back = world.now + 40 * DAY
    release_to_duty(reader=world.boris.reader(back), thread=written.thread)
    thread = Thread.objects.get(pk=written.thread.pk)
    assert thread.retention_day == back.date() + conf.warning_days * DAY
    [line] = goes_soon(reader=world.vera.reader(back))
    assert line.thread == thread
    soon, _other = answered(world)
    release_to_duty(reader=world.boris.reader(world.now + 3 * DAY), thread=soon.thread)
    answered_on = world.now.date() + conf.answered_days * DAY
    assert Thread.objects.get(pk=soon.thread.pk).retention_day == answered_on


def test_who_waits_too_long_alarms_and_never_goes(world: World) -> None:
    start = world.now - 400 * DAY
    world.write_in(at=start)
    found = waiting_too_long(reader=world.vera.reader(world.now))
    assert found is not None
    assert found.count == 1
    assert waiting_too_long(reader=world.stranger.reader(world.now)) is None
    keep_house(now=world.now + 4000 * DAY)
    assert Thread.objects.exists()


def test_whoever_has_just_written_alarms_nobody(world: World) -> None:
    world.write_in()
    hours = timedelta(hours=conf.unanswered_hours)
    assert waiting_too_long(reader=world.vera.reader(world.now)) is None
    assert waiting_too_long(reader=world.vera.reader(world.now + hours)) is not None


def test_of_thousands_who_wait_too_long_it_says_that_there_are_more(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = world.now - 400 * DAY
    for hours in (2, 0, 1):
        world.write_in(at=start + timedelta(hours=hours))
    world.taken()
    monkeypatch.setattr(queries, "MOST_COUNTED", 2)
    found = waiting_too_long(reader=world.vera.reader(world.now))
    assert found is not None
    assert (found.count, found.more) == (2, True)
    assert found.since <= start < found.since + timedelta(hours=1)
    with translation.override("en"):
        words = too_long(world.vera.reader(world.now))
    assert words is not None
    assert words.title == "More than 2 people have waited too long for an answer"
