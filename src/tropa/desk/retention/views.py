"""Pages of keeping: one case's clocks with what may be done about them, and the receipts. Each view parses, calls one
service or query, and answers.
"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from tropa.desk.cases.models import Case
from tropa.desk.frame import notices_said
from tropa.desk.retention import services
from tropa.desk.retention.asking import record_answer
from tropa.desk.retention.errors import (
    BadEnd,
    Going,
    NobodyReads,
    NoReason,
    NoSuchMessage,
    NotClosed,
    NotOpen,
    RetentionError,
)
from tropa.desk.retention.evidence import decide, mark_evidence
from tropa.desk.retention.exhibits import destroy_exhibit, release_exhibit, shown_exhibit
from tropa.desk.retention.forms import ClosingForm, HoldForm, KeepingAct
from tropa.desk.retention.keeping_page import keeping_context, receipts_context
from tropa.desk.retention.models import Exhibit
from tropa.desk.retention.queries import kept
from tropa.desk.staff.access import UnlockedRequest, unlocked
from tropa.desk.staff.coordinating import coordinates
from tropa.desk.vault.errors import NoGrant
from tropa.envelope import EnvelopeError

SAID = {
    KeepingAct.CLOSE: "case-closed",
    KeepingAct.REOPEN: "case-reopened",
    KeepingAct.HOLD: "case-held",
    KeepingAct.LIFT: "hold-lifted",
    KeepingAct.ASKED: "asked-before",
    KeepingAct.EVIDENCE: "evidence-marked",
    KeepingAct.DECIDED: "decided",
    KeepingAct.EXHIBIT: "exhibit-released",
}


@unlocked
def keeping(request: UnlockedRequest, case_id: str) -> HttpResponse:
    """What goes of a case and when; closing, reopening, holding it."""
    case = Case.objects.select_related("lead", "second").filter(pk=case_id).first()
    if case is None:
        raise Http404
    try:
        if request.method != "POST":
            return _page(request, case, ClosingForm(), HoldForm(), refused="", status=200)
        return _done(request, case)
    except NoGrant:
        raise Http404 from None  # that there is such a case is not for everybody to know


@unlocked
def receipts(request: UnlockedRequest) -> HttpResponse:
    """What was destroyed, for coordinators."""
    if not coordinates(request.reader):
        raise PermissionDenied
    context = {"section": "people", "notices": notices_said(request)} | receipts_context()
    return render(request, "retention/receipts.html", context)


@unlocked
def exhibit(request: UnlockedRequest, exhibit_id: str) -> HttpResponse:
    """One exhibit, for the coordinators it is sealed to; posted, it is destroyed."""
    found = Exhibit.objects.select_related("member__issuer").filter(pk=exhibit_id).first()
    try:
        if found is None:
            raise Http404
        shown = shown_exhibit(reader=request.reader, exhibit=found)
        if request.method == "POST":
            destroy_exhibit(reader=request.reader, exhibit_id=found.pk)
            return redirect(f"{reverse('desk:receipts')}?said=exhibit-destroyed")
    except (NoGrant, EnvelopeError):
        raise Http404 from None
    return render(request, "retention/exhibit.html", {"section": "people", "exhibit": shown})


def _done(request: UnlockedRequest, case: Case) -> HttpResponse:
    kept(reader=request.reader, case=case)  # whoever may not look does not learn whether a form was right
    act = next((each for each in KeepingAct if each.value == request.POST.get("act")), None)
    closing = ClosingForm(request.POST if act is KeepingAct.CLOSE else None)
    hold = HoldForm(request.POST if act is KeepingAct.HOLD else None)
    wrong = (act is KeepingAct.CLOSE and not closing.is_valid()) or (
        act is KeepingAct.HOLD and not hold.is_valid()
    )
    if act is None or wrong:
        return _page(request, case, closing, hold, refused="", status=400)
    try:
        _do(request, case, act, closing, hold)
    except RetentionError as refusal:
        return _page(request, case, closing, hold, refused=_refusal(refusal), status=409)
    return redirect(f"{reverse('desk:keeping', args=[case.pk])}?said={SAID[act]}")


def _do(request: UnlockedRequest, case: Case, act: KeepingAct, closing: ClosingForm, hold: HoldForm) -> None:
    match act:
        case KeepingAct.CLOSE:
            typed = closing.cleaned_data
            safe = typed["outcome"] == "safe"
            services.close_case(reader=request.reader, case=case, safe=safe, reason=typed["reason"])
        case KeepingAct.REOPEN:
            services.reopen_case(reader=request.reader, case=case)
        case KeepingAct.HOLD:
            typed = hold.cleaned_data
            services.hold_case(
                reader=request.reader, case=case, last_day=typed["last_day"], reason=typed["reason"]
            )
        case KeepingAct.LIFT:
            services.lift_hold(reader=request.reader, case=case)
        case _:
            _do_about_messages(request, case, act)


def _do_about_messages(request: UnlockedRequest, case: Case, act: KeepingAct) -> None:
    told = request.POST
    match act:
        case KeepingAct.ASKED:
            record_answer(reader=request.reader, case=case, kept=told.get("kept") != "no")
        case KeepingAct.EVIDENCE:
            mark_evidence(reader=request.reader, case=case, entry_id=told.get("entry", ""))
        case KeepingAct.DECIDED:
            decide(reader=request.reader, case=case, confirmed=told.get("confirmed") == "yes")
        case KeepingAct.EXHIBIT:
            entry, consent = told.get("entry", ""), told.get("consent", "")
            release_exhibit(reader=request.reader, case=case, entry_id=entry, consent_id=consent)
        case _:
            raise AssertionError("done before")


def _refusal(refusal: RetentionError) -> str:
    match refusal:
        case NotOpen():
            return _("Somebody closed this case before you.")
        case NotClosed():
            return _("This case is open.")
        case Going():
            return _("Its destruction has begun and cannot be called back.")
        case NoReason():
            return _("Say why.")
        case NoSuchMessage():
            return _("This is no message of theirs that opens and is signed.")
        case NobodyReads():
            return _("Nobody coordinates, so nobody could read it.")
        case BadEnd():
            return _("A hold ends today at the earliest and in a year at the latest. It can be renewed.")
        case _:
            return _("Nothing was changed.")


def _page(
    request: UnlockedRequest, case: Case, closing: ClosingForm, hold: HoldForm, *, refused: str, status: int
) -> HttpResponse:
    context: dict[str, object] = {
        "section": "inbox",
        "closing_form": closing,
        "hold_form": hold,
        "refused": refused,
        "notices": notices_said(request),
    }
    context |= keeping_context(request.reader, case)
    return render(request, "retention/keeping.html", context, status=status)
