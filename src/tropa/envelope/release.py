"""What author and approver sign before a step may be shown, and the check made again where it is.

Both sign one digest over case, thread, plan, version, step, the step's and the facts' digests, and the moment
the release runs out: a change to any of them voids both. The role is part of what is signed, so an approval
is never taken for authorship; the same person, or the same key, in both roles is refused here as well as in
the desk.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from tropa.envelope.certificate import COORDINATOR, Certificate
from tropa.envelope.context import Context
from tropa.envelope.encoding import join
from tropa.envelope.errors import CertificateNotAllowed, ReleaseExpired, SelfApproval
from tropa.envelope.keys import SigningKey
from tropa.envelope.signature import sign, verify

DIGEST_BYTES = 32
ROLES_OF_REVIEW = frozenset({"adviser", COORDINATOR})
"""Certified roles that may write or approve a plan; the key of a service or a shift never does."""
_LABEL = b"tropa release 1"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class ReleaseRole(StrEnum):
    """In which role somebody signs."""

    AUTHOR = "author"
    APPROVER = "approver"


@dataclass(frozen=True, slots=True)
class ReleaseStatement:
    """One step of one version of one plan, for one thread, until `expires` (aware, UTC, exclusive).

    `step_digest` and `facts_digest` are SHA-256 digests of the step as it is shown and of the facts it was
    checked against; ids are as stored. Numbers count from 1.
    """

    case_id: str
    thread_id: str
    plan_id: str
    plan_version: int
    step_number: int
    step_digest: bytes
    facts_digest: bytes
    expires: datetime

    def __post_init__(self) -> None:
        if not all(isinstance(name, str) and name for name in (self.case_id, self.thread_id, self.plan_id)):
            raise ValueError("a release names its case, thread and plan")
        if not all(type(n) is int and 1 <= n < 2**31 for n in (self.plan_version, self.step_number)):
            raise ValueError("a plan's version and a step's number count from 1")
        if not all(
            isinstance(d, bytes) and len(d) == DIGEST_BYTES for d in (self.step_digest, self.facts_digest)
        ):
            raise ValueError("a digest is 32 bytes")
        check_utc(self.expires)

    def digest(self) -> bytes:
        """SHA-256 over every field with its length: the 32 bytes that are signed."""
        microseconds = (self.expires - _EPOCH) // _MICROSECOND
        parts = (
            _LABEL,
            self.case_id.encode(),
            self.thread_id.encode(),
            self.plan_id.encode(),
            self.plan_version.to_bytes(4, "big"),
            self.step_number.to_bytes(4, "big"),
            self.step_digest,
            self.facts_digest,
            microseconds.to_bytes(8, "big", signed=True),
        )
        return hashlib.sha256(join(parts)).digest()


def check_utc(moment: datetime) -> None:
    """Raise ValueError unless `moment` is aware and in UTC."""
    if moment.tzinfo is None or moment.utcoffset() != timedelta(0):
        raise ValueError("a moment is aware and in UTC")


def sign_release(key: SigningKey, statement: ReleaseStatement, role: ReleaseRole | str) -> bytes:
    """A signature of `statement` as author or approver; ValueError for any other role."""
    return sign(key, _context(statement, ReleaseRole(role)), statement.digest())


def verify_release(
    statement: ReleaseStatement,
    *,
    author: Certificate,
    author_signature: bytes,
    approver: Certificate,
    approver_signature: bytes,
    at: datetime,
) -> None:
    """Return if the step may be shown at `at`. The certificates are what `verify_chain` gave on that day.

    CertificateNotAllowed if either may not review, SelfApproval if they share a name or a key,
    ReleaseExpired, or BadSignature.
    """
    check_utc(at)
    if not {author.role, approver.role} <= ROLES_OF_REVIEW:
        raise CertificateNotAllowed("this role neither writes nor approves plans")
    if author.subject == approver.subject or author.sign_public == approver.sign_public:
        raise SelfApproval("the author of a plan does not approve it")
    digest = statement.digest()
    verify(author.sign_public, _context(statement, ReleaseRole.AUTHOR), digest, author_signature)
    verify(approver.sign_public, _context(statement, ReleaseRole.APPROVER), digest, approver_signature)
    if at >= statement.expires:
        raise ReleaseExpired("the release has run out")


def _context(statement: ReleaseStatement, role: ReleaseRole) -> Context:
    return Context("release", 1, "plan step", role.value, statement.case_id)
