"""What one played conversation shares from act to act."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from tropa.rehearsal.applicant import Applicant
from tropa.rehearsal.promises import Promises
from tropa.rehearsal.tampering import Database
from tropa.rehearsal.volunteer import Volunteer
from tropa.rehearsal.world import Installation


@dataclass(slots=True)
class Staff:
    """The volunteers of a rehearsal: who takes the conversation, and everybody else who can sign in."""

    lead: Volunteer
    others: list[Volunteer]


@dataclass(slots=True)
class Scene:
    """One conversation. `said` gathers every text of it that must lie nowhere readable."""

    installation: Installation
    promises: Promises
    language: str
    text: str
    applicant: Applicant
    staff: Staff
    database: Database
    said: list[str] = field(default_factory=list)
    answer: str = ""
    steps: list[str] = field(default_factory=list)
    case_id: str = ""
    plan_id: str = ""
    second: Volunteer | None = None

    def speak(self, russian: str, english: str) -> str:
        """A text nobody has ever written, in the language of the rehearsal, to be searched for afterwards."""
        text = f"{russian if self.language == 'ru' else english} {secrets.token_hex(16)}"
        self.said.append(text)
        return text
