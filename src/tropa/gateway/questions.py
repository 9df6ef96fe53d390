"""The short questions by messenger: one question a message, its answers numbered; each may be skipped.

Kept true: where somebody stands lives in the memory of this process for an hour and nowhere else, so what they answer
is neither stored nor shown to anybody; a machine asks nobody on who says that they serve, have left their unit, are
accused of what soldiers are, or are a minor: that answer goes to a person. A text that is no answer ends the questions
and is an ordinary message. What rests on facts nobody confirmed is not told. A restart forgets who was asked what.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from tropa.counsel.interview import Answers, Teller, Told, Wrong, interview, read_answer
from tropa.counsel.interview.answering import NONE_WORD, UNKNOWN_WORD, Answer
from tropa.counsel.interview.engine import State, WhyPerson
from tropa.counsel.interview.model import AnswerKind
from tropa.counsel.interview.telling import ToldFinding, ToldQuestion
from tropa.counsel.interview.words import REFUSED, translator
from tropa.desk import clock
from tropa.desk.interview_form import law
from tropa.gateway.words import WORDS, Word, told_in

LASTS: Final = timedelta(hours=1)
MOST_PEOPLE: Final = 1_000
LONGEST_ANSWER: Final = 80
LONGEST_TOLD: Final = 2_500
ADULT: Final = 18
SKIPPED, STOPPED = "/skip", "/stop"
SKIP: Final = frozenset({SKIPPED, "-", "–", "—", "пропустить", "skip"})
STOP: Final = frozenset({STOPPED, "стоп", "stop", "хватит"})
NOT_KNOWN: Final = frozenset({"?", "не знаю", "незнаю", "i don't know", "i do not know", "dont know"})
_NUMBERS: Final = re.compile(r"\d{1,2}(?:[\s,;]+\d{1,2})*")
_LIKE_AN_ANSWER: Final = re.compile(r"[\d\s.,;:/-]{1,40}")

FOR_A_PERSON: Final[Mapping[str, frozenset[str]]] = {
    "service": frozenset({"conscript", "contract", "mobilised"}),
    "absent": frozenset({"yes"}),
    "for-good": frozenset({"yes"}),
    "acts": frozenset({"order", "grave", "resistance", "violence", "self-injury", "surrender"}),
}
"""Answers nobody gives who is out of danger, by question."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the person is told now. `to_a_person`: what has to reach one, "" for nothing."""

    text: str = field(repr=False)
    to_a_person: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class _Standing:
    """Where somebody stands. `key` is the message that brought them here: when it comes again, the same is said."""

    language: str
    key: str
    reply: Reply
    until: datetime
    answers: Answers = field(default=Answers(), repr=False)
    skipped: frozenset[str] = frozenset()
    asked: ToldQuestion | None = None
    told: frozenset[str] = frozenset()


class Questions:
    """Everybody who is being asked on one account, in memory alone."""

    def __init__(self) -> None:
        self._standing: dict[str, _Standing] = {}

    def begin(self, handle: str, key: str, language: str, now: datetime) -> Reply:
        """The first question, or the same again when this message comes again."""
        known = self._of(handle, now)
        if known is not None and known.key == key:
            return known.reply
        spoken = "en" if language == "en" else "ru"
        fresh = _Standing(spoken, key, Reply(""), now + LASTS)
        return self._ask(handle, fresh, told_in(WORDS[Word.QUESTIONS_BEGIN], spoken))

    def asks(self, handle: str, key: str, text: str, now: datetime) -> bool:
        """Whether a text belongs to the questions; one that does not ends them."""
        known = self._of(handle, now)
        if known is None:
            return False
        if known.key == key or (known.asked is not None and _meant(known.asked, text) is not None):
            return True
        del self._standing[handle]
        return False

    def go_on(self, handle: str, key: str, text: str, now: datetime) -> Reply:
        """What follows from an answer. Only for a text that `asks` says belongs here."""
        known = self._standing[handle]
        question = known.asked
        if known.key == key or question is None:
            return known.reply
        known = replace(known, key=key, until=now + LASTS)
        said = _meant(question, text)
        if said == STOPPED:
            return self._end(handle, known)
        if said == SKIPPED:
            return self._ask(handle, replace(known, skipped=known.skipped | {question.id}))
        rules = law()
        try:
            answer = read_answer(rules.book.questions[question.id], str(said), clock.facts_day(now))
        except Wrong as wrong:
            why = translator(known.language)(REFUSED[wrong.reason])
            return self._keep(handle, known, Reply(f"{why}\n\n{_put(question, known.language)}"))
        known = replace(known, answers=known.answers.with_one(question.id, answer))
        return (
            self._hand_over(handle, known) if _for_a_person(question.id, answer) else self._ask(handle, known)
        )

    def _of(self, handle: str, now: datetime) -> _Standing | None:
        for other in [one for one, standing in self._standing.items() if standing.until <= now]:
            del self._standing[other]
        return self._standing.get(handle)

    def _keep(self, handle: str, standing: _Standing, reply: Reply) -> Reply:
        if handle not in self._standing and len(self._standing) >= MOST_PEOPLE:
            del self._standing[min(self._standing, key=lambda one: self._standing[one].until)]
        self._standing[handle] = replace(standing, reply=reply)
        return reply

    def _ask(self, handle: str, standing: _Standing, before: str = "") -> Reply:
        """What is settled since, and the next question; the end where none is left."""
        rules = law()
        result = interview(rules, standing.answers, clock.facts_day(), skipped=tuple(standing.skipped))
        told = Teller(rules, standing.language).told(result)
        if told.question is None:
            return self._end(handle, standing)
        new = [one for one in _tellable(told) if _mark(one) not in standing.told]
        parts = [before, *(_sentence(one) for one in new), *(one.text for one in told.contradictions)]
        text = "\n\n".join(one for one in (*parts, _put(told.question, standing.language)) if one)
        marks = standing.told | {_mark(one) for one in new}
        return self._keep(handle, replace(standing, asked=told.question, told=marks), Reply(text))

    def _end(self, handle: str, standing: _Standing) -> Reply:
        """Everything that is settled, its facts and days, and that a person is there."""
        rules = law()
        result = interview(rules, standing.answers, clock.facts_day(), skipped=tuple(standing.skipped))
        told = Teller(rules, standing.language).told(result)
        lines: list[str] = []
        for one in (_whole(finding) for finding in _tellable(told)):
            if sum(map(len, lines)) + len(one) <= LONGEST_TOLD:
                lines.append(one)
        heading = told_in(WORDS[Word.QUESTIONS_END], standing.language).format(day=told.day)
        text = "\n\n".join([heading, *lines, told_in(WORDS[Word.QUESTIONS_PERSON], standing.language)])
        return self._keep(handle, replace(standing, asked=None), Reply(text))

    def _hand_over(self, handle: str, standing: _Standing) -> Reply:
        """The last answer goes to a person, in the words of staff, and nothing more is asked."""
        rules, question = law(), standing.asked
        told = Teller(rules, "ru").told(interview(rules, standing.answers, clock.facts_day()))
        words = [
            f"{one.asked} {one.answer}" for one in told.answers if question and one.question == question.id
        ]
        text = told_in(WORDS[Word.QUESTIONS_DANGER], standing.language)
        return self._keep(handle, replace(standing, asked=None), Reply(text, "\n".join(words)))


def _meant(question: ToldQuestion, text: str) -> str | None:
    """What a text says to a question, as `read_answer` reads it, `SKIPPED` or `STOPPED`; None for no answer."""
    said = text.strip().casefold().rstrip(".!")
    if len(said) > LONGEST_ANSWER or not said:
        return None
    if said in STOP:
        return STOPPED
    if said in SKIP:
        return SKIPPED
    if said in NOT_KNOWN:
        return UNKNOWN_WORD
    words = {option.casefold(): value for value, option in question.options}
    if said in words:
        return words[said]
    if not _typed(question) and _NUMBERS.fullmatch(said):
        return _numbered(question, [int(one) for one in re.findall(r"\d+", said)])
    return said if _LIKE_AN_ANSWER.fullmatch(said) else None


def _numbered(question: ToldQuestion, numbers: list[int]) -> str:
    """The options of these numbers; what no option stands at is refused by whoever reads it."""
    values = [value for value, _words in question.options]
    chosen = [values[one - 1] if 0 < one <= len(values) else "" for one in numbers]
    if len(chosen) > 1 and (
        question.kind is not AnswerKind.SEVERAL or {NONE_WORD, UNKNOWN_WORD} & set(chosen)
    ):
        return ""
    return ",".join(chosen)


def _typed(question: ToldQuestion) -> bool:
    return question.kind in (AnswerKind.AGE, AnswerKind.PAST_DAY, AnswerKind.DAY)


def _for_a_person(question: str, answer: Answer) -> bool:
    if question == "age":
        return isinstance(answer, int) and answer < ADULT
    said = answer if isinstance(answer, frozenset) else {answer}
    return not FOR_A_PERSON.get(question, frozenset()).isdisjoint(said)


def _put(question: ToldQuestion, language: str) -> str:
    """The question as a message: its answers numbered, and how to skip or end."""
    lines = [question.text]
    if _typed(question):
        is_age = question.kind is AnswerKind.AGE
        lines.append(told_in(WORDS[Word.ANSWER_AGE if is_age else Word.ANSWER_DAY], language))
    else:
        lines += [f"{number}. {words}" for number, (_value, words) in enumerate(question.options, 1)]
    hint = Word.HOW_SEVERAL if question.kind is AnswerKind.SEVERAL else Word.HOW_ONE
    return "\n".join([*lines, "", told_in(WORDS[hint], language)])


def _tellable(told: Told) -> Iterator[ToldFinding]:
    """What may be told: not what waits for facts to be confirmed."""
    for topic in told.topics:
        yield from (one for one in topic.findings if one.why is not WhyPerson.FACTS_WAIT)


def _mark(finding: ToldFinding) -> str:
    return f"{finding.id} {finding.state.value}"


def _sentence(finding: ToldFinding) -> str:
    """A conclusion in short: its title, and why or whom to ask."""
    said = (
        finding.person if finding.state is State.PERSON else " ".join(one.sentence for one in finding.reasons)
    )
    days = "; ".join(day for one in finding.reasons for day in one.days)
    return " ".join(part for part in (f"— {finding.title}:", said, days) if part)


def _whole(finding: ToldFinding) -> str:
    """A conclusion with the facts it rests on and their days."""
    facts = dict.fromkeys(f"{fact.words} ({fact.as_of})" for one in finding.reasons for fact in one.facts)
    return _sentence(finding) + (f" [{'; '.join(facts)}]" if facts else "")
