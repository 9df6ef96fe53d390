"""Answers and their facts as the pages print them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise

from tropa.counsel.language import Language as Told
from tropa.counsel.library import Answer, Judged, Language, State
from tropa.counsel.reading import reading_of
from tropa.desk import clock
from tropa.desk.atlas.country_page import FactLine, fact_line
from tropa.desk.atlas.in_force import in_force
from tropa.desk.library.words import LENGTHS, STATES, TOPICS, page_language, reason_words

_TOLD = {Language.RU: Told.RUSSIAN, Language.EN: Told.ENGLISH}


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """An answer in a list. `reasons` are sentences; none for one that may be given."""

    id: str
    title: str
    text: str
    topic: str | Promise
    length: str | Promise
    state: str | Promise
    sound: bool
    contradicted: bool
    reasons: tuple[str, ...]
    due: date
    lawyer_needed: bool


def answer_line(judged: Judged) -> AnswerLine:
    """The line of one answer, in the page's language."""
    answer = judged.answer
    title, text = answer.in_language(page_language())
    return AnswerLine(
        id=answer.id,
        title=title,
        text=text,
        topic=TOPICS[answer.topic],
        length=LENGTHS[answer.length],
        state=STATES[judged.state],
        sound=judged.state is State.SOUND,
        contradicted=judged.state is State.CONTRADICTED,
        reasons=tuple(reason_words(reason) for reason in judged.reasons),
        due=judged.earliest,
        lawyer_needed=answer.lawyer == "needed",
    )


def groups_of(lines: Iterable[AnswerLine]) -> list[tuple[str | Promise, list[AnswerLine]]]:
    """The lines by topic, in the order they come."""
    groups: list[tuple[str | Promise, list[AnswerLine]]] = []
    for line in lines:
        if not groups or groups[-1][0] is not line.topic:
            groups.append((line.topic, []))
        groups[-1][1].append(line)
    return groups


def fact_lines(answer: Answer) -> list[FactLine]:
    """The facts an answer rests on that the atlas still holds."""
    atlas, day = in_force().atlas, clock.facts_day()
    return [fact_line(atlas, atlas.facts[one], day) for one in answer.facts if one in atlas.facts]


def levels_of(answer: Answer) -> dict[Language, int]:
    """Whole years of school either text asks of its reader."""
    return {
        language: int(reading_of(answer.in_language(language)[1], told).grade)
        for language, told in _TOLD.items()
    }
