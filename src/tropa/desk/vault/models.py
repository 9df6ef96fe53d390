"""Keys as they are stored: public parts, grants, signatures. A private part appears only sealed to somebody.

Every public key, grant and commitment is signed: whoever can write rows still cannot plant a key.
"""

from __future__ import annotations

from django.db import models

from tropa.desk.identifiers import new_id


class DutyEpoch(models.Model):
    """The key to which messages of people nobody has taken yet are sealed."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id)
    number = models.PositiveIntegerField(unique=True)
    seal_public = models.BinaryField()
    sign_public = models.BinaryField(default=b"")  # what takes a thread from this epoch is signed with it
    signer = models.ForeignKey("staff.Member", on_delete=models.PROTECT, related_name="+")
    signature = models.BinaryField()
    opened_day = models.DateField()
    closed_day = models.DateField(null=True)
    recovery = models.BinaryField(null=True)  # the seed sealed to the organisation's recovery key
    recovery_signature = models.BinaryField(default=b"")  # the signer's, over that copy
    destroyed = models.BooleanField(default=False)  # nothing rests on it, and no copy of the seed is left


class Shift(models.Model):
    """Days on which somebody is on duty, both included, and the hours of each, in UTC."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id)
    member = models.ForeignKey("staff.Member", on_delete=models.CASCADE, related_name="shifts")
    first_day = models.DateField()
    last_day = models.DateField()
    from_hour = models.PositiveSmallIntegerField(default=0)
    until_hour = models.PositiveSmallIntegerField(default=24)  # not included

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(from_hour__lt=models.F("until_hour"), until_hour__lte=24),
                name="a_shift_has_hours_of_one_day",
            ),
            models.CheckConstraint(
                condition=models.Q(first_day__lte=models.F("last_day")),
                name="a_shift_does_not_end_before_it_begins",
            ),
        ]


class DutyLink(models.Model):
    """The seed of an earlier duty epoch under a key of a later one."""

    later = models.ForeignKey(DutyEpoch, on_delete=models.CASCADE, related_name="+")
    earlier = models.ForeignKey(DutyEpoch, on_delete=models.CASCADE, related_name="+")
    sealed = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["later", "earlier"], name="one_link_per_two_epochs")]


class DutyGrant(models.Model):
    """A duty epoch's seed, sealed to one person on the roster."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id)
    epoch = models.ForeignKey(DutyEpoch, on_delete=models.CASCADE, related_name="grants")
    member = models.ForeignKey("staff.Member", on_delete=models.CASCADE, related_name="duty_grants")
    sealed = models.BinaryField()
    wrapped = models.BinaryField(
        null=True
    )  # the same seed under a symmetric key of the member, after first opening
    granted_by = models.ForeignKey("staff.Member", on_delete=models.PROTECT, related_name="+")
    signature = models.BinaryField()
    day = models.DateField()  # when it was granted and signed

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["epoch", "member"], name="one_duty_grant_per_person_and_epoch")
        ]


class CaseKey(models.Model):
    """One epoch of a case's key: its public parts and the case's signed commitment to them.

    `link` is made with the key before it: the case's epoch before, or, for the first, the duty epoch the thread was
    taken from. `thread` and `duty_epoch` stand in the first epoch alone.
    """

    id = models.CharField(primary_key=True, max_length=32, default=new_id)
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="keys")
    epoch = models.PositiveIntegerField()
    seal_public = models.BinaryField()
    sign_public = models.BinaryField(default=b"")
    signer = models.ForeignKey("staff.Member", on_delete=models.PROTECT, related_name="+")
    signature = models.BinaryField()
    link = models.BinaryField(default=b"")
    thread = models.CharField(max_length=32, default="")
    duty_epoch = models.ForeignKey(DutyEpoch, null=True, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()  # when it was made and signed
    recovery = models.BinaryField(null=True)  # the seed sealed to the organisation's recovery key
    recovery_signature = models.BinaryField(default=b"")  # the signer's, over that copy

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "epoch"], name="one_key_per_case_and_epoch")]


class CaseGrant(models.Model):
    """A case epoch's seed, sealed to one holder."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id)
    key = models.ForeignKey(CaseKey, on_delete=models.CASCADE, related_name="grants")
    member = models.ForeignKey("staff.Member", on_delete=models.CASCADE, related_name="case_grants")
    sealed = models.BinaryField()
    wrapped = models.BinaryField(null=True)
    granted_by = models.ForeignKey("staff.Member", on_delete=models.PROTECT, related_name="+")
    signature = models.BinaryField()
    day = models.DateField()  # when it was granted and signed
    ends_day = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "member"], name="one_case_grant_per_person_and_epoch")
        ]


class StandbyShare(models.Model):
    """One coordinator's part of a case epoch's seed: two of them give it, one tells nothing."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id)
    key = models.ForeignKey(CaseKey, on_delete=models.CASCADE, related_name="standby")
    member = models.ForeignKey("staff.Member", on_delete=models.CASCADE, related_name="+")
    sealed = models.BinaryField()
    granted_by = models.ForeignKey("staff.Member", on_delete=models.PROTECT, related_name="+")
    signature = models.BinaryField()
    day = models.DateField()  # when it was made and signed

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "member"], name="one_standby_share_per_person_and_epoch")
        ]


class BreakGlass(models.Model):
    """Two coordinators open a case together: one asks, with a reason all coordinators read, another does it."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id)
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="break_glass")
    asked_by = models.ForeignKey("staff.Member", on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    done_by = models.ForeignKey("staff.Member", null=True, on_delete=models.PROTECT, related_name="+")
    done_day = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(done_by__isnull=True) | ~models.Q(done_by=models.F("asked_by")),
                name="nobody_breaks_the_glass_alone",
            )
        ]


class BreakGlassPart(models.Model):
    """What one coordinator needs of it: the reason, and until it is done the asker's parts of the case's seeds."""

    act = models.ForeignKey(BreakGlass, on_delete=models.CASCADE, related_name="parts")
    member = models.ForeignKey("staff.Member", on_delete=models.CASCADE, related_name="+")
    sealed_reason = models.BinaryField()
    sealed_parts = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["act", "member"], name="one_part_of_break_glass_per_coordinator")
        ]


class Rotation(models.Model):
    """A case whose key somebody who left could reach: it waits for a new key from a remaining holder."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id)
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="rotations")
    left = models.ForeignKey("staff.Member", on_delete=models.CASCADE, related_name="+")
    day = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "left"], name="one_rotation_per_case_and_leaver")
        ]


class CallInAddress(models.Model):
    """Where somebody who is off shift wants to be asked to come, sealed to one coordinator or to themself."""

    member = models.ForeignKey("staff.Member", on_delete=models.CASCADE, related_name="call_in_addresses")
    recipient = models.ForeignKey("staff.Member", on_delete=models.CASCADE, related_name="+")
    sealed = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "recipient"], name="one copy of an address for each who may ask"
            )
        ]
