"""The atlas in force: the pack with every change that verifies over it, the same for desk, planner and drop.

Kept true: within one request there is one atlas; the next request sees whatever was changed since, by one query. A
change that cannot be read or applied changes nothing and is named on the atlas's page. Outside a request (tests,
services called by programs) every look asks the database.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from tropa.atlas import Atlas, Source
from tropa.atlas.adoption import load_in_force, state_of_pack
from tropa.atlas.overlay import Change, Overlaid, overlaid
from tropa.desk.atlas.content import acts_of, read_content
from tropa.desk.atlas.kept_stops import KeptStop, missing, state_of_file
from tropa.desk.atlas.lost_changes import closing
from tropa.desk.atlas.models import Verdict
from tropa.desk.atlas.stored import State, StoredChange, state_of_changes, stored
from tropa.desk.conf import conf

IN_FORCE = frozenset({Verdict.NOT_NEEDED, Verdict.APPROVED})


@dataclass(frozen=True, slots=True)
class InForce:
    """What everything rests on at a moment: the facts, and the rows they come from."""

    state: State
    overlaid: Overlaid
    rows: tuple[StoredChange, ...]
    unread: tuple[StoredChange, ...]  # verified rows whose content nobody understands
    acts: tuple[Change, ...]
    missing: tuple[KeptStop, ...] = ()  # stops whose rows are gone; they stand
    lost: tuple[StoredChange, ...] = ()  # changes nobody can verify any more; what they spoke of is closed

    @property
    def atlas(self) -> Atlas:
        """The facts in force."""
        return self.overlaid.atlas


_request = threading.local()
_lock = threading.Lock()
_latest: list[InForce] = []


def base() -> Atlas:
    """The shared pack without anything of ours: another one as soon as another release was taken. Raises `PackError`
    when it is not valid, `AdoptionBroken` or `ReleaseRefused` when what was taken is not there any more.
    """
    return _pack(conf.data, conf.as_of, state_of_pack(conf.data))


@lru_cache(maxsize=1)
def _pack(data: Path, as_of: date | None, _state: tuple[int, ...]) -> Atlas:
    return load_in_force(data, reviewed_as_of=as_of)


def in_force() -> InForce:
    """What is in force now; within a request, since its first look."""
    found: InForce | None = getattr(_request, "found", None)
    if found is not None:
        return found
    found = _for_state((*state_of_changes(), *state_of_file(), *state_of_pack(conf.data)))
    if getattr(_request, "running", False):
        _request.found = found
    return found


def look_again() -> InForce:
    """What is in force at this very moment, for this request from now on: a step must not leave past a stop."""
    _request.found = None
    return in_force()


def start_request(**_told: Any) -> None:
    """A request begins on this thread."""
    _request.running, _request.found = True, None


def end_request(**_told: Any) -> None:
    """It is over."""
    _request.running, _request.found = False, None


def _for_state(state: State) -> InForce:
    with _lock:
        if _latest and _latest[0].state == state:
            return _latest[0]
    found = _built(state)
    with _lock:
        _latest[:] = [found]
    return found


def _built(state: State) -> InForce:
    kept = stored()
    rows = kept.changes
    acts: list[Change] = []
    sources: dict[str, Source] = {}
    unread: list[StoredChange] = []
    for row in in_order(rows):
        try:
            acts.extend(acts_of(row))
            source = read_content(row.content).new_source
        except (ValueError, TypeError, KeyError):
            unread.append(row)
        else:
            if source is not None:
                sources[source.id] = source
    gone = missing(row.id for row in in_order(rows))
    acts.extend(stop.act() for stop in gone)
    pack = base()
    acts.extend(closing(kept.lost, pack))
    with _lock:
        before = _latest[0].overlaid if _latest else None
    found = overlaid(pack, acts, sources=sources.values(), after=before)
    return InForce(state, found, rows, tuple(unread), tuple(acts), gone, kept.lost)


def in_order(rows: tuple[StoredChange, ...]) -> list[StoredChange]:
    """Those of the rows that count, in the order in which they began to."""
    return sorted((row for row in rows if row.verdict in IN_FORCE), key=lambda row: row.place or 0)


def forget() -> None:
    """Build everything anew at the next look: the pack in use is another (tests)."""
    with _lock:
        _latest.clear()
    _pack.cache_clear()
    _request.found = None
