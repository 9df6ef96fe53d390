"""What the recovery key opens of exhibits, and whether the copies sealed to it are the ones that were made.

An exhibit names no case, and coordinators alone hold its key: when none of them is left, the recovery key is all that
opens it. Its copy is signed by whoever released the exhibit; one that somebody changed is counted once a day.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import date

from django.db.models import QuerySet

from tropa.desk.audit.refusals import refuse, refuse_daily
from tropa.desk.retention.exhibits import checked_content, exhibit_place, key_place
from tropa.desk.retention.models import Exhibit, ExhibitKey
from tropa.desk.staff.reader import Reader
from tropa.desk.vault.pinned import recovery_public
from tropa.desk.vault.recovery import Recoverable
from tropa.desk.vault.statements import copy_is_signed
from tropa.envelope import BadKey, EnvelopeError, SealingKey, SymmetricKey, open_sealed, seal


def exhibits_within_reach(key: SealingKey) -> Recoverable:
    """How many exhibits there are, and how many the recovery key opens. Nothing opened is kept."""
    return Recoverable(Exhibit.objects.count(), sum(1 for _each in opened_exhibits(key)))


def opened_exhibits(key: SealingKey) -> Iterator[tuple[Exhibit, SymmetricKey]]:
    """Every exhibit whose copy opens to the key under which what somebody on staff signed lies."""
    for exhibit in _with_signers():
        with suppress(EnvelopeError, BadKey, ValueError):
            place = exhibit_place(exhibit.pk, "recovery")
            opened = SymmetricKey(open_sealed(key, place, bytes(exhibit.recovery or b"")))
            checked_content(exhibit, opened)
            yield exhibit, opened


def grant_exhibits(*, reader: Reader, key: SealingKey) -> Recoverable:
    """Seal every exhibit recovery opens to the new coordinator; whoever calls this writes it into the log. Copies that
    do not open are counted.
    """
    opened: set[str] = set()
    for exhibit, exhibit_key in opened_exhibits(key):
        sealed = seal(reader.seed.sealing().public, key_place(exhibit.pk, reader.member.pk), exhibit_key.raw)
        ExhibitKey.objects.create(exhibit=exhibit, member=reader.member, sealed=sealed)
        opened.add(exhibit.pk)
    return Recoverable(_count_unopened(opened, reader.now.date()), len(opened))


def count_unsigned_exhibits(*, on: date) -> int:
    """Count, once a day each, exhibits whose copy is not what was signed; how many."""
    if recovery_public() is None:
        return 0
    unsigned = [exhibit.pk for exhibit in _with_signers() if not _is_signed(exhibit)]
    for exhibit_id in unsigned:
        refuse_daily(table="retention_exhibit", row=exhibit_id, day=on)
    return len(unsigned)


def _count_unopened(opened: Collection[str], on: date) -> int:
    """Count those; how many exhibits there are."""
    there = list(Exhibit.objects.values_list("pk", flat=True))
    for exhibit_id in there:
        if exhibit_id not in opened:
            refuse(table="retention_exhibit", row=exhibit_id, day=on)
    return len(there)


def _is_signed(exhibit: Exhibit) -> bool:
    place, signature = exhibit_place(exhibit.pk, "recovery_signature"), bytes(exhibit.recovery_signature)
    return copy_is_signed(exhibit.member, exhibit.day, place, exhibit.recovery, signature)


def _with_signers() -> QuerySet[Exhibit]:
    return Exhibit.objects.select_related("member__issuer").order_by("pk")
