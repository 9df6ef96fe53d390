"""What can go wrong in an interview, as one tree.

    InterviewError (a CounselError)
    ├── RulesRefused    the rule texts are not sound; every fault found is named with file and line
    ├── Wrong           one answer that cannot be taken, and why
    └── BadAnswers      answers that cannot be: unknown question, no such option, a day in the future; all of them

Neither carries an answer somebody gave beyond the words that were typed for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from tropa.counsel.errors import CounselError


class Reason(StrEnum):
    """Why an answer cannot be taken."""

    NO_QUESTION = "no such question"
    NO_OPTION = "no such answer"
    NO_DAY = "not a day"
    NO_AGE = "not an age"
    IN_THE_FUTURE = "a day in the future"
    TOO_FAR = "a day too far away"
    TWICE = "answered twice, differently"
    TOO_LONG = "too long"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a rule text. `line` counts from 1; 0: the whole file, or the rules together."""

    file: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}"


class InterviewError(CounselError):
    """Anything this room refuses."""


class RulesRefused(InterviewError):
    """The rules are refused whole."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: (fault.file, fault.line, fault.what)))
        super().__init__("\n".join(map(str, self.faults)))


class Wrong(InterviewError):
    """Why one answer cannot be taken."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class AnswerProblem:
    """One answer that cannot be taken: the question as named, what was written, and why."""

    question: str
    written: str
    reason: Reason


class BadAnswers(InterviewError):
    """Answers that cannot be taken, all of them."""

    def __init__(self, problems: Iterable[AnswerProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{one.question}: {one.reason}" for one in self.problems))
