"""The page of the triage card."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from tropa.desk.cases import services
from tropa.desk.cases.card import Card
from tropa.desk.cases.card_words import questions_of, reason_words, verdict_words
from tropa.desk.cases.errors import CardChanged, CardDoesNotOpen
from tropa.desk.cases.forms import card_from, version_from
from tropa.desk.cases.models import Case
from tropa.desk.cases.triage import urgency_and_lane
from tropa.desk.staff.access import UnlockedRequest, unlocked
from tropa.desk.talk.models import Thread
from tropa.desk.talk.pseudonyms import name_of
from tropa.desk.vault.errors import NoGrant


@unlocked
def triage(request: UnlockedRequest, case_id: str) -> HttpResponse:
    """Show or save the ten answers. A card somebody else saved meanwhile is never overwritten."""
    case = Case.objects.select_related("lead", "second").filter(pk=case_id).first()
    thread = Thread.objects.filter(case=case).first() if case else None
    if case is None or thread is None:
        raise Http404
    broken = False
    try:
        stored, version = services.open_card(reader=request.reader, case=case)
    except NoGrant:
        raise Http404 from None  # that there is such a case is not for everybody to know
    except CardDoesNotOpen as damaged:
        stored, version, broken = Card(), damaged.version, True
    if request.method != "POST":
        return _page(request, thread, stored, version=version, conflict=False, broken=broken)
    card = card_from(request.POST)
    try:
        services.save_card(reader=request.reader, case=case, card=card, version=version_from(request.POST))
    except CardChanged:
        return _page(request, thread, card, version=version, conflict=True)
    return redirect(f"{reverse('desk:thread', args=[thread.pk])}?said=card")


def _page(
    request: UnlockedRequest,
    thread: Thread,
    card: Card,
    *,
    version: int,
    conflict: bool,
    broken: bool = False,
) -> HttpResponse:
    verdict = urgency_and_lane(card)
    context = {
        "section": "inbox",
        "name": name_of(thread),
        "thread_address": reverse("desk:thread", args=[thread.pk]),
        "questions": questions_of(card),
        "verdict": verdict_words(verdict),
        "reasons": reason_words(verdict),
        "version": version,
        "conflict": conflict,
        "broken": broken,
    }
    return render(request, "cases/triage.html", context, status=409 if conflict else 200)
