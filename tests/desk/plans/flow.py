"""The way of a plan through the desk, in one call each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tropa.desk.plans.applicant import ShownStep, current_step
from tropa.desk.plans.models import Plan, Release
from tropa.desk.plans.services import approve, ask_review, release_step

if TYPE_CHECKING:
    from tests.desk.plans.conftest import Planned

TEXT = "Купите билет до Еревана."


def asked(planned: Planned, *, number: int = 0) -> Plan:
    """A plan Boris wrote and asks about."""
    return ask_review(
        reader=planned.world.boris.reader(),
        case=planned.case,
        thread=planned.written.thread,
        plan=planned.planner.set.plans[number],
        step_texts={1: TEXT},
    )


def approved(planned: Planned) -> Plan:
    """The same, approved by Anna."""
    return approve(reader=planned.world.anna.reader(), plan=asked(planned))


def released(planned: Planned, plan: Plan | None = None, *, number: int = 1) -> Release:
    """A step of it, sent by Boris."""
    plan = plan or approved(planned)
    return release_step(reader=planned.world.boris.reader(), step=plan.steps.get(number=number))


def seen(planned: Planned) -> ShownStep | None:
    """What stands under the applicant's code now."""
    written = planned.written
    return current_step(thread=written.thread, seed=written.keys.seed, now=planned.world.now)
