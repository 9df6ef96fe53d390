"""The pages of the library: all answers with their state, and one whole. Searched words come by POST, so that no
address holds them.
"""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from tropa.counsel.library import Language, State, UnknownAnswer
from tropa.desk.library.counting import Counts, counts
from tropa.desk.library.finding import found_for
from tropa.desk.library.in_force import judged, library
from tropa.desk.library.lines import answer_line, fact_lines, groups_of, levels_of
from tropa.desk.library.missing import missing_now
from tropa.desk.library.models import Decision
from tropa.desk.library.stored import stored
from tropa.desk.library.words import LENGTHS, TOPICS, page_language
from tropa.desk.pages.field_words import owner_words
from tropa.desk.staff.access import OpenedRequest, UnlockedRequest, unlocked_or_empty

LONGEST_QUESTION = 2_000


def empty_answers(request: OpenedRequest) -> HttpResponse:
    """No library: what the organisation answers is its own."""
    return render(request, "desk/nothing.html", {"section": "answers"})


@require_http_methods(["GET", "HEAD", "POST"])
@unlocked_or_empty(empty_answers)
def answers(request: UnlockedRequest) -> HttpResponse:
    """Every answer by topic; posted words show those that fit."""
    states = judged()
    asked = request.POST.get("asked", "").strip()[:LONGEST_QUESTION]
    wanted = request.GET.get("state", "")
    rows = [answer_line(one) for one in states.values() if wanted in ("", one.state.value)]
    context = {
        "section": "answers",
        "asked": asked,
        "found": [answer_line(states[one]) for one in found_for(asked)] if asked else [],
        "groups": groups_of(rows),
        "count": len(states),
        "wanted": wanted if wanted in {state.value for state in State} else "",
        "states": [(state, sum(one.state is state for one in states.values())) for state in State],
        "proposals": sum(one.decision is Decision.WAITING for one in stored().changes),
        "unread": sum(one.answer.lawyer == "needed" for one in states.values()),
    }
    return render(request, "library/answers.html", context)


@unlocked_or_empty(empty_answers)
def answer(request: UnlockedRequest, answer_id: str) -> HttpResponse:
    """One answer in both languages, what it rests on, its history and its use."""
    try:
        found = library().answer(answer_id)
    except UnknownAnswer:
        raise Http404 from None
    state = judged()[answer_id]
    here = page_language()
    written = [one for one in stored().changes if one.answer.id == answer_id]
    context = {
        "section": "answers",
        "line": answer_line(state),
        "topic": TOPICS[found.topic],
        "length": LENGTHS[found.length],
        "texts": [
            (language.value, *found.in_language(language))
            for language in sorted(Language, key=lambda one: one is not here)
        ],
        "levels": [(language.value, grade) for language, grade in levels_of(found).items()],
        "facts": fact_lines(found),
        "answer": found,
        "owner": owner_words(found.owner),
        "history": [(event.on, event.what) for event in reversed(found.history)],
        "uses": counts().get(answer_id, Counts()),
        "changes": [one for one in reversed(written) if one.decision is not Decision.WAITING],
        "waiting": next((one for one in written if one.decision is Decision.WAITING), None),
        "language": here,
    }
    return render(request, "library/answer.html", context)


@unlocked_or_empty(empty_answers)
def missing(request: UnlockedRequest) -> HttpResponse:
    """What people who wait asked and no answer fitted; opened now, for whoever may read it, and kept nowhere."""
    found = missing_now(request.reader)
    return render(request, "library/missing.html", {"section": "answers", "found": found})
