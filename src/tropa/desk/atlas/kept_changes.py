"""Every change as a file outside the database keeps it: a row that was taken away or rolled back stands all the same.

One line a change and one when somebody decided it, JSON, with both signatures, flushed to the disk after the database
has committed, never changed and never taken away. A line counts only if it verifies as the row would, so whoever can
write here can add nothing; a line whose signer nobody can verify any more closes what it spoke of.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError

from tropa.desk.atlas.models import Change, Verdict
from tropa.desk.conf import conf

FILE = "atlas-changes"
PLAIN = ("id", "number", "place", "subject", "act", "content", "author_id", "verdict", "second_id")
DAYS = ("day", "second_day")
MAY_BE_EMPTY = ("author", "second", "second_day", "second_signature", "place")  # or looked up elsewhere
SIGNED = ("signature", "second_signature")


def state_of_kept() -> tuple[int, int]:
    """Differs whenever something was written. Raises OSError when the file cannot be looked at."""
    try:
        stat = (conf.pinned / FILE).stat()
    except FileNotFoundError:
        return 0, 0
    return stat.st_mtime_ns, stat.st_size


def kept_changes() -> tuple[Change, ...]:
    """The rows that were written down, not saved and not verified, as they were last decided. Raises OSError."""
    return tuple(Change(**told) for told in _read(conf.pinned / FILE, state_of_kept()).values())


def last_kept() -> int:
    """The highest number or place that was written down; nought for an empty file."""
    rows = _read(conf.pinned / FILE, state_of_kept()).values()
    return max((max(told["number"], told["place"] or 0) for told in rows), default=0)


def keep_changes(believed: Mapping[str, Verdict]) -> None:
    """Write down the verified rows, by id with what was decided, that the file does not have yet. Raises OSError."""
    known = {name: told["verdict"] for name, told in _read(conf.pinned / FILE, state_of_kept()).items()}
    new = [name for name, verdict in believed.items() if known.get(name) != verdict]
    lines = [_line(row) for row in Change.objects.filter(pk__in=new).order_by("number")]
    if lines:
        _append(lines)


def _line(row: Change) -> str:
    told: dict[str, Any] = {name: getattr(row, name) for name in PLAIN}
    told |= {name: day.isoformat() if (day := getattr(row, name)) else None for name in DAYS}
    told |= {name: bytes(sign).hex() if (sign := getattr(row, name)) else None for name in SIGNED}
    return json.dumps(told, ensure_ascii=False, sort_keys=True)


@lru_cache(maxsize=1)
def _read(path: Path, _state: tuple[int, int]) -> Mapping[str, Mapping[str, Any]]:
    if not path.exists():
        return {}
    found: dict[str, Mapping[str, Any]] = {}
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        for told in _told(line):
            before = found.get(told["id"])
            if before is None or before["verdict"] == Verdict.WAITING:  # what was decided is never undecided
                found[told["id"]] = told
    return found


def _told(line: str) -> Iterator[Mapping[str, Any]]:
    """The columns of a line; nothing for one that is torn or not ours."""
    try:
        told = json.loads(line)
        columns = {name: told[name] for name in PLAIN}
        columns |= {name: date.fromisoformat(told[name]) if told[name] else None for name in DAYS}
        columns |= {name: bytes.fromhex(told[name]) if told[name] else None for name in SIGNED}
        Change(**columns).clean_fields(exclude=MAY_BE_EMPTY)
    except (ValueError, TypeError, KeyError, ValidationError):
        return
    yield columns


def _append(lines: list[str]) -> None:
    """An empty line goes before: a line somebody's crash left torn harms only itself."""
    conf.pinned.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(conf.pinned / FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("".join(f"\n{line}\n" for line in lines))
        file.flush()
        os.fsync(file.fileno())
