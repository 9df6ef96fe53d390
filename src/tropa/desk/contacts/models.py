"""Lists of contact points and the keys they are signed with. Public by their nature; what makes a list count is two
signatures, so whoever writes to these rows can take a list away and never make one.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from tropa.desk.identifiers import new_id


class PublishingKey(models.Model):
    """A coordinator's key for publishing; its private half follows from their own seed. `certificate` is the root's,
    empty until trustees met.
    """

    id = models.CharField(primary_key=True, max_length=32, default=new_id)
    member = models.ForeignKey("staff.Member", on_delete=models.PROTECT, related_name="publishing_keys")
    sign_public = models.BinaryField()
    certificate = models.BinaryField(default=bytes)
    day = models.DateField()  # it was asked for


class ContactList(models.Model):
    """A list as its author signed it, and as the second person did; without them it waits."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id)
    number = models.PositiveIntegerField(unique=True)
    statement = models.TextField()  # canonical, as signed
    author = models.ForeignKey("staff.Member", on_delete=models.PROTECT, related_name="contact_lists")
    author_key = models.ForeignKey(PublishingKey, on_delete=models.PROTECT, related_name="+")
    signature = models.BinaryField()
    second = models.ForeignKey(
        "staff.Member", null=True, on_delete=models.PROTECT, related_name="contact_lists_seconded"
    )
    second_key = models.ForeignKey(PublishingKey, null=True, on_delete=models.PROTECT, related_name="+")
    second_signature = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(second__isnull=True) | ~Q(second=F("author")),
                name="the_author_of_a_list_is_never_its_second",
            ),
            models.CheckConstraint(
                condition=Q(second_key__isnull=True) | ~Q(second_key=F("author_key")),
                name="two_signatures_under_a_list_are_of_two_keys",
            ),
            models.CheckConstraint(
                condition=Q(second__isnull=True, second_key__isnull=True, second_signature__isnull=True)
                | Q(second__isnull=False, second_key__isnull=False, second_signature__isnull=False),
                name="who_signs_a_list_as_the_second_does_so_whole",
            ),
        ]


class ContactNotice(models.Model):
    """News about our addresses as its author signed it, and as the second person did; without them it waits."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id)
    number = models.PositiveIntegerField(unique=True)
    statement = models.TextField()  # canonical, as signed; names its list by digest
    author = models.ForeignKey("staff.Member", on_delete=models.PROTECT, related_name="contact_notices")
    author_key = models.ForeignKey(PublishingKey, on_delete=models.PROTECT, related_name="+")
    signature = models.BinaryField()
    second = models.ForeignKey(
        "staff.Member", null=True, on_delete=models.PROTECT, related_name="contact_notices_seconded"
    )
    second_key = models.ForeignKey(PublishingKey, null=True, on_delete=models.PROTECT, related_name="+")
    second_signature = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(second__isnull=True) | ~Q(second=F("author")),
                name="the_author_of_a_notice_is_never_its_second",
            ),
            models.CheckConstraint(
                condition=Q(second_key__isnull=True) | ~Q(second_key=F("author_key")),
                name="two_signatures_under_a_notice_are_of_two_keys",
            ),
            models.CheckConstraint(
                condition=Q(second__isnull=True, second_key__isnull=True, second_signature__isnull=True)
                | Q(second__isnull=False, second_key__isnull=False, second_signature__isnull=False),
                name="who_signs_a_notice_as_the_second_does_so_whole",
            ),
        ]


class NoticeProgress(models.Model):
    """How far a notice has come on one account of ours, in whole numbers and no names. Shown, never believed: what was
    sent stands in the account's book outside the database.
    """

    notice = models.ForeignKey(ContactNotice, on_delete=models.CASCADE, related_name="progress")
    account = models.CharField(max_length=40)
    people = models.PositiveIntegerField(default=0)  # who asked for it there
    left = models.PositiveIntegerField(default=0)
    sent = models.PositiveIntegerField(default=0)  # the service took it

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "account"], name="an_account_tells_its_progress_once")
        ]
