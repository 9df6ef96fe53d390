"""What can be wrong with a pack.

AtlasError
├── PackError      a pack was refused as a whole; `problems` lists every fault found
└── UnknownFactError    a look-up named an id the atlas does not hold
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault: the file (relative to the pack), the line (1-based; 0: the file as a whole), what, and what
    was expected.
    """

    file: str
    line: int
    what: str
    expected: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}; expected {self.expected}"


class AtlasError(Exception):
    """Anything wrong with the base of facts."""


class PackError(AtlasError):
    """A pack cannot be loaded. Nothing of it was taken; whatever was in force stays in force."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class UnknownFactError(AtlasError, KeyError):
    """No fact has this id."""
