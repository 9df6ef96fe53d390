"""One ceremony at a time in a data directory. The lock is held on the directory itself and leaves no file."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class DirectoryInUse(Exception):
    """Another ceremony holds the directory."""


@contextmanager
def alone_in(directory: Path) -> Iterator[None]:
    """Hold the directory against other ceremonies, not against a running desk. Raises DirectoryInUse."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise DirectoryInUse from None
    try:
        yield
    finally:
        os.close(handle)
