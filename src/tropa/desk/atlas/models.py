"""What the organisation says over the pack, as rows that are only ever added.

A change is public knowledge and lies in clear; what makes it count is its author's signature, and for what
opens or weighs a danger a second person's. A row without them changes nothing. What was signed is never
written again; of a proposal only the second person's part is filled in, once.
"""

from __future__ import annotations

from django.db import models

from tropa.desk.identifiers import new_id


class Verdict(models.TextChoices):
    """What the second person said."""

    WAITING = "waiting"
    APPROVED = "approved"
    DECLINED = "declined"
    NOT_NEEDED = "not_needed"


class Change(models.Model):
    """One change. `place` is its turn among those in force; a proposal has none until it is approved."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id)
    number = models.PositiveIntegerField(unique=True)
    place = models.PositiveIntegerField(unique=True, null=True)
    subject = models.CharField(max_length=120)  # the fact or country it is about; the content counts
    act = models.CharField(max_length=12)
    content = models.TextField()  # canonical JSON, as signed
    day = models.DateField()
    author = models.ForeignKey("staff.Member", on_delete=models.PROTECT, related_name="atlas_changes")
    signature = models.BinaryField()
    verdict = models.CharField(max_length=12, choices=Verdict.choices, default=Verdict.NOT_NEEDED)
    second = models.ForeignKey(
        "staff.Member", null=True, on_delete=models.PROTECT, related_name="atlas_decisions"
    )
    second_day = models.DateField(null=True)
    second_signature = models.BinaryField(null=True)

    class Meta:
        indexes = [models.Index(fields=["subject", "number"], name="changes_of_a_fact")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(second__isnull=True) | ~models.Q(second=models.F("author")),
                name="the_proposer_never_approves",
            ),
            models.CheckConstraint(
                condition=~models.Q(verdict__in=["approved", "declined"]) | models.Q(second__isnull=False),
                name="a_decided_change_names_its_second",
            ),
            models.CheckConstraint(
                condition=models.Q(verdict__in=["waiting", "declined"], place__isnull=True)
                | models.Q(verdict__in=["approved", "not_needed"], place__isnull=False),
                name="a_change_in_force_has_a_place",
            ),
        ]
