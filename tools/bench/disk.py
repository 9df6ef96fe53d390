"""What the disk itself can do: durable commits a second, one after another."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path

COMMITS = 300
BODY = 4096


def durable_commits(folder: Path) -> float:
    """Commits a second of one row of 4 kB in SQLite, opened as Tropa opens it."""
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
        connection.execute("COMMIT")
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
