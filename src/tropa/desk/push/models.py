"""Who wants a notice outside the page, and, sealed, where their browser is reached."""

from __future__ import annotations

from django.db import models

from tropa.desk.staff.models import Member


class PushSubscription(models.Model):
    """One browser of one person: switching it on elsewhere replaces it."""

    member = models.OneToOneField(
        Member, primary_key=True, on_delete=models.CASCADE, related_name="push_subscription"
    )
    sealed = models.BinaryField()  # to the key of push, which only the sending process has
