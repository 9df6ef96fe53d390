"""What can be wrong with a pack.

AtlasError
├── PackError      a pack was refused as a whole; `problems` lists every fault found
├── ReleaseRefused a signed release was refused as a whole: its form
│   ├── ReleaseUnsigned       too few trusted keys signed it
│   ├── ReleaseRolledBack     it is older than the last one taken, or another of the same number
│   ├── ReleaseExpired        the day lies outside its days
│   └── ReleaseFilesDiffer    a file is missing, added or changed
├── AdoptionBroken  the note of which release is in force leads nowhere
└── UnknownFactError    a look-up named an id the atlas does not hold
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tropa.atlas.phrases import Phrase
from tropa.atlas.phrases import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: the file (relative to the pack), the line (1-based; 0: the file as a whole), what, and what
    was expected.
    """

    file: str
    line: int
    what: Phrase
    expected: Phrase

    def say(self, translate: Callable[[str], str]) -> str:
        """`file:line: what is wrong; expected: what`, in the language of `translate`."""
        sentence = _("{what}; expected: {expected}", what=self.what, expected=self.expected)
        return f"{self.file}:{self.line}: {sentence.say(translate)}"

    def __str__(self) -> str:
        return self.say(lambda message: message)


class AtlasError(Exception):
    """Anything wrong with the base of facts."""


class PackError(AtlasError):
    """A pack cannot be loaded. Nothing of it was taken; whatever was in force stays in force."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class ReleaseRefused(AtlasError):
    """A release cannot be taken; whatever was in force stays in force."""


class ReleaseUnsigned(ReleaseRefused):
    """Too few trusted keys signed the statement."""


class ReleaseRolledBack(ReleaseRefused):
    """An older release was offered, or another one under the number of the last."""


class ReleaseExpired(ReleaseRefused):
    """The day lies outside the days of the release: somebody may be holding back newer ones."""


class ReleaseFilesDiffer(ReleaseRefused):
    """The files are not those the statement names."""


class AdoptionBroken(AtlasError):
    """What says which release is in force cannot be read or leads nowhere; nothing older is taken in its place."""


class UnknownFactError(AtlasError, KeyError):
    """No fact has this id."""
