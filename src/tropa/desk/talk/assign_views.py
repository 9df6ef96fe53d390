"""Giving a thread to somebody by name, accepting it, and declining it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tropa.desk.staff.access import UnlockedRequest, unlocked
from tropa.desk.staff.queries import active_member
from tropa.desk.talk import assigning
from tropa.desk.talk.candidates import candidates
from tropa.desk.talk.errors import AlreadyTaken, CannotHold, NothingAssigned
from tropa.desk.talk.known import lane_of
from tropa.desk.talk.models import EntryKind, Thread
from tropa.desk.talk.pseudonyms import name_of
from tropa.desk.talk.queries import thread_entries
from tropa.desk.talk.services import refuse_taken
from tropa.desk.talk.views import shown, thread_or_404
from tropa.desk.vault.errors import NoGrant
from tropa.desk.words import lane_word


@require_http_methods(["GET", "HEAD", "POST"])
@unlocked
def assign(request: UnlockedRequest, thread_id: str) -> HttpResponse:
    """Who could take this thread; giving it to one of them."""
    found = thread_or_404(thread_id)
    if request.method != "POST":
        return _proposed(request, found, refused="")
    member = active_member(request.POST.get("member", "")[:32])
    if member is None:
        return _proposed(request, found, refused=_("Choose somebody."), status=400)
    try:
        if request.POST.get("case", "") != (found.case_id or ""):
            refuse_taken(reader=request.reader, thread=found)
        assigning.assign(reader=request.reader, thread=found, member=member)
    except CannotHold:
        refused = _("This person cannot be given a case today, or leads it already.")
        return _proposed(request, found, refused=refused, status=409)
    except AlreadyTaken as taken:
        error = _("%(who)s took this thread a moment before you.") % {"who": taken.by or _("Somebody")}
        return shown(request, thread_or_404(thread_id), draft=None, error=error, status=409)
    return redirect(f"{reverse('desk:thread', args=[found.pk])}?said=assigned&done={found.pk}")


@require_POST
@unlocked
def accept(request: UnlockedRequest, thread_id: str) -> HttpResponse:
    """Take on what one was given."""
    found = thread_or_404(thread_id)
    if found.case is None:
        return _nothing(request, found)
    try:
        assigning.accept(reader=request.reader, case=found.case)
    except NothingAssigned:
        return _nothing(request, found)
    return redirect(f"{reverse('desk:thread', args=[found.pk])}?said=accepted")


@require_POST
@unlocked
def decline(request: UnlockedRequest, thread_id: str) -> HttpResponse:
    """Give it back to whoever gave it; or take back what one gave."""
    found = thread_or_404(thread_id)
    if found.case is None:
        return _nothing(request, found)
    try:
        assigning.decline(reader=request.reader, case=found.case)
    except NothingAssigned:
        return _nothing(request, found)
    except CannotHold:
        error = _("Whoever gave you this case no longer holds it. Give it to somebody else by name.")
        return shown(request, found, draft=None, error=error, status=409)
    return redirect(f"{reverse('desk:today')}?said=declined")


def _proposed(request: UnlockedRequest, found: Thread, *, refused: str, status: int = 200) -> HttpResponse:
    entries = thread_entries(reader=request.reader, thread=found)
    theirs = [one for one in entries if one.kind is EntryKind.APPLICANT and one.language]
    lane = lane_of(found.lane)
    context = {
        "section": "inbox",
        "thread": found,
        "name": name_of(found),
        "lane": lane_word(lane),
        "candidates": candidates(
            lane=lane,
            language=theirs[-1].language if theirs else "",
            on=request.reader.now.date(),
            without=request.reader.member.pk,
        ),
        "refused": refused,
    }
    return render(request, "talk/assign.html", context, status=status)


def _nothing(request: UnlockedRequest, found: Thread) -> HttpResponse:
    """It was accepted, declined or taken back by somebody a moment before."""
    error = _("Nothing waits to be accepted here any more; nothing was changed.")
    try:
        return shown(request, thread_or_404(found.pk), draft=None, error=error, status=409)
    except NoGrant:
        return redirect(f"{reverse('desk:today')}?said=declined")
