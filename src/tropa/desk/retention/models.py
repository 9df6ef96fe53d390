"""Why a case was closed or is held, and receipts of what was destroyed. Reasons lie sealed to the case."""

from __future__ import annotations

from django.db import models

from tropa.desk.cases.models import Phase
from tropa.desk.identifiers import new_id


class Closing(models.Model):
    """Who closed a case and, sealed, why; the phase it goes back to if it is reopened."""

    case = models.OneToOneField(
        "cases.Case", primary_key=True, on_delete=models.CASCADE, related_name="closing"
    )
    member = models.ForeignKey("staff.Member", on_delete=models.PROTECT, related_name="+")
    before = models.CharField(max_length=12, choices=Phase.choices)
    case_epoch = models.PositiveIntegerField()
    sealed_reason = models.BinaryField()


class Hold(models.Model):
    """A case that is not destroyed by any clock before its last day is over, and, sealed, why."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id)
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="holds")
    member = models.ForeignKey("staff.Member", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    last_day = models.DateField()
    case_epoch = models.PositiveIntegerField()
    sealed_reason = models.BinaryField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("day")),
                name="a_hold_does_not_end_before_it_begins",
            )
        ]


class Wanted(models.TextChoices):
    """What somebody who asked to record abuse answered, when they were asked before anything of theirs goes."""

    NOT_ASKED = "", "not asked"
    MAY_GO = "may_go"
    KEPT = "kept"


class AskFirst(models.Model):
    """A case of somebody who is asked before anything of theirs is destroyed."""

    case = models.OneToOneField(
        "cases.Case", primary_key=True, on_delete=models.CASCADE, related_name="ask_first"
    )
    answer = models.CharField(max_length=8, choices=Wanted.choices, default=Wanted.NOT_ASKED, blank=True)
    member = models.ForeignKey("staff.Member", null=True, on_delete=models.PROTECT, related_name="+")
    day = models.DateField(null=True)


class Evidence(models.Model):
    """A message that shows who somebody is, and the day on which it was decided about."""

    entry = models.OneToOneField(
        "talk.Entry", primary_key=True, on_delete=models.CASCADE, related_name="evidence"
    )
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="evidence")
    decided_day = models.DateField(null=True)


class Exhibit(models.Model):
    """A message kept by recorded consent, under a key of its own. It names no case."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id)
    member = models.ForeignKey("staff.Member", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    sealed = models.BinaryField()
    signature = models.BinaryField()
    recovery = models.BinaryField(null=True)
    recovery_signature = models.BinaryField(default=b"")


class ExhibitKey(models.Model):
    """An exhibit's key, sealed to one coordinator."""

    exhibit = models.ForeignKey(Exhibit, on_delete=models.CASCADE, related_name="keys")
    member = models.ForeignKey("staff.Member", on_delete=models.CASCADE, related_name="+")
    sealed = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["exhibit", "member"], name="one_key_per_exhibit_and_coordinator")
        ]


class ExhibitChunk(models.Model):
    """A sealed piece of one of an exhibit's files."""

    exhibit = models.ForeignKey(Exhibit, on_delete=models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField()
    index = models.PositiveIntegerField()
    sealed = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["exhibit", "number", "index"], name="one_chunk_per_place_in_an_exhibit"
            )
        ]


class Cause(models.TextChoices):
    """Why something went."""

    RETENTION = "retention"
    APPLICANT = "applicant"
    UNFINISHED = "unfinished"  # begun before, and cut short


class What(models.TextChoices):
    """What a receipt is for."""

    CASE = "case"
    THREAD = "thread"  # one nobody had taken
    FACTS = "facts"  # plan facts and plans of a closed case
    EVIDENCE = "evidence"  # a message that showed who somebody is, decided about


class Receipt(models.Model):
    """That something was destroyed, what it held, and the day on which the last backup of it dies. Not who it was.

    `digest` is the line in `pinned/destroyed`. Counts are made up to a power of two.
    """

    what = models.CharField(max_length=10, choices=What.choices)
    cause = models.CharField(max_length=10, choices=Cause.choices)
    day = models.DateField()
    last_backup_day = models.DateField()
    digest = models.CharField(max_length=32)
    entries = models.PositiveIntegerField(default=0)
    files = models.PositiveIntegerField(default=0)
    plans = models.PositiveIntegerField(default=0)
    keys = models.PositiveIntegerField(default=0)
    signature = models.BinaryField(null=True)  # by the desk's service key; null until housekeeping comes by

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(what__in=What.values), name="a_receipt_is_for_a_known_kind_of_thing"
            )
        ]
