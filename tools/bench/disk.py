"""What the disk itself can do: durable commits a second, one after another.

`slow` makes the disk of everything started within it slow on purpose, where a machine's own disk is too fast for its
commits to be what a rate hangs on.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

COMMITS = 300
BODY = 4096
SLOW = Path(__file__).resolve().parent / "slow_disk"


@contextmanager
def slow(milliseconds: float) -> Iterator[None]:
    """Processes started within it commit so much more slowly."""
    before = dict(os.environ)
    path = os.pathsep.join([str(SLOW), *filter(None, [before.get("PYTHONPATH")])])
    os.environ |= {"PYTHONPATH": path, "BENCH_COMMIT_MILLISECONDS": str(milliseconds)}
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def durable_commits(folder: Path) -> float:
    """Commits a second of one row of 4 kB in SQLite, opened as Tropa opens it; measured by a process of its own,
    which a slow disk makes slow as well.
    """
    command = [sys.executable, "-m", "tools.bench.disk", str(folder)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def commit_again_and_again(folder: Path) -> float:
    """The same here."""
    path = folder / "disk.sqlite3"
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("CREATE TABLE row (body BLOB)")
    body = os.urandom(BODY)
    began = time.perf_counter()
    for _each in range(COMMITS):
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO row VALUES (?)", (body,))
        connection.commit()
    taken = time.perf_counter() - began
    connection.close()
    for leftover in folder.glob("disk.sqlite3*"):
        leftover.unlink()
    return COMMITS / taken


def durable_appends(folder: Path) -> float:
    """Appends of 4 kB a second, each flushed to the disk."""
    path = folder / "disk.log"
    body = os.urandom(BODY)
    began = time.perf_counter()
    with path.open("wb", buffering=0) as file:
        for _each in range(COMMITS):
            file.write(body)
            os.fdatasync(file.fileno())
    taken = time.perf_counter() - began
    path.unlink()
    return COMMITS / taken


if __name__ == "__main__":
    print(commit_again_and_again(Path(sys.argv[1])))
