"""Stops as a file outside the database keeps them: a stop whose row was taken away stands all the same.

One line a stop and one when two people lift it, JSON, flushed to the disk after the database has committed, never
changed and never taken away. A stop is public knowledge, so the line says what is stopped and why. What the file says
is stopped and no row says, is closed; only a lifting that two people signed, and that was written here, ends it. A
line that cannot be read is passed over: whoever can write here can do worse.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from pathlib import Path

from tropa.atlas.overlay import Act, Change
from tropa.desk.conf import conf

FILE = "atlas-stops"
KEEPER = "the file of stops"


@dataclass(frozen=True, slots=True)
class KeptStop:
    """A stop nobody has lifted. `id` is that of its row."""

    id: str
    scope: str
    said: str
    day: date

    def act(self) -> Change:
        """The stop as a change, for an atlas whose row is gone."""
        on = datetime.combine(self.day, time.min, UTC)
        return Change(f"kept-{self.id}", Act.STOP, self.scope, KEEPER, on, self.said or KEEPER)


def state_of_file() -> tuple[int, int]:
    """Differs whenever something was written. Raises OSError when the file cannot be looked at."""
    try:
        stat = (conf.pinned / FILE).stat()
    except FileNotFoundError:
        return 0, 0
    return stat.st_mtime_ns, stat.st_size


def kept_stops() -> tuple[KeptStop, ...]:
    """The stops that were written down and not lifted. Raises OSError."""
    return _read(conf.pinned / FILE, state_of_file())


def keep_stop(stop: KeptStop) -> None:
    """Write a stop down. Raises OSError."""
    _append({"stop": stop.id, "scope": stop.scope, "said": stop.said, "day": stop.day.isoformat()})


def keep_lifting(scope: str) -> None:
    """Write down that two people lifted what stopped this. Raises OSError."""
    for stop in kept_stops():
        if stop.scope == scope:
            _append({"lifted": stop.id})


def missing(rows: Iterable[str]) -> tuple[KeptStop, ...]:
    """The stops in the file whose rows are not among these ids."""
    there = set(rows)
    return tuple(stop for stop in kept_stops() if stop.id not in there)


@lru_cache(maxsize=1)
def _read(path: Path, _state: tuple[int, int]) -> tuple[KeptStop, ...]:
    if not path.exists():
        return ()
    found: dict[str, KeptStop] = {}
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        for told in _line(line):
            if "stop" in told:
                day = date.fromisoformat(told["day"])
                found[told["stop"]] = KeptStop(told["stop"], told["scope"], told["said"], day)
            else:
                found.pop(told["lifted"], None)
    return tuple(found.values())


def _line(line: str) -> Iterator[Mapping[str, str]]:
    try:
        told = json.loads(line)
        if {"stop", "scope", "said", "day"} <= set(told):
            date.fromisoformat(told["day"])
            yield told
        elif "lifted" in told:
            yield told
    except (ValueError, TypeError):
        return


def _append(told: Mapping[str, str]) -> None:
    """An empty line goes before: a line somebody's crash left torn harms only itself."""
    conf.pinned.mkdir(mode=0o700, parents=True, exist_ok=True)
    line = json.dumps(told, ensure_ascii=False, sort_keys=True)
    handle = os.open(conf.pinned / FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
        file.flush()
        os.fsync(file.fileno())
