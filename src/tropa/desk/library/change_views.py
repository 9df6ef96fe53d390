"""Writing an answer anew or a new one, what waits for a second person, and one proposal side by side."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tropa.counsel.library import Answer, LibraryError, UnknownAnswer, answer_from, judge, record_of, wording
from tropa.counsel.library.phrases import translator
from tropa.desk import clock
from tropa.desk.atlas.in_force import in_force
from tropa.desk.frame import Notice, notices_said
from tropa.desk.library.change_forms import REVIEW_AFTER, AnswerForm, as_posted, filled
from tropa.desk.library.differing import beside, keys
from tropa.desk.library.errors import (
    AlreadyDecided,
    NotCertified,
    NothingChanges,
    OwnProposal,
    StaleAnswer,
    WrongAnswer,
)
from tropa.desk.library.in_force import library, shipped
from tropa.desk.library.lines import answer_line, fact_lines
from tropa.desk.library.models import Decision
from tropa.desk.library.picking import picking
from tropa.desk.library.proposing import approve, decline, propose
from tropa.desk.library.stored import Stored, StoredChange, stored
from tropa.desk.library.words import page_language
from tropa.desk.staff.access import UnlockedRequest, unlocked

MOST_SHOWN = 100
LONGEST_PREFILLED = 3_200


@require_http_methods(["GET", "HEAD", "POST"])
@unlocked
def change_answer(request: UnlockedRequest, answer_id: str) -> HttpResponse:
    """An answer that stands, as a form; what somebody changed meanwhile is never overwritten unseen."""
    try:
        now = library().answer(answer_id)
    except UnknownAnswer:
        raise Http404 from None
    if request.method == "POST":
        return _posted(request, now)
    today = clock.facts_day(request.reader.now)
    return _form_page(request, now, AnswerForm(initial=filled(now, today), today=today), [])


@require_http_methods(["GET", "HEAD", "POST"])
@unlocked
def new_answer(request: UnlockedRequest) -> HttpResponse:
    """A new answer; an answer given to many comes as `given`, by POST, so that no address holds its words."""
    today = clock.facts_day(request.reader.now)
    if request.method == "POST" and "given" not in request.POST:
        return _posted(request, None)
    given = request.POST.get("given", "").strip()[:LONGEST_PREFILLED]
    text = {"text_en" if request.POST.get("language") == "en" else "text_ru": given}
    form = AnswerForm(initial={"review_by": today + REVIEW_AFTER, **text}, today=today)
    return _form_page(request, None, form, [])


def _posted(request: UnlockedRequest, now: Answer | None) -> HttpResponse:
    today = clock.facts_day(request.reader.now)
    if request.POST.get("act") == "seek":
        return _form_page(request, now, AnswerForm(initial=as_posted(request.POST), today=today), [])
    form = AnswerForm(request.POST, today=today)
    if not form.is_valid():
        return _form_page(request, now, form, [], status=422)
    try:
        answer = form.answer(now)
        answer = answer_from(record_of(answer), topic=answer.topic, said=answer.says)
        row = propose(
            reader=request.reader,
            answer=answer,
            was=request.POST.get("was", ""),
            why=form.cleaned_data["why"],
        )
    except LibraryError as error:
        say = translator(page_language())
        reasons = [f"{fault.what.say(say)} ({fault.expected.say(say)})" for fault in error.problems]
        return _form_page(request, now, form, [Notice("danger", "ban", one) for one in reasons], status=422)
    except WrongAnswer as error:
        return _form_page(
            request, now, form, [Notice("danger", "ban", one) for one in error.reasons], status=422
        )
    except StaleAnswer:
        said = _("Somebody changed this answer meanwhile. Your text is below; look at what stands now first.")
        return _form_page(request, now, form, [Notice("stale", "info", said)], status=409)
    except NothingChanges:
        said = _("This says what stands there already. Nothing was stored.")
        return _form_page(request, now, form, [Notice("", "info", said)], status=422)
    except NotCertified:
        raise PermissionDenied from None
    return redirect(f"{reverse('desk:answer-change', args=[row.pk])}?said=answer-waits")


def _form_page(
    request: UnlockedRequest, now: Answer | None, form: AnswerForm, notices: list[Notice], status: int = 200
) -> HttpResponse:
    context = {
        "section": "answers",
        "answer": now,
        "title": now.in_language(page_language())[0] if now else "",
        "was": request.POST.get("was", wording(now) if now else "") if now else "",
        "form": form,
        "sides": [
            ("ru", _("In Russian"), [form["title_ru"], form["text_ru"], form["asked_ru"]]),
            ("en", _("In English"), [form["title_en"], form["text_en"], form["asked_en"]]),
        ],
        "rest": [form[name] for name in ("topic", "kind", "owner", "review_by")],
        "picking": picking(form["facts"].value() or [], request.POST.get("seek", "")),
        "notices": notices,
    }
    return render(request, "library/edit.html", context, status=status)


@unlocked
def answer_changes(request: UnlockedRequest) -> HttpResponse:
    """Proposals first, then everything that was decided, latest first."""
    found = stored()
    latest = list(reversed(found.changes))
    context = {
        "section": "answers",
        "notices": notices_said(request),
        "waiting": [one for one in latest if one.decision is Decision.WAITING],
        "decided": [one for one in latest if one.decision is not Decision.WAITING][:MOST_SHOWN],
        "missing": found.missing,
        "language": page_language(),
    }
    return render(request, "library/changes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@unlocked
def answer_change(request: UnlockedRequest, change_id: str) -> HttpResponse:
    """One proposal beside what it takes the place of; the decision for everybody but who proposed it."""
    row = _row(change_id)
    if request.method == "POST":
        return _decided(request, row)
    return _change_page(request, row, notices_said(request))


def _row(change_id: str) -> StoredChange:
    row = next((one for one in stored().changes if one.id == change_id), None)
    if row is None:
        raise Http404
    return row


def _decided(request: UnlockedRequest, row: StoredChange) -> HttpResponse:
    act: Callable[..., None] = approve if request.POST.get("act") == "approve" else decline
    try:
        act(reader=request.reader, change_id=row.id)
    except OwnProposal:
        said = _("You proposed this, so somebody else decides about it. Nothing was changed.")
        return _change_page(request, row, [Notice("", "lock", said)], status=409)
    except AlreadyDecided:
        said = _("Somebody was quicker: this is decided. Look again below.")
        return _change_page(request, _row(row.id), [Notice("", "info", said)], status=409)
    except StaleAnswer:
        said = _(
            "The answer was changed since this was proposed. Decline it, and write it over what stands now."
        )
        return _change_page(request, row, [Notice("stale", "info", said)], status=409)
    except WrongAnswer as error:
        return _change_page(request, row, [Notice("danger", "ban", one) for one in error.reasons], status=409)
    except NotCertified:
        raise PermissionDenied from None
    code = "answer-approved" if act is approve else "answer-declined"
    return redirect(f"{reverse('desk:answer-change', args=[row.id])}?said={code}")


def _change_page(
    request: UnlockedRequest, row: StoredChange, notices: list[Notice], status: int = 200
) -> HttpResponse:
    before = before_of(stored(), row)
    judged = judge(row.answer, in_force().atlas, clock.facts_day(request.reader.now))
    context = {
        "section": "answers",
        "notices": notices,
        "row": row,
        "title": row.answer.in_language(page_language())[0],
        "waits": row.decision is Decision.WAITING,
        "own": row.by == request.reader.member.pk,
        "new": before is None,
        "sides": beside(before, row.answer),
        "keys": keys(before, row.answer),
        "line": answer_line(judged),
        "facts": fact_lines(row.answer),
    }
    return render(request, "library/change.html", context, status=status)


def before_of(found: Stored, row: StoredChange) -> Answer | None:
    """What a row takes or took the place of: the text in force when it was decided, today's for one that waits."""
    until = row.place or float("inf")
    earlier = [
        one
        for one in found.changes
        if one.place is not None and one.answer.id == row.answer.id and one.place < until
    ]
    if earlier:
        return max(earlier, key=lambda one: one.place or 0).answer
    return shipped().answers.get(row.answer.id)
