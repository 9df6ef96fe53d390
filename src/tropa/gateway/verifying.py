"""Whether a row may leave, and what it says: asked before each attempt, with what the drop asks before it shows.

Whoever writes to the database must not be able to make anything leave: an answer has to be signed by somebody who may
answer, for this very thread and place; a step needs author's, approver's and releaser's signatures over what it says,
for this thread, unexpired and not ended; an automatic text has to be the gateway's own. The address is believed only
with the thread's own seed in it. What was sent before, or may have been, is in a book outside the database and does not
go again, whatever its row says. What is old is not sent late, and an answer of the library that expired meanwhile not
at all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from tropa.channels.catalogue import About
from tropa.channels.texts import in_language
from tropa.desk.conf import conf
from tropa.desk.contacts.in_force import genuine
from tropa.desk.contacts.notice_in_force import notice_in_force
from tropa.desk.library.in_force import may_be_given_now
from tropa.desk.messengers.models import Address, Outgoing, OutgoingKind, OutgoingState
from tropa.desk.plans.applicant import LIVING, standing_step
from tropa.desk.plans.content import ReleasedStep
from tropa.desk.plans.ended_steps import is_over
from tropa.desk.plans.models import Release
from tropa.desk.talk.applicant import verified_reply
from tropa.desk.talk.models import Thread
from tropa.envelope import CannotOpen
from tropa.gateway.addresses import AddressBook, Reached
from tropa.gateway.automatic import Automatic, AutomaticText, Told, news_text
from tropa.gateway.sent_book import LASTS, Attempt, SentBook
from tropa.gateway.words import WORDS, Word, told_in, with_commands_as

STEP_LASTS = timedelta(days=1)
AUTOMATIC_LASTS = timedelta(days=1)
CLOCKS_DIFFER = timedelta(minutes=10)
NOT_OURS: Literal["not ours"] = "not ours"


@dataclass(frozen=True, slots=True)
class Ready:
    """A message that may leave now. `mark` and `made` say where its attempts are written down, `number` which attempt
    this would be.
    """

    handle: str = field(repr=False)
    route: bytes = field(repr=False)
    text: str = field(repr=False)
    mark: str
    made: datetime
    number: int
    first_word: bool = False  # it tells the person the truth about the channel
    notice: int = 0  # it is this notice about our addresses


@dataclass(frozen=True, slots=True)
class Over:
    """A message that must not leave, and how it ends."""

    state: OutgoingState
    code: str


Verdict = Ready | Over | Literal["not ours"]


@dataclass(frozen=True, slots=True)
class _Said:
    """What a verified row says: its text, the id its attempts stand under, the moment it was signed."""

    text: str = field(repr=False)
    mark: str
    made: datetime


REFUSED = Over(OutgoingState.REFUSED, "refused")


@dataclass(frozen=True, slots=True)
class Verifier:
    """Judges rows for one account."""

    account: str
    about: About
    book: AddressBook
    automatic: Automatic
    sent: SentBook

    def judge(self, row: Outgoing, now: datetime) -> Verdict:
        """What may be done with this row. Raises OSError when what lies outside the database cannot be read."""
        if row.kind == OutgoingKind.AUTOMATIC:
            return self._automatic(row, now)
        if row.thread is None:
            return REFUSED
        reached = self._reached(row.thread)
        if reached is None:
            return REFUSED
        if reached.account != self.account:
            return NOT_OURS
        said = (
            self._reply(row, reached, now)
            if row.kind == OutgoingKind.REPLY
            else self._step(row, reached, now)
        )
        if isinstance(said, Over):
            return said
        attempt = self._attempt(said)
        if isinstance(attempt, Over):
            return attempt
        text = said.text
        if not reached.told and not self.about.caps.e2ee:
            text = f"{in_language(self.about.caps.short_truth, reached.language)}\n\n{text}"
        return Ready(reached.handle, reached.route, text, said.mark, said.made, attempt)

    def was_tried(self, row: Outgoing, now: datetime) -> bool | Literal["not ours"]:
        """Whether a row a process left behind may have gone out. What cannot be judged may have."""
        if row.kind == OutgoingKind.AUTOMATIC:
            try:
                text = self.automatic.open(row)
            except CannotOpen:
                return True
            if text.account != self.account:
                return NOT_OURS
            return self.sent.standing(row.key, text.made)[0] is not Attempt.FREE
        reached = self._reached(row.thread) if row.thread is not None else None
        if reached is None:
            return True
        if reached.account != self.account:
            return NOT_OURS
        said = (
            self._reply(row, reached, now)
            if row.kind == OutgoingKind.REPLY
            else self._step(row, reached, now)
        )
        return isinstance(said, Over) or self.sent.standing(said.mark, said.made)[0] is not Attempt.FREE

    def _reached(self, thread: Thread) -> Reached | None:
        """The address of a thread, if it was made for it."""
        try:
            reached = self.book.open(thread.pk, bytes(thread.address.sealed))
        except (Address.DoesNotExist, CannotOpen):
            return None
        return reached if reached.is_of(thread.pk) else None

    def _reply(self, row: Outgoing, reached: Reached, now: datetime) -> _Said | Over:
        entry = row.entry
        if entry is None or entry.thread_id != row.thread_id or is_over(entry.pk):
            return REFUSED
        reply = verified_reply(entry, reached.seed.sealing())
        if reply is None or reply.at > now + CLOCKS_DIFFER:
            return REFUSED
        if reply.at < now - LASTS:
            return Over(OutgoingState.EXPIRED, "too_old")
        return _Said(reply.text, entry.pk, reply.at)

    def _step(self, row: Outgoing, reached: Reached, now: datetime) -> _Said | Over:
        release = row.release
        if release is None or row.thread is None or release.thread_id != row.thread_id:
            return REFUSED
        standing = standing_step(thread=row.thread, seed=reached.seed, now=now)
        if standing is None or standing.release.pk != release.pk:
            return _why_not(release, now)
        made = datetime.fromisoformat(standing.body.released)
        if made > now + CLOCKS_DIFFER:
            return REFUSED
        if made < now - STEP_LASTS:
            return Over(OutgoingState.EXPIRED, "too_old")
        return _Said(_step_text(standing.body), release.pk, made)

    def _automatic(self, row: Outgoing, now: datetime) -> Verdict:
        try:
            text = self.automatic.open(row)
        except CannotOpen:
            return REFUSED
        if text.account != self.account:
            return NOT_OURS
        if text.told is Told.NEWS:
            return self._news(row, text, now)
        lasts = AUTOMATIC_LASTS
        if text.told is Told.FAREWELL:  # written when the code was made
            lasts += timedelta(hours=conf.move_hours)
        if not now - lasts < text.made < now + CLOCKS_DIFFER:
            return Over(OutgoingState.EXPIRED, "too_old")
        if not may_be_given_now(text.answers):
            return Over(OutgoingState.WITHDRAWN, "no_longer_sound")
        if text.contacts and ((found := genuine(now=now)) is None or found.id != text.contacts):
            return Over(OutgoingState.WITHDRAWN, "no_longer_in_force")
        attempt = self._attempt(_Said(text.text, row.key, text.made))
        if isinstance(attempt, Over):
            return Over(OutgoingState.WITHDRAWN, "told_before")
        first = text.told in {Told.FIRST, Told.ARRIVED}
        return Ready(text.handle, text.route, text.text, row.key, text.made, attempt, first_word=first)

    def _news(self, row: Outgoing, told: AutomaticText, now: datetime) -> Verdict:
        """A notice about our addresses: signed by two, beside the list in force, unexpired, not stopped, and wanted by
        this person still. Its text is what was signed, whatever lies in the row.
        """
        found = notice_in_force(now=now)
        if found is None or (found.notice.number, found.notice.made) != (told.notice, told.made):
            return Over(OutgoingState.WITHDRAWN, "no_longer_in_force")
        address = Address.objects.select_related("thread__address").filter(pk=told.thread).first()
        reached = self._reached(address.thread) if address is not None else None
        if reached is None or not reached.news:
            return Over(OutgoingState.WITHDRAWN, "not_wanted")
        if (reached.account, reached.handle) != (self.account, told.handle):
            return Over(OutgoingState.WITHDRAWN, "not_wanted")
        attempt = self._attempt(_Said("", row.key, told.made))
        if isinstance(attempt, Over):
            return Over(OutgoingState.WITHDRAWN, "told_before")
        text = with_commands_as(self.about.command_mark, news_text(found, reached.language))
        return Ready(
            reached.handle, reached.route, text, row.key, told.made, attempt, notice=found.notice.number
        )

    def _attempt(self, said: _Said) -> int | Over:
        """The number of the next attempt, or why there is none."""
        attempt, number = self.sent.standing(said.mark, said.made)
        match attempt:
            case Attempt.FREE:
                return number
            case Attempt.MAY_BE_OUT if self.about.caps.idempotent_send:
                return number
            case Attempt.OVER | Attempt.MAY_BE_OUT:
                return REFUSED
            case Attempt.GIVEN_UP:
                return Over(OutgoingState.FAILED, "gave_up")


def _why_not(release: Release, now: datetime) -> Over:
    """A step runs out, is taken back or followed by another in the course of things; else somebody tampered with it."""
    if (
        release.state not in LIVING
        or Release.objects.filter(thread_id=release.thread_id, sequence__gt=release.sequence).exists()
    ):
        return Over(OutgoingState.WITHDRAWN, "taken_back")
    if release.step.plan.expires <= now:
        return Over(OutgoingState.EXPIRED, "plan_ran_out")
    return REFUSED


def _step_text(body: ReleasedStep) -> str:
    if body.check_in_at is None:
        return body.step.text
    asked = told_in(WORDS[Word.CHECK_IN], body.step.language)
    return f"{body.step.text}\n\n{asked.format(moment=body.check_in_at.strftime('%d.%m.%Y %H:%M'))}"
