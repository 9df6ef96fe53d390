"""Pages of who holds a case, and of opening one together. Each view parses, calls one service, and answers.

Whoever does not hold a case is not told that there is one; coordinators open a case together by its name on the
people's page.
"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tropa.desk.cases.models import Case
from tropa.desk.frame import notices_said
from tropa.desk.staff.access import UnlockedRequest, unlocked
from tropa.desk.staff.coordinating import coordinates
from tropa.desk.staff.queries import active_member
from tropa.desk.talk.models import Thread
from tropa.desk.talk.pseudonyms import name_of
from tropa.desk.vault import services
from tropa.desk.vault.errors import LastHolder, NoGrant, NotTogether
from tropa.desk.vault.forms import GrantForm, ReasonForm
from tropa.desk.vault.queries import grant_lines
from tropa.envelope import EnvelopeError


@unlocked
def holders(request: UnlockedRequest, case_id: str) -> HttpResponse:
    """Who holds the case until when; letting somebody in."""
    case = _held(request, case_id)
    form = GrantForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, case, form, refused="", status=400 if request.method == "POST" else 200)
    typed = form.cleaned_data
    last = typed["ends_day"]
    if last is not None and last < request.reader.now.date():
        return _page(request, case, form, refused=_("This day is over."), status=400)
    try:
        services.grant_case(
            reader=request.reader,
            case=case,
            member=typed["member"],
            ends_day=last,
            history=typed["history"],
        )
    except (NoGrant, EnvelopeError):
        refused = _("They hold it already, or their keys do not verify today.")
        return _page(request, case, form, refused=refused, status=409)
    return redirect(f"{reverse('desk:holders', args=[case.pk])}?said=granted")


@require_POST
@unlocked
def revoke(request: UnlockedRequest, case_id: str, member_id: str) -> HttpResponse:
    """End somebody's access; the case gets a new key."""
    case = _held(request, case_id)
    member = active_member(member_id)
    if member is None:
        raise Http404
    try:
        services.revoke_case(reader=request.reader, case=case, member=member)
    except LastHolder:
        refused = _("Nobody else holds this case without an end. Let somebody in first.")
        return _page(request, case, GrantForm(), refused=refused, status=409)
    if member.pk == request.reader.member.pk:
        return redirect("desk:today")
    return redirect(f"{reverse('desk:holders', args=[case.pk])}?said=revoked")


@unlocked
def together(request: UnlockedRequest, case_id: str) -> HttpResponse:
    """Ask another coordinator to open a case together, with a reason."""
    _coordinators_only(request)
    thread = Thread.objects.filter(case_id=case_id).select_related("case").first()
    if thread is None or thread.case is None:
        raise Http404
    form, refused = ReasonForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            services.ask_together(reader=request.reader, case=thread.case, reason=reason)
        except NotTogether:
            refused = _(
                "You have no part of this case's key, or nobody else coordinates: only recovery opens it."
            )
        else:
            return redirect(f"{reverse('desk:people')}?said=asked-together")
    context = {"section": "people", "name": name_of(thread), "form": form, "refused": refused}
    return render(request, "vault/together.html", context, status=409 if refused else 200)


@require_POST
@unlocked
def join_together(request: UnlockedRequest, act_id: str) -> HttpResponse:
    """Open the case together with the coordinator who asked, or take back what one asked oneself."""
    _coordinators_only(request)
    withdrawn = request.POST.get("act") == "withdraw"
    act = services.withdraw_asking if withdrawn else services.open_together
    try:
        act(reader=request.reader, act_id=act_id)
    except NotTogether:
        raise Http404 from None
    said = "withdrawn-together" if withdrawn else "opened-together"
    return redirect(f"{reverse('desk:people')}?said={said}")


def _held(request: UnlockedRequest, case_id: str) -> Case:
    case = Case.objects.select_related("lead", "second").filter(pk=case_id).first()
    if case is None:
        raise Http404
    try:
        services.open_newest(reader=request.reader, case=case)
    except NoGrant:
        raise Http404 from None  # that there is such a case is not for everybody to know
    return case


def _page(
    request: UnlockedRequest, case: Case, form: GrantForm, *, refused: str, status: int = 200
) -> HttpResponse:
    thread = Thread.objects.filter(case=case).first()
    context = {
        "section": "inbox",
        "case": case,
        "name": name_of(thread) if thread else "",
        "thread_address": reverse("desk:thread", args=[thread.pk]) if thread else "",
        "lines": grant_lines(case=case, on=request.reader.now.date()),
        "form": form,
        "refused": refused,
        "notices": notices_said(request),
    }
    return render(request, "vault/holders.html", context, status=status)


def _coordinators_only(request: UnlockedRequest) -> None:
    if not coordinates(request.reader):
        raise PermissionDenied
