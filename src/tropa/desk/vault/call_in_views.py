"""Pages of calling somebody in, and of saying how one wants to be asked. Each view parses, calls one service, and
answers.

The list says who chose a way and opens none; where somebody is asked is opened on the page that answers a coordinator's
press, and on no other.
"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override
from django.views.decorators.http import require_POST

from tropa.desk import clock
from tropa.desk.frame import notices_said
from tropa.desk.staff.abilities import abilities_of
from tropa.desk.staff.access import OpenedRequest, UnlockedRequest, opened, unlocked
from tropa.desk.staff.coordinating import coordinates
from tropa.desk.staff.models import Member
from tropa.desk.staff.queries import active_member
from tropa.desk.vault import call_in_addresses, calling_in
from tropa.desk.vault.call_in_addresses import Reached, Way
from tropa.desk.vault.forms import WAYS, CallInForm

QUESTION = gettext_noop("Hello! If there is time today, please look in.")
"""What a coordinator is told to send: it names no desk, no person and no reason."""


@unlocked
def call_in(request: UnlockedRequest) -> HttpResponse:
    """Who is not on shift today; finding out where to ask one of them, and calling one in."""
    if not coordinates(request.reader):
        raise PermissionDenied
    if request.method != "POST":
        return _page(request)
    member = active_member(request.POST.get("member", "")[:32])
    if member is None:
        raise Http404
    if request.POST.get("act") == "ask":
        return _page(request, asked=member)
    calling_in.call_in(reader=request.reader, member=member)
    return redirect(f"{reverse('desk:call-in')}?said=called-in")


@require_POST
@opened
def choose(request: OpenedRequest) -> HttpResponse:
    """Say how one wants to be asked, or that nobody is to ask."""
    if request.POST.get("act") == "forget":
        call_in_addresses.forget(member=request.member)
        return redirect(f"{reverse('desk:account')}?said=call-in-forgotten")
    form = CallInForm(request.POST)
    if not form.is_valid():
        return redirect(f"{reverse('desk:account')}?said=call-in-refused")
    typed = form.cleaned_data
    call_in_addresses.choose(
        member=request.member,
        seed=request.reader.seed if request.reader else None,
        reached=Reached(Way(typed["way"]), typed["address"]),
        on=clock.now().date(),
    )
    return redirect(f"{reverse('desk:account')}?said=call-in-chosen")


def call_in_context(member: Member) -> dict[str, object]:
    """What one's own page shows of it: whether a way is chosen, never which."""
    return {
        "call_in_form": CallInForm(),
        "call_in_chosen": bool(call_in_addresses.chosen_by([member.pk])),
    }


def _page(request: UnlockedRequest, *, asked: Member | None = None) -> HttpResponse:
    off = list(calling_in.off_shift(on=request.reader.now.date()))
    told = abilities_of(one.pk for one in off)
    chosen = call_in_addresses.chosen_by(one.pk for one in off)
    context: dict[str, object] = {
        "section": "people",
        "lines": [
            (
                one,
                sorted(told[one.pk].languages if one.pk in told else ()) or [one.language],
                one.pk in chosen,
            )
            for one in off
        ],
        "notices": notices_said(request),
    }
    if asked is not None:
        reached = call_in_addresses.ask(reader=request.reader, member=asked)
        with override(asked.language):
            question = _(QUESTION)
        way = WAYS[reached.way] if reached else ""
        context |= {"asked": asked, "reached": reached, "way": way, "question": question}
    return render(request, "vault/call_in.html", context)
