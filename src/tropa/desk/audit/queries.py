"""Reading and checking the log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tropa.desk.audit.errors import NotSealedToReader
from tropa.desk.audit.models import Record, Refusal
from tropa.desk.audit.sealing import OpenRecord, open_record
from tropa.desk.staff.reader import Reader
from tropa.envelope import HASH_BYTES, BrokenLog, Checkpoint, LogEntry, LogFault, hash_entry, verify_log

PAGE = 500
"""Records read at a time."""


def checked_log(checkpoints: Iterable[Checkpoint] = (), *, after: Checkpoint | None = None) -> Checkpoint:
    """The end of the log, if every record follows from the one before it and every checkpoint holds. With `after`, the
    record of that number must still have that hash, and only what follows is verified.

    Raises BrokenLog naming the first record that does not hold.
    """
    if after is None or after.sequence == 0:
        return verify_log(_entries(0), checkpoints)
    row = Record.objects.filter(sequence=after.sequence).first()
    if row is None:
        last = Record.objects.order_by("-sequence").values_list("sequence", flat=True).first()
        raise BrokenLog(LogFault.ENDS_TOO_EARLY, last or 0)
    body, previous = bytes(row.sealed), bytes(row.previous)
    if len(previous) != HASH_BYTES or hash_entry(previous, row.sequence, body) != after.entry_hash:
        raise BrokenLog(LogFault.NOT_AS_KEPT, after.sequence)
    return verify_log(_entries(after.sequence), checkpoints, after=after)


def _entries(after: int) -> Iterator[LogEntry]:
    # page by page: a cursor of PostgreSQL that is left half-read spoils the transaction it is in
    while rows := list(Record.objects.filter(sequence__gt=after).order_by("sequence")[:PAGE]):
        for row in rows:
            yield LogEntry(sequence=row.sequence, body=bytes(row.sealed), entry_hash=bytes(row.hash))
        after = rows[-1].sequence


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
        except NotSealedToReader:
            continue
    return acts


def refused_rows() -> int:
    """How many stored rows failed their check when they were about to be shown. Above zero, somebody changed
    data.
    """
    return Refusal.objects.count()
