"""Where the database is, and how SQLite is opened so that an acknowledged message survives loss of power.

WAL with `synchronous=FULL` flushes every commit; `secure_delete` overwrites what is deleted; temporary tables
stay in memory; writing transactions begin IMMEDIATE, so two writers queue instead of failing half-way.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

SQLITE_SETUP = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; "
    "PRAGMA temp_store=MEMORY; PRAGMA mmap_size=0; PRAGMA cache_size=-8000"
)


class DatabaseUrlError(ValueError):
    """TROPA_DATABASE_URL is not the address of a PostgreSQL database. The address itself is
    never repeated.
    """


def database(url: str | None, data: Path) -> dict[str, Any]:
    """Django's settings for the one database: SQLite under `data`, or PostgreSQL at `url`."""
    if url is None:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": data / "tropa.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 30, "init_command": SQLITE_SETUP},
            # tests need a file: threads with transactions of their own share it as processes do
            "TEST": {"NAME": data / "test.sqlite3"},
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise DatabaseUrlError("TROPA_DATABASE_URL: expected postgresql://user:password@host:port/name")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": dict(parse_qsl(parts.query)),
    }
