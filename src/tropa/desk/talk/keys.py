"""The keys that open a thread for one reader: its case's, or while nobody has taken it the duty epoch's.

What is opened for the first time is kept wrapped under a symmetric key of the same case or epoch, and only
where nothing has been kept yet: a thread taken in the meantime has been re-sealed and must not get the old
wrapping back.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from django.db.models import BinaryField, Case, Value, When

from tropa.desk.staff.reader import Reader
from tropa.desk.talk.models import Draft, Entry, Thread
from tropa.desk.talk.seals import open_entry, unwrap_entry, wrap_entry
from tropa.desk.vault.errors import NoGrant
from tropa.desk.vault.services import open_case_seed, open_duty_seed
from tropa.envelope import CannotOpen, Context, SealingKey, Seed, SymmetricKey, unwrap, wrap


class ThreadKeys:
    """One case's or duty epoch's keys, for the length of a request."""

    def __init__(self, seed: Seed, *, label: str) -> None:
        self.seed = seed
        self.wrapping: SymmetricKey = seed.subkey(label)
        self.opened: list[Entry] = []  # opened for the first time, with `wrapped` set
        self._sealing: SealingKey | None = None

    @classmethod
    def of_case(cls, seed: Seed) -> ThreadKeys:
        """Keys of a case's seed."""
        return cls(seed, label="case content")

    @classmethod
    def of_duty(cls, seed: Seed) -> ThreadKeys:
        """Keys of a duty epoch's seed."""
        return cls(seed, label="duty content")

    @property
    def sealing(self) -> SealingKey:
        """The key pair; making it costs a tenth of a millisecond, so only when it is needed."""
        if self._sealing is None:
            self._sealing = self.seed.sealing()
        return self._sealing

    def keep_wrapped(self) -> None:
        """Store what was opened for the first time; one write, or none."""
        keep_wrapped(self.opened)
        self.opened = []

    def open_draft(self, draft: Draft) -> str:
        """A draft's text. Raises CannotOpen."""
        return unwrap(self.wrapping, _draft_context(draft.thread_id), bytes(draft.sealed)).decode()

    def seal_draft(self, thread_id: str, text: str) -> bytes:
        """A draft's text as it is stored."""
        return wrap(self.wrapping, _draft_context(thread_id), text.encode(), random=secrets.token_bytes)


def thread_keys(*, reader: Reader, thread: Thread) -> ThreadKeys:
    """The keys of this thread. Raises NoGrant for somebody who holds neither its case nor its duty epoch."""
    if thread.case is not None:
        return ThreadKeys.of_case(open_case_seed(reader=reader, case=thread.case).seed)
    if thread.duty_epoch is None:
        raise NoGrant
    return ThreadKeys.of_duty(open_duty_seed(reader=reader, epoch=thread.duty_epoch))


def opened_body(entry: Entry, keys: ThreadKeys) -> bytes:
    """An entry's content: quickly when it was opened before, else with the key pair. Raises CannotOpen."""
    if entry.wrapped is not None:
        try:
            return unwrap_entry(entry, keys.wrapping)
        except CannotOpen:
            pass  # somebody wrote over it; what was sealed still stands
    content = open_entry(entry, keys.sealing)
    entry.wrapped = wrap_entry(entry, keys.wrapping, content)
    keys.opened.append(entry)
    return content


def keep_wrapped(entries: Sequence[Entry]) -> None:
    """Store the fresh wrappings of these entries, in one write."""
    fresh = [When(pk=entry.pk, then=Value(entry.wrapped)) for entry in entries]
    if fresh:
        rows = Entry.objects.filter(pk__in=[entry.pk for entry in entries], wrapped=None)
        rows.update(wrapped=Case(*fresh, output_field=BinaryField()))


def _draft_context(thread_id: str) -> Context:
    return Context("draft", 1, "talk_draft", "sealed", thread_id)
