"""Plan facts, plans, their two signatures, and released steps.

The author of a plan can never approve it: the service refuses, and so does a database constraint. Author and
approver sign the same digest of (case, thread, plan, version, step, facts, expiry); a changed plan has
another digest, so a change voids both.
"""

from __future__ import annotations

from django.db import models

from tropa.desk.identifiers import new_id


class PlanFacts(models.Model):
    """What the planner is told about the person and their wishes, sealed to the case."""

    case = models.OneToOneField(
        "cases.Case", primary_key=True, on_delete=models.CASCADE, related_name="plan_facts"
    )
    case_epoch = models.PositiveIntegerField(default=1)
    sealed = models.BinaryField()
    wrapped = models.BinaryField(null=True)
    version = models.PositiveIntegerField(default=1)


class PlanState(models.TextChoices):
    """Where a plan version stands."""

    IN_REVIEW = "in_review"
    APPROVED = "approved"
    RETURNED = "returned"
    VOID = "void"  # superseded, or changed after approval


LIVING_PLANS = (PlanState.IN_REVIEW, PlanState.APPROVED)


class Mark(models.TextChoices):
    """What became of the facts a plan rests on since it was written."""

    NONE = "", "none"
    CHANGED = "changed"  # some say something else now: nothing of it leaves before it was written anew
    STOPPED = "stopped"  # some were closed: the plan is void and its unread steps are withdrawn


class Plan(models.Model):
    """One chosen plan version, sealed to the case: the plan, the facts it rests on, the step texts."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id)
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="plans")
    thread = models.ForeignKey("talk.Thread", on_delete=models.CASCADE, related_name="plans")
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=PlanState.choices, default=PlanState.IN_REVIEW)
    case_epoch = models.PositiveIntegerField(default=1)
    sealed = models.BinaryField()
    wrapped = models.BinaryField(null=True)
    sealed_reason = models.BinaryField(null=True)  # why it was returned
    reason_epoch = models.PositiveIntegerField(default=1)  # of the case's key it is wrapped under
    facts_digest = models.BinaryField()  # over the whole content, facts included
    fact_tags = models.BinaryField(default=b"")  # keyed; see `fact_tags`
    mark = models.CharField(max_length=8, choices=Mark.choices, default=Mark.NONE, blank=True)
    expires = models.DateTimeField()  # whole day, UTC midnight
    author = models.ForeignKey("staff.Member", on_delete=models.PROTECT, related_name="plans_written")
    approver = models.ForeignKey(
        "staff.Member", null=True, on_delete=models.PROTECT, related_name="plans_approved"
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["case", "author"], condition=models.Q(state="in_review"), name="plans_in_review"
            )  # counted on every page of the desk
        ]
        constraints = [
            models.UniqueConstraint(fields=["case", "version"], name="one_plan_per_case_and_version"),
            models.CheckConstraint(
                condition=models.Q(approver__isnull=True) | ~models.Q(approver=models.F("author")),
                name="the_author_never_approves",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="approved") | models.Q(approver__isnull=False),
                name="an_approved_plan_names_its_approver",
            ),
        ]


class PlanStep(models.Model):
    """One step of a plan version with the two signatures over its digest."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id)
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveIntegerField()
    step_digest = models.BinaryField()
    author_signature = models.BinaryField()
    approver_signature = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="one_step_per_number_and_plan")
        ]


class ReleaseState(models.TextChoices):
    """What has become of a released step."""

    RELEASED = "released"
    ACKNOWLEDGED = "acknowledged"  # "I have read it"
    DONE = "done"
    FAILED = "failed"  # "it does not work"
    WITHDRAWN = "withdrawn"


class Release(models.Model):
    """A step as the applicant sees it. `sealed_applicant` holds statement, text and check-in, and is empty once the
    step is over for them; verified before shown. That it is over, or that nobody waits for a word about it, is
    believed from `ended_steps` alone: `state` and `checked_in` are columns.
    """

    id = models.CharField(primary_key=True, max_length=32, default=new_id)
    step = models.OneToOneField(PlanStep, on_delete=models.CASCADE, related_name="release")
    thread = models.ForeignKey("talk.Thread", on_delete=models.CASCADE, related_name="releases")
    sequence = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=ReleaseState.choices, default=ReleaseState.RELEASED)
    sealed_applicant = models.BinaryField()
    case_epoch = models.PositiveIntegerField(default=1)
    sealed = models.BinaryField()  # the same for the case, with the exact check-in deadline
    wrapped = models.BinaryField(null=True)
    releaser = models.ForeignKey("staff.Member", on_delete=models.PROTECT, related_name="+")
    gone_after = models.DateTimeField(null=True)
    kept = models.BooleanField(default=False)
    checked_in = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["thread", "sequence"], name="one_release_per_place_in_a_thread")
        ]
