"""The page of a team's saved replies, and putting one into a draft. Nothing here sends anything."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tropa.desk.conf import conf
from tropa.desk.frame import Notice, notices_said
from tropa.desk.staff.access import UnlockedRequest, unlocked
from tropa.desk.talk.body import LONGEST_TEXT
from tropa.desk.talk.errors import BadReplyText, ReplyChanged, TooManyReplies
from tropa.desk.talk.notices import SAID
from tropa.desk.talk.saved_replies import (
    LONGEST,
    LONGEST_TITLE,
    Saved,
    filled,
    filling_of,
    remove_reply,
    save_reply,
    saved_replies,
)
from tropa.desk.talk.surge import hours_to_tell
from tropa.desk.talk.undoing import removed
from tropa.desk.talk.views import shown, thread_or_404


@require_http_methods(["GET", "HEAD", "POST"])
@unlocked
def replies(request: UnlockedRequest) -> HttpResponse:
    """All texts of the team; a new one, or another version of one."""
    if request.method != "POST":
        return _page(request, typed=None, refused="")
    posted = request.POST
    number = posted.get("version", "0")
    version = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0
    typed = Saved(posted.get("reply", "")[:32], posted.get("title", ""), posted.get("text", ""), version)
    try:
        save_reply(
            reader=request.reader, reply_id=typed.id, title=typed.title, text=typed.text, version=version
        )
    except (BadReplyText, ReplyChanged, TooManyReplies) as error:
        return _page(request, typed=typed, refused=_why(error), status=409)
    return redirect(f"{reverse('desk:replies')}?said=reply-kept")


@require_http_methods(["GET", "HEAD", "POST"])
@unlocked
def remove(request: UnlockedRequest, reply_id: str) -> HttpResponse:
    """Remove a text of the team. The page that says so holds it for whoever wants it back; nothing else does."""
    if request.method != "POST":
        return redirect("desk:replies")
    gone = remove_reply(reader=request.reader, reply_id=reply_id)
    back = (("title", gone.title), ("text", gone.text)) if gone else ()
    return _page(request, typed=None, refused="", notices=removed(SAID["reply-removed"], "replies", back))


@require_POST
@unlocked
def put_reply(request: UnlockedRequest, thread_id: str) -> HttpResponse:
    """The thread again with a saved text at the end of the draft, variables filled in; nothing is stored or sent."""
    found, draft = thread_or_404(thread_id), request.POST.get("text", "")[:LONGEST_TEXT]
    chosen = request.POST.get("reply", "")
    saved = next((one for one in saved_replies(reader=request.reader) if one.id == chosen), None)
    if saved is None:
        error = _("This text was changed or removed meanwhile; choose again. Your draft stands below.")
        return shown(request, found, draft=draft, error=error, status=409)
    now = request.reader.now
    hours, _crowded = hours_to_tell(now=now, promised=conf.unanswered_hours)
    filling = filling_of(
        member=request.reader.member, day=now.date(), hours=hours, date_words=date_format(now, "j E")
    )
    whole = "\n\n".join(part for part in (draft.rstrip(), filled(saved.text, filling)) if part)
    return shown(request, found, draft=whole, error="", status=200)


def _page(
    request: UnlockedRequest,
    *,
    typed: Saved | None,
    refused: str,
    status: int = 200,
    notices: Sequence[Notice] | None = None,
) -> HttpResponse:
    kept = saved_replies(reader=request.reader)
    chosen = request.GET.get("change", "")
    if typed is None and chosen:
        typed = next((one for one in kept if one.id == chosen), None)
        if typed is None:
            raise Http404
    context = {
        "section": "answers",
        "replies": kept,
        "typed": typed,
        "refused": refused,
        "longest": LONGEST,
        "longest_title": LONGEST_TITLE,
        "notices": notices_said(request) if notices is None else notices,
    }
    return render(request, "talk/replies.html", context, status=status)


def _why(error: BadReplyText | ReplyChanged | TooManyReplies) -> str:
    match error:
        case ReplyChanged():
            return _(
                "Somebody changed this text since you opened it. Yours stands below; look at theirs first."
            )
        case TooManyReplies():
            return _("Your team keeps as many texts as it may. Remove one first.")
        case BadReplyText(what="title"):
            return _("The text needs a name of at most 80 letters.")
        case BadReplyText(what="length"):
            return _("The text is empty or longer than 4,000 letters.")
        case BadReplyText(what="agreement"):
            return _("People are «вы»: what is said of them stands in the plural. Look at: %(place)s") % {
                "place": error.place
            }
        case BadReplyText(what="variable"):
            return _("There is no variable {%(place)s}. See the list beside the text.") % {
                "place": error.place
            }
        case _:
            return _("A brace is not closed, or not opened.")
