"""What is sealed: a plan version as its two readers sign it, and a step as the applicant gets it.

Kept true: both formats are JSON with a label and a version, read for ever, and refuse any field they do not
know. The digests that are signed are taken over this content and random salts that lie inside the seal, so
that a digest in clear tells nothing about a text or a route to somebody who guesses. The applicant's step
carries its own text and a commitment to the planner's step, never the route.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from tropa.envelope import ReleaseStatement
from tropa.planning.person import PersonFacts
from tropa.planning.plan import CountryNote, FactNote, PaperNote, PlaceNote, Plan, Step
from tropa.planning.plan_json import from_json, to_json

SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class StepText:
    """What the applicant will read for one step. `salt` (hex) and `commitment` (hex) as the module says."""

    number: int
    language: str
    text: str
    salt: str
    commitment: str

    def digest(self) -> bytes:
        """32 bytes over the step as it is shown."""
        return _digest(
            b"tropa step text 1",
            self.number.to_bytes(4, "big"),
            self.language.encode(),
            self.text.encode(),
            bytes.fromhex(self.salt),
            bytes.fromhex(self.commitment),
        )


@dataclass(frozen=True, slots=True)
class PlanContent:
    """One plan version. `salt` (hex) enters the digest of the whole; `step_salt` (hex) the commitments to steps."""

    plan: Plan
    letter: str  # its number among the plans shown, "" if it was none of them
    person: PersonFacts
    on: date
    atlas_version: str
    facts: tuple[FactNote, ...]
    places: tuple[PlaceNote, ...]
    papers: tuple[PaperNote, ...]
    countries: tuple[CountryNote, ...]
    steps: tuple[StepText, ...]
    salt: str
    step_salt: str
    written: str  # exact moment, ISO 8601

    def facts_digest(self) -> bytes:
        """32 bytes over all of this: the plan with its figures and every fact it rests on, the person's facts,
        the words. Nothing a second reader saw can change without it.
        """
        return self.digest_of(self.encode())

    def digest_of(self, body: bytes) -> bytes:
        """The same, where the bytes this was read from are at hand: they need not be written once more."""
        return _digest(b"tropa plan content 1", bytes.fromhex(self.salt), body)

    def commitment(self, step: Step) -> str:
        """Hex digest that ties a text to the planner's step, without showing it."""
        own = _digest(b"tropa step plan 1", bytes.fromhex(self.step_salt), to_json(step).encode())
        return own.hex()

    def encode(self) -> bytes:
        """The bytes to be sealed."""
        return to_json(self).encode()


def read_plan(body: bytes) -> PlanContent:
    """The plan version in opened bytes. Raises WrongJson."""
    return from_json(PlanContent, body)


def step_texts(content: PlanContent, texts: Iterable[tuple[int, str]], language: str) -> tuple[StepText, ...]:
    """Texts for the plan's steps with fresh salts and commitments."""
    steps = {step.number: step for step in content.plan.steps}
    return tuple(
        StepText(number, language, text, fresh_salt(), content.commitment(steps[number]))
        for number, text in texts
    )


def fresh_salt() -> str:
    """16 random bytes as hex."""
    return secrets.token_hex(SALT_BYTES)


@dataclass(frozen=True, slots=True)
class ReleasedStep:
    """A step as it is sealed to the applicant. Signatures and digests are hex, moments ISO 8601 in UTC."""

    step: StepText
    case_id: str
    plan_id: str
    plan_version: int
    facts_digest: str
    expires: str
    author: str
    author_signature: str
    approver: str
    approver_signature: str
    releaser: str
    sequence: int
    released: str
    check_in: str

    def statement(self, thread_id: str) -> ReleaseStatement:
        """What author and approver signed, for the thread it is shown in. Raises ValueError."""
        return ReleaseStatement(
            case_id=self.case_id,
            thread_id=thread_id,
            plan_id=self.plan_id,
            plan_version=self.plan_version,
            step_number=self.step.number,
            step_digest=self.step.digest(),
            facts_digest=bytes.fromhex(self.facts_digest),
            expires=datetime.fromisoformat(self.expires),
        )

    def released_digest(self, thread_id: str) -> bytes:
        """What the releaser signs: the statement, its place in the thread, and the check-in."""
        return _digest(
            b"tropa step release 1",
            self.statement(thread_id).digest(),
            self.author.encode(),
            self.approver.encode(),
            self.releaser.encode(),
            self.sequence.to_bytes(4, "big"),
            self.released.encode(),
            self.check_in.encode(),
        )

    @property
    def check_in_at(self) -> datetime | None:
        """When the applicant is expected to say how it went."""
        return datetime.fromisoformat(self.check_in) if self.check_in else None


def encode_release(step: ReleasedStep, signature: bytes) -> bytes:
    """The bytes sealed to the applicant: the step and the releaser's signature."""
    return json.dumps([to_json(step), signature.hex()]).encode()


def read_release(body: bytes) -> tuple[ReleasedStep, bytes]:
    """The step and the releaser's signature. Raises ValueError or WrongJson."""
    text, signature = json.loads(body)
    return from_json(ReleasedStep, text), bytes.fromhex(signature)


def moment(at: datetime | None) -> str:
    """A moment as stored: ISO 8601 in UTC, "" for none."""
    return at.astimezone(UTC).isoformat() if at else ""


def _digest(label: bytes, *parts: bytes) -> bytes:
    """SHA-256 over the label and every part with its length."""
    total = hashlib.sha256()
    for part in (label, *parts):
        total.update(len(part).to_bytes(4, "big") + part)
    return total.digest()
