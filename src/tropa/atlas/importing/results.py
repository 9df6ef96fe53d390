"""What an import gives: rows read and refused, proposals, conflicts, and the rows themselves for later ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tropa.atlas.errors import AtlasError, Problem
from tropa.atlas.phrases import Phrase
from tropa.atlas.terms import Kind


class ImportRefused(AtlasError):
    """The file as a whole is not taken; `problems` says why. The pack in force is untouched."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class VisaRule(StrEnum):
    """What a passport index says of a pair of countries."""

    VISA_FREE = "visa-free"
    ON_ARRIVAL = "on-arrival"
    ETA = "eta"
    E_VISA = "e-visa"
    VISA_REQUIRED = "visa-required"
    NO_ADMISSION = "no-admission"
    OWN_COUNTRY = "own-country"


class Action(StrEnum):
    """What a proposal asks a researcher to do."""

    ADD = "add"
    CHANGE = "change"


@dataclass(frozen=True, slots=True)
class Refusal:
    """One row that was not taken: its line (1-based), the field, what was found and what was expected."""

    line: int
    field: str
    found: str
    expected: Phrase


@dataclass(frozen=True, slots=True)
class Proposal:
    """A record a researcher may take. `lacks`: what no row gives and a person must add before it is a fact."""

    action: Action
    id: str
    kind: Kind
    record: Mapping[str, Any]
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conflict:
    """A fact in the pack and a row that says otherwise. The fact stands until a researcher settles it. `record`: what
    the fact would say then, in the notation of a pack; None where the row tells too little for that.
    """

    fact: str
    key: str
    ours: Any
    theirs: Any
    record: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that differs from the import before; None: it was not there."""

    key: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Import:
    """The whole result. `rows`: what was accepted, by key, in words that stay the same for the same content.
    `listed`: for the citizenship asked about, destination, rule, days, and the words of the file.
    """

    kind: str
    layout: str
    read: int
    rows: Mapping[str, str]
    refused: tuple[Refusal, ...]
    agreeing: int
    proposals: tuple[Proposal, ...]
    conflicts: tuple[Conflict, ...]
    notes: tuple[Phrase, ...] = ()
    listed: tuple[tuple[str, VisaRule, int | None, str], ...] = ()

    @property
    def accepted(self) -> int:
        """Rows that were understood."""
        return self.read - len(self.refused)
