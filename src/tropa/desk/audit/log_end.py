"""The log's end, kept outside the database: whoever writes rows can neither cut the log nor put back an older one
unseen.

`pinned/audit-end` names the last record that was verified (number and hash) and the day on which the whole log was
last read from its first record. Each round of housekeeping verifies what came since and moves the end on; once a day
it verifies everything. A log that does not hold leaves the end where it was, and raises an alarm (`pinned/audit-alarm`)
that coordinators see on Today until the log holds again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tropa.desk.audit.errors import EndDamaged
from tropa.desk.audit.queries import checked_log
from tropa.desk.conf import conf
from tropa.desk.pinned_file import read_whole, replace_whole, take_away
from tropa.envelope import BrokenLog, Checkpoint, LogFault

END_FILE = "audit-end"
ALARM_FILE = "audit-alarm"


@dataclass(frozen=True, slots=True)
class KeptEnd:
    """The last record that was verified, and the day the log was last verified whole."""

    checkpoint: Checkpoint
    whole_on: date


@dataclass(frozen=True, slots=True)
class LogAlarm:
    """What housekeeping found wrong with the log, and at which record."""

    fault: LogFault
    sequence: int


def kept_end() -> KeptEnd | None:
    """The end that was kept; None before the first round. Raises EndDamaged."""
    return read_end(conf.pinned)


def read_end(folder: Path) -> KeptEnd | None:
    """The end that is kept in a folder of pinned files; None when there is none. Raises EndDamaged."""
    try:
        text = read_whole(folder / END_FILE)
        if text is None:
            return None
        sequence, entry_hash, day = text.split()
        end = Checkpoint(int(sequence), bytes.fromhex(entry_hash))
        return KeptEnd(end, date.fromisoformat(day))
    except (OSError, ValueError):
        raise EndDamaged from None


def keep_end(end: KeptEnd) -> None:
    """Let this be the end from now on. OSError leaves what there was."""
    at = end.checkpoint
    replace_whole(conf.pinned / END_FILE, f"{at.sequence} {at.entry_hash.hex()} {end.whole_on.isoformat()}\n")


def tend_log(*, today: date) -> Checkpoint:
    """Verify what is new, once a day everything, and keep the end. Raises BrokenLog or EndDamaged, with the
    alarm raised and the end as it was. A desk nobody has founded yet has no log and no place to keep its end.
    """
    if not conf.pinned.is_dir():
        return checked_log([])
    kept = kept_end()
    try:
        if kept is not None and kept.whole_on == today:
            end = checked_log(after=kept.checkpoint)
        else:
            end = checked_log([kept.checkpoint] if kept else [])
    except BrokenLog as broken:
        replace_whole(conf.pinned / ALARM_FILE, f"{broken.sequence} {broken.fault}\n")
        raise
    if kept is None or (kept.checkpoint, kept.whole_on) != (end, today):
        keep_end(KeptEnd(end, today))
    take_away(conf.pinned / ALARM_FILE)
    return end


def alarm() -> LogAlarm | None:
    """What the last round found wrong; None when the log held."""
    try:
        text = read_whole(conf.pinned / ALARM_FILE)
        if text is None:
            return None
        sequence, fault = text.split()
        return LogAlarm(LogFault(fault), int(sequence))
    except (OSError, ValueError):
        return LogAlarm(LogFault.NOT_AS_KEPT, 0)
