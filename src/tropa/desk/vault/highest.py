"""The highest number of a duty epoch ever opened, in a file beside the pinned root.

A row of the database can be deleted, put back or called open again; this number only grows. Nothing is sealed to
an epoch beneath it, so that those who left the roster do not read what is written after them. A file that cannot
be read lets nothing through; one that is not there yet stands for no epoch at all.
"""

from __future__ import annotations

from tropa.desk.conf import conf
from tropa.desk.growing_number import grow, read
from tropa.desk.vault.errors import NoDutyEpoch

HIGHEST_FILE = "duty.number"


def highest_opened() -> int:
    """The number; 0 before the first epoch. Raises NoDutyEpoch when the file is damaged or closed to us."""
    try:
        return read(conf.pinned / HIGHEST_FILE)
    except (OSError, ValueError):
        raise NoDutyEpoch from None


def note_opened(number: int) -> None:
    """Remember `number`, if it is higher, before anything else happens; on the disk when this returns.

    Raises OSError when the pinned directory cannot be written to, ValueError when the file is damaged.
    """
    grow(conf.pinned / HIGHEST_FILE, number)
