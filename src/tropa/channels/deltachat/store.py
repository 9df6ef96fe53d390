"""Where the core keeps its files while it runs: in memory, a directory for each process.

The core's database holds messages, files and keys in clear. So it lies on a file system in memory or nowhere, is made
new by every process and goes with it; what a killed process left is taken away when the next one starts.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from pathlib import Path
from typing import Self

from tropa.channels.errors import NotConfigured

MOUNTS = Path("/proc/self/mountinfo")
IN_MEMORY = {"tmpfs", "ramfs"}
LOCK = "lock"


class Store:
    """One process's directory, held by a lock until `remove`."""

    def __init__(self, path: Path, held: int) -> None:
        self.path = path / "accounts"
        self._whole, self._held = path, held

    @classmethod
    def make(cls, parent: Path) -> Self:
        """A new one, and what nobody holds any more taken away. Raises NotConfigured."""
        try:
            parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if parent.is_symlink() or parent.stat().st_uid != os.geteuid():
                raise NotConfigured("directory_not_ours")
            parent.chmod(0o700)
            if not in_memory(parent):
                raise NotConfigured("directory_not_in_memory")
            together = os.open(parent, os.O_RDONLY)
            try:
                fcntl.flock(together, fcntl.LOCK_EX)
                _take_away_leftovers(parent)
                path = Path(tempfile.mkdtemp(dir=parent))
                held = os.open(path / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
                fcntl.flock(held, fcntl.LOCK_EX)
            finally:
                os.close(together)
        except OSError:
            raise NotConfigured("directory_not_usable") from None
        return cls(path, held)

    def remove(self) -> None:
        """Everything goes."""
        shutil.rmtree(self._whole, ignore_errors=True)
        os.close(self._held)


def in_memory(path: Path, mounts: Path = MOUNTS) -> bool:
    """Whether this directory lies on a file system that no disk holds; a system that does not say so holds it."""
    try:
        lines = mounts.read_text().splitlines()
    except OSError:
        return False
    place, best, kind = path.resolve(), -1, ""
    for line in lines:
        before, _, after = line.partition(" - ")
        if len(before.split()) < 5 or not after:
            continue
        point = Path(before.split()[4].replace("\\040", " "))
        if place.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), after.split()[0]
    return kind in IN_MEMORY


def _take_away_leftovers(parent: Path) -> None:
    for path in parent.iterdir():
        try:
            held = os.open(path / LOCK, os.O_RDWR)
        except OSError:
            held = -1
        try:
            if held >= 0:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(path, ignore_errors=True)
        except BlockingIOError:
            continue  # somebody runs there
        finally:
            if held >= 0:
                os.close(held)
