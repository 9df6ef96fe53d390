"""What a change undoes: plans that were in review or approved, and their steps nobody has read yet."""

from __future__ import annotations

from tropa.desk.audit.acts import Act
from tropa.desk.audit.services import record
from tropa.desk.cases.models import Case
from tropa.desk.plans.models import Plan, PlanState, Release, ReleaseState
from tropa.desk.staff.reader import Reader


def void_plans(*, reader: Reader, case: Case) -> int:
    """Void the case's living plans and withdraw their unread steps; returns how many plans it were.

    The caller has a transaction open.
    """
    plans = Plan.objects.select_for_update().filter(
        case=case, state__in=(PlanState.IN_REVIEW, PlanState.APPROVED)
    )
    ids = list(plans.values_list("id", flat=True))
    if not ids:
        return 0
    for release in Release.objects.filter(step__plan_id__in=ids, state=ReleaseState.RELEASED):
        withdraw_row(reader=reader, release=release)
    return Plan.objects.filter(id__in=ids).update(state=PlanState.VOID)


def withdraw_row(*, reader: Reader, release: Release) -> bool:
    """Take back a step that was not acknowledged; False if it was meanwhile."""
    unread = Release.objects.filter(pk=release.pk, state=ReleaseState.RELEASED)
    if not unread.update(state=ReleaseState.WITHDRAWN, sealed_applicant=b""):
        return False
    record(reader=reader, act=Act.STEP_WITHDRAWN, detail={"release": release.pk}, now=reader.now)
    return True
