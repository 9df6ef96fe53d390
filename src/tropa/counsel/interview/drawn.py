"""People who do not exist, drawn for tests and the bench, and an interview played with them to its end.

Kept true: one stream of numbers, handed in, decides everything; a question that does not arise for a person has no
answer, and nobody drawn contradicts himself. How often an answer is met is what the rule texts say with their shares:
a judgement, no count. One answer in eight is "I do not know".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from tropa.atlas.dice import Dice
from tropa.counsel.interview.answering import Answer, Answers, NotKnown
from tropa.counsel.interview.conditions import NO
from tropa.counsel.interview.engine import Look, State, contradictions
from tropa.counsel.interview.interview import Interview, interview
from tropa.counsel.interview.law import Law
from tropa.counsel.interview.model import AnswerKind, Question, Steers

NOT_KNOWN_SHARE = 0.125
YES_SHARE = 0.3
AGES = (17, 45)
DAYS_BACK = 90
DAYS_AHEAD = 30


@dataclass(frozen=True, slots=True)
class Played:
    """An interview played to its end. `to_topic`: the questions until nothing more could be asked of the topic the
    person wanted to know about, the two opening questions included; `asked`: until nothing more could be asked at all.
    """

    asked: int
    to_topic: int
    result: Interview


def drawn_answers(law: Law, dice: Dice, on: date) -> Answers:
    """Everything one drawn person would answer, asked in the order of the texts."""
    look = Look(law, law.on(on), Answers())
    for question in law.book.questions.values():
        if look.guard(question.id)[0] == NO:
            continue
        trial = look.answers.with_one(question.id, _drawn(question, dice, on))
        if not contradictions(law, trial, on):
            look = Look(law, law.on(on), trial)
    return look.answers


def _drawn(question: Question, dice: Dice, on: date) -> Answer:
    if question.steers is None and dice.random() < NOT_KNOWN_SHARE:
        return NotKnown.NOT_KNOWN
    match question.kind:
        case AnswerKind.YES_NO:
            return "yes" if dice.random() < YES_SHARE else "no"
        case AnswerKind.CHOICE:
            shares = [one.share for one in question.options]
            return dice.choices([one.id for one in question.options], shares)[0]
        case AnswerKind.SEVERAL:
            half = 2 * sum(one.share for one in question.options)
            return frozenset(one.id for one in question.options if dice.random() < 3 * one.share / half)
        case AnswerKind.AGE:
            return dice.randint(*AGES)
        case AnswerKind.PAST_DAY:
            return on - timedelta(days=dice.randint(0, DAYS_BACK))
        case AnswerKind.DAY:
            return on + timedelta(days=dice.randint(-DAYS_BACK, DAYS_AHEAD))


def play(law: Law, truth: Answers, on: date) -> Played:
    """Ask one question after the other until none is left. What the person has no answer for is skipped."""
    answers, skipped = Answers(), set[str]()
    asked, to_topic = 0, None
    result = interview(law, answers, on)
    while (question := result.next_question) is not None:
        asked += 1
        if question in truth.given:
            answers = answers.with_one(question, truth.given[question])
        else:
            skipped.add(question)
        result = interview(law, answers, on, skipped=skipped)
        if to_topic is None and topic_done(law, result):
            to_topic = asked
    return Played(asked, to_topic if to_topic is not None else asked, result)


def topic_done(law: Law, result: Interview) -> bool:
    """Whether the opening questions are answered and no conclusion of the person's topic is open any more."""
    steering = law.book.steering(Steers.TOPIC)
    topic = result.answers.given.get(steering.id) if steering else None
    if topic is None:
        return False
    topics = {topic} if topic in law.book.topics else set(law.book.topics)
    return not any(
        finding.state is State.OPEN or finding.date_bits
        for finding in result.findings
        if law.book.conclusions[finding.conclusion].topic in topics
    )


def only(answers: Answers, names: frozenset[str]) -> Answers:
    """The answers to some questions alone."""
    return replace(answers, given={name: one for name, one in answers.given.items() if name in names})
