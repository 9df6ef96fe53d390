"""Short questions before or instead of a message: everything that was answered lies in the form's own fields.

Kept true: nothing is stored, no cookie is set and no address names an answer; a form that was tampered with, or comes
from older questions, loses only what cannot be read. What rests on facts nobody confirmed is not told here at all: a
person answers it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.http import QueryDict

from tropa.counsel.interview import (
    Answers,
    BadAnswers,
    Interview,
    Law,
    Reason,
    Teller,
    Told,
    Wrong,
    interview,
    read_answer,
    read_answers,
    read_book,
    written_as,
)
from tropa.counsel.interview.answering import UNKNOWN_WORD
from tropa.desk import clock, facts
from tropa.drop.languages import PageLanguage

MOST_KEPT = 60
SEPARATOR = ":"
_latest: list[Law] = []


def law() -> Law:
    """The rules over the facts in force."""
    atlas = facts.atlas()
    found = _latest[0] if _latest else None
    if found is None or found.atlas is not atlas:
        found = Law(found.book if found else read_book(), atlas)
        _latest[:] = [found]
    return found


@dataclass(frozen=True, slots=True)
class Asked:
    """What a form says: earlier answers, what was skipped, and why the newest answer cannot be taken."""

    answers: Answers
    skipped: tuple[str, ...] = ()
    again: str = ""
    reason: Reason | None = None
    typed: str = field(default="", repr=False)

    def kept(self) -> list[str]:
        """The answers as the form carries them on."""
        return [f"{name}{SEPARATOR}{written_as(answer)}" for name, answer in self.answers.given.items()]


def read_form(fields: QueryDict, rules: Law, on: date) -> Asked:
    """The form as posted: the newest answer joins the earlier ones, one to be changed leaves them."""
    answers = _earlier(fields.getlist("was")[:MOST_KEPT], rules, on)
    skipped = tuple(name for name in fields.getlist("skipped")[:MOST_KEPT] if name in rules.book.questions)
    change, asked = fields.get("change", ""), fields.get("asked", "")
    if change in rules.book.questions:
        return Asked(answers.without(change), tuple(name for name in skipped if name != change), again=change)
    if asked not in rules.book.questions or "switch" in fields:
        return Asked(answers, skipped, again=asked if asked in rules.book.questions else "")
    if "skip" in fields:
        return Asked(answers.without(asked), (*skipped, asked))
    typed = UNKNOWN_WORD if "unknown" in fields else ",".join(fields.getlist("answer")[:MOST_KEPT])
    try:
        answer = read_answer(rules.book.questions[asked], typed, on)
    except Wrong as wrong:
        return Asked(answers, skipped, again=asked, reason=wrong.reason, typed=typed[:40])
    return Asked(answers.with_one(asked, answer), tuple(name for name in skipped if name != asked))


def _earlier(written: list[str], rules: Law, on: date) -> Answers:
    pairs = [(name, answer) for name, _colon, answer in (one.partition(SEPARATOR) for one in written)]
    try:
        return read_answers(pairs, rules.book, on)
    except BadAnswers as error:
        bad = {problem.question for problem in error.problems}
        return read_answers([pair for pair in pairs if pair[0][:40] not in bad], rules.book, on)


def stand(asked: Asked, rules: Law, language: PageLanguage) -> tuple[Interview, Told]:
    """Where the person stands, and in words. A question to be asked again comes before the next one."""
    result = interview(rules, asked.answers, clock.facts_day(), skipped=asked.skipped)
    return result, Teller(rules, language.value).told(result)
