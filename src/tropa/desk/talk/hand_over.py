"""Notes at the end of a shift, for whoever comes next: sealed to the duty epochs of today and tomorrow, signed.

Whoever holds one of these epochs reads them for a week. They are for the work (what waits for whom, which office
answers no calls), not for what somebody wrote: that belongs into a note of its case. A note that does not open, or
whose author's signature does not verify, is not shown.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction

from tropa.desk.audit.services import refuse
from tropa.desk.identifiers import new_id
from tropa.desk.staff.models import Member
from tropa.desk.staff.reader import Reader
from tropa.desk.talk.errors import TooLong
from tropa.desk.talk.models import HandOver
from tropa.desk.vault.errors import NoGrant, NotCommitted
from tropa.desk.vault.models import DutyEpoch
from tropa.desk.vault.services import current_duty_epoch, duty_public, open_duty_seeds, verified_caseworker
from tropa.desk.vault.statements import check_statement
from tropa.envelope import Context, EnvelopeError, open_sealed, seal, sign

LONGEST = 2_000
KEPT = timedelta(days=7)
MOST_SHOWN = 12


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A note as whoever is on duty reads it; `at` is aware, UTC."""

    author: Member
    at: datetime
    text: str = field(repr=False)


@transaction.atomic
def hand_over(*, reader: Reader, text: str) -> int:
    """Leave a note; to how many epochs it was sealed. Raises TooLong, ValueError for nothing, NoDutyEpoch, and NoGrant
    for whoever is not certified to work with people.
    """
    text = text.strip()
    if not text:
        raise ValueError("nothing to hand over")
    if len(text) > LONGEST:
        raise TooLong
    try:
        verified_caseworker(reader.member, reader.now.date())
    except EnvelopeError:
        raise NoGrant from None
    note = new_id()
    content = json.dumps({"text": text, "at": reader.now.isoformat()}, ensure_ascii=False).encode()
    epochs = _epochs(reader.now.date())
    for epoch in epochs:
        row = HandOver(note=note, duty_epoch=epoch, author=reader.member, day=reader.now.date())
        row.sealed = seal(duty_public(epoch), _context(row, "sealed"), content)
        row.signature = sign(reader.seed.signing(), _context(row, "signature"), _digest(content))
        row.save(force_insert=True)
    return len(epochs)


def handed_over(*, reader: Reader) -> list[HandedOver]:
    """The notes of the last week the reader may open, the newest first; each once."""
    seeds = open_duty_seeds(reader=reader)
    rows = HandOver.objects.filter(duty_epoch_id__in=seeds, day__gte=reader.now.date() - KEPT)
    found: dict[str, HandedOver] = {}
    for row in rows.select_related("author__issuer").order_by("-day", "-id")[: 2 * MOST_SHOWN]:
        try:
            content = open_sealed(
                seeds[row.duty_epoch_id].sealing(), _context(row, "sealed"), bytes(row.sealed)
            )
            check_statement(
                row.author, row.day, _context(row, "signature"), _digest(content), bytes(row.signature)
            )
            found[row.note] = HandedOver(row.author, *read_note(content))
        except (EnvelopeError, ValueError):
            refuse(table="talk_handover", row=str(row.pk), day=reader.now.date())
    return sorted(found.values(), key=lambda one: one.at, reverse=True)[:MOST_SHOWN]


def read_note(content: bytes) -> tuple[datetime, str]:
    """Moment and text as they were sealed. Raises ValueError."""
    try:
        said = json.loads(content)
        return datetime.fromisoformat(said["at"]), str(said["text"])
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError("no note of this format") from error


def forget_hand_overs(*, on: date) -> int:
    """Destroy notes older than a week; how many rows."""
    return HandOver.objects.filter(day__lt=on - KEPT).delete()[0]


def _epochs(today: date) -> list[DutyEpoch]:
    """The epoch of today, and those that begin by tomorrow and verify."""
    found = [current_duty_epoch()]
    coming = DutyEpoch.objects.filter(opened_day__gt=today, opened_day__lte=today + timedelta(days=1))
    for epoch in coming.select_related("signer__issuer"):
        with suppress(NotCommitted):
            duty_public(epoch)
            found.append(epoch)
    return found


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def _context(row: HandOver, column: str) -> Context:
    place = f"{row.duty_epoch_id}.{row.note}.{row.author_id}"
    return Context("hand-over", 1, "talk_handover", column, place)
