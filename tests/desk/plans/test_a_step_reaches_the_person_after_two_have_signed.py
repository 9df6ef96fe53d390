"""From a computed plan to the step under the applicant's code: asked, approved, released, shown,
acknowledged.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.desk.plans.flow import TEXT, approved, asked, released, seen
from tropa.desk.audit.models import Refusal
from tropa.desk.plans.applicant import acknowledge, checked_in, current_step, done, failed, keep
from tropa.desk.plans.errors import CheckInPast, NotThisPlan, OutOfTurn, Overdue, WrongState
from tropa.desk.plans.models import PlanState, Release, ReleaseState
from tropa.desk.plans.services import (
    approve,
    ask_review,
    missed_check_ins,
    release_step,
    return_plan,
    withdraw,
)
from tropa.desk.vault.errors import NoGrant

if TYPE_CHECKING:
    from tests.desk.plans.conftest import Planned


def test_the_person_reads_the_first_step_and_nothing_of_the_route(planned: Planned) -> None:
    released(planned)
    shown = seen(planned)
    assert shown is not None
    assert (shown.number, shown.text) == (1, TEXT)
    sealed = bytes(Release.objects.get().sealed_applicant)
    assert len(sealed) < len(bytes(approved_body(planned)))


def approved_body(planned: Planned) -> bytes:
    return bytes(planned.case.plans.latest("version").sealed)


def test_nothing_is_shown_before_a_step_is_released(planned: Planned) -> None:
    approved(planned)
    assert seen(planned) is None
    assert not Refusal.objects.exists()


def test_an_unapproved_plan_sends_nothing(planned: Planned) -> None:
    plan = asked(planned)
    with pytest.raises(WrongState):
        release_step(reader=planned.world.boris.reader(), step=plan.steps.get(number=1))


def test_what_was_read_is_gone_and_the_next_step_may_follow(planned: Planned) -> None:
    plan = approved(planned)
    release = released(planned, plan)
    thread = planned.written.thread
    with pytest.raises(OutOfTurn):
        released(planned, plan, number=2)
    assert acknowledge(thread=thread, release_id=release.pk)
    assert seen(planned) is None
    assert done(thread=thread, release_id=release.pk)
    released(planned, plan, number=2)
    shown = seen(planned)
    assert shown is not None
    assert shown.number == 2


def test_a_step_may_go_out_of_turn_only_on_purpose(planned: Planned) -> None:
    plan = approved(planned)
    second = plan.steps.get(number=2)
    with pytest.raises(OutOfTurn):
        release_step(reader=planned.world.boris.reader(), step=second)
    release_step(reader=planned.world.boris.reader(), step=second, out_of_turn=True)
    assert seen(planned) is not None


def test_a_step_that_did_not_work_stops_the_next_one(planned: Planned) -> None:
    plan = approved(planned)
    release = released(planned, plan)
    assert failed(thread=planned.written.thread, release_id=release.pk)
    with pytest.raises(OutOfTurn):
        released(planned, plan, number=2)


def test_a_step_is_gone_a_day_after_it_was_first_seen_unless_it_is_kept(planned: Planned) -> None:
    release = released(planned)
    thread, seed, now = planned.written.thread, planned.written.keys.seed, planned.world.now
    assert current_step(thread=thread, seed=seed, now=now) is not None
    later = now + timedelta(days=1, hours=2)
    assert current_step(thread=thread, seed=seed, now=later) is None
    assert keep(thread=thread, release_id=release.pk)
    shown = current_step(thread=thread, seed=seed, now=later)
    assert shown is not None
    assert shown.kept


def test_a_step_is_sent_once(planned: Planned) -> None:
    plan = approved(planned)
    released(planned, plan)
    with pytest.raises(WrongState):
        released(planned, plan)


def test_a_withdrawn_step_is_gone_at_once_and_may_go_again(planned: Planned) -> None:
    plan = approved(planned)
    release = released(planned, plan)
    withdraw(reader=planned.world.anna.reader(), release=release)
    assert seen(planned) is None
    assert bytes(Release.objects.get(pk=release.pk).sealed_applicant) == b""
    released(planned, plan)
    assert seen(planned) is not None


def test_a_step_that_was_read_is_not_withdrawn(planned: Planned) -> None:
    release = released(planned)
    acknowledge(thread=planned.written.thread, release_id=release.pk)
    with pytest.raises(WrongState):
        withdraw(reader=planned.world.boris.reader(), release=release)


def test_another_thread_cannot_move_a_step(planned: Planned) -> None:
    release = released(planned)
    other = planned.world.write_in("Другой человек").thread
    assert not acknowledge(thread=other, release_id=release.pk)
    assert not keep(thread=other, release_id=release.pk)
    assert Release.objects.get(pk=release.pk).state == ReleaseState.RELEASED


def test_a_plan_that_ran_out_is_neither_approved_nor_sent_nor_shown(planned: Planned) -> None:
    plan = approved(planned)
    released(planned, plan)
    later = plan.expires + timedelta(seconds=1)
    with pytest.raises(Overdue):
        release_step(
            reader=planned.world.boris.reader(later), step=plan.steps.get(number=2), out_of_turn=True
        )
    written = planned.written
    assert current_step(thread=written.thread, seed=written.keys.seed, now=later) is None
    fresh = asked(planned)
    with pytest.raises(Overdue):
        approve(reader=planned.world.anna.reader(fresh.expires), plan=fresh)


def test_only_holders_of_the_case_may_do_anything(planned: Planned) -> None:
    plan = asked(planned)
    for outsider in (planned.world.vera, planned.world.stranger):
        with pytest.raises(NoGrant):
            approve(reader=outsider.reader(), plan=plan)
        with pytest.raises(NoGrant):
            return_plan(reader=outsider.reader(), plan=plan, reasons=(), words="нет")
        with pytest.raises(NoGrant):
            ask_review(
                reader=outsider.reader(),
                case=planned.case,
                thread=planned.written.thread,
                plan=planned.planner.set.plans[0],
            )
    plan.refresh_from_db()
    assert plan.state == PlanState.IN_REVIEW


def test_a_plan_the_planner_did_not_find_is_not_asked_about(planned: Planned) -> None:
    plan = planned.planner.set.plans[0]
    planned.planner.set = planned.planner.without(plan.id)
    with pytest.raises(NotThisPlan):
        ask_review(
            reader=planned.world.boris.reader(), case=planned.case, thread=planned.written.thread, plan=plan
        )


def test_a_step_is_not_sent_with_a_check_in_nobody_could_keep(planned: Planned) -> None:
    plan, now = approved(planned), planned.world.now
    for gone in (now, now - timedelta(minutes=1)):
        with pytest.raises(CheckInPast):
            release_step(reader=planned.world.boris.reader(), step=plan.steps.get(number=1), check_in=gone)
    assert not Release.objects.exists()


def test_a_missed_check_in_is_with_both_holders_and_with_nobody_else(planned: Planned) -> None:
    plan, world = approved(planned), planned.world
    due = world.now + timedelta(hours=3)
    release_step(reader=world.boris.reader(), step=plan.steps.get(number=1), check_in=due)
    before, after = world.now, due + timedelta(minutes=1)
    assert missed_check_ins(reader=world.anna.reader(), now=before) == []
    for holder in (world.anna, world.boris):
        assert [one.due for one in missed_check_ins(reader=holder.reader(), now=after)] == [due]
    assert missed_check_ins(reader=world.vera.reader(), now=after) == []
    assert checked_in(thread=planned.written.thread) == 1
    assert missed_check_ins(reader=world.anna.reader(), now=after) == []
