"""People on staff, as the database may know them: pseudonyms, public keys, sealed seeds; never a name or
address.

A `Visit` is one signed-in browser. Its id is a digest of the cookie's token and the unlocked seed lies under
a key made from the same token, so a copied database opens nothing and signs nobody in.
"""

from __future__ import annotations

from django.db import models

from tropa.desk.identifiers import new_id


class Role(models.TextChoices):
    """What a person on staff may do."""

    ADVISER = "adviser"
    COORDINATOR = "coordinator"
    RESEARCHER = "researcher"


class Gender(models.TextChoices):
    """Grammatical gender of a pseudonym, for Russian sentences."""

    FEMININE = "f"
    MASCULINE = "m"
    NEUTER = "n"


class Team(models.Model):
    """A team; its name is an organisational word, not a place or person."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id)
    name = models.CharField(max_length=60, unique=True)


class Member(models.Model):
    """A person on staff. Seeds lie sealed under Argon2id(passphrase) in two indistinguishable slots."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id)
    pseudonym = models.CharField(max_length=40, unique=True)
    gender = models.CharField(max_length=1, choices=Gender.choices, default=Gender.FEMININE)
    role = models.CharField(max_length=16, choices=Role.choices, default=Role.ADVISER)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="members")
    language = models.CharField(max_length=2, default="ru")
    password = models.CharField(max_length=256)
    totp_sealed = models.BinaryField()  # under the desk's service key
    totp_last_step = models.BigIntegerField(default=0)  # a code is good once
    recovery_codes_sealed = models.BinaryField(default=bytes)  # under the desk's service key
    seal_public = models.BinaryField()
    sign_public = models.BinaryField()
    certificate = models.BinaryField()  # signed by `issuer`, or by the root when empty
    issuer = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="certified"
    )
    slot_one = models.BinaryField()
    slot_two = models.BinaryField()  # one of the two is a duress slot or a dummy of equal size
    companion_sealed = models.BinaryField(
        default=bytes
    )  # goes with the slots; says nothing to whoever has no seed
    abilities_sealed = models.BinaryField(default=bytes)  # under the desk's service key
    alarms_sealed = models.BinaryField(default=bytes)  # under a coordinator's own key
    active = models.BooleanField(default=True)
    on_duty = models.BooleanField(default=False)
    tour_closed = models.BooleanField(default=False)  # Today offers the tour no more


class Passkey(models.Model):
    """Something somebody signs in with, instead of password and code; its id is a digest of the credential's."""

    id = models.CharField(primary_key=True, max_length=64)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="passkeys")
    passkey_sealed = models.BinaryField()  # under the desk's service key


class Visit(models.Model):
    """One signed-in browser; deleted on sign-out, lapse, password change or revocation."""

    id = models.CharField(primary_key=True, max_length=64)  # digest of the cookie's token
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="visits")
    sealed_seed = models.BinaryField(null=True)  # under a key from the token; null: locked
    idle_after = models.DateTimeField()  # whole minutes
    ends_after = models.DateTimeField()  # whole minutes


class Invitation(models.Model):
    """Leave for one person to make keys here; its id is a digest of the code they were given."""

    id = models.CharField(primary_key=True, max_length=64)
    issuer = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=16, choices=Role.choices)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="invitations")
    ends_after = models.DateTimeField()  # whole minutes
    newcomer = models.OneToOneField(
        Member, null=True, on_delete=models.SET_NULL, related_name="invited_by"
    )  # who made keys with it
    used = models.BooleanField(default=False)


class Claim(models.Model):
    """Who is looking at a thread now, so that two people never answer it unknowingly. Lapses
    after minutes.
    """

    thread = models.OneToOneField(
        "talk.Thread", primary_key=True, on_delete=models.CASCADE, related_name="claim"
    )
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="claims")
    lapses = models.DateTimeField()  # whole minutes
