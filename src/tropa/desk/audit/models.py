"""The signed log: who did what, chained by hash, and the rows that were refused because they did not verify.

Of an act only its place in the order and its hash stand in clear: who, what, when and the signature are
sealed to the coordinators, for even a list of who worked on which day is worth something to whoever takes the
disk.
"""

from __future__ import annotations

from django.db import models


class Record(models.Model):
    """One act. `hash` covers sequence, previous hash and sealed content."""

    sequence = models.PositiveBigIntegerField(primary_key=True)
    sealed = models.BinaryField()
    previous = models.BinaryField()
    hash = models.BinaryField()


class Refusal(models.Model):
    """A stored row that failed its check when it was about to be shown: never shown, counted here."""

    table = models.CharField(max_length=32)
    row = models.CharField(max_length=64)
    times = models.PositiveIntegerField(default=1)
    day = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["table", "row"], name="one_refusal_per_row")]
