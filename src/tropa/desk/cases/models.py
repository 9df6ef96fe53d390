"""A case: one person or family, from the moment somebody takes their thread. Content lies sealed to the
case's key.
"""

from __future__ import annotations

from django.db import models

from tropa.desk.identifiers import new_id


class Urgency(models.TextChoices):
    """How soon somebody must act; the only thing recognised at arrival that is stored in clear."""

    NOW = "now"
    DAY = "24h"
    WEEK = "week"
    INFO = "info"
    UNSORTED = "unsorted"


class Lane(models.TextChoices):
    """What kind of help is wanted."""

    UNSORTED = "unsorted"
    LAW = "law"
    LEAVING = "leaving"
    UNIT = "unit"  # leave the unit, serving soldiers
    PROTECTION = "protection"
    ABUSE = "abuse"
    SETTLING = "settling"
    FAMILY = "family"
    OTHER = "other"


class Phase(models.TextChoices):
    """Where a case stands (facts/work.md, phases of a case)."""

    RECEIVED = "received"
    TRIAGED = "triaged"
    ADVICE = "advice"
    PLANNING = "planning"
    IN_REVIEW = "in_review"
    PREPARING = "preparing"
    MOVING = "moving"
    ARRIVED = "arrived"
    SAFE = "safe"
    SILENT = "silent"
    CLOSED = "closed"


class Case(models.Model):
    """Who holds it is in `vault.CaseGrant`; `lead` answers first, `second` reads plans and
    missed check-ins.
    """

    id = models.CharField(primary_key=True, max_length=32, default=new_id)
    lane = models.CharField(max_length=12, choices=Lane.choices, default=Lane.UNSORTED)
    urgency = models.CharField(max_length=10, choices=Urgency.choices, default=Urgency.UNSORTED)
    phase = models.CharField(max_length=12, choices=Phase.choices, default=Phase.RECEIVED)
    team = models.ForeignKey("staff.Team", on_delete=models.PROTECT, related_name="cases")
    lead = models.ForeignKey("staff.Member", on_delete=models.PROTECT, related_name="leads")
    second = models.ForeignKey("staff.Member", null=True, on_delete=models.PROTECT, related_name="seconds")
    opened_day = models.DateField()
    closed_day = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(second__isnull=True) | ~models.Q(second=models.F("lead")),
                name="second_holder_is_not_the_lead",
            )
        ]


class Assignment(models.Model):
    """A case given to somebody who has not said yet whether they take it; gone once they have."""

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.CASCADE, related_name="assignment")
    giver = models.ForeignKey("staff.Member", on_delete=models.CASCADE, related_name="+")
    taker = models.ForeignKey("staff.Member", on_delete=models.CASCADE, related_name="+")
    granted = models.BooleanField()  # the giving let them in, so declining shuts them out
    day = models.DateField()


class TriageCard(models.Model):
    """The ten answers under a symmetric key of the case (`wrapped`, the only one that is read: see `services`)
    and sealed to its key pair, for recovery.
    """

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.CASCADE, related_name="card")
    epoch = models.PositiveIntegerField(default=1)
    sealed = models.BinaryField()
    wrapped = models.BinaryField(null=True)
    version = models.PositiveIntegerField(default=1)
