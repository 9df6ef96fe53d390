"""From a computed plan to the step under the applicant's code: asked, approved, released, shown,
acknowledged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tropa.desk.plans.applicant import acknowledge, current_step, done
from tropa.desk.plans.models import Plan, PlanState, Release
from tropa.desk.plans.services import approve, ask_review, release_step

if TYPE_CHECKING:
    from tests.desk.plans.conftest import Planned


def asked(planned: Planned) -> Plan:
    return ask_review(
        reader=planned.world.boris.reader(),
        case=planned.case,
        thread=planned.written.thread,
        plan=planned.planner.set.plans[0],
        step_texts={1: "Купите билет до Еревана."},
    )


def approved(planned: Planned) -> Plan:
    return approve(reader=planned.world.anna.reader(), plan=asked(planned))


def released(planned: Planned, number: int = 1) -> Release:
    plan = Plan.objects.filter(state=PlanState.APPROVED).first() or approved(planned)
    return release_step(reader=planned.world.boris.reader(), step=plan.steps.get(number=number))


def test_the_person_reads_the_first_step(planned: Planned) -> None:
    released(planned)
    keys = planned.written.keys
    shown = current_step(thread=planned.written.thread, seed=keys.seed, now=planned.world.now)
    assert shown is not None
    assert shown.text == "Купите билет до Еревана."
    assert shown.number == 1


def test_what_was_read_is_gone_and_the_next_step_may_follow(planned: Planned) -> None:
    release = released(planned)
    thread, keys = planned.written.thread, planned.written.keys
    assert acknowledge(thread=thread, release_id=release.pk)
    assert current_step(thread=thread, seed=keys.seed, now=planned.world.now) is None
    assert done(thread=thread, release_id=release.pk)
    released(planned, 2)
    shown = current_step(thread=thread, seed=keys.seed, now=planned.world.now)
    assert shown is not None
    assert shown.number == 2
