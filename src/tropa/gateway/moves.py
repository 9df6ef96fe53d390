"""A person takes their conversation along: a code where they are, the same code where they want to go on.

Only a code joins an address to a thread. An address from which somebody has written already gets no other thread, and
is told so before the code is looked at; a code that is mistyped, used, old, of an erased thread or taken by somebody
quicker is answered in the same words. The address that is left is forgotten: what comes from it begins a new thread.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from tropa.channels.catalogue import About, about
from tropa.channels.texts import in_language
from tropa.channels.values import Incoming
from tropa.desk.audit.services import refuse
from tropa.desk.conf import conf
from tropa.desk.messengers.models import Address
from tropa.desk.messengers.move_code import MoveCode
from tropa.desk.messengers.moving import MOVED, Leaving, Moving, offer, use
from tropa.desk.talk.arrivals import receive_more
from tropa.desk.talk.body import EntryBody
from tropa.desk.talk.errors import KeySwapped
from tropa.desk.talk.models import Thread
from tropa.desk.vault.errors import NotCommitted
from tropa.gateway.addresses import AddressBook, Reached
from tropa.gateway.automatic import Automatic
from tropa.gateway.credential import GatewayKeys
from tropa.gateway.tags import Tags
from tropa.gateway.words import WORDS, Word, told_in

DROP = "drop"


@dataclass(slots=True)
class Moves:
    """Moves of one account, within the transaction of what came."""

    account: str
    about: About
    tags: Tags
    book: AddressBook
    automatic: Automatic
    keys: GatewayKeys = field(repr=False)
    _arrived: bool = False

    def take_arrived(self) -> bool:
        """Whether somebody came to this account since this was last asked."""
        arrived, self._arrived = self._arrived, False
        return arrived

    def offer(self, item: Incoming, thread: Thread | None, reached: Reached | None, now: datetime) -> None:
        """Tell the person a code for this thread; asked again, another one, which ends the first. One request makes
        one code, however often it is given to us.
        """
        if thread is None or reached is None:
            self.automatic.queue_refusal(item, Word.NOTHING_TO_MOVE, now)
            return
        cause = self.tags.automatic(f"move {item.key}").encode()
        code = MoveCode(
            hmac.digest(self.keys.seed.subkey("move codes").raw, cause, "sha256")[: MoveCode.length]
        )
        left = Leaving(self.about.name, self.automatic.farewell(item, now))
        if offer(thread=thread, seed=reached.seed, code=code, left=left, now=now):
            ends = now + timedelta(hours=conf.move_hours)
            self.automatic.queue_code(item, code, ends, thread.pk, now)

    def arrive(
        self, item: Incoming, code: MoveCode, threads: dict[str, Thread], *, dedupe_tag: str, now: datetime
    ) -> bool:
        """Join this address to the code's thread; whether something new was stored. `threads` is kept up."""
        tag = self.tags.handle(item.handle).hex()
        if tag in threads:
            self.automatic.queue_refusal(item, Word.HERE_ALREADY, now)
            return False
        try:
            with transaction.atomic():
                moving = use(code=code, now=now)
                if moving is not None:
                    self._join(item, moving, dedupe_tag, now)
        except (NotCommitted, KeySwapped):
            moving = None  # somebody put another key under the case or the thread
            refuse(table="messengers_moveticket", row=code.tag, day=now.date())
        if moving is None:
            self.automatic.queue_refusal(item, Word.CODE_NOT_GOOD, now)
            return False
        for known in [known for known, thread in threads.items() if thread.pk == moving.thread.pk]:
            del threads[known]
        rows = Thread.objects.select_related("address", "case", "duty_epoch")
        threads[tag] = rows.select_for_update(of=("self",)).get(pk=moving.thread.pk)
        self._arrived = True
        return True

    def _join(self, item: Incoming, moving: Moving, dedupe_tag: str, now: datetime) -> None:
        thread, seed, before = moving.thread, moving.seed, moving.left.channel
        receive_more(
            thread=thread,
            signing=seed.signing(),
            body=EntryBody(
                text=told_in(WORDS[Word.MOVED_HERE], item.language),
                at=now,
                language=item.language or "ru",
                channel=self.about.name,
                remarks=(f"{MOVED}.{before}.{self.about.name}",),
            ),
            dedupe_tag=dedupe_tag,
            now=now,
        )
        reached = Reached(self.account, item.handle, item.reply_route, seed, item.language)
        sealed = self.book.seal(thread.pk, reached)
        Address.objects.update_or_create(thread=thread, defaults={"sealed": sealed})
        Thread.objects.filter(pk=thread.pk).update(look_up_tag=self.tags.handle(item.handle).hex())
        self.automatic.queue_arrived(item, self._before(before, item.language), thread.pk, now)

    def _before(self, channel: str, language: str) -> str:
        if channel == DROP:
            return told_in(WORDS[Word.BEFORE_AT_THE_DROP], language)
        truth = in_language(self._truth_of(channel), language)
        return told_in(WORDS[Word.BEFORE_ELSEWHERE], language).format(truth=truth)

    def _truth_of(self, channel: str) -> str:
        return (self.about if channel == self.about.name else about(channel)).caps.short_truth
