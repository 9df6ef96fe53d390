"""What lets the next shift open what the last one left: each epoch's seed under the seed of the next.

Whoever opens the later epoch opens the earlier one, and keeps it as a grant of their own, for as long as a thread
rests on it. Then nobody needs it any more, and its seed is destroyed wherever it lies.
"""

from __future__ import annotations

import secrets

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from tropa.desk import clock
from tropa.desk.audit.refusals import refuse
from tropa.desk.staff.reader import Reader
from tropa.desk.vault.duty import current_duty_epoch, duty_public, grant_recovered, open_duty_seeds
from tropa.desk.vault.errors import NotCommitted
from tropa.desk.vault.models import DutyEpoch, DutyGrant, DutyLink
from tropa.envelope import CannotOpen, Context, EnvelopeError, Seed, unwrap, wrap

LABEL = "duty links"


def link_epochs(*, later: DutyEpoch, seed: Seed, held: dict[str, Seed]) -> None:
    """Put every seed somebody holds, on whose epoch something rests, under the later one's."""
    key = seed.subkey(LABEL)
    for earlier in rested_on().filter(pk__in=held).exclude(pk=later.pk):
        sealed = wrap(key, _place(later.pk, earlier.pk), held[earlier.pk].raw, random=secrets.token_bytes)
        DutyLink.objects.get_or_create(later=later, earlier=earlier, defaults={"sealed": sealed})


@transaction.atomic
def follow_links(*, reader: Reader) -> int:
    """Keep the earlier epochs the reader's own lead to, and lead from the newest one to all of theirs; how many came.

    Whoever holds both an epoch things rest on and the newest one puts it under the newest for the others.
    """
    held, came = open_duty_seeds(reader=reader), 0
    links = DutyLink.objects.filter(later_id__in=held).exclude(earlier_id__in=held)
    for link in links.filter(earlier__in=rested_on()).select_related("earlier__signer__issuer"):
        seed = _opened(link, held[link.later_id])
        if seed is not None and link.earlier_id not in held:
            grant_recovered(reader=reader, epoch=link.earlier, seed=seed)
            held[link.earlier_id] = seed
            came += 1
    newest = current_duty_epoch()
    if newest.pk in held:
        link_epochs(later=newest, seed=held[newest.pk], held=held)
    return came


@transaction.atomic
def destroy_idle_epochs() -> int:
    """Destroy the seeds of epochs before the present one that nothing rests on; how many. The public part stays."""
    idle = DutyEpoch.objects.filter(number__lt=current_duty_epoch().number, destroyed=False)
    ids = list(idle.exclude(pk__in=rested_on()).values_list("pk", flat=True))
    DutyGrant.objects.filter(epoch_id__in=ids).delete()
    DutyLink.objects.filter(earlier_id__in=ids).delete()
    DutyLink.objects.filter(later_id__in=ids).delete()
    return DutyEpoch.objects.filter(pk__in=ids).update(recovery=None, recovery_signature=b"", destroyed=True)


def rested_on() -> QuerySet[DutyEpoch]:
    """Epochs some thread or entry is sealed to."""
    from tropa.desk.talk.models import Entry, Thread  # noqa: PLC0415  # talk rests on the vault

    return DutyEpoch.objects.filter(
        Exists(Thread.objects.filter(duty_epoch=OuterRef("pk")))
        | Exists(Entry.objects.filter(duty_epoch=OuterRef("pk")))
    )


def _opened(link: DutyLink, seed: Seed) -> Seed | None:
    try:
        raw = unwrap(seed.subkey(LABEL), _place(link.later_id, link.earlier_id), bytes(link.sealed))
        earlier = Seed(raw)
        if earlier.sealing().public != duty_public(link.earlier):
            raise CannotOpen
    except (EnvelopeError, NotCommitted):
        refuse(table="vault_dutylink", row=str(link.pk), day=clock.now().date())
        return None
    return earlier


def _place(later: str, earlier: str) -> Context:
    return Context("duty link", 1, "vault_dutylink", "sealed", f"{later}.{earlier}")
