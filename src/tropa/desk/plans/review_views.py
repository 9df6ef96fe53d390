"""Pages of the review and the release. Each view parses, authorises, calls one service, and renders."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tropa.desk.frame import Notice as Said
from tropa.desk.frame import notices_said
from tropa.desk.plans import services
from tropa.desk.plans.decision_forms import DecisionForm, ReleaseForm
from tropa.desk.plans.errors import (
    Altered,
    CheckInPast,
    FactsChanged,
    FactsClosed,
    NotAReviewer,
    OutOfTurn,
    Overdue,
    OwnPlan,
    PlansError,
    WrongState,
)
from tropa.desk.plans.models import Plan, Release
from tropa.desk.plans.notices import Notice, closed_notice
from tropa.desk.plans.queries import held_plan
from tropa.desk.plans.review_page import list_context, review_context
from tropa.desk.staff.access import OpenedRequest, UnlockedRequest, unlocked, unlocked_or_empty

A_STEP = re.compile(r"[1-9][0-9]?")


def empty_review_list(request: OpenedRequest) -> HttpResponse:
    """The list, with nothing to read again."""
    return render(request, "plans/review_list.html", {"section": "review"})


@unlocked_or_empty(empty_review_list)
def review_list(request: UnlockedRequest) -> HttpResponse:
    """Plans that wait for a second reader, and approved ones with steps still to send."""
    return render(request, "plans/review_list.html", list_context(request.reader))


@unlocked
def review(request: UnlockedRequest, plan_id: str) -> HttpResponse:
    """One plan version: what it is, what changed, what it rests on, and the decision or the release."""
    plan = _plan(request, plan_id)
    return _page(request, plan, _said(request, plan))


@require_POST
@unlocked
def approve(request: UnlockedRequest, plan_id: str) -> HttpResponse:
    """Sign as second reader."""
    plan = _plan(request, plan_id)
    return _acted(request, plan, lambda: services.approve(reader=request.reader, plan=plan), "plan-approved")


@require_POST
@unlocked
def return_plan(request: UnlockedRequest, plan_id: str) -> HttpResponse:
    """Give back to the author with a reason; the same form approves when that was chosen."""
    plan = _plan(request, plan_id)
    if request.POST.get("decision") == "approve":
        return _acted(
            request, plan, lambda: services.approve(reader=request.reader, plan=plan), "plan-approved"
        )
    form = DecisionForm(request.POST)
    if not form.is_valid():
        said = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return _page(request, plan, (Notice("", "info", said),), words=request.POST.get("words", ""))
    return _acted(
        request,
        plan,
        lambda: services.return_plan(
            reader=request.reader,
            plan=plan,
            reasons=tuple(form.cleaned_data["reasons"]),
            words=form.cleaned_data["words"],
        ),
        "plan-returned",
    )


@require_POST
@unlocked
def release(request: UnlockedRequest, plan_id: str, number: int) -> HttpResponse:
    """Send one step to the person."""
    plan = _plan(request, plan_id)
    step = plan.steps.filter(number=number).first()
    form = ReleaseForm(request.POST)
    if step is None:
        raise Http404
    if not form.is_valid():
        said = _("The check-in is not a time. Nothing was sent.")
        return _page(request, plan, (Notice("", "info", said),))
    check_in = form.cleaned_data["check_in"]
    return _acted(
        request,
        plan,
        lambda: services.release_step(
            reader=request.reader,
            step=step,
            check_in=check_in.astimezone(UTC) if check_in else None,
            out_of_turn=form.cleaned_data["out_of_turn"],
        ),
        "step-sent",
        step=number,
    )


@require_POST
@unlocked
def withdraw(request: UnlockedRequest, plan_id: str, number: int) -> HttpResponse:
    """Take back a step nobody has read."""
    plan = _plan(request, plan_id)
    released = (
        Release.objects.select_related("step__plan__case")
        .filter(step__plan=plan, step__number=number)
        .first()
    )
    if released is None:
        raise Http404
    return _acted(
        request, plan, lambda: services.withdraw(reader=request.reader, release=released), "step-withdrawn"
    )


def _plan(request: UnlockedRequest, plan_id: str) -> Plan:
    """The plan, for a holder of its case; for everybody else there is no such page."""
    plan = held_plan(reader=request.reader, plan_id=plan_id)
    if plan is None:
        raise Http404
    return plan


def _said(request: UnlockedRequest, plan: Plan) -> list[Said]:
    """What was just done; a step that was just sent can be taken back while nobody has read it."""
    notices, step = notices_said(request), request.GET.get("step", "")
    if request.GET.get("said") != "step-sent" or not A_STEP.fullmatch(step):
        return notices
    address = reverse("desk:withdraw", args=[plan.pk, int(step)])
    return [replace(notice, undo=address) for notice in notices]


def _acted(
    request: UnlockedRequest, plan: Plan, act: Callable[[], object], said: str, *, step: int = 0
) -> HttpResponse:
    """Do it and show the plan again; a refusal is told above it. `step`: the number of one that can be taken back."""
    try:
        act()
    except PlansError as error:
        plan.refresh_from_db()
        return _page(request, plan, (refusal(error),), status=409)
    done = f"&step={step}" if step else ""
    return redirect(f"{reverse('desk:review', args=[plan.pk])}?said={said}{done}")


def _page(
    request: UnlockedRequest,
    plan: Plan,
    notices: Sequence[Notice | Said],
    *,
    words: str = "",
    status: int = 200,
) -> HttpResponse:
    context = review_context(request.reader, plan) | {"notices": notices, "words": words}
    return render(request, "plans/review.html", context, status=status)


def refusal(error: PlansError) -> Notice:
    """Why something was not done, and what is safe."""
    match error:
        case FactsClosed():
            return closed_notice(error)
        case FactsChanged():
            said = _(
                "Facts under this plan have changed since it was written. Nothing was sent; compute it anew and "
                "ask again."
            )
            return Notice("stale", "stale", said)
        case OwnPlan():
            return Notice(
                "", "lock", _("You wrote this plan, so somebody else decides about it. Nothing was changed.")
            )
        case NotAReviewer():
            return Notice("", "lock", _("Only advisers and coordinators sign plans. Nothing was changed."))
        case Overdue():
            return Notice(
                "stale", "stale", _("This plan has run out. Nothing was sent; plan again from today's facts.")
            )
        case OutOfTurn():
            said = _(
                "An earlier step has not been read yet. Nothing was sent; say so on purpose if it must go now."
            )
            return Notice("", "clock", said)
        case CheckInPast():
            said = _("The check-in lies in the past. Nothing was sent; choose a later time, in UTC.")
            return Notice("", "clock", said)
        case Altered():
            said = _(
                "What is stored does not match what was signed: somebody changed it outside the desk. "
                "Nothing was sent. Tell a coordinator now."
            )
            return Notice("danger", "danger", said)
        case WrongState():
            return Notice("", "info", _("Somebody was quicker: the plan has moved on. Look again below."))
        case _:
            return Notice("", "info", _("This was not done. Nothing is lost; try again."))
