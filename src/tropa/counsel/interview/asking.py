"""Which question comes next: the one that can be expected to decide most.

For each question that may still matter, every answer it can have is tried (of a day: a few days around today; of an
age: ages around its borders), weighted by how often it is met. What an answer is worth is how much nearer it brings the
open conclusions to being settled, each by its weight, those of the topic the person asks about six times. Shares steer
the order of questions alone; what is concluded never depends on them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from tropa.counsel.interview.answering import Answer
from tropa.counsel.interview.conditions import OPEN, YES
from tropa.counsel.interview.engine import Look, State, state_of
from tropa.counsel.interview.model import AnswerKind, Question, Steers

OF_THE_TOPIC: Final = 6.0
OF_A_DATE: Final = 0.15
"""What a missing day of a settled conclusion counts, beside a conclusion that is open."""

AGES: Final = (16, 18, 24, 30, 31, 45)
PAST_DAYS: Final = (0, 4, 12, 60)
DAYS: Final = (-30, -2, 10)


def next_question(look: Look, *, skipped: frozenset[str], date_bits: int) -> str | None:
    """The question that decides most, or None where none is left that could decide anything. What was skipped is not
    asked again. `date_bits`: questions that would only give settled conclusions their days.
    """
    book = look.law.book
    for steer in (Steers.WORDING, Steers.TOPIC):
        steering = book.steering(steer)
        if steering and steering.id not in look.answers.given and steering.id not in skipped:
            return steering.id
    matter = _matter(look)
    wanted = set(_askable(look, _bits(look, matter) | date_bits, skipped))
    if not wanted:
        return None
    worth = {name: _worth(look, book.questions[name], matter, date_bits) for name in wanted}
    order = {name: place for place, name in enumerate(book.questions)}
    return max(wanted, key=lambda name: (worth[name], -order[name]))


def _matter(look: Look) -> dict[str, float]:
    """The open conclusions, with what each is worth."""
    book = look.law.book
    steering = book.steering(Steers.TOPIC)
    topic = look.said(steering.id) if steering else None
    return {
        one.id: one.weight * (OF_THE_TOPIC if one.topic == topic else 1.0)
        for one in book.conclusions.values()
        if look.holds(one.id)[1]
    }


def _bits(look: Look, matter: dict[str, float]) -> int:
    bits = 0
    for name in matter:
        bits |= look.holds(name)[1]
    return bits


def _askable(look: Look, bits: int, skipped: frozenset[str]) -> Iterator[str]:
    """The questions of these bits that may be asked now; where one must wait for another, that other."""
    book = look.law.book
    waiting = [name for bit, name in book.by_bit.items() if bits & bit]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen or name in skipped:
            continue
        seen.add(name)
        truth, guard_bits = look.guard(name)
        before = [one for one in book.questions if guard_bits & book.bits[one] and one not in skipped]
        if truth == YES or (truth == OPEN and not before):
            yield name
        waiting += before


def _worth(look: Look, question: Question, matter: dict[str, float], date_bits: int) -> float:
    bit = look.law.book.bits[question.id]
    touched = [name for name in matter if look.holds(name)[1] & bit]
    before = sum(matter[name] * _openness(look.holds(name)[1]) for name in touched)
    after = total = 0.0
    for answer, share in _possible(look, question) if touched else ():
        trial = Look(look.law, look.today, look.answers.with_one(question.id, answer), look.withheld)
        total += share
        for name in touched:
            state, bits = state_of(trial, name)
            after += share * matter[name] * (_openness(bits) if state is State.OPEN else 0.0)
    return before - (after / total if total else 0.0) + (OF_A_DATE if bit & date_bits else 0.0)


def _openness(bits: int) -> float:
    """0 for nothing left to ask, towards 1 the more questions are left."""
    left = bits.bit_count()
    return left / (left + 1)


def _possible(look: Look, question: Question) -> Iterator[tuple[Answer, float]]:
    match question.kind:
        case AnswerKind.YES_NO:
            yield from (("yes", 1.0), ("no", 1.0))
        case AnswerKind.CHOICE:
            yield from ((one.id, one.share) for one in question.options)
        case AnswerKind.SEVERAL:
            yield frozenset(), sum(one.share for one in question.options)
            yield from ((frozenset({one.id}), one.share) for one in question.options)
        case AnswerKind.AGE:
            yield from ((age, 1.0) for age in AGES)
        case AnswerKind.PAST_DAY:
            yield from ((look.day - timedelta(days=ago), 1.0) for ago in PAST_DAYS)
        case AnswerKind.DAY:
            yield from ((look.day + timedelta(days=days), 1.0) for days in DAYS)
