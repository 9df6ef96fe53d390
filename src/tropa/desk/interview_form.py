"""The interview as a form without script, on the drop and beside a case: every answer lies in the form's own fields.

Kept true: nothing is stored by asking, no cookie is set and no address names an answer; a form that was tampered with,
or comes from older questions, loses only what cannot be read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

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
from tropa.counsel.interview.model import AnswerKind
from tropa.counsel.interview.telling import ToldQuestion
from tropa.counsel.interview.words import NOT_TOGETHER, NOTHING_CHOSEN, REFUSED, translator
from tropa.desk import clock, facts

MOST_KEPT = 60
SEPARATOR = ":"
TYPED_IN = (AnswerKind.AGE, AnswerKind.PAST_DAY, AnswerKind.DAY)
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


def stand(asked: Asked, rules: Law, language: str) -> tuple[Interview, Told]:
    """Where the person stands, and in words."""
    result = interview(rules, asked.answers, clock.facts_day(), skipped=asked.skipped)
    return result, Teller(rules, language).told(result)


def question_of(
    asked: Asked, rules: Law, language: str, result: Interview, told: Told
) -> ToldQuestion | None:
    """What is asked now: a question to be asked again comes before the next one."""
    return Teller(rules, language).question(asked.again, result) if asked.again else told.question


def field_of(asked: Asked, question: ToldQuestion | None, language: str) -> dict[str, Any]:
    """What a template needs to draw the question: which field it is, what was typed, and what was wrong with it."""
    kind = question.kind if question else None
    return {
        "question": question,
        "kept": asked.kept(),
        "skipped": asked.skipped,
        "typed": asked.typed,
        "chosen": asked.typed.split(","),
        "several": kind is AnswerKind.SEVERAL,
        "typed_in": kind in TYPED_IN,
        "an_age": kind is AnswerKind.AGE,
        "latest": clock.facts_day().isoformat() if kind is AnswerKind.PAST_DAY else "",
        "problem": _problem(asked, question, language),
    }


def _problem(asked: Asked, question: ToldQuestion | None, language: str) -> str:
    if asked.reason is None or question is None:
        return ""
    say = translator(language)
    if not asked.typed:
        said = say(NOTHING_CHOSEN)
    elif asked.reason is Reason.NO_OPTION and question.kind is AnswerKind.SEVERAL:
        said = say(NOT_TOGETHER)
    else:
        said = say(REFUSED[asked.reason])
    return said[:1].upper() + said[1:] + "."
