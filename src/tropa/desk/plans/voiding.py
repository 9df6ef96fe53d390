"""What a change undoes: every plan there was before it, and their steps. Nobody's copy of a step stays."""

from __future__ import annotations

from django.db.models import QuerySet

from tropa.desk.audit.acts import Act
from tropa.desk.audit.services import record
from tropa.desk.cases.models import Case
from tropa.desk.plans.ended_steps import Ending
from tropa.desk.plans.models import LIVING_PLANS, Plan, PlanState, Release, ReleaseState
from tropa.desk.staff.reader import Reader


def void_plans(*, reader: Reader, case: Case, but: Plan | None = None) -> Ending:
    """Void the case's plans, except `but`, and withdraw their unread steps.

    All of them end, whatever their state column says. The caller has a transaction open, and writes the
    ending down after it.
    """
    plans = Plan.objects.select_for_update().filter(case=case).exclude(pk=but.pk if but else "")
    return end_plans(reader=reader, ids=list(plans.values_list("id", flat=True)))


def end_plans(*, reader: Reader, ids: list[str]) -> Ending:
    """The same for these plans, whose rows the caller has locked."""
    if not ids:
        return Ending()
    releases = Release.objects.filter(step__plan_id__in=ids)
    unread = [
        release.pk
        for release in releases.filter(state=ReleaseState.RELEASED)
        if withdraw_row(reader=reader, release=release)
    ]
    forget_copies(releases)
    Plan.objects.filter(id__in=ids, state__in=LIVING_PLANS).update(state=PlanState.VOID)
    return Ending(over=(*ids, *releases.values_list("pk", flat=True)), settled=tuple(unread))


def withdraw_row(*, reader: Reader, release: Release) -> bool:
    """Take back a step that was not acknowledged; False if it was meanwhile. The caller writes it down."""
    unread = Release.objects.filter(pk=release.pk, state=ReleaseState.RELEASED)
    if not unread.update(state=ReleaseState.WITHDRAWN):
        return False
    forget_copies(Release.objects.filter(pk=release.pk))
    record(reader=reader, act=Act.STEP_WITHDRAWN, detail={"release": release.pk}, now=reader.now)
    return True


def forget_copies(releases: QuerySet[Release]) -> int:
    """Destroy the applicant's copies of these steps, kept ones too, and the hour they were seen. Returns how many
    there were.
    """
    return releases.exclude(sealed_applicant=b"").update(sealed_applicant=b"", kept=False, gone_after=None)
