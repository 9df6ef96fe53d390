"""Reading about plans: what is in review, what was approved, and what changed since a version the reader
saw.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

from tropa.desk.by_key import by_key
from tropa.desk.cases.models import Case
from tropa.desk.plans.errors import Altered
from tropa.desk.plans.models import Plan, PlanState
from tropa.desk.plans.opening import OpenPlan, open_plan
from tropa.desk.staff.models import Member
from tropa.desk.staff.reader import Reader
from tropa.desk.talk.models import Thread
from tropa.desk.vault.case_grants import HELD
from tropa.desk.vault.services import of_held_cases, open_case_seeds

# written out: every page shows this number, and building the query costs Django far more than running it
WAITING = (
    "SELECT COUNT(*) FROM plans_plan p WHERE p.state = 'in_review' AND p.author_id <> %s "  # noqa: S608
    f"AND COALESCE(p.case_id, '') IN ({HELD})"  # literals; COALESCE keeps to the index of what is in review
)

FIRST_VERSION = 1


def held_plans(*, reader: Reader) -> QuerySet[Plan]:
    """Plans of the cases the reader holds, with everything a list shows."""
    return Plan.objects.filter(case_id__in=of_held_cases(reader=reader)).select_related(
        "case", "thread", "author__issuer", "approver__issuer"
    )


def held_plan(*, reader: Reader, plan_id: str) -> Plan | None:
    """One plan of a case the reader holds, with case, thread, author and approver and who certified these.

    Asked piece by piece: Django takes longer to word one query over nine tables than to ask six of one.
    """
    plan = by_key(Plan, plan_id)
    if plan is None or not open_case_seeds(reader=reader, case_ids=[plan.case_id]):
        return None
    case, thread = by_key(Case, plan.case_id), by_key(Thread, plan.thread_id)
    if case is None or thread is None:
        return None  # destroyed this moment, and the plan with them
    plan.case, plan.thread = case, thread
    signed = Member.objects.in_bulk(list({plan.author_id, plan.approver_id} - {None}))
    issuers = {one.issuer_id for one in signed.values()} - {None}
    certified = signed | Member.objects.in_bulk([each for each in issuers if each not in signed])
    for one in signed.values():
        if one.issuer_id is not None:
            one.issuer = certified[one.issuer_id]
    plan.author = signed[plan.author_id]
    if plan.approver_id is not None:
        plan.approver = signed[plan.approver_id]
    return plan


def living_plan(*, case: Case) -> Plan | None:
    """The case's plan that is in review or approved, if there is one."""
    return _heads(case).filter(state__in=(PlanState.IN_REVIEW, PlanState.APPROVED)).first()


def latest_plan(*, case: Case) -> Plan | None:
    """The case's newest plan version, whatever became of it."""
    return _heads(case).first()


def _heads(case: Case) -> QuerySet[Plan]:
    """The case's plans, the newest first, without what is sealed in them."""
    return Plan.objects.filter(case=case).only("case", "version", "state", "mark").order_by("-version")


def waiting_for_review(*, reader: Reader) -> list[Plan]:
    """Plans somebody else wrote that the reader may decide about, and the reader's own in review, oldest
    first.
    """
    return list(held_plans(reader=reader).filter(state=PlanState.IN_REVIEW).order_by("expires", "id"))


def review_count(*, reader: Reader) -> int:
    """How many plans wait for this reader's decision; their own do not. One query."""
    today = connection.ops.adapt_datefield_value(reader.now.date())
    with connection.cursor() as cursor:
        cursor.execute(WAITING, [reader.member.pk, reader.member.pk, today])
        return int(cursor.fetchone()[0])


@dataclass(frozen=True, slots=True)
class Before:
    """The version before the one looked at, as far as it still opens and verifies."""

    plan: Plan
    found: OpenPlan | None


def version_before(*, reader: Reader, plan: Plan) -> Before | None:
    """The version a reader compares with; `found` is None where it was altered since."""
    if plan.version == FIRST_VERSION:
        return None
    earlier = held_plans(reader=reader).filter(case_id=plan.case_id, version__lt=plan.version)
    row = earlier.order_by("-version").first()
    if row is None:
        return None
    try:
        return Before(row, open_plan(reader=reader, plan=row))
    except Altered:
        return Before(row, None)
