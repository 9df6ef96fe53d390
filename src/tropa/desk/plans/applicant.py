"""The current step, as the drop shows it to the one who holds the applicant's keys.

Whoever can write to the database must not be able to make this say anything: the step is opened with the
applicant's own key, its digest computed again from the text, author's, approver's and releaser's signatures
verified through their certificates up to the pinned root, the two made sure to be different people, and
thread, place, expiry, plan, version and state held against what was signed. Anything wrong, and there is no
step; it is counted, and older steps are never shown instead. What ended stays ended although its row is put
back: that stands outside the database (`ended_steps`).

What was read is destroyed at "I have read it", at "done" and "it does not work", or after a day; until then it
may be kept on purpose.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from tropa.desk import clock
from tropa.desk.audit.refusals import refuse
from tropa.desk.clock import next_hour
from tropa.desk.plans.content import ReleasedStep, read_release
from tropa.desk.plans.ended_steps import Ending, is_over, unsettled, write_down
from tropa.desk.plans.models import Plan, PlanState, Release, ReleaseState
from tropa.desk.plans.sealing import place, release_signature_place
from tropa.desk.plans.voiding import forget_copies
from tropa.desk.scrub import scrub
from tropa.desk.staff.models import Member
from tropa.desk.talk.models import Thread
from tropa.desk.vault.services import verified_certificate
from tropa.envelope import (
    ROLES_OF_REVIEW,
    ApplicantPublic,
    Certificate,
    EnvelopeError,
    Seed,
    open_sealed,
    thread_id_of,
    verify,
    verify_release,
)
from tropa.planning.plan_json import WrongJson

SHOWN_FOR = timedelta(days=1)
LIVING = (ReleaseState.RELEASED, ReleaseState.ACKNOWLEDGED)


@dataclass(frozen=True, slots=True)
class ShownStep:
    """What the applicant may see. Moments are aware, UTC; `gone_after` None: kept on purpose."""

    release_id: str
    number: int
    text: str
    language: str
    check_in: datetime | None
    expires: datetime
    gone_after: datetime | None
    kept: bool
    acknowledged: bool


@dataclass(frozen=True, slots=True)
class StandingStep:
    """A step every check of which held a moment ago."""

    release: Release
    body: ReleasedStep


class _NotShown(Exception):
    """The row fails a check. Which one is nobody's business outside."""


def current_step(*, thread: Thread, seed: Seed, now: datetime) -> ShownStep | None:
    """The newest released step, if it stands every check and is still to be shown; else None.

    The first look starts its day.
    """
    standing = standing_step(thread=thread, seed=seed, now=now)
    if standing is None:
        return None
    newest, body = standing.release, standing.body
    if newest.gone_after is None and not newest.kept:
        newest.gone_after = next_hour(now + SHOWN_FOR)
        Release.objects.filter(pk=newest.pk, gone_after=None).update(gone_after=newest.gone_after)
    return ShownStep(
        release_id=newest.pk,
        number=body.step.number,
        text=body.step.text,
        language=body.step.language,
        check_in=body.check_in_at,
        expires=newest.step.plan.expires,
        gone_after=None if newest.kept else newest.gone_after,
        kept=newest.kept,
        acknowledged=newest.state == ReleaseState.ACKNOWLEDGED,
    )


def standing_step(*, thread: Thread, seed: Seed, now: datetime) -> StandingStep | None:
    """The newest released step with its verified content; None, and counted where it is not the course of things, when
    anything about it does not hold. Whoever shows or sends a step asks here, each time.
    """
    newest = (
        Release.objects.filter(thread=thread)
        .select_related("step__plan__author__issuer", "step__plan__approver__issuer", "releaser__issuer")
        .order_by("-sequence")
        .first()
    )
    if newest is None or newest.state not in LIVING or _gone(newest, now):
        return None
    if newest.step.plan.expires <= now:  # every step runs out; that is no sign of tampering
        return None
    try:
        return StandingStep(newest, _verified(newest, thread, seed, now))
    except (EnvelopeError, WrongJson, ValueError, TypeError, OSError, _NotShown):
        refuse(table="plans_release", row=newest.pk, day=now.date())
        return None


def _gone(release: Release, now: datetime) -> bool:
    if not release.sealed_applicant:
        return True
    if release.kept:
        return False
    if release.state == ReleaseState.ACKNOWLEDGED:
        return True
    return release.gone_after is not None and release.gone_after <= now


def _verified(release: Release, thread: Thread, seed: Seed, now: datetime) -> ReleasedStep:
    """The step, if row, content, signatures and certificates are one. Raises otherwise."""
    sealing = seed.sealing()
    public = ApplicantPublic(sealing.public, seed.signing().public)
    if thread_id_of(public) != thread.pk or release.thread_id != thread.pk:
        raise _NotShown
    if is_over(release.pk) or is_over(release.step.plan_id):
        raise _NotShown
    opened = open_sealed(sealing, place(release, "sealed_applicant"), bytes(release.sealed_applicant))
    body, signature = read_release(opened)
    _check_rows(body, release, thread)
    plan = release.step.plan
    author = _certificate(plan.author, now)
    approver = _certificate(plan.approver, now)
    verify_release(
        body.statement(thread.pk),
        author=author,
        author_signature=bytes.fromhex(body.author_signature),
        approver=approver,
        approver_signature=bytes.fromhex(body.approver_signature),
        at=now,
    )
    releaser = _certificate(release.releaser, now)
    if releaser.role not in ROLES_OF_REVIEW:
        raise _NotShown
    digest = body.released_digest(thread.pk)
    verify(releaser.sign_public, release_signature_place(release.pk), digest, signature)
    return body


def _check_rows(body: ReleasedStep, release: Release, thread: Thread) -> None:
    """Raise unless every column beside the seal says what was sealed."""
    step, plan = release.step, release.step.plan
    statement = body.statement(thread.pk)
    newer = Plan.objects.filter(case_id=plan.case_id, version__gt=plan.version)
    same = (
        plan.state == PlanState.APPROVED
        and plan.thread_id == thread.pk
        and plan.case_id == thread.case_id == body.case_id
        and plan.pk == body.plan_id
        and plan.version == body.plan_version
        and plan.expires == statement.expires
        and bytes(plan.facts_digest) == statement.facts_digest
        and plan.author_id == body.author
        and plan.approver_id == body.approver
        and release.releaser_id == body.releaser
        and release.sequence == body.sequence
        and step.number == body.step.number
        and bytes(step.step_digest) == statement.step_digest
        and bytes(step.author_signature) == bytes.fromhex(body.author_signature)
        and bytes(step.approver_signature or b"") == bytes.fromhex(body.approver_signature)
        and not newer.exists()
    )
    if not same:
        raise _NotShown


def _certificate(member: Member | None, now: datetime) -> Certificate:
    if member is None:
        raise _NotShown
    return verified_certificate(member, now.date())


def acknowledge(*, thread: Thread, release_id: str) -> bool:
    """ "I have read it": the copy is destroyed unless it is kept. False if there is nothing to acknowledge."""
    with transaction.atomic():
        changed = _moved(thread, release_id, (ReleaseState.RELEASED,), ReleaseState.ACKNOWLEDGED)
        gone = changed and forget_copies(Release.objects.filter(pk=release_id, kept=False))
    if gone:
        write_down(Ending(over=(release_id,)))
        scrub()
    return changed


def done(*, thread: Thread, release_id: str) -> bool:
    """ "It is done": the step is over, and so is its check-in."""
    with transaction.atomic():
        changed = _ended(thread, release_id, ReleaseState.DONE)
        if changed:
            Release.objects.filter(pk=release_id).update(checked_in=True)
    if changed:
        write_down(Ending(over=(release_id,), settled=(release_id,)))
        scrub()
    return changed


def failed(*, thread: Thread, release_id: str) -> bool:
    """ "It does not work": the step is over; the desk sees it at once and no next step goes by itself. Its check-in
    stays: nobody knows yet whether the person is safe.
    """
    with transaction.atomic():
        changed = _ended(thread, release_id, ReleaseState.FAILED)
    if changed:
        write_down(Ending(over=(release_id,)))
        scrub()
    return changed


def keep(*, thread: Thread, release_id: str) -> bool:
    """Keep a step that is still shown, until it is done or runs out. False for one that is gone already."""
    rows = Release.objects.filter(pk=release_id, thread=thread, state=ReleaseState.RELEASED)
    shown = rows.exclude(sealed_applicant=b"").exclude(gone_after__lte=clock.now())
    return bool(shown.update(kept=True, gone_after=None))


def checked_in(*, thread: Thread) -> int:
    """ "I am safe": every open check-in of the thread is answered. Returns how many there were."""
    releases = Release.objects.filter(thread=thread)
    waiting = unsettled(releases.values_list("pk", flat=True))
    releases.filter(checked_in=False).update(checked_in=True)
    write_down(Ending(settled=tuple(waiting)))
    return len(waiting)


def forget_shown(*, now: datetime) -> int:
    """Destroy the copies of steps that were shown a day ago and not kept. Returns how many went."""
    with transaction.atomic():
        due = Release.objects.filter(gone_after__lte=now, kept=False).exclude(sealed_applicant=b"")
        ids = tuple(due.values_list("pk", flat=True))
        forgotten = forget_copies(Release.objects.filter(pk__in=ids, kept=False))
    write_down(Ending(over=ids))
    return forgotten


def _ended(thread: Thread, release_id: str, state: ReleaseState) -> bool:
    """The step is over in this state, and the copy destroyed, kept or not."""
    changed = _moved(thread, release_id, LIVING, state)
    if changed:
        forget_copies(Release.objects.filter(pk=release_id))
    return changed


def _moved(thread: Thread, release_id: str, before: tuple[ReleaseState, ...], after: ReleaseState) -> bool:
    rows = Release.objects.filter(pk=release_id, thread=thread, state__in=before)
    return bool(rows.update(state=after))
