"""When whom is told: at a moment drawn within ten minutes after something new came to wait for them, and not of each
thing that does.

Kept true: what comes until that moment is told together; who answers before it leaves nothing to be told; moments of
different people are drawn apart, so that one message does not show as one burst. What was told of is remembered in
this process alone: one that starts anew counts what waits already as told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tropa.desk.push.errors import BadSubscription
from tropa.desk.push.models import PushSubscription
from tropa.desk.push.services import SIGNATURE_BYTES
from tropa.desk.push.subscription import Subscription, place, read_subscription
from tropa.desk.push.waiting import Waiting, waiting_for
from tropa.desk.scrub import scrub
from tropa.desk.vault.trust import verified_signer
from tropa.envelope import EnvelopeError, Seed, open_sealed, verify
from tropa.gateway.push.posting import Posted
from tropa.gateway.words import SOMETHING_WAITS, told_in

WITHIN = timedelta(minutes=10)
Post = Callable[[Subscription, bytes, datetime], Posted]


@dataclass(slots=True)
class _Person:
    """What somebody was told of, and when they are told next."""

    known: Waiting
    due: datetime | None = None


@dataclass(slots=True)
class Rounds:
    """Looks now and then, and sends what is due. `draw` gives a whole number from 0 to below its argument."""

    seed: Seed = field(repr=False)
    post: Post
    draw: Callable[[int], int]
    _people: dict[str, _Person] = field(default_factory=dict)

    def look(self, *, now: datetime) -> list[Posted]:
        """One look; how each notice went that was due."""
        rows = PushSubscription.objects.filter(member__active=True).select_related("member__issuer")
        found = {row.member_id: row for row in rows}
        waiting = waiting_for(found, on=now.date()) if found else {}
        self._people = {one: self._people.get(one) or _Person(waiting[one]) for one in found}
        due = [one for one, person in self._people.items() if self._is_due(person, waiting[one], now)]
        return [self._tell(found[one], now) for one in due]

    def _is_due(self, person: _Person, waiting: Waiting, now: datetime) -> bool:
        """Whether their moment has come and something new still waits; draws the moment when something came."""
        new = waiting - person.known
        if not new:
            person.due = None
            person.known &= waiting  # what was answered is new when it waits again
            return False
        if person.due is None:
            person.due = now + timedelta(seconds=self.draw(int(WITHIN.total_seconds())))
        if now < person.due:
            return False
        person.known, person.due = waiting, None
        return True

    def _tell(self, row: PushSubscription, now: datetime) -> Posted:
        """Send it; a subscription that is not theirs, or that the push service has forgotten, is erased."""
        try:
            subscription = self._opened(row, now.date())
        except (EnvelopeError, BadSubscription):
            return Posted.REFUSED
        went = self.post(subscription, told_in(SOMETHING_WAITS, row.member.language).encode(), now)
        if went is Posted.GONE:
            # only what was just tried: they may have switched it on anew meanwhile
            PushSubscription.objects.filter(pk=row.pk, sealed=row.sealed).delete()
            scrub()
        return went

    def _opened(self, row: PushSubscription, on: date) -> Subscription:
        at = place(row.member_id)
        opened = open_sealed(self.seed.sealing(), at, bytes(row.sealed))
        signature, content = opened[:SIGNATURE_BYTES], opened[SIGNATURE_BYTES:]
        verify(verified_signer(row.member, on), at, content, signature)
        return read_subscription(content)
