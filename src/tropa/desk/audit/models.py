"""The signed log: who did what, chained by hash. Detail is sealed to coordinators; sequence and hash are clear."""

from __future__ import annotations

from django.db import models


class Record(models.Model):
    """One act. `hash` covers the previous hash, the sealed detail and the signature."""

    sequence = models.PositiveBigIntegerField(primary_key=True)
    day = models.DateField()
    member = models.ForeignKey("staff.Member", null=True, on_delete=models.PROTECT, related_name="+")
    act = models.CharField(max_length=24)
    sealed = models.BinaryField()
    signature = models.BinaryField(null=True)
    previous = models.BinaryField()
    hash = models.BinaryField()
