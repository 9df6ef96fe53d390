"""Says in a language where an interview stands: what terminal, drop and desk show, and nothing they decide.

Kept true: every conclusion is told with the rule's sentence, the answers it rests on, its days, and the facts with the
day they were true; what is open is not told as anything; what hangs on another conclusion is told once, as a count.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tropa.atlas import Text
from tropa.counsel.interview.answering import UNKNOWN_WORD, Answer, NotKnown, written_as
from tropa.counsel.interview.conditions import asks
from tropa.counsel.interview.engine import Dated, Finding, Reason, State, WhyPerson
from tropa.counsel.interview.interview import Coming, Interview
from tropa.counsel.interview.law import Law, facts_of
from tropa.counsel.interview.model import AnswerKind, Question, Steers
from tropa.counsel.interview.words import (
    ANSWERED_TWICE,
    BEGINS,
    DAY_MISSING,
    ENDS,
    NO,
    NONE_OF_THESE,
    NOT_KNOWN,
    ROLES,
    WHY,
    YES,
    day_words,
    fact_words,
    pick,
    sentence,
    translator,
)


@dataclass(frozen=True, slots=True)
class ToldAnswer:
    """A question as it was put, its answer in words, and the answer as it is written."""

    question: str
    asked: str
    answer: str
    written: str


@dataclass(frozen=True, slots=True)
class ToldFact:
    """A fact as it is cited: its id, what it is, the day for which it was true, and where it comes from."""

    id: str
    words: str
    as_of: str
    source: str


@dataclass(frozen=True, slots=True)
class ToldReason:
    """One rule that speaks: its sentence, its days in words, the answers and facts it rests on, and the titles of the
    conclusions it builds on.
    """

    rule: str
    sentence: str
    days: tuple[str, ...]
    answers: tuple[ToldAnswer, ...]
    facts: tuple[ToldFact, ...]
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ToldFinding:
    """One conclusion. `why` and `person`: why a person is needed, as a word and as a sentence; none where none is."""

    id: str
    title: str
    state: State
    reasons: tuple[ToldReason, ...]
    why: WhyPerson | None
    person: str
    not_known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ToldTopic:
    """The conclusions of one topic."""

    title: str
    findings: tuple[ToldFinding, ...]


@dataclass(frozen=True, slots=True)
class ToldQuestion:
    """A question to be asked, with the written form and the words of each closed answer; none: it is typed."""

    id: str
    text: str
    kind: AnswerKind
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ToldContradiction:
    """Answers that cannot be true together: which one is right?"""

    text: str
    answers: tuple[ToldAnswer, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """An interview in words. `hanging`: how many conclusions wait for one a person must look at."""

    day: str
    topics: tuple[ToldTopic, ...]
    contradictions: tuple[ToldContradiction, ...]
    coming: tuple[str, ...]
    question: ToldQuestion | None
    answers: tuple[ToldAnswer, ...]
    hanging: int


@dataclass(frozen=True, slots=True)
class Teller:
    """Speaks one language about one law."""

    law: Law
    language: str

    def told(self, result: Interview) -> Told:
        """Everything there is to tell."""
        book = self.law.book
        findings = [self._finding(one, result) for one in result.findings if _says_something(one)]
        topics = [
            ToldTopic(
                pick(topic.title, self.language),
                tuple(one for one in findings if book.conclusions[one.id].topic == topic.id),
            )
            for topic in sorted(book.topics.values(), key=lambda topic: topic.id != self._asked_about(result))
        ]
        return Told(
            day=day_words(result.day, self.language),
            topics=tuple(topic for topic in topics if topic.findings),
            contradictions=tuple(self._contradictions(result)),
            coming=tuple(self._coming(one) for one in result.coming),
            question=self.question(result.next_question, result) if result.next_question else None,
            answers=tuple(self.answered(result.answers.given, result)),
            hanging=sum(one.why is WhyPerson.HANGS for one in result.findings),
        )

    def _asked_about(self, result: Interview) -> Answer | None:
        """The topic somebody wants to know about first; it is told first."""
        steering = self.law.book.steering(Steers.TOPIC)
        return result.answers.given.get(steering.id) if steering else None

    def question(self, name: str, result: Interview) -> ToldQuestion:
        """A question as it is put."""
        question = self.law.book.questions[name]
        return ToldQuestion(
            name, self._asked(question, result), question.kind, tuple(self._options(question))
        )

    def answered(self, names: Iterable[str], result: Interview) -> Iterator[ToldAnswer]:
        """Some of the answers in words, in the order of the texts."""
        wanted = set(names)
        for question in self.law.book.questions.values():
            if question.id in wanted and question.id in result.answers.given:
                answer = result.answers.given[question.id]
                words = self._answer(question, answer)
                yield ToldAnswer(question.id, self._asked(question, result), words, written_as(answer))

    def _asked(self, question: Question, result: Interview) -> str:
        wording = question.wording
        return pick(wording.other if result.for_another else wording.own, self.language)

    def _options(self, question: Question) -> Iterator[tuple[str, str]]:
        say = translator(self.language)
        if question.kind is AnswerKind.YES_NO:
            yield from (("yes", say(YES)), ("no", say(NO)))
        yield from ((one.id, pick(one.text, self.language)) for one in question.options)
        if question.kind is AnswerKind.SEVERAL:
            yield "none", say(NONE_OF_THESE)
        if question.steers is None:
            yield UNKNOWN_WORD, say(NOT_KNOWN)

    def _answer(self, question: Question, answer: Answer) -> str:
        if isinstance(answer, NotKnown):
            return translator(self.language)(NOT_KNOWN)
        words = dict(self._options(question))
        if isinstance(answer, frozenset):
            return ", ".join(words[one] for one in sorted(answer)) or words["none"]
        if isinstance(answer, str):
            return words[answer]
        return str(answer) if isinstance(answer, int) else day_words(answer, self.language)

    def _finding(self, finding: Finding, result: Interview) -> ToldFinding:
        say = translator(self.language)
        questions = self.law.book.questions
        return ToldFinding(
            id=finding.conclusion,
            title=pick(self.law.book.conclusions[finding.conclusion].title, self.language),
            state=finding.state,
            reasons=tuple(self._reason(one, result) for one in finding.reasons),
            why=finding.why,
            person=say(WHY[finding.why]) if finding.why else "",
            not_known=tuple(self._asked(questions[name], result) for name in finding.not_known),
        )

    def _reason(self, reason: Reason, result: Interview) -> ToldReason:
        rule = reason.rule
        return ToldReason(
            rule=rule.id,
            sentence=self._sentence(rule.text),
            days=tuple(self._day(one) for one in reason.dates),
            answers=tuple(self.answered(reason.answers, result)),
            facts=tuple(self._fact(name) for name in facts_of(rule) if name in self.law.atlas.facts),
            because=tuple(
                pick(self.law.book.conclusions[name].title, self.language) for name in reason.because
            ),
        )

    def _sentence(self, text: Text) -> str:
        return sentence(text, self.law.atlas, self.language)

    def _day(self, dated: Dated) -> str:
        say = translator(self.language)
        words = day_words(dated.day, self.language) if dated.day else say(DAY_MISSING)
        return say(ROLES[dated.role]).format(day=words)

    def _fact(self, name: str) -> ToldFact:
        fact = self.law.atlas.facts[name]
        source = pick(fact.sources[0].title, self.language) if fact.sources else ""
        return ToldFact(name, fact_words(fact, self.law.atlas, self.language), fact.as_of.text, source)

    def _contradictions(self, result: Interview) -> Iterator[ToldContradiction]:
        for one in result.contradictions:
            answers = tuple(self.answered(asks(one.when), result))
            yield ToldContradiction(pick(one.text, self.language), answers)
        for name in result.disputed:
            text = translator(self.language)(ANSWERED_TWICE)
            yield ToldContradiction(text, tuple(self.answered([name], result)))

    def _coming(self, one: Coming) -> str:
        say = translator(self.language)
        message = say(BEGINS if one.begins else ENDS)
        return message.format(day=day_words(one.day, self.language), sentence=self._sentence(one.rule.text))


def _says_something(finding: Finding) -> bool:
    return finding.state not in (State.OPEN, State.SILENT) and finding.why is not WhyPerson.HANGS
