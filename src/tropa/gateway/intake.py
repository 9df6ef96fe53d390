"""What arrived, stored: entries, addresses, cursor and library state in one transaction, or nothing.

Everything is sealed before it touches a disk: to the case of whoever is known, to people on duty for somebody new. The
gateway cannot open what it wrote. A message that comes again is known by its tag and stored once. A thread whose row,
key or address somebody changed gets nothing: what came goes into a new one, where it is seen.
"""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from tropa.channels.catalogue import About
from tropa.channels.values import LONGEST_TEXT, Incoming, IncomingKind
from tropa.desk.audit.services import refuse
from tropa.desk.cases.models import Urgency
from tropa.desk.identifiers import new_id
from tropa.desk.messengers.channel_state import note_traffic
from tropa.desk.messengers.models import Address
from tropa.desk.talk.applicant import delete_everything
from tropa.desk.talk.arrivals import Received, receive_first, receive_more
from tropa.desk.talk.body import EntryBody
from tropa.desk.talk.errors import KeySwapped
from tropa.desk.talk.models import Entry, Thread
from tropa.desk.talk.recognised import heard_in
from tropa.desk.vault.errors import NotCommitted
from tropa.envelope import ApplicantPublic, CannotOpen, Seed, thread_id_of
from tropa.gateway.addresses import AddressBook, Reached
from tropa.gateway.automatic import Automatic
from tropa.gateway.fetching import CUT, LOST, TOO_LARGE, UNREADABLE, Fetched
from tropa.gateway.sealed_state import SealedState
from tropa.gateway.tags import Tags
from tropa.gateway.words import Command, Word, command_in

NOTICES = {TOO_LARGE: Word.TOO_LARGE, LOST: Word.FILE_LOST, UNREADABLE: Word.UNREADABLE}


@dataclasses.dataclass(frozen=True, slots=True)
class Intake:
    """Stores for one account."""

    account: str
    about: About
    tags: Tags
    book: AddressBook
    automatic: Automatic
    state: SealedState

    def store(self, came: Sequence[Fetched], state: Mapping[str, bytes | None], now: datetime) -> int:
        """One transaction; returns how many messages were new. Raises NoDutyEpoch, DatabaseError: nothing is stored."""
        with transaction.atomic():
            known = self._known([fetched.item for fetched in came])
            threads = self._threads(came)
            new = sum(
                self._take(fetched, threads, now) for fetched in came if self._tag(fetched) not in known
            )
            self.state.store(state)
            if new:
                note_traffic(account=self.account, came=True, now=now)
        return new

    def _tag(self, fetched: Fetched) -> str:
        return self.tags.dedupe(fetched.item.key)

    def _known(self, items: Sequence[Incoming]) -> set[str]:
        tags = [self.tags.dedupe(item.key) for item in items]
        found = Entry.objects.filter(dedupe_tag__in=tags).values_list("dedupe_tag", flat=True)
        return {tag for tag in found if tag}

    def _threads(self, came: Sequence[Fetched]) -> dict[str, Thread]:
        """The threads of those who are known, by tag, in one query; what the batch begins and ends is kept up in it."""
        tags = {self.tags.handle(fetched.item.handle).hex() for fetched in came}
        found = Thread.objects.select_related("address").filter(look_up_tag__in=tags)
        return {thread.look_up_tag: thread for thread in found}

    def _take(self, fetched: Fetched, threads: dict[str, Thread], now: datetime) -> bool:
        item = fetched.item
        if item.kind is IncomingKind.NOTICE:
            return False
        match command_in(item.text) if not fetched.files else None:
            case Command.START:
                self.automatic.queue_first(item, None, now)
                return False
            case Command.PRIVACY:
                self.automatic.queue_privacy(item, now)
                return False
            case Command.DELETE:
                self._delete(item, threads, now)
                return False
            case None:
                return self._receive(fetched, threads, now)

    def _delete(self, item: Incoming, threads: dict[str, Thread], now: datetime) -> None:
        thread = threads.pop(self.tags.handle(item.handle).hex(), None)
        if thread is not None:
            delete_everything(thread=thread, now=now)
        self.automatic.queue_deleted(item, now)

    def _receive(self, fetched: Fetched, threads: dict[str, Thread], now: datetime) -> bool:
        item, tag = fetched.item, self.tags.handle(fetched.item.handle)
        thread = threads.get(tag.hex())
        if thread is None:
            return self._receive_first(fetched, tag, threads, now)
        reached = self._reached(thread, item)
        if reached is not None:
            try:
                received = self._receive_more(fetched, thread, reached, now)
            except (NotCommitted, KeySwapped):
                pass  # somebody put another key under the case or the thread
            else:
                self._tell_what_is_missing(fetched, thread.pk, now)
                return not received.duplicate
        refuse(table="messengers_address", row=thread.pk, day=now.date())
        Thread.objects.filter(pk=thread.pk).update(look_up_tag=new_id())
        return self._receive_first(fetched, tag, threads, now)

    def _reached(self, thread: Thread, item: Incoming) -> Reached | None:
        """The address of this thread, if it is this person's and the thread is the one it was made for."""
        try:
            reached = self.book.open(thread.pk, bytes(thread.address.sealed))
        except (Address.DoesNotExist, CannotOpen):
            return None
        if (reached.account, reached.handle) != (self.account, item.handle):
            return None
        if reached.route != item.reply_route:
            reached = dataclasses.replace(reached, route=item.reply_route)
            thread.address.sealed = self.book.seal(thread.pk, reached)
            Address.objects.filter(pk=thread.pk).update(sealed=thread.address.sealed)
        return reached if thread_id_of(ApplicantPublic.of(reached.seed)) == thread.pk else None

    def _receive_first(self, fetched: Fetched, tag: bytes, threads: dict[str, Thread], now: datetime) -> bool:
        item, seed = fetched.item, Seed.generate(secrets.token_bytes)
        received = receive_first(
            public=ApplicantPublic.of(seed),
            signing=seed.signing(),
            look_up_tag=tag,
            body=self._body(fetched, now),
            files=fetched.files,
            dedupe_tag=self._tag(fetched),
            urgency=heard_in(item.text, Urgency.UNSORTED).urgency,
            now=now,
        )
        if received.duplicate:
            return False
        thread = received.thread
        reached = Reached(self.account, item.handle, item.reply_route, seed, item.language)
        sealed = self.book.seal(thread.pk, reached)
        thread.address = Address.objects.create(thread=thread, sealed=sealed)
        threads[tag.hex()] = thread
        self.automatic.queue_first(item, thread.pk, now)
        self._tell_what_is_missing(fetched, thread.pk, now)
        return True

    def _receive_more(self, fetched: Fetched, thread: Thread, reached: Reached, now: datetime) -> Received:
        return receive_more(
            thread=thread,
            signing=reached.seed.signing(),
            body=self._body(fetched, now),
            files=fetched.files,
            at_least=heard_in(fetched.item.text, Urgency.INFO).urgency,
            dedupe_tag=self._tag(fetched),
            now=now,
        )

    def _body(self, fetched: Fetched, now: datetime) -> EntryBody:
        item, remarks = fetched.item, list(fetched.remarks)
        text = item.text.replace("\x00", "")
        if len(text) > LONGEST_TEXT:
            text, remarks = text[:LONGEST_TEXT], [*remarks, CUT]
        remarks += heard_in(text, Urgency.UNSORTED).remarks
        return EntryBody(
            text=text,
            at=now,
            language=item.language or "ru",
            channel=self.about.name,
            remarks=tuple(dict.fromkeys(remarks)),
        )

    def _tell_what_is_missing(self, fetched: Fetched, thread_id: str, now: datetime) -> None:
        for remark, word in NOTICES.items():
            if remark in fetched.remarks:
                self.automatic.queue_notice(fetched.item, word, thread_id, now)
                return
