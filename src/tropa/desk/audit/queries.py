"""Reading and checking the log."""

from __future__ import annotations

from collections.abc import Iterator

from tropa.desk.audit.models import Record, Refusal
from tropa.desk.audit.sealing import OpenRecord, open_record
from tropa.desk.staff.reader import Reader
from tropa.envelope import Checkpoint, LogEntry, verify_log


def checked_log() -> Checkpoint:
    """The end of the log, if every record follows from the one before it. Raises BrokenLog naming the first
    that does not.
    """
    return verify_log(_entries())


def _entries() -> Iterator[LogEntry]:
    for row in Record.objects.order_by("sequence").iterator(chunk_size=500):
        yield LogEntry(sequence=row.sequence, body=bytes(row.sealed), entry_hash=bytes(row.hash))


def latest_acts(*, reader: Reader, count: int) -> list[OpenRecord]:
    """The last acts, newest first, as a coordinator reads them; those sealed before they were one are left
    out.
    """
    key = reader.seed.sealing()
    acts: list[OpenRecord] = []
    for row in Record.objects.order_by("-sequence")[:count]:
        try:
            acts.append(
                open_record(
                    sequence=row.sequence, sealed=bytes(row.sealed), coordinator=reader.member.id, key=key
                )
            )
        except KeyError:
            continue
    return acts


def refused_rows() -> int:
    """How many stored rows failed their check when they were about to be shown. Above zero, somebody changed
    data.
    """
    return Refusal.objects.count()
