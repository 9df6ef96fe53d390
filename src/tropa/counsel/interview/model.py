"""What rule texts say, as values: topics, questions, conclusions, rules with the cases beside them, contradictions.

Kept true: a question has both wordings (for oneself, for somebody else) in both languages; a rule has one outcome,
one sentence, the facts it rests on and the days between which it was in force. Refused: nothing here, the reader
refuses; these are only shapes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from tropa.atlas import Text
from tropa.counsel.interview.conditions import Condition
from tropa.counsel.interview.days import DayExpression

TERM: Final = re.compile(r"\{term ([A-Za-z0-9.-]+)\}")
"""Where a sentence has the term of a provision put in."""


class AnswerKind(StrEnum):
    """How a question is answered. "I do not know" is always possible."""

    YES_NO = "yes/no"
    CHOICE = "choice"  # one of the options
    SEVERAL = "several"  # any of the options, none included
    AGE = "age"  # whole years on the day asked; never a date of birth
    PAST_DAY = "past day"  # not after the day of the interview
    DAY = "day"


class Steers(StrEnum):
    """What a question does beside the rules."""

    WORDING = "wording"  # who it is about: changes how everything else is asked
    TOPIC = "topic"  # what somebody wants to know: those conclusions weigh most


class Outcome(StrEnum):
    """What a rule says of its conclusion."""

    HOLDS = "holds"
    NOT = "does not hold"
    PERSON = "needs a person"


class DateRole(StrEnum):
    """What a day that a rule computes means."""

    SINCE = "since"
    BY = "by"
    UNTIL = "until"


@dataclass(frozen=True, slots=True)
class Wording:
    """How a question is put to the person, and to somebody who writes for another."""

    own: Text
    other: Text


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a closed question. `share`: how often it is met, of all shares of the question; steers only which
    question comes next, never a conclusion.
    """

    id: str
    share: float
    text: Text


@dataclass(frozen=True, slots=True)
class Topic:
    """What somebody may want to know."""

    id: str
    title: Text


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `asked_when`: asked of one's own accord only where this is true; it may be answered at any time."""

    id: str
    kind: AnswerKind
    wording: Wording
    options: tuple[Option, ...]
    asked_when: Condition | None
    steers: Steers | None
    for_another: str | None  # the option of a wording question that means somebody else is spoken of
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What may hold of a person. `weight`: how much it matters that it is settled."""

    id: str
    topic: str
    weight: float
    title: Text
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Expected:
    """What a case expects on one day: the state of the conclusion and, where told, one computed day."""

    state: str
    role: DateRole | None
    day: date | None


@dataclass(frozen=True, slots=True)
class Case:
    """A test beside a rule: with these answers, what the conclusion is on each of the days."""

    days: tuple[date, ...]
    answers: tuple[tuple[str, str], ...]
    expected: tuple[Expected, ...]
    line: int


@dataclass(frozen=True, slots=True)
class DatedBy:
    """A day a rule computes."""

    role: DateRole
    day: DayExpression


@dataclass(frozen=True, slots=True)
class Rule:
    """One sentence of law in the words of the questions: the conclusion has this outcome when the condition is true."""

    id: str
    conclusion: str
    outcome: Outcome
    when: Condition
    dates: tuple[DatedBy, ...]
    rests_on: tuple[str, ...]
    first: date | None
    last: date | None
    text: Text
    cases: tuple[Case, ...]
    file: str
    line: int

    def in_force(self, on: date) -> bool:
        """Whether the rule's own dates include the day."""
        return (self.first is None or self.first <= on) and (self.last is None or on <= self.last)


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Answers that cannot be true together; the person is asked which one is right."""

    id: str
    when: Condition
    text: Text
    file: str
    line: int
