"""Acts on a thread beside answering it, and views of the inbox kept under a name. Each leads back to a page."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tropa.desk.staff.access import UnlockedRequest, unlocked
from tropa.desk.talk import setting_aside, taking_back
from tropa.desk.talk.errors import (
    InDanger,
    NotTaken,
    NotWaiting,
    ReadAlready,
    TalkError,
    TooManyViews,
    WorkBegun,
    WroteMeanwhile,
)
from tropa.desk.talk.forms import HeardForm, SnoozeForm, ViewForm
from tropa.desk.talk.inbox import InboxFilters
from tropa.desk.talk.inbox_lists import address_of, fields_of, read_filters
from tropa.desk.talk.models import Entry, Thread
from tropa.desk.talk.notices import SAID
from tropa.desk.talk.saved_views import forget_view, save_view
from tropa.desk.talk.undoing import removed
from tropa.desk.talk.views import listed, shown, thread_or_404


@require_POST
@unlocked
def snooze(request: UnlockedRequest, thread_id: str) -> HttpResponse:
    """Put the thread aside until an hour."""
    found, form = thread_or_404(thread_id), SnoozeForm(request.POST)
    if not form.is_valid():
        return shown(request, found, draft=None, error=_("Choose until when."), status=400)
    told = form.cleaned_data
    return _done(
        request,
        found,
        lambda: setting_aside.snooze(
            reader=request.reader, thread=found, until=told["until"], heard=told["heard"]
        ),
        "snoozed",
    )


@require_POST
@unlocked
def wake(request: UnlockedRequest, thread_id: str) -> HttpResponse:
    """Put the thread back into its queue."""
    found = thread_or_404(thread_id)
    setting_aside.wake(reader=request.reader, thread=found)
    return redirect(f"{reverse('desk:thread', args=[found.pk])}?said=woken")


@require_POST
@unlocked
def settle(request: UnlockedRequest, thread_id: str) -> HttpResponse:
    """Say that nothing has to be answered."""
    found, form = thread_or_404(thread_id), HeardForm(request.POST)
    heard = form.cleaned_data["heard"] if form.is_valid() else 0
    return _done(
        request,
        found,
        lambda: setting_aside.settle(reader=request.reader, thread=found, heard=heard),
        "settled",
    )


@require_POST
@unlocked
def unsettle(request: UnlockedRequest, thread_id: str) -> HttpResponse:
    """Let the person wait for an answer again."""
    found = thread_or_404(thread_id)
    setting_aside.unsettle(reader=request.reader, thread=found)
    return redirect(f"{reverse('desk:thread', args=[found.pk])}?said=unsettled")


@require_POST
@unlocked
def give_back(request: UnlockedRequest, thread_id: str) -> HttpResponse:
    """Undo the taking of the thread."""
    found = thread_or_404(thread_id)
    return _done(
        request, found, lambda: setting_aside.give_back(reader=request.reader, thread=found), "given-back"
    )


@require_POST
@unlocked
def take_back(request: UnlockedRequest, entry_id: str) -> HttpResponse:
    """Take an answer back that nobody has read; it is a draft again."""
    entry = Entry.objects.only("thread_id").filter(pk=entry_id).first()
    found = thread_or_404(entry.thread_id if entry else "")
    try:
        taking_back.take_back(reader=request.reader, thread=found, entry_id=entry_id)
    except TalkError as refused:
        return shown(request, found, draft=None, error=_refusal(refused), status=409)
    return redirect(f"{reverse('desk:thread', args=[found.pk])}?said=taken-back")


@require_POST
@unlocked
def keep_view(request: UnlockedRequest) -> HttpResponse:
    """Keep the filters of the list under a name."""
    filters, form = read_filters(request.POST), ViewForm(request.POST)
    said = "view-refused"
    if form.is_valid():
        try:
            save_view(reader=request.reader, name=form.cleaned_data["name"], filters=filters)
            said = "view-kept"
        except (TooManyViews, ValueError):
            pass  # the notice says why
    return redirect(_told(address_of(filters), said))


@require_http_methods(["GET", "HEAD", "POST"])
@unlocked
def drop_view(request: UnlockedRequest, view_id: str) -> HttpResponse:
    """Forget a view of one's own. The page that says so holds it for whoever wants it back; nothing else does."""
    if request.method != "POST":
        return redirect("desk:inbox")
    gone = forget_view(reader=request.reader, view_id=view_id)
    back = (("name", gone.name), *fields_of(gone.filters)) if gone else ()
    return listed(request, InboxFilters(), removed(SAID["view-forgotten"], "keep-view", back))


def _done(request: UnlockedRequest, found: Thread, act: Callable[[], object], said: str) -> HttpResponse:
    """The inbox with the word that it was done, or the thread with why it was not."""
    try:
        act()
    except TalkError as refused:
        return shown(request, thread_or_404(found.pk), draft=None, error=_refusal(refused), status=409)
    return redirect(f"{reverse('desk:inbox')}?said={said}&done={found.pk}")


def _refusal(refused: TalkError) -> str:
    match refused:
        case InDanger():
            return _("Somebody in danger is never put aside. Answer, or change the card if it is over.")
        case WroteMeanwhile():
            return _("They wrote while you looked. Read it first; nothing was changed.")
        case NotWaiting():
            return _("Nobody waits in this thread any more; nothing was changed.")
        case WorkBegun():
            return _(
                "There is work in this case already, so it is not given back. Hand it to somebody by name."
            )
        case ReadAlready():
            return _(
                "It was read already or is on its way, so it stays. Write once more if something is to be put right."
            )
        case NotTaken():
            return _("Nobody holds this thread. Take it first.")
        case _:
            raise refused


def _told(address: str, said: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}said={said}"
