"""The highest number of a duty epoch ever opened, in a file beside the pinned root.

A row of the database can be deleted, put back or called open again; this number only grows. Nothing is sealed to
an epoch beneath it, so that those who left the roster do not read what is written after them. A file that cannot
be read lets nothing through; one that is not there yet stands for no epoch at all.
"""

from __future__ import annotations

import fcntl
import os

from tropa.desk.conf import conf
from tropa.desk.vault.errors import NoDutyEpoch

HIGHEST_FILE = "duty.number"
LONGEST = 64  # bytes


def highest_opened() -> int:
    """The number; 0 before the first epoch. Raises NoDutyEpoch when the file is damaged or closed to us."""
    try:
        text = _read(f"{conf.pinned}/{HIGHEST_FILE}")
    except FileNotFoundError:
        return 0
    except (OSError, ValueError):
        raise NoDutyEpoch from None
    if not text.strip().isdecimal():
        raise NoDutyEpoch
    return int(text)


def _read(path: str) -> str:
    """The file, plainly, because every message that arrives asks for it. ValueError if it is too long for a number."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        content = os.read(descriptor, LONGEST + 1)
    finally:
        os.close(descriptor)
    if len(content) > LONGEST:
        raise ValueError("longer than a number")
    return content.decode("ascii")


def note_opened(number: int) -> None:
    """Remember `number`, if it is higher, before anything else happens; on the disk when this returns.

    Raises OSError when the pinned directory cannot be written to.
    """
    folder = os.open(conf.pinned, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        if number > highest_opened():
            _replace(number)
            os.fsync(folder)
    finally:
        os.close(folder)


def _replace(number: int) -> None:
    """Whole or not at all: a crash leaves the number there was before."""
    path = conf.pinned / HIGHEST_FILE
    fresh = path.with_suffix(".new")
    with fresh.open("w", encoding="ascii") as file:
        file.write(f"{number}\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
