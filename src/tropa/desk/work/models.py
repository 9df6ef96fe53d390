"""Rows of work: which cases are still to be planned anew, who has them in hand, and what came of it.

A task names a case and nothing else. What the sentinel may read, and what it found, is sealed; a task's row goes when
its work is done.
"""

from __future__ import annotations

from django.db import models

from tropa.desk.identifiers import new_id


class Round(models.Model):
    """The last time everybody was to be planned anew: how many they were, on which day facts were judged."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id)
    total = models.PositiveIntegerField()
    day = models.DateField()


class Task(models.Model):
    """One case to be planned anew. `rank`: the worst first. `worker` has it until the lease runs out."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="tasks")
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+")
    rank = models.PositiveSmallIntegerField()
    worker = models.CharField(max_length=32, default="", blank=True)
    leased_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["rank", "id"], name="the_worst_first")]
        constraints = [
            models.UniqueConstraint(fields=["case"], name="one_task_per_case"),
            models.CheckConstraint(
                condition=models.Q(worker="") | models.Q(leased_until__isnull=False),
                name="whoever_has_a_task_has_it_for_a_time",
            ),
        ]


class OpenCopy(models.Model):
    """A person's facts and the front found for them, sealed to the sentinel. `version` is that of the facts."""

    case = models.OneToOneField(
        "cases.Case", primary_key=True, on_delete=models.CASCADE, related_name="open_copy"
    )
    version = models.PositiveIntegerField()
    sealed = models.BinaryField()


class Finding(models.Model):
    """What the sentinel found for a case when it was last planned anew, sealed to the case and signed by the
    sentinel."""

    case = models.OneToOneField(
        "cases.Case", primary_key=True, on_delete=models.CASCADE, related_name="finding"
    )
    case_epoch = models.PositiveIntegerField()
    sealed = models.BinaryField()
    signature = models.BinaryField()
