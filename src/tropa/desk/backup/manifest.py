"""What a backup says of itself: the first member of the archive, before anything of it is put anywhere.

Format 1: JSON with format, engine, the moment it was taken, the migrations that made its tables, the tables with their
columns, and the sequences. It stands inside the seal.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime

from tropa.desk.backup.errors import NotABackup

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "database.sqlite3"
PINNED = "pinned/"
CHANNELS = "channels/"
CASE_KEYS = "case-keys"
TABLES = "tables/"
NAME = re.compile(r"[a-z0-9_]{1,63}")
MEMBER_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class Manifest:
    """`tables` maps each table to its columns; it and `sequences` are empty on SQLite."""

    engine: str
    taken: datetime
    migrations: tuple[tuple[str, str], ...]
    tables: dict[str, tuple[str, ...]]
    sequences: dict[str, int]

    def text(self) -> bytes:
        """As it is stored."""
        told = {
            "format": FORMAT,
            "engine": self.engine,
            "taken": self.taken.isoformat(),
            "migrations": self.migrations,
            "tables": self.tables,
            "sequences": self.sequences,
        }
        return json.dumps(told, sort_keys=True).encode()


def read_manifest(text: bytes) -> Manifest:
    """A manifest again. Raises NotABackup for anything else, and for a later format."""
    try:
        told = json.loads(text)
        if told["format"] != FORMAT or told["engine"] not in {"sqlite", "postgresql"}:
            raise NotABackup
        tables = {str(table): tuple(map(str, columns)) for table, columns in told["tables"].items()}
        sequences = {str(name): int(value) for name, value in told["sequences"].items()}
        manifest = Manifest(
            engine=told["engine"],
            taken=datetime.fromisoformat(told["taken"]),
            migrations=tuple((str(app), str(name)) for app, name in told["migrations"]),
            tables=tables,
            sequences=sequences,
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NotABackup from None
    names = [*tables, *sequences, *(column for columns in tables.values() for column in columns)]
    if manifest.taken.tzinfo is None or not all(NAME.fullmatch(name) for name in names):
        raise NotABackup
    return manifest
