"""Switching notices on and off, for oneself alone.

What a browser said is signed by whoever switches it on and sealed to the key of push: whoever writes the database can
seal a row, and cannot sign one. In an empty desk the row looks the same and is signed by nobody, so nothing is sent.
"""

from __future__ import annotations

import secrets

from django.db import transaction

from tropa.desk.conf import conf
from tropa.desk.push.errors import PushOff
from tropa.desk.push.key import push_public
from tropa.desk.push.models import PushSubscription
from tropa.desk.push.subscription import Subscription, place
from tropa.desk.scrub import scrub
from tropa.desk.staff.models import Member
from tropa.desk.training import in_training
from tropa.envelope import Seed, seal, sign

SIGNATURE_BYTES = 65


def push_offered() -> bool:
    """Whether people here can switch notices on: a key, a push service, and no training world."""
    return bool(conf.push_hosts) and not in_training() and push_public() is not None


def is_on(member: Member) -> bool:
    """Whether some browser of theirs is told."""
    return PushSubscription.objects.filter(member=member).exists()


@transaction.atomic
def switch_on(*, member: Member, seed: Seed | None, subscription: Subscription) -> None:
    """Tell this browser from now on, and no other of theirs. `seed` is None in an empty desk. Raises PushOff."""
    public = push_public()
    if public is None or not push_offered():
        raise PushOff("the organisation sends no notices")
    content = subscription.encode()
    at = place(member.pk)
    # of the same length in an empty desk: it verifies with nobody's key
    signature = sign((seed or Seed.generate(secrets.token_bytes)).signing(), at, content)
    sealed = seal(public.sealing, at, signature + content)
    PushSubscription.objects.update_or_create(member=member, defaults={"sealed": sealed})
    transaction.on_commit(scrub)


@transaction.atomic
def switch_off(*, member: Member) -> None:
    """No browser of theirs is told any more, and where it was reached is erased."""
    PushSubscription.objects.filter(member=member).delete()
    transaction.on_commit(scrub)


@transaction.atomic
def forget_everybody() -> None:
    """Nobody is told any more."""
    PushSubscription.objects.all().delete()
    transaction.on_commit(scrub)
