"""Pages of the inbox and of one thread. Each view parses, calls one service or query, and renders."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tropa.counsel.library import AnswerRefused
from tropa.desk import clock
from tropa.desk.cases.models import Urgency
from tropa.desk.frame import Notice
from tropa.desk.identifiers import new_id
from tropa.desk.library.in_reply import LONGEST_ASKED, library_part, put_in, refused_words
from tropa.desk.messengers.queueing import is_reached_by_messenger
from tropa.desk.staff.access import (
    OpenedRequest,
    StaffRequest,
    UnlockedRequest,
    unlocked,
    unlocked_or_closed,
    unlocked_or_empty,
)
from tropa.desk.staff.rest import note_opened
from tropa.desk.staff.views import unlock_page
from tropa.desk.talk import queries, services
from tropa.desk.talk.aside_words import aside_of
from tropa.desk.talk.assigning import assignment_of
from tropa.desk.talk.body import LONGEST_TEXT
from tropa.desk.talk.errors import AlreadyTaken, AnsweredMeanwhile, KeySwapped, NotTaken
from tropa.desk.talk.forms import Act, AnswerForm
from tropa.desk.talk.inbox import InboxFilters, narrowed_page
from tropa.desk.talk.inbox_lines import groups_of
from tropa.desk.talk.inbox_lists import (
    address_of,
    filter_choices,
    heading_of,
    rail_of,
    read_filters,
    read_place,
)
from tropa.desk.talk.kept_typed import seal_typed
from tropa.desk.talk.mentions import seen
from tropa.desk.talk.models import Entry, Thread
from tropa.desk.talk.saved_replies import saved_replies
from tropa.desk.talk.saved_views import saved_views
from tropa.desk.talk.surge_words import surge_words
from tropa.desk.talk.thread_page import thread_context
from tropa.desk.talk.undoing import notices_to_undo
from tropa.desk.vault.errors import NoGrant, VaultError


def empty_inbox(request: OpenedRequest) -> HttpResponse:
    """The queues, with nobody in any of them."""
    filters = read_filters(request.GET)
    context = {
        "section": "inbox",
        "heading": heading_of(filters),
        "rail": rail_of(filters),
        "groups": groups_of([]),
        "notices": notices_to_undo(request),
    }
    return render(request, "talk/inbox.html", context)


@unlocked_or_empty(empty_inbox)
def inbox(request: UnlockedRequest) -> HttpResponse:
    """Fifty threads: danger first, then the longest waiting."""
    return listed(request, read_filters(request.GET), notices_to_undo(request))


def listed(request: UnlockedRequest, filters: InboxFilters, notices: Sequence[Notice]) -> HttpResponse:
    """The page of the inbox under these filters."""
    page = narrowed_page(reader=request.reader, filters=filters, after=read_place(request.GET))
    context = {
        "section": "inbox",
        "heading": heading_of(filters),
        "rail": rail_of(filters, saved_views(reader=request.reader)),
        "groups": groups_of(page.rows),
        "choices": filter_choices(filters),
        "surge": surge_words(now=request.reader.now),
        "next_address": address_of(filters, page.following) if page.following else "",
        "looked_at": page.looked_at,
        "notices": notices,
    }
    return render(request, "talk/inbox.html", context)


@unlocked
def thread(request: UnlockedRequest, thread_id: str) -> HttpResponse:
    """One thread with its card; opening it tells the others that one looks at it."""
    found = thread_or_404(thread_id)
    services.claim(reader=request.reader, thread=found)
    seen(reader=request.reader, thread=found)
    page = shown(request, found, draft=None, error="", status=200)
    if page.status_code == HTTPStatus.OK:
        danger = found.urgency == Urgency.NOW
        note_opened(member_id=request.member.pk, thread_id=found.pk, danger=danger, now=request.reader.now)
    return page


@require_POST
@unlocked
def take(request: UnlockedRequest, thread_id: str) -> HttpResponse:
    """Make a case of an untaken thread."""
    found = thread_or_404(thread_id)
    try:
        services.take(reader=request.reader, thread=found)
    except AlreadyTaken as taken:
        error = _("%(who)s took this thread a moment before you.") % {"who": taken.by or _("Somebody")}
        return shown(request, thread_or_404(thread_id), draft=None, error=error, status=409)
    return redirect(f"{_address(found, 'taken')}&done={found.pk}")


def locked_meanwhile(request: StaffRequest, thread_id: str) -> HttpResponse:
    """The desk locked itself while somebody wrote: the page of unlocking, with what they typed sealed in it."""
    text, back = request.POST.get("text", ""), reverse("desk:thread", args=[thread_id])
    if not text.strip():
        return redirect(f"{reverse('desk:unlock')}?{urlencode({'next': back})}")
    kept = seal_typed(member=request.member, thread_id=thread_id, text=text, on=clock.now().date())
    return unlock_page(request, kept=kept, wanted=f"{back}?said=typed-kept")


@require_POST
@unlocked_or_closed(locked_meanwhile)
def reply(request: UnlockedRequest, thread_id: str) -> HttpResponse:
    """Send an answer, keep a draft, or write a note. Whatever fails, the text comes back."""
    found = thread_or_404(thread_id)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        error = " ".join(str(message) for messages in form.errors.values() for message in messages)
        return shown(request, found, draft=request.POST.get("text", ""), error=error, status=400)
    act, text = Act(form.cleaned_data["act"]), form.cleaned_data["text"]
    try:
        said, done = _do(request, found, act, text, form.cleaned_data)
    except NotTaken:
        error = _("Nobody holds this thread yet. Take it first; your text is kept below.")
        return shown(request, found, draft=text, error=error, status=409)
    except AnsweredMeanwhile:
        error = _("A colleague answered while you wrote. Read it above; your text is kept below, not sent.")
        return shown(request, found, draft=text, error=error, status=409)
    except AnswerRefused as refused:
        error = refused_words(refused)
        return shown(request, found, draft=text, error=error, status=409)
    except (KeySwapped, VaultError) as refused:
        error = _refusal(refused)
        return shown(request, found, draft=text, error=error, status=403)
    return redirect(_address(found, said) + (f"&done={done.pk}" if done else ""))


@require_POST
@unlocked
def find_answers(request: UnlockedRequest, thread_id: str) -> HttpResponse:
    """The thread again with answers that fit, or with one of them put at the end of the draft; nothing is stored."""
    found, draft = thread_or_404(thread_id), request.POST.get("text", "")[:LONGEST_TEXT]
    try:
        whole, used = put_in(draft, request.POST.get("put", ""), request.POST.getlist("used"))
    except AnswerRefused as refused:
        return shown(request, found, draft=draft, error=refused_words(refused), status=409)
    part = {"used": used, "asked": request.POST.get("asked", "").strip()[:LONGEST_ASKED], "looking": True}
    return shown(request, found, draft=whole, error="", status=200, part=part)


def _refusal(refused: Exception) -> str:
    if isinstance(refused, NoGrant):
        return _("You no longer hold this case. Your text stands below.")
    return _(
        "This could not be sealed safely, so nothing was sent. Your text stands below; tell a coordinator."
    )


def _do(
    request: UnlockedRequest, found: Thread, act: Act, text: str, told: dict[str, Any]
) -> tuple[str, Entry | None]:
    """Carry out one of the three acts; the code of what to say after it, and the answer that may be taken back."""
    token = told["token"]
    match act:
        case Act.REPLY:
            sent = services.reply(
                reader=request.reader,
                thread=found,
                text=text,
                dedupe_tag=token,
                answers=told["used"],
                seen=told["seen"],
            )
            return ("queued" if is_reached_by_messenger(found) else "sent"), sent
        case Act.DRAFT:
            services.save_draft(reader=request.reader, thread=found, text=text)
            return "draft", None
        case Act.NOTE:
            services.note(reader=request.reader, thread=found, text=text, dedupe_tag=token)
            return "note", None


def thread_or_404(thread_id: str) -> Thread:
    """The thread with its case and holders. Raises Http404."""
    found = (
        Thread.objects.select_related("case__lead", "case__second", "duty_epoch").filter(pk=thread_id).first()
    )
    if found is None:
        raise Http404
    return found


def _address(found: Thread, said: str) -> str:
    return f"{reverse('desk:thread', args=[found.pk])}?said={said}"


def shown(
    request: UnlockedRequest,
    found: Thread,
    *,
    draft: str | None,
    error: str,
    status: int,
    part: dict[str, Any] | None = None,
) -> HttpResponse:
    """The page of a thread; `draft` None: the one that was kept."""
    context: dict[str, object] = {
        "section": "inbox",
        "reply_token": new_id(),
        "error": error,
        "notices": notices_to_undo(request),
    }
    try:
        entries = queries.thread_entries(reader=request.reader, thread=found)
        kept = (
            queries.open_draft(reader=request.reader, thread=found) if draft is None and found.case else draft
        )
    except NoGrant:
        context["draft"] = draft or ""
        return render(
            request, "talk/thread.html", context | thread_context(request.reader, found, None), status=403
        )
    context |= thread_context(request.reader, found, entries)
    context |= {"draft": kept or "", "thread_topic": f"thread:{found.pk}"}
    context["seen"] = entries[-1].sequence if entries else 0
    context["aside"] = aside_of(found, entries, on=request.reader.now)
    context["assignment"] = assignment_of(reader=request.reader, thread=found)
    if found.case is not None:
        told = part or {"used": request.POST.getlist("used"), "asked": "", "looking": False}
        context["replies"] = saved_replies(reader=request.reader)
        context["library"] = library_part(entries, **told)
    return render(request, "talk/thread.html", context, status=status)
