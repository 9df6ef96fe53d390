"""Finding answers by a person's own words, in memory: nothing of the words is kept, logged or counted."""

from __future__ import annotations

from functools import cache

from tropa.counsel.finding import Index, Passage
from tropa.counsel.library import Answer
from tropa.desk.library.in_force import library

LEAST_SHARE = 0.3
"""How much of a question an answer has to hold to be offered to a volunteer, who reads it before using it."""

SURE_SHARE = 0.35
SURE_SCORE = 20.0
"""The same to be shown by a machine, to somebody frightened: when in doubt, a person. Both were chosen on the marked
questions and on a dozen of unrelated ones."""


def passages_of(answer: Answer) -> Passage:
    """An answer as it is searched: both languages at once, so that mixed questions find it."""
    return Passage(
        id=answer.id,
        title=f"{answer.title.ru} {answer.title.en}",
        text=f"{answer.text.ru}\n{answer.text.en}",
        asked=(*answer.asked.ru, *answer.asked.en),
    )


@cache
def _index() -> Index:
    return Index(passages_of(answer) for answer in library().answers.values())


def found_for(question: str, *, most: int = 4) -> tuple[str, ...]:
    """Ids of answers, best first; none when nothing fits."""
    return tuple(one.id for one in _index().find(question, most=most) if one.share >= LEAST_SHARE)


def surely_for(question: str, *, most: int = 3) -> tuple[str, ...]:
    """Ids of answers a machine may show by itself: only those that hold much of the question."""
    found = _index().find(question, most=most)
    return tuple(one.id for one in found if one.share >= SURE_SHARE and one.score >= SURE_SCORE)
