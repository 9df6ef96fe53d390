"""The keys that open a thread for one reader, each entry by the epoch it was sealed in: its case's, or while nobody
has taken it the duty epoch's.

What is opened for the first time is kept wrapped under a symmetric key of the same epoch, once its author's signature
has verified, and only where nothing has been kept yet and the row is still of that epoch: a thread taken in the
meantime has been re-sealed and must not get the old wrapping back.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence

from django.db import connection, transaction

from tropa.desk import clock
from tropa.desk.audit.refusals import refuse
from tropa.desk.staff.reader import Reader
from tropa.desk.talk.applicants import OWN_KINDS, check_own
from tropa.desk.talk.body import decode
from tropa.desk.talk.models import Draft, Entry, Thread
from tropa.desk.talk.seals import open_entry, unwrap_entry, wrap_entry
from tropa.desk.vault.begun_epochs import was_given_back
from tropa.desk.vault.errors import BeforeGrant, NoGrant, NotCommitted
from tropa.desk.vault.services import (
    CasePublic,
    CaseSeed,
    case_public,
    open_case_seed,
    open_duty_seeds,
)
from tropa.envelope import CannotOpen, Context, SealingKey, Seed, SymmetricKey, unwrap, wrap

KEEP = """
UPDATE talk_entry SET wrapped = %s WHERE id = %s AND wrapped IS NULL
AND COALESCE(duty_epoch_id, '') = %s AND COALESCE(case_epoch, 0) = %s
"""


class EpochKeys:
    """What follows from the seed of one epoch of a case, or of one duty epoch, for the length of a request."""

    def __init__(self, seed: Seed, *, label: str) -> None:
        self.seed = seed
        self._label = label
        self._wrapping: SymmetricKey | None = None
        self._sealing: SealingKey | None = None

    @property
    def wrapping(self) -> SymmetricKey:
        """The symmetric key what was opened once is kept under."""
        if self._wrapping is None:
            self._wrapping = self.seed.subkey(self._label)
        return self._wrapping

    @property
    def sealing(self) -> SealingKey:
        """The key pair; making it costs a tenth of a millisecond, so only when it is needed."""
        if self._sealing is None:
            self._sealing = self.seed.sealing()
        return self._sealing


class ThreadKeys:
    """The epochs of one case, or of duty, somebody holds."""

    def __init__(self, epochs: Mapping[int | str, EpochKeys]) -> None:
        self._epochs = epochs
        self.opened: list[Entry] = []  # opened for the first time, with `wrapped` set

    @classmethod
    def of_case(cls, held: CaseSeed) -> ThreadKeys:
        """Keys of a case's epochs, by number."""
        return cls({epoch: EpochKeys(seed, label="case content") for epoch, seed in held.each().items()})

    @classmethod
    def of_duty(cls, seeds: Mapping[str, Seed]) -> ThreadKeys:
        """Keys of duty epochs, by id."""
        return cls({epoch: EpochKeys(seed, label="duty content") for epoch, seed in seeds.items()})

    def at(self, epoch: int | str | None) -> EpochKeys:
        """The keys of a row's epoch. Raises BeforeGrant when they are not held."""
        found = self._epochs.get(epoch) if epoch is not None else None
        if found is None:
            raise BeforeGrant
        return found

    def of(self, entry: Entry) -> EpochKeys:
        """The keys an entry was sealed to. Raises BeforeGrant."""
        return self.at(entry.case_epoch if entry.duty_epoch_id is None else entry.duty_epoch_id)

    def keep_wrapped(self) -> None:
        """Store what was opened for the first time; one write, or none."""
        keep_wrapped(self.opened)
        self.opened = []

    def open_draft(self, draft: Draft) -> str:
        """A draft's text. Raises CannotOpen, BeforeGrant."""
        keys = self.at(draft.case_epoch)
        return unwrap(keys.wrapping, _draft_context(draft.thread_id), bytes(draft.sealed)).decode()


def seal_draft(thread_id: str, text: str, held: CaseSeed) -> bytes:
    """A draft's text as it is stored, under the newest epoch."""
    return wrap(held.wrapping(), _draft_context(thread_id), text.encode(), random=secrets.token_bytes)


def thread_keys(*, reader: Reader, thread: Thread) -> ThreadKeys:
    """The keys of this thread. Raises NoGrant for somebody who holds neither its case nor its duty epoch."""
    if thread.case is not None:
        return ThreadKeys.of_case(open_case_seed(reader=reader, case=thread.case))
    seeds = open_duty_seeds(reader=reader)
    if thread.duty_epoch_id not in seeds:
        raise NoGrant
    return ThreadKeys.of_duty(seeds)


def sealing_case(thread: Thread) -> CasePublic:
    """The key new content of a taken thread is sealed to.

    Raises NotCommitted when nothing signed says that this case took this thread, or when it was given back since:
    somebody pointed the row elsewhere.
    """
    if thread.case is None:
        raise NotCommitted
    public = case_public(thread.case)
    if public.thread_id != thread.pk or was_given_back(thread.case.pk):
        raise NotCommitted
    return public


def opened_body(entry: Entry, keys: ThreadKeys) -> bytes:
    """An entry's content: quickly when it was opened before, else with the key pair.

    Raises CannotOpen, BeforeGrant; and, for what the applicant is to have written and did not sign, BadSignature.
    """
    content, believed = sealed_content(entry, keys)
    if believed:
        return content
    if decode(content).kind in OWN_KINDS:
        check_own(entry, entry.thread, content)
    entry.wrapped = wrap_entry(entry, keys.of(entry).wrapping, content)
    keys.opened.append(entry)
    return content


def sealed_content(entry: Entry, keys: ThreadKeys) -> tuple[bytes, bool]:
    """What lies in an entry, and whether it was opened and held against its author before. What was not is to be sealed
    again as it is, and shown to nobody. Raises CannotOpen, BeforeGrant.
    """
    own = keys.of(entry)
    if entry.wrapped is not None:
        try:
            return unwrap_entry(entry, own.wrapping), True
        except CannotOpen:  # somebody wrote over it; what was sealed still stands
            refuse(table="talk_entry", row=entry.pk, day=clock.now().date())
    return open_entry(entry, own.sealing), False


def keep_wrapped(entries: Sequence[Entry]) -> None:
    """Store the fresh wrappings of these entries, in one write."""
    fresh = [
        (bytes(entry.wrapped), entry.pk, entry.duty_epoch_id or "", entry.case_epoch or 0)
        for entry in entries
        if entry.wrapped is not None
    ]
    if fresh:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(KEEP, fresh)


def _draft_context(thread_id: str) -> Context:
    return Context("draft", 1, "talk_draft", "sealed", thread_id)
