"""Answers as people give them, made into values or refused by name.

Kept true: "I do not know" is an answer of its own and never a no; a day in the future is refused where only the past
makes sense, and any day beyond what a life or a summons can reach; two different answers to one question are never
resolved silently: both are kept and the person is asked which one is right.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum
from typing import Final

from tropa.counsel.interview.book import Book
from tropa.counsel.interview.errors import AnswerProblem, BadAnswers, Reason, Wrong
from tropa.counsel.interview.model import AnswerKind, Question

UNKNOWN_WORD: Final = "unknown"
NONE_WORD: Final = "none"
MOST_CHARACTERS: Final = 200
OLDEST: Final = 120
BACK: Final = timedelta(days=366 * 60)
AHEAD: Final = timedelta(days=366 * 2)


class NotKnown(Enum):
    """The person was asked and does not know, or will not say."""

    NOT_KNOWN = "not known"


Said = str | frozenset[str] | int | date
"""An answer: "yes", "no" or an option; several options; an age; a day."""

Answer = Said | NotKnown


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered, by question, and the questions that got two different answers."""

    given: Mapping[str, Answer] = field(default_factory=dict)
    disputed: frozenset[str] = frozenset()

    def with_one(self, question: str, answer: Answer) -> Answers:
        """These and one more; the new one replaces an older one of the same question."""
        return Answers({**self.given, question: answer}, self.disputed - {question})

    def without(self, question: str) -> Answers:
        """These without one."""
        rest = {name: answer for name, answer in self.given.items() if name != question}
        return Answers(rest, self.disputed - {question})


def read_answers(pairs: Iterable[tuple[str, str]], book: Book, on: date) -> Answers:
    """Answers as written, question and answer. Raises `BadAnswers` with all that cannot be taken; two different
    answers to one question are taken as disputed.
    """
    given: dict[str, Answer] = {}
    disputed: set[str] = set()
    problems: list[AnswerProblem] = []
    for name, written in pairs:
        question = book.questions.get(name)
        if question is None:
            problems.append(AnswerProblem(name[:40], written[:40], Reason.NO_QUESTION))
            continue
        try:
            answer = read_answer(question, written, on)
        except Wrong as wrong:
            problems.append(AnswerProblem(name[:40], written[:40], wrong.reason))
            continue
        if name in given and given[name] != answer:
            disputed.add(name)
        given[name] = answer
    if problems:
        raise BadAnswers(problems)
    return Answers(given, frozenset(disputed))


def read_answer(question: Question, written: str, on: date) -> Answer:
    """One answer as written, or `Wrong` with the reason."""
    text = written.strip()
    if len(text) > MOST_CHARACTERS:
        raise Wrong(Reason.TOO_LONG)
    if text == UNKNOWN_WORD and not any(one.id == UNKNOWN_WORD for one in question.options):
        return NotKnown.NOT_KNOWN
    match question.kind:
        case AnswerKind.YES_NO:
            return _one_of({"yes", "no"}, text)
        case AnswerKind.CHOICE:
            return _one_of({one.id for one in question.options}, text)
        case AnswerKind.SEVERAL:
            known = {one.id for one in question.options}
            if text == NONE_WORD and NONE_WORD not in known:
                return frozenset()
            return frozenset(_one_of(known, part.strip()) for part in text.split(","))
        case AnswerKind.AGE:
            if not re.fullmatch(r"\d{1,3}", text, re.ASCII) or int(text) > OLDEST:
                raise Wrong(Reason.NO_AGE)
            return int(text)
        case AnswerKind.PAST_DAY | AnswerKind.DAY:
            return _day(text, on, future=question.kind is AnswerKind.DAY)


def _one_of(known: set[str], text: str) -> str:
    if text not in known:
        raise Wrong(Reason.NO_OPTION)
    return text


def _day(text: str, on: date, *, future: bool) -> date:
    iso = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text, re.ASCII)
    local = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text, re.ASCII)
    parts = iso.groups() if iso else (local.groups()[::-1] if local else None)
    if parts is None:
        raise Wrong(Reason.NO_DAY)
    try:
        day = date(*map(int, parts))
    except ValueError:
        raise Wrong(Reason.NO_DAY) from None
    if day > on and not future:
        raise Wrong(Reason.IN_THE_FUTURE)
    if day > on + AHEAD or day < on - BACK:
        raise Wrong(Reason.TOO_FAR)
    return day


def written_as(answer: Answer) -> str:
    """The answer in the words `read_answer` reads."""
    if isinstance(answer, NotKnown):
        return UNKNOWN_WORD
    if isinstance(answer, frozenset):
        return ",".join(sorted(answer)) or NONE_WORD
    return answer.isoformat() if isinstance(answer, date) else str(answer)
