"""Threads of sealed entries. Nothing readable: text, exact time, language and channel stand inside the seals.

`Thread.id` is derived from the applicant's public key. An applicant's codename, or anything that opens what
is sealed to them, is never here. `wrapped` columns hold the same content as `sealed` under a symmetric key of
the duty epoch or case, made when it was first opened, so that a page of fifty rows costs microseconds a row.
"""

from __future__ import annotations

from django.db import models

from tropa.desk.cases.models import Lane, Urgency
from tropa.desk.identifiers import new_id


class Thread(models.Model):
    """One applicant's conversation."""

    id = models.CharField(primary_key=True, max_length=32)
    look_up_tag = models.CharField(max_length=32, unique=True)  # hex, derived from the codename
    applicant_public = models.BinaryField()
    name = models.PositiveIntegerField(unique=True)  # random; words make a pseudonym of it
    duty_epoch = models.ForeignKey(
        "vault.DutyEpoch", null=True, on_delete=models.PROTECT, related_name="threads"
    )
    case = models.ForeignKey("cases.Case", null=True, on_delete=models.CASCADE, related_name="threads")
    urgency = models.CharField(max_length=10, choices=Urgency.choices, default=Urgency.UNSORTED)
    lane = models.CharField(max_length=12, choices=Lane.choices, default=Lane.UNSORTED)
    urgency_rank = models.PositiveSmallIntegerField(default=9)  # 0 is most urgent; orders the inbox by index
    waiting = models.BooleanField(default=True)
    waiting_since = models.DateTimeField(null=True)  # whole hour while waiting, else null
    day = models.DateField()  # of the last entry
    last_sequence = models.PositiveIntegerField(default=0)
    last_heard = models.PositiveIntegerField(
        default=0
    )  # sequence of the applicant's latest entry, shown in the inbox
    retention_day = models.DateField(
        null=True
    )  # destroyed after it; null: unanswered or held, never by itself

    class Meta:
        indexes = [
            # the inbox walks this and stops after a page; only who waits stands in it
            models.Index(
                fields=["urgency_rank", "waiting_since", "id"],
                condition=models.Q(waiting=True),
                name="inbox_order",
            ),
            # how many wait, and since when the first of them, without looking at any of them
            models.Index(
                fields=["duty_epoch", "waiting_since"],
                condition=models.Q(waiting=True),
                name="waits_on_duty",
            ),
            # what goes next; of most threads it is not known yet
            models.Index(
                fields=["retention_day"],
                condition=models.Q(retention_day__isnull=False),
                name="goes_after",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(duty_epoch__isnull=False, case__isnull=True)
                | models.Q(duty_epoch__isnull=True, case__isnull=False),
                name="a_thread_belongs_to_duty_or_to_a_case",
            ),
            models.CheckConstraint(
                condition=models.Q(urgency__in=Urgency.values), name="a_threads_urgency_is_a_known_one"
            ),
            models.CheckConstraint(
                condition=models.Q(lane__in=Lane.values), name="a_threads_lane_is_a_known_one"
            ),
        ]


class EntryKind(models.TextChoices):
    """Who wrote, and for whom."""

    APPLICANT = "applicant"
    REPLY = "reply"
    NOTE = "note"
    SAFE = "safe"  # "I am safe"
    TALK_NOW = "talk_now"  # "I need to talk now"


class Entry(models.Model):
    """One sealed entry. Replies are sealed twice: to the case and to the applicant."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id)
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="entries")
    sequence = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=EntryKind.choices)
    duty_epoch = models.ForeignKey("vault.DutyEpoch", null=True, on_delete=models.PROTECT, related_name="+")
    case_epoch = models.PositiveIntegerField(null=True)
    sealed = models.BinaryField()
    wrapped = models.BinaryField(null=True)
    sealed_applicant = models.BinaryField(null=True)
    author = models.ForeignKey("staff.Member", null=True, on_delete=models.PROTECT, related_name="+")
    signature = models.BinaryField(null=True)
    dedupe_tag = models.CharField(max_length=32, null=True, unique=True)  # noqa: DJ001  # absent is not empty
    size_class = models.PositiveIntegerField()
    day = models.DateField()
    gone_after = models.DateTimeField(
        null=True
    )  # whole hour; set when the applicant has seen a reply; null: unseen
    kept = models.BooleanField(default=False)

    class Meta:
        ordering = ["sequence"]
        constraints = [
            models.UniqueConstraint(fields=["thread", "sequence"], name="one_entry_per_place_in_a_thread"),
            models.CheckConstraint(
                condition=models.Q(duty_epoch__isnull=False, case_epoch__isnull=True)
                | models.Q(duty_epoch__isnull=True, case_epoch__isnull=False),
                name="an_entry_is_sealed_to_duty_or_to_a_case",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=EntryKind.values), name="an_entrys_kind_is_a_known_one"
            ),
        ]


class Attachment(models.Model):
    """A file in sealed chunks; its name, type and key stand in the entry's sealed body. While its chunks are being
    stored it is no entry's.
    """

    id = models.CharField(primary_key=True, max_length=32, default=new_id)
    entry = models.ForeignKey(Entry, null=True, on_delete=models.CASCADE, related_name="attachments")
    size_class = models.PositiveBigIntegerField()
    unfinished_day = models.DateField(null=True)  # on which it began to be stored; null once it is an entry's

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(entry__isnull=False, unfinished_day__isnull=True)
                | models.Q(entry__isnull=True, unfinished_day__isnull=False),
                name="a_file_is_an_entrys_or_unfinished",
            )
        ]


class Chunk(models.Model):
    """One sealed piece of an attachment."""

    attachment = models.ForeignKey(Attachment, on_delete=models.CASCADE, related_name="chunks")
    index = models.PositiveIntegerField()
    sealed = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["attachment", "index"], name="one_chunk_per_place")]


class Snooze(models.Model):
    """A waiting thread out of the queue until an hour. The inbox passes the row over once the hour has come, when the
    person writes, and for danger: nothing has to run for the thread to come back.
    """

    thread = models.OneToOneField(Thread, primary_key=True, on_delete=models.CASCADE, related_name="snooze")
    member = models.ForeignKey("staff.Member", on_delete=models.CASCADE, related_name="+")
    until = models.DateTimeField()  # whole hour


class SavedView(models.Model):
    """Filters of the inbox under a name, for whoever saved them alone."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id)
    member = models.ForeignKey("staff.Member", on_delete=models.CASCADE, related_name="+")
    sealed = models.BinaryField()


class SavedReply(models.Model):
    """A text a team writes often, sealed under the desk's service key."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id)
    team = models.ForeignKey("staff.Team", on_delete=models.CASCADE, related_name="+")
    version = models.PositiveIntegerField(default=1)
    sealed = models.BinaryField()


class Mention(models.Model):
    """A note that names a colleague who holds the case, until they have opened the thread."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="mentions")
    member = models.ForeignKey("staff.Member", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "member"], name="a_note_mentions_somebody_once")
        ]


class HandOver(models.Model):
    """A note at the end of a shift, sealed to one duty epoch; `note` is the same for each epoch it was sealed to."""

    note = models.CharField(max_length=32)
    duty_epoch = models.ForeignKey("vault.DutyEpoch", on_delete=models.CASCADE, related_name="+")
    author = models.ForeignKey("staff.Member", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    sealed = models.BinaryField()
    signature = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["note", "duty_epoch"], name="a_note_is_sealed_to_an_epoch_once")
        ]


class Draft(models.Model):
    """An answer being written, sealed to the case."""

    thread = models.OneToOneField(Thread, primary_key=True, on_delete=models.CASCADE, related_name="draft")
    author = models.ForeignKey("staff.Member", on_delete=models.CASCADE, related_name="+")
    case_epoch = models.PositiveIntegerField()
    sealed = models.BinaryField()
