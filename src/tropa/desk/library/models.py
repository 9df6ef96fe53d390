"""How often an answer was given and whether it helped: counts by week, and nothing of whom.

A week, not a day: on a quiet day a count of one beside a thread of that day would tell what it was about.
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
