"""A number in a file outside the database that only grows, whatever is done to the database or by a crash.

A file that is not there yet stands for 0; one that cannot be read is an error, never a 0.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path


def read(path: Path) -> int:
    """The number. Raises OSError when the file is closed to us, ValueError when it is damaged."""
    try:
        text = path.read_text(encoding="ascii")
    except FileNotFoundError:
        return 0
    if not text.strip().isdecimal():
        raise ValueError("not a number")
    return int(text)


def grow(path: Path, number: int) -> None:
    """Remember `number`, if it is higher, before anything else happens; on the disk when this returns.

    Raises OSError when the folder cannot be written to, ValueError as `read`.
    """
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        if number > read(path):
            _replace(path, number)
            os.fsync(folder)
    finally:
        os.close(folder)


def _replace(path: Path, number: int) -> None:
    """Whole or not at all: a crash leaves the number there was before."""
    fresh = path.with_suffix(".new")
    with fresh.open("w", encoding="ascii") as file:
        file.write(f"{number}\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
