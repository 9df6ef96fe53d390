"""Lets one step of an approved plan out, and takes it back.

Kept true: a step leaves only when author's and approver's signatures verify up to the pinned root over
digests computed from the sealed content, the plan has not run out, every fact it rests on may be used today,
and the steps before it have been acknowledged, unless somebody says otherwise on purpose. What leaves is
sealed to the applicant's own key, carries both signatures and the releaser's, and nothing of the rest of the
route.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from tropa.desk.audit.acts import Act
from tropa.desk.audit.services import record
from tropa.desk.identifiers import new_id
from tropa.desk.messengers.queueing import queue_step
from tropa.desk.plans.content import ReleasedStep, encode_release, moment
from tropa.desk.plans.ended_steps import Ending, write_down
from tropa.desk.plans.errors import Altered, CheckInPast, OutOfTurn, Overdue, WrongState
from tropa.desk.plans.fact_check import require_open
from tropa.desk.plans.models import Plan, PlanState, PlanStep, Release, ReleaseState
from tropa.desk.plans.opening import OpenPlan, open_plan, require_reviewer
from tropa.desk.plans.sealing import place, release_signature_place, seal_into
from tropa.desk.plans.shaken import require_unshaken
from tropa.desk.plans.voiding import forget_copies, withdraw_row
from tropa.desk.staff.reader import Reader
from tropa.desk.talk.applicants import applicant_public
from tropa.desk.talk.errors import KeySwapped
from tropa.desk.talk.models import Thread
from tropa.desk.vault.services import open_case_seed
from tropa.envelope import SealingPublicKey, seal, sign

TAKEN_UP = (ReleaseState.ACKNOWLEDGED, ReleaseState.DONE)


def release_step(
    *, reader: Reader, step: PlanStep, check_in: datetime | None = None, out_of_turn: bool = False
) -> Release:
    """Seal a step to the applicant. `check_in`: when they are expected to say how it went (aware, UTC).

    `out_of_turn` lets it go although the step before was not acknowledged. A step that was withdrawn may go
    again. Whatever was sent to the thread before is over. Raises NoGrant, WrongState, Altered, Overdue,
    FactsClosed, FactsChanged, OutOfTurn, CheckInPast.
    """
    if check_in is not None and check_in <= reader.now:
        raise CheckInPast
    with transaction.atomic():
        released = _released(reader, step, check_in, out_of_turn=out_of_turn)
        queue_step(released)
        earlier = Release.objects.filter(thread=released.thread, sequence__lt=released.sequence)
        forget_copies(earlier)
        over = tuple(earlier.values_list("pk", flat=True))
    write_down(Ending(over=over, settled=() if check_in else (released.pk,)))
    return released


def _released(reader: Reader, step: PlanStep, check_in: datetime | None, *, out_of_turn: bool) -> Release:
    plan = Plan.objects.select_for_update(of=("self",)).select_related("case", "thread").get(pk=step.plan_id)
    if plan.state != PlanState.APPROVED:
        raise WrongState
    found = open_plan(reader=reader, plan=plan)
    require_reviewer(reader)
    if reader.now >= plan.expires:
        raise Overdue
    require_open(found.content.plan.facts)
    require_unshaken(plan)
    if not out_of_turn:
        _require_turn(plan, step.number)
    withdrawn = Release.objects.filter(step=step)
    if withdrawn.exclude(state=ReleaseState.WITHDRAWN).exists():
        raise WrongState
    withdrawn.delete()
    released = _sealed(reader, found, step, check_in)
    detail = {"case": plan.case_id, "plan": plan.pk, "step": str(step.number)}
    record(reader=reader, act=Act.STEP_RELEASED, detail=detail, now=reader.now)
    return released


def withdraw(*, reader: Reader, release: Release) -> Release:
    """Take back a step nobody has acknowledged yet. Raises NoGrant, WrongState."""
    with transaction.atomic():
        open_case_seed(reader=reader, case=release.step.plan.case)
        if not withdraw_row(reader=reader, release=release):
            raise WrongState
    write_down(Ending(over=(release.pk,), settled=(release.pk,)))
    release.refresh_from_db()
    return release


def _require_turn(plan: Plan, number: int) -> None:
    earlier = plan.steps.filter(number__lt=number)
    taken_up = earlier.filter(release__state__in=TAKEN_UP)
    if earlier.count() != taken_up.count():
        raise OutOfTurn


def _sealed(reader: Reader, found: OpenPlan, step: PlanStep, check_in: datetime | None) -> Release:
    plan = found.plan
    sequence = (plan.thread.releases.aggregate(last=Max("sequence"))["last"] or 0) + 1
    body = ReleasedStep(
        step=next(text for text in found.content.steps if text.number == step.number),
        case_id=plan.case_id,
        plan_id=plan.pk,
        plan_version=plan.version,
        facts_digest=found.facts_digest.hex(),
        expires=moment(plan.expires),
        author=plan.author_id,
        author_signature=bytes(step.author_signature).hex(),
        approver=plan.approver_id or "",
        approver_signature=bytes(step.approver_signature or b"").hex(),
        releaser=reader.member.pk,
        sequence=sequence,
        released=moment(reader.now),
        check_in=moment(check_in),
    )
    release = Release(id=new_id(), step=step, thread=plan.thread, sequence=sequence, releaser=reader.member)
    digest = body.released_digest(plan.thread_id)
    signature = sign(reader.seed.signing(), release_signature_place(release.pk), digest)
    encoded = encode_release(body, signature)
    release.sealed_applicant = seal(_applicant_key(plan.thread), place(release, "sealed_applicant"), encoded)
    seal_into(release, plan.case, found.opened, encoded).save(force_insert=True)
    return release


def _applicant_key(thread: Thread) -> SealingPublicKey:
    """The applicant's key. Raises Altered when it is not the one the thread is named after: somebody swapped
    it.
    """
    try:
        return applicant_public(thread).sealing
    except KeySwapped:
        raise Altered from None
