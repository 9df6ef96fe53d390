"""What the answer library refuses, and how.

CounselError
├── LibraryError     a library was refused as a whole; `problems` lists every fault found
├── UnknownAnswer    (also a KeyError) no answer has this id
└── AnswerRefused    an answer may not be given today; `reasons` says why
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tropa.atlas.errors import Problem
from tropa.counsel.errors import CounselError

if TYPE_CHECKING:
    from tropa.counsel.library.state import Reason


class LibraryError(CounselError):
    """A library cannot be loaded. Nothing of it was taken."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class UnknownAnswer(CounselError, KeyError):
    """No answer has this id."""


class AnswerRefused(CounselError):
    """The answer may not be given: it has expired or something contradicts it."""

    def __init__(self, answer_id: str, reasons: tuple[Reason, ...]) -> None:
        self.answer_id, self.reasons = answer_id, reasons
        super().__init__(f"{answer_id}: {', '.join(reason.why for reason in reasons)}")
