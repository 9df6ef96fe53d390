"""Answers of the library in a reply: found by what the person wrote, put at the end of the draft, named beside what
was sent.

Kept true: only a sound answer is put in; what the reply is made of travels in the form until it is sealed with it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from tropa.counsel.library import AnswerRefused, Language, State, UnknownAnswer
from tropa.desk.library.finding import found_for
from tropa.desk.library.in_force import given_now, judged, library, rests_on
from tropa.desk.library.lines import AnswerLine, answer_line
from tropa.desk.library.words import STATES, page_language, reason_words

if TYPE_CHECKING:
    from tropa.desk.talk.queries import OpenEntry

LONGEST_ASKED = 2_000
_PUT = re.compile(r"(?P<id>[A-Za-z0-9.-]{1,80}):(?P<language>ru|en)")


@dataclass(frozen=True, slots=True)
class RestLine:
    """A library answer beside the reply it went into; `problem`: what became of it since."""

    id: str
    title: str
    problem: str


def answer_choices() -> list[tuple[str, str]]:
    """Ids a form may name."""
    return [(answer_id, answer_id) for answer_id in library().answers]


def rest_lines(answer_ids: tuple[str, ...]) -> tuple[RestLine, ...]:
    """The answers a reply names, each with its title and state today."""
    lines = []
    for one in rests_on(answer_ids):
        if one.judged is None:
            lines.append(RestLine(one.answer_id, one.answer_id, _("no longer in the library")))
            continue
        state = one.judged.state
        problem = "" if state is State.SOUND else str(STATES[state])
        lines.append(RestLine(one.answer_id, one.judged.answer.in_language(page_language())[0], problem))
    return tuple(lines)


def put_in(draft: str, put: str, used: Sequence[str]) -> tuple[str, list[str]]:
    """The draft with the answer `ID:LANGUAGE` at its end, and the ids it is made of now; both as they were when nothing
    was put in. Raises AnswerRefused for one that may not be given.
    """
    known = library().answers
    kept = [one for one in dict.fromkeys(used) if one in known]
    wanted = _PUT.fullmatch(put)
    if wanted is None:
        return draft, kept
    try:
        answer = given_now(wanted["id"], Language(wanted["language"]))
    except UnknownAnswer:
        return draft, kept
    whole = f"{draft.rstrip()}\n\n{answer.whole}" if draft.strip() else answer.whole
    return whole, list(dict.fromkeys([*kept, answer.answer_id]))


def library_part(
    entries: Sequence[OpenEntry], *, used: Sequence[str], asked: str, looking: bool
) -> dict[str, object]:
    """What stands under the draft: the answers it is made of, and those that fit what was asked, by default the
    person's last words. Nothing is searched before somebody looks.
    """
    states = judged() if used or looking else {}
    last = next((entry for entry in reversed(entries) if entry.author is None and entry.text), None)
    question = asked or (last.text if last and looking else "")
    theirs = Language.EN if last is not None and last.language == "en" else Language.RU
    found: list[AnswerLine] = [answer_line(states[one]) for one in found_for(question)] if looking else []
    return {
        "used": [answer_line(states[one]) for one in used if one in states],
        "asked": asked,
        "looking": looking,
        "found": found,
        "languages": sorted((one.value for one in Language), key=lambda one: one != theirs),
    }


def refused_words(refused: AnswerRefused) -> str:
    """Why an answer was not put in or not sent."""
    answer = library().answer(refused.answer_id)
    reasons = " ".join(reason_words(reason) for reason in refused.reasons)
    told = _(
        "“%(title)s” cannot be given now, so nothing was sent. %(reasons)s Take it out, or ask its owner."
    )
    return told % {"title": answer.in_language(page_language())[0], "reasons": reasons}
