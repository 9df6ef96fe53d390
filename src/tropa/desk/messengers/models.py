"""What the gateway keeps in the database, and what the desk leaves for it there.

No handle, no name of a channel beside a person, no text and no exact time stands here in clear: the gateway wraps them
under keys the database does not hold. Whoever writes to these rows can delay or stop messages; they cannot make the
gateway send anything, because it believes what was signed and what it wrapped itself, and nothing else.
"""

from __future__ import annotations

from django.db import models

from tropa.desk.identifiers import new_id


class Address(models.Model):
    """How one person is reached: channel account, handle, route, and the seed their answers are sealed to.

    The seed is that of the thread's own public key, so an address put under another thread is not believed.
    """

    thread = models.OneToOneField(
        "talk.Thread", primary_key=True, on_delete=models.CASCADE, related_name="address"
    )
    sealed = models.BinaryField()


class Doorway(models.Model):
    """Nine words of the drop that lead to a thread which is now found by something else, or was begun elsewhere; then
    the thread's seed lies here, sealed under the words.
    """

    tag = models.CharField(primary_key=True, max_length=32)  # hex, derived from the words
    thread = models.ForeignKey("talk.Thread", on_delete=models.CASCADE, related_name="doorways")
    sealed = models.BinaryField(null=True)


class MoveTicket(models.Model):
    """A thread's one living code for another channel: its seed, sealed under the code. `day` is the last it can be
    used on; the hour stands sealed.
    """

    thread = models.OneToOneField(
        "talk.Thread", primary_key=True, on_delete=models.CASCADE, related_name="move_ticket"
    )
    tag = models.CharField(max_length=32, unique=True)  # hex, derived from the code
    sealed = models.BinaryField()
    day = models.DateField()


class OutgoingKind(models.TextChoices):
    """What waits to be sent."""

    REPLY = "reply"
    STEP = "step"
    AUTOMATIC = "automatic"  # what people are told by the gateway itself


class OutgoingState(models.TextChoices):
    """Where it stands. Only `queued` is ever sent, and only what `sending` left behind needs a look at the start."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"  # the service took it
    FAILED = "failed"  # it did not go out and never will
    UNKNOWN = "unknown"  # it may have gone out; a person decides
    EXPIRED = "expired"  # it became too old before it could go
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"  # it is not what somebody here signed


class Outgoing(models.Model):
    """One message on its way. A reply's text stands with its entry, a step's with its release, each sealed to the
    address; an automatic one's in `sealed`. `sealed_outcome` tells the case's holders when and why it ended so.
    """

    key = models.CharField(max_length=32, unique=True, default=new_id)
    kind = models.CharField(max_length=10, choices=OutgoingKind.choices)
    state = models.CharField(max_length=10, choices=OutgoingState.choices, default=OutgoingState.QUEUED)
    thread = models.ForeignKey("talk.Thread", null=True, on_delete=models.CASCADE, related_name="outgoing")
    entry = models.OneToOneField("talk.Entry", null=True, on_delete=models.CASCADE, related_name="outgoing")
    release = models.OneToOneField(
        "plans.Release", null=True, on_delete=models.CASCADE, related_name="outgoing"
    )
    sealed = models.BinaryField(null=True)
    case_epoch = models.PositiveIntegerField(null=True)  # whose key `sealed_outcome` is sealed to
    sealed_outcome = models.BinaryField(null=True)
    sealed_remote = models.BinaryField(null=True)
    settled = models.BooleanField(default=False)  # somebody has seen how it ended

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["id"],
                condition=models.Q(state__in=["queued", "sending"]),
                name="what_waits_to_be_sent",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=OutgoingKind.values), name="what_goes_out_is_of_a_known_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=OutgoingState.values), name="what_goes_out_is_in_a_known_state"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    kind="reply", thread__isnull=False, entry__isnull=False, release__isnull=True
                )
                | models.Q(kind="step", thread__isnull=False, entry__isnull=True, release__isnull=False)
                | models.Q(kind="automatic", entry__isnull=True, release__isnull=True),
                name="what_goes_out_is_one_thing",
            ),
        ]


class ChannelState(models.Model):
    """Cursor and library state of one account, under a keyed tag of its name."""

    tag = models.CharField(max_length=32, unique=True)
    sealed = models.BinaryField()


class Standing(models.TextChoices):
    """How a channel does."""

    OK = "ok"
    DEGRADED = "degraded"
    DOWN = "down"
    NEEDS_PERSON = "needs_person"


class ChannelHealth(models.Model):
    """What an account's process last said about itself. Times are whole hours; `beat` is the minute it last spoke and
    `held_until` the minute before which the service wants nothing more.
    """

    account = models.CharField(primary_key=True, max_length=40)
    channel = models.CharField(max_length=20)
    standing = models.CharField(max_length=12, choices=Standing.choices, default=Standing.DOWN)
    code = models.CharField(max_length=40, blank=True)
    beat = models.DateTimeField()
    last_in = models.DateTimeField(null=True)
    last_out = models.DateTimeField(null=True)
    waiting_out = models.PositiveIntegerField(default=0)
    held_until = models.DateTimeField(null=True)
