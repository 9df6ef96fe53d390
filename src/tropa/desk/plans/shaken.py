"""When facts change under plans: which plans rest on them, which end at once, which wait to be looked at anew.

Kept true: nothing is opened for it; keyed tags tell. What a change closes ends every plan in review or approved that
rests on it, whoever holds the case: unread steps are withdrawn, copies on the applicant's side destroyed, and that is
written down outside the database. What a change only words or weighs anew marks plans, and nothing of a marked plan
is approved or sent until it was written anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef

from tropa.desk.cases.models import Phase
from tropa.desk.plans.ended_steps import Ending
from tropa.desk.plans.errors import FactsChanged
from tropa.desk.plans.fact_tags import touched
from tropa.desk.plans.models import LIVING_PLANS, Mark, Plan, Release, ReleaseState
from tropa.desk.plans.voiding import end_plans
from tropa.desk.staff.reader import Reader
from tropa.desk.talk.models import Thread
from tropa.desk.vault.services import of_held_cases

TAKEN_BACK = (ReleaseState.WITHDRAWN, ReleaseState.ACKNOWLEDGED)
"""How a step stands that was taken from the person: unread, or kept after it was read."""

OVER = (Phase.SAFE, Phase.CLOSED)
"""Phases of cases in which nobody writes plans anew."""

Groups = frozenset[frozenset[str]]
"""Names among the tags; a plan is meant that rests on all names of one group."""


@dataclass(frozen=True, slots=True)
class Shaken:
    """How many plans ended and how many wait; what is to be written down once the caller's transaction is done."""

    stopped: int
    changed: int
    ending: Ending


@transaction.atomic
def shake_plans(*, reader: Reader, closed: Groups, changed: Groups) -> Shaken:
    """End the living plans that rest on what is closed, and mark those that rest on what is changed."""
    if not closed and not changed:
        return Shaken(0, 0, Ending())
    living = list(
        Plan.objects.select_for_update()
        .filter(state__in=LIVING_PLANS)
        .values_list("id", "fact_tags")
        .order_by("id")
    )
    stopped = [plan for plan, tags in living if closed and touched(plan, bytes(tags), closed)]
    ending = end_plans(reader=reader, ids=stopped)
    Plan.objects.filter(id__in=stopped).update(mark=Mark.STOPPED)
    ended = set(stopped)
    marked = [
        plan for plan, tags in living if changed and plan not in ended and touched(plan, bytes(tags), changed)
    ]
    Plan.objects.filter(id__in=marked).update(mark=Mark.CHANGED)
    return Shaken(len(stopped), len(marked), ending)


def resting_on(groups: Iterable[frozenset[str]]) -> list[str]:
    """Ids of the plans in review or approved, in open cases, that rest on one of the groups; nothing of them is
    opened.
    """
    wanted = tuple(groups)
    living = Plan.objects.filter(state__in=LIVING_PLANS).exclude(case__phase__in=OVER)
    rows = living.values_list("id", "fact_tags")
    return [plan for plan, tags in rows if touched(plan, bytes(tags), wanted)]


def shaken_by(groups: Iterable[frozenset[str]]) -> tuple[list[str], list[str]]:
    """Ids of the plans that ended and of those that wait to be looked at anew: of all in open cases that rest on one
    of the groups and were not written anew since. Nothing of them is opened. One query.
    """
    wanted = tuple(groups)
    newer = Plan.objects.filter(case_id=OuterRef("case_id"), version__gt=OuterRef("version"))
    shaken = Plan.objects.exclude(mark=Mark.NONE).exclude(case__phase__in=OVER).filter(~Exists(newer))
    ended: list[str] = []
    marked: list[str] = []
    for plan, tags, mark in shaken.order_by("id").values_list("id", "fact_tags", "mark"):
        if touched(plan, bytes(tags), wanted):
            (ended if mark == Mark.STOPPED else marked).append(plan)
    return ended, marked


def require_unshaken(plan: Plan) -> None:
    """Raise FactsChanged for a plan whose facts changed since it was written."""
    if plan.mark:
        raise FactsChanged


def shaken_plans(*, reader: Reader) -> list[Plan]:
    """The newest plans of the reader's cases that were stopped or marked and not written anew, stopped ones first."""
    held = Plan.objects.filter(case_id__in=of_held_cases(reader=reader)).exclude(mark=Mark.NONE)
    found = {}
    for plan in held.select_related("thread").order_by("case_id", "version"):
        found[plan.case_id] = plan
    newer = dict(Plan.objects.filter(case_id__in=found).order_by("version").values_list("case_id", "version"))
    current = [plan for plan in found.values() if newer.get(plan.case_id) == plan.version]
    return sorted(current, key=lambda plan: (plan.mark != Mark.STOPPED, plan.pk))


def being_checked_anew(*, thread: Thread) -> bool:
    """Whether the step this thread was shown last was taken back because a fact under it was closed."""
    newest = Release.objects.filter(thread=thread).select_related("step__plan").order_by("-sequence").first()
    if newest is None or newest.state not in TAKEN_BACK or newest.step.plan.mark != Mark.STOPPED:
        return False
    plan = newest.step.plan
    return not Plan.objects.filter(case_id=plan.case_id, version__gt=plan.version).exists()
