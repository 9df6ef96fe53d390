"""What the organisation itself wrote into the library, and how often an answer was given.

A proposed text is meant for the public and lies in clear; what makes it count is the signature of its author and that
of a second person. What was signed is never written again; of a proposal only the second person's part is filled in,
once. Uses are counts by week, and nothing of whom: on a quiet day a count of one beside a thread of that day
would tell what it was about.
"""

from __future__ import annotations

from django.db import models

from tropa.desk.identifiers import new_id


class AnswerUse(models.Model):
    """The counts of one answer in one week (its Monday)."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id)
    answer = models.CharField(max_length=80)
    week = models.DateField()
    sent = models.PositiveIntegerField(default=0)
    shown = models.PositiveIntegerField(default=0)  # by itself, on the drop
    helped = models.PositiveIntegerField(default=0)
    not_helped = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["answer", "week"], name="one_row_an_answer_and_week"),
        ]


class Decision(models.TextChoices):
    """What the second person said."""

    WAITING = "waiting"
    APPROVED = "approved"
    DECLINED = "declined"


class AnswerChange(models.Model):
    """One text proposed for the library. `place` is its turn among those in force; a proposal has none."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id)
    number = models.PositiveIntegerField(unique=True)
    place = models.PositiveIntegerField(unique=True, null=True)
    answer = models.CharField(max_length=80)
    content = models.TextField()  # canonical JSON, as signed
    day = models.DateField()
    author = models.ForeignKey("staff.Member", on_delete=models.PROTECT, related_name="answer_changes")
    signature = models.BinaryField()
    decision = models.CharField(max_length=12, choices=Decision.choices, default=Decision.WAITING)
    second = models.ForeignKey(
        "staff.Member", null=True, on_delete=models.PROTECT, related_name="answer_decisions"
    )
    second_day = models.DateField(null=True)
    second_signature = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(second__isnull=True) | ~models.Q(second=models.F("author")),
                name="who_wrote_an_answer_never_approves_it",
            ),
            models.CheckConstraint(
                condition=models.Q(decision="waiting", second__isnull=True)
                | models.Q(decision__in=["approved", "declined"], second__isnull=False),
                name="a_decided_answer_names_its_second",
            ),
            models.CheckConstraint(
                condition=models.Q(decision="approved", place__isnull=False)
                | models.Q(decision__in=["waiting", "declined"], place__isnull=True),
                name="an_answer_in_force_has_a_place",
            ),
        ]
