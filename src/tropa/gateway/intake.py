"""What arrived, stored: entries, addresses, cursor and library state in one transaction, or nothing.

Everything is sealed before it touches a disk: to the case of whoever is known, to people on duty for somebody new. The
gateway cannot open what it wrote. Before, in memory, each text is read for danger and for answers that surely fit:
these are queued as an automatic message, never in danger or doubt, never where a person has taken over, once an hour at
most. A message that comes again is known by its tag and stored once. A thread whose row,
key or address somebody changed gets nothing: what came goes into a new one, where it is seen.
"""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from tropa.channels.catalogue import About
from tropa.channels.values import LONGEST_TEXT, Incoming, IncomingKind, Refused
from tropa.counsel.dictionary import let_go
from tropa.desk.audit.refusals import refuse
from tropa.desk.cases.models import Urgency
from tropa.desk.identifiers import new_id
from tropa.desk.library.at_arrival import AtArrival
from tropa.desk.library.counting import Use, count
from tropa.desk.messengers.addresses import Change, rewrite
from tropa.desk.messengers.channel_state import note_traffic
from tropa.desk.messengers.models import Address
from tropa.desk.talk.applicant import delete_everything
from tropa.desk.talk.arrivals import Received, receive_first, receive_more
from tropa.desk.talk.body import EntryBody
from tropa.desk.talk.errors import KeySwapped
from tropa.desk.talk.inserts import insert
from tropa.desk.talk.models import Entry, Thread
from tropa.desk.talk.recognised import more_urgent
from tropa.desk.talk.urgency import rank_of
from tropa.desk.vault.errors import NotCommitted
from tropa.envelope import ApplicantPublic, CannotOpen, Seed
from tropa.gateway.addresses import AddressBook, Reached
from tropa.gateway.answering import Answering
from tropa.gateway.automatic import Automatic
from tropa.gateway.fetching import CUT, LOST, TOO_LARGE, UNREADABLE, Fetched
from tropa.gateway.moves import Moves
from tropa.gateway.questions import Questions
from tropa.gateway.sealed_state import SealedState
from tropa.gateway.tags import Tags
from tropa.gateway.words import WORDS, Command, Word, code_in, command_in, told_in

OFFERED = "offered"
OF_THE_QUESTIONS = "danger.alike"
"""Beside an answer to a short question that is for a person, where its words alone say less."""
NOTICES: dict[str, Word] = {
    TOO_LARGE: Word.TOO_LARGE,
    LOST: Word.FILE_LOST,
    UNREADABLE: Word.UNREADABLE,
    Refused.IN_CLEAR.value: Word.IN_CLEAR,
    Refused.OTHER_KEY.value: Word.OTHER_KEY,
}


@dataclasses.dataclass(frozen=True, slots=True)
class Intake:
    """Stores for one account."""

    account: str
    about: About
    tags: Tags
    book: AddressBook
    automatic: Automatic
    state: SealedState
    answering: Answering
    moves: Moves
    questions: Questions

    def store(self, came: Sequence[Fetched], state: Mapping[str, bytes | None], now: datetime) -> int:
        """One transaction; returns how many messages were new. Raises NoDutyEpoch, DatabaseError: nothing is stored."""
        for fetched in came:
            self._read(fetched)
        let_go()
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

    def _read(self, fetched: Fetched) -> None:
        """What is recognised in a text, before anything of it is stored; a command says nothing to read."""
        item = fetched.item
        obeyed = not fetched.files and (command_in(item.text) or code_in(item.text))
        if item.kind is not IncomingKind.NOTICE and not obeyed:
            fetched.read = self.answering.read(item.text)

    def _tag(self, fetched: Fetched) -> str:
        return self.tags.dedupe(fetched.item.key)

    def _known(self, items: Sequence[Incoming]) -> set[str]:
        tags = [self.tags.dedupe(item.key) for item in items]
        found = Entry.objects.filter(dedupe_tag__in=tags).values_list("dedupe_tag", flat=True)
        return {tag for tag in found if tag}

    def _threads(self, came: Sequence[Fetched]) -> dict[str, Thread]:
        """The threads of those who are known, by tag, in one query, locked until the batch is stored; what it begins,
        changes and ends is kept up in them.
        """
        tags = {self.tags.handle(fetched.item.handle).hex() for fetched in came}
        rows = Thread.objects.select_related("address", "case", "duty_epoch").filter(look_up_tag__in=tags)
        found = rows.select_for_update(of=("self",)).order_by("pk")
        return {thread.look_up_tag: thread for thread in found}

    def _take(self, fetched: Fetched, threads: dict[str, Thread], now: datetime) -> bool:
        item = fetched.item
        if item.kind is IncomingKind.NOTICE:
            return False
        code = code_in(item.text) if not fetched.files else None
        if code is not None:
            return self.moves.arrive(item, code, threads, dedupe_tag=self._tag(fetched), now=now)
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
            case Command.REAL:
                self.automatic.queue_real(item, now)
                return False
            case Command.MOVE:
                thread = threads.get(self.tags.handle(item.handle).hex())
                reached = self._reached(thread, item) if thread is not None else None
                self.moves.offer(item, thread, reached, now)
                return False
            case Command.NEWS | Command.NO_NEWS as asked:
                self._wish(item, threads, wanted=asked is Command.NEWS, now=now)
                return False
            case Command.QUESTIONS:
                self._begin_questions(item, threads, now)
                return False
            case None if self._is_answer(fetched, now):
                return self._go_on(fetched, threads, now)
            case None:
                return self._receive(fetched, threads, now)

    def _begin_questions(self, item: Incoming, threads: dict[str, Thread], now: datetime) -> None:
        """The first question; never where something urgent was said before."""
        thread = threads.get(self.tags.handle(item.handle).hex())
        if thread is not None and thread.urgency_rank < rank_of(Urgency.UNSORTED):
            self.automatic.queue_question(item, told_in(WORDS[Word.QUESTIONS_NOT_NOW], item.language), now)
            return
        asked = self.questions.begin(item.handle, item.key, item.language, now)
        self.automatic.queue_question(item, asked.text, now)

    def _is_answer(self, fetched: Fetched, now: datetime) -> bool:
        """Whether a message answers a short question; looked at in turn, for several come at once."""
        item = fetched.item
        if item.kind is not IncomingKind.TEXT or fetched.files:
            return False
        return self.questions.asks(item.handle, item.key, item.text, now)

    def _go_on(self, fetched: Fetched, threads: dict[str, Thread], now: datetime) -> bool:
        """An answer to a short question: what follows goes out, and only what shows danger is stored, for a person."""
        item = fetched.item
        said = self.questions.go_on(item.handle, item.key, item.text, now)
        self.automatic.queue_question(item, said.text, now)
        if not said.to_a_person:
            return False
        fetched.item = dataclasses.replace(item, text=said.to_a_person)
        heard = self.answering.read(said.to_a_person)
        dangers = heard.dangers or (OF_THE_QUESTIONS,)
        fetched.read = AtArrival(more_urgent(heard.urgency, Urgency.DAY), dangers=dangers)
        return self._receive(fetched, threads, now)

    def _wish(self, item: Incoming, threads: dict[str, Thread], *, wanted: bool, now: datetime) -> None:
        """Whether they are told when our addresses change: a word within their sealed address, and nowhere else."""
        thread = threads.get(self.tags.handle(item.handle).hex())
        reached = self._reached(thread, item) if thread is not None else None
        if thread is None or reached is None:
            self.automatic.queue_wish(item, Word.NEWS_NOBODY, now)
            return
        if reached.news != wanted:
            self._rewrite(thread, dataclasses.replace(reached, news=wanted))
        self.automatic.queue_wish(item, Word.NEWS_ON if wanted else Word.NEWS_OFF, now)

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
            self._rewrite(thread, reached)
        return reached if reached.is_of(thread.pk) else None

    def _rewrite(self, thread: Thread, reached: Reached) -> None:
        """The address anew, unless the conversation has moved elsewhere in this moment."""
        before, thread.address.sealed = bytes(thread.address.sealed), self.book.seal(thread.pk, reached)
        rewrite([Change(thread.pk, before, thread.address.sealed)])

    def _receive_first(self, fetched: Fetched, tag: bytes, threads: dict[str, Thread], now: datetime) -> bool:
        item, seed = fetched.item, Seed.generate(secrets.token_bytes)
        received = receive_first(
            public=ApplicantPublic.of(seed),
            signing=seed.signing(),
            look_up_tag=tag,
            body=self._body(fetched, now, fetched.read.remarks(OFFERED)),
            files=fetched.files,
            dedupe_tag=self._tag(fetched),
            urgency=fetched.read.urgency,
            now=now,
        )
        if received.duplicate:
            return False
        thread = received.thread
        answered = _hour(now) if fetched.read.given else ""
        reached = Reached(self.account, item.handle, item.reply_route, seed, item.language, answered=answered)
        sealed = self.book.seal(thread.pk, reached)
        thread.address = Address(thread=thread, sealed=sealed)
        insert(thread.address)
        threads[tag.hex()] = thread
        self.automatic.queue_first(item, thread.pk, now)
        if fetched.read.given:
            self._answer(fetched, thread.pk, now)
        self._tell_what_is_missing(fetched, thread.pk, now)
        return True

    def _receive_more(self, fetched: Fetched, thread: Thread, reached: Reached, now: datetime) -> Received:
        read = fetched.read
        answers = bool(read.given) and _may_be_answered(thread, reached, now)
        received = receive_more(
            thread=thread,
            signing=reached.seed.signing(),
            body=self._body(fetched, now, read.remarks(OFFERED) if answers else read.dangers),
            files=fetched.files,
            at_least=read.urgency if read.dangers else Urgency.INFO,
            dedupe_tag=self._tag(fetched),
            now=now,
            held=True,
        )
        if answers and not received.duplicate:
            self._rewrite(thread, dataclasses.replace(reached, answered=_hour(now)))
            self._answer(fetched, thread.pk, now)
        return received

    def _answer(self, fetched: Fetched, thread_id: str, now: datetime) -> None:
        given = fetched.read.given
        self.automatic.queue_answers(fetched.item, given, thread_id, now)
        count([one.answer_id for one in given], Use.SHOWN, day=now.date())

    def _body(self, fetched: Fetched, now: datetime, read: tuple[str, ...]) -> EntryBody:
        item, remarks = fetched.item, list(fetched.remarks)
        text = item.text.replace("\x00", "")
        if len(text) > LONGEST_TEXT:
            text, remarks = text[:LONGEST_TEXT], [*remarks, CUT]
        remarks += read
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


def _may_be_answered(thread: Thread, reached: Reached, now: datetime) -> bool:
    """Whether a machine may answer within a thread: nobody has taken it, nothing in it was urgent, and no machine
    answered in this hour.
    """
    calm = thread.urgency_rank >= rank_of(Urgency.UNSORTED)
    return thread.case_id is None and calm and reached.answered != _hour(now)


def _hour(now: datetime) -> str:
    return f"{now:%Y-%m-%d %H}"
