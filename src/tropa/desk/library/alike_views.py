"""The pages of alike questions: the groups, and one group to be answered together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import assert_never

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from tropa.counsel.library import AnswerRefused
from tropa.desk.identifiers import new_id
from tropa.desk.library.alike import MOST_TOGETHER, AlikeGroup, alike_lines, group_of
from tropa.desk.library.alike_forms import TogetherForm
from tropa.desk.library.batch import Left, Outcome, answer_together
from tropa.desk.library.finding import found_for
from tropa.desk.library.in_force import judged
from tropa.desk.library.in_reply import put_in, refused_words
from tropa.desk.library.lines import answer_line
from tropa.desk.library.views import empty_answers
from tropa.desk.staff.access import UnlockedRequest, unlocked, unlocked_or_empty
from tropa.desk.talk.body import LONGEST_TEXT
from tropa.desk.talk.inbox import InboxRow
from tropa.desk.talk.models import Thread
from tropa.desk.vault.errors import NoGrant, VaultError
from tropa.desk.words import waiting_words

SHOWN = 60


@dataclass(frozen=True, slots=True)
class RowLine:
    """One who asks, without a name: what may be sent there is judged by the words alone."""

    value: str  # thread and number of the last entry the volunteer saw
    thread_id: str
    words: str = field(repr=False)
    waits: str
    language: str
    first_line: str = field(repr=False)
    wanted: bool


@unlocked_or_empty(empty_answers)
def alike(request: UnlockedRequest) -> HttpResponse:
    """The groups of those who wait, opened now, for whoever may read them, and kept nowhere."""
    groups, count = alike_lines(request.reader, SHOWN)
    context = {"section": "answers", "groups": groups, "more": count - len(groups)}
    return render(request, "library/alike.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@unlocked
def together(request: UnlockedRequest, thread_id: str) -> HttpResponse:
    """One group; posted, answers looked for, one put into the text, or the text sent to whoever is ticked."""
    if request.method == "POST" and request.POST.get("act") == "send":
        return _send(request, thread_id)
    draft, error, status = request.POST.get("text", "")[:LONGEST_TEXT], "", 200
    english = request.POST.get("text_en", "")[:LONGEST_TEXT]
    put, used = request.POST.get("put", ""), request.POST.getlist("used")
    pair = put.removesuffix(":pair") if put.endswith(":pair") else ""
    try:
        draft, used = put_in(draft, f"{pair}:ru" if pair else put, used)
        if pair:
            english, used = put_in(english, f"{pair}:en", used)
    except AnswerRefused as refused:
        error, status = refused_words(refused), 409
    return _page(request, thread_id, draft=draft, english=english, used=used, error=error, status=status)


def _send(request: UnlockedRequest, thread_id: str) -> HttpResponse:
    form = TogetherForm(request.POST)
    draft, used = request.POST.get("text", "")[:LONGEST_TEXT], request.POST.getlist("used")
    if not form.is_valid():
        error = " ".join(str(message) for messages in form.errors.values() for message in messages)
        return _page(request, thread_id, draft=draft, used=used, error=error, status=400)
    told = form.cleaned_data
    try:
        outcomes = answer_together(
            reader=request.reader,
            recipients=form.recipients(request.POST),
            text=told["text"],
            text_en=told["text_en"],
            answers=told["used"],
            token=told["token"],
        )
    except AnswerRefused as refused:
        return _page(request, thread_id, draft=draft, used=used, error=refused_words(refused), status=409)
    except NoGrant:
        error = _("You may not answer people, so nothing was sent.")
        return _page(request, thread_id, draft=draft, used=used, error=error, status=403)
    except VaultError:
        error = _("This could not be sealed safely, so not everybody was answered. Look at the list again.")
        return _page(request, thread_id, draft=draft, used=used, error=error, status=403)
    left = [(one.name, left_words(one.left)) for one in outcomes if one.left is not None]
    context = {"section": "answers", "sent": _sent(outcomes), "left": left, "given": told["text"]}
    return render(request, "library/together_sent.html", context)


def _sent(outcomes: Sequence[Outcome]) -> list[Outcome]:
    return [one for one in outcomes if one.left is None]


def left_words(left: Left) -> str | Promise:
    """Why somebody was not answered with the others."""
    match left:
        case Left.DANGER:
            return gettext_lazy("may be in danger: answer alone")
        case Left.WROTE_AGAIN:
            return gettext_lazy("wrote again since you saw the list: read it first")
        case Left.ANSWERED:
            return gettext_lazy("was answered meanwhile")
        case Left.TAKEN:
            return gettext_lazy("was taken by a colleague meanwhile")
        case Left.CLOSED:
            return gettext_lazy("is not open to you")
    assert_never(left)


def _page(
    request: UnlockedRequest,
    thread_id: str,
    *,
    draft: str,
    used: list[str],
    error: str,
    status: int,
    english: str | None = None,
) -> HttpResponse:
    found = group_of(request.reader, thread_id)
    if found is None:
        raise Http404
    states = judged()
    asked = request.POST.get("asked", "").strip()[:2_000]
    context = {
        "section": "answers",
        "group": found,
        "rows": _lines(request, found),
        "further": max(0, len(found.rows) - MOST_TOGETHER),
        "draft": draft,
        "english": request.POST.get("text_en", "")[:LONGEST_TEXT] if english is None else english,
        "used": [answer_line(states[one]) for one in used if one in states],
        "asked": asked,
        "found": [answer_line(states[one]) for one in found_for(asked or found.middle.words)],
        "token": new_id(),
        "error": error,
    }
    return render(request, "library/together.html", context, status=status)


def _lines(request: UnlockedRequest, found: AlikeGroup) -> list[RowLine]:
    rows = found.rows[:MOST_TOGETHER]
    heard = dict(Thread.objects.filter(pk__in=[row.id for row in rows]).values_list("pk", "last_heard"))
    ticked = set(request.POST.getlist("to")) if request.method == "POST" else None
    return [_line(request, row, heard.get(row.id, 0), ticked) for row in rows]


def _line(request: UnlockedRequest, row: InboxRow, heard: int, ticked: set[str] | None) -> RowLine:
    value = f"{row.id}:{heard}"
    return RowLine(
        value=value,
        thread_id=row.id,
        words=row.words,
        waits=waiting_words(row.hours),
        language=row.language,
        first_line=request.POST.get(f"first-{row.id}", ""),
        wanted=ticked is None or value in ticked,
    )
