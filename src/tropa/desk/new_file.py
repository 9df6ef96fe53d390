"""A small file that is made once: whole and on the disk, or not there at all, and never over another one.

A key that a full disk cut short would stand in the way of the next one and open nothing.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path


def write_new(path: Path, content: bytes) -> None:
    """Write a file readable by its owner alone; its folder is there. FileExistsError where there is one, else OSError:
    nothing is there then.
    """
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(fresh, path)  # unlike a rename it never replaces anything
    finally:
        with suppress(FileNotFoundError):
            fresh.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
