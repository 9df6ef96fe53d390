"""Opens a stored plan version and holds it against everything that was signed.

Kept true: what comes out matches its rows; every digest is computed again from the opened content, the
author's signature verifies up to the pinned root for every step, an approved version carries the approver's as
well, and one in review or approved has neither ended nor a newer one beside it. Refused: anything else, as
`Altered`, without saying which part it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from tropa.desk.audit.readings import note_reading
from tropa.desk.audit.refusals import refuse
from tropa.desk.plans.content import PlanContent, read_plan
from tropa.desk.plans.ended_steps import is_over
from tropa.desk.plans.errors import Altered, NotAReviewer
from tropa.desk.plans.fact_tags import hold, names_of
from tropa.desk.plans.models import LIVING_PLANS, Plan, PlanState, PlanStep
from tropa.desk.plans.sealing import open_row
from tropa.desk.staff.reader import Reader
from tropa.desk.vault.services import CaseSeed, open_case_seed, verified_certificate
from tropa.envelope import (
    ROLES_OF_REVIEW,
    Certificate,
    Context,
    EnvelopeError,
    ReleaseRole,
    ReleaseStatement,
    verify,
    verify_release,
)
from tropa.planning.plan_json import WrongJson


@dataclass(frozen=True, slots=True)
class OpenPlan:
    """A plan version, opened and found to match its row."""

    plan: Plan
    content: PlanContent
    opened: CaseSeed
    facts_digest: bytes  # computed from what was opened, once: it is asked for with every step

    def statement(self, number: int) -> ReleaseStatement:
        """What is signed for one step, from the sealed content."""
        text = next(step for step in self.content.steps if step.number == number)
        return ReleaseStatement(
            case_id=self.plan.case_id,
            thread_id=self.plan.thread_id,
            plan_id=self.plan.pk,
            plan_version=self.plan.version,
            step_number=number,
            step_digest=text.digest(),
            facts_digest=self.facts_digest,
            expires=self.plan.expires,
        )


def open_plan(*, reader: Reader, plan: Plan) -> OpenPlan:
    """A plan version, opened, with every digest recomputed and the author's signatures verified.

    Raises NoGrant, and Altered when anything stored does not match.
    """
    opened = open_case_seed(reader=reader, case=plan.case)
    note_reading(reader=reader, held=plan.case)
    try:
        body = open_row(plan, opened)
        content = read_plan(body)
        found = OpenPlan(plan, content, opened, content.digest_of(body))
        _check(found, reader.now)
    except (EnvelopeError, WrongJson, ValueError, StopIteration):
        refuse(table="plans_plan", row=plan.pk, day=reader.now.date())
        raise Altered from None
    return found


def require_reviewer(reader: Reader) -> None:
    """Raise NotAReviewer unless the reader is certified to write, approve and release plans today."""
    try:
        role = verified_certificate(reader.member, reader.now.date()).role
    except EnvelopeError:
        raise NotAReviewer from None
    if role not in ROLES_OF_REVIEW:
        raise NotAReviewer


def _check(found: OpenPlan, at: datetime) -> None:
    """Raise an EnvelopeError or ValueError unless rows, content and signatures are one."""
    if _ended(found.plan):
        raise ValueError("ended")
    if bytes(found.plan.facts_digest) != found.facts_digest:
        raise ValueError("facts")
    tags = bytes(found.plan.fact_tags)
    if tags and not hold(found.plan.pk, tags, names_of(found.content)):
        raise ValueError("tags")
    rows = list(found.plan.steps.order_by("number"))
    if [row.number for row in rows] != [step.number for step in found.content.plan.steps]:
        raise ValueError("steps")
    author = verified_certificate(found.plan.author, at.date())
    if author.role not in ROLES_OF_REVIEW:
        raise ValueError("role")
    for row, text, step in zip(rows, found.content.steps, found.content.plan.steps, strict=True):
        if text.commitment != found.content.commitment(step) or bytes(row.step_digest) != text.digest():
            raise ValueError("step")
        _check_signatures(found, row, at)


def _ended(plan: Plan) -> bool:
    """Whether the row still calls itself in review or approved after it was voided, returned or succeeded."""
    if plan.state not in LIVING_PLANS:
        return False
    newer = Plan.objects.filter(case_id=plan.case_id, version__gt=plan.version)
    if not (is_over(plan.pk) or newer.exists()):
        return False
    now_state = Plan.objects.values_list("state", flat=True).get(pk=plan.pk)  # it may just have happened
    return now_state in LIVING_PLANS


def _check_signatures(found: OpenPlan, row: PlanStep, at: datetime) -> None:
    statement = found.statement(row.number)
    author = verified_certificate(found.plan.author, at.date())
    _verify_author(statement, author, bytes(row.author_signature))
    if found.plan.state == PlanState.APPROVED and found.plan.approver is not None:
        verify_release(
            statement,
            author=author,
            author_signature=bytes(row.author_signature),
            approver=verified_certificate(found.plan.approver, at.date()),
            approver_signature=bytes(row.approver_signature or b""),
            at=min(at, statement.expires - timedelta(microseconds=1)),
        )


def _verify_author(statement: ReleaseStatement, author: Certificate, signature: bytes) -> None:
    """The author's half of `verify_release`, for a plan nobody has approved yet. Raises BadSignature."""
    context = Context("release", 1, "plan step", ReleaseRole.AUTHOR.value, statement.case_id)
    verify(author.sign_public, context, statement.digest(), signature)
