"""Changes that were in force and that nobody can verify any more: what they spoke of is closed until two lift it.

Kept true: nothing is guessed about what such a change said. What can be stopped by itself is stopped; of a danger, a
rule of stay or a check its place is, because without the change the way through may look better than it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tropa.atlas import Atlas, Fact, Value
from tropa.atlas.overlay import Act, Change
from tropa.atlas.shapes import STOP_SCOPES
from tropa.desk.atlas.content import moment_of, read_content
from tropa.desk.atlas.stored import StoredChange

KEEPER = "the file of changes"


def closing(lost: Iterable[StoredChange], atlas: Atlas) -> Iterator[Change]:
    """A stop of everything the lost changes spoke of, as of the moment they began to count."""
    for row in lost:
        for number, scope in enumerate(sorted(set(_scopes(row, atlas)))):
            yield Change(f"lost-{row.id}-{number}", Act.STOP, scope, KEEPER, moment_of(row), KEEPER)


def _scopes(row: StoredChange, atlas: Atlas) -> Iterator[str]:
    try:
        content = read_content(row.content)
    except (ValueError, TypeError, KeyError):
        return
    for seen in content.facts:
        fact = atlas.facts.get(seen.fact_id)
        yield from _of_fact(fact, atlas) if fact else _of_record(content.record or {}, atlas)


def _of_fact(fact: Fact[Value], atlas: Atlas) -> Iterator[str]:
    if fact.kind in STOP_SCOPES:
        yield fact.id
    else:
        yield from _of_record({name: getattr(fact.value, name, None) for name in ("scope", "country")}, atlas)


def _of_record(record: Mapping[str, Any], atlas: Atlas) -> Iterator[str]:
    """Where a fact of ours, or one that cannot be stopped, holds."""
    for name in ("scope", "country"):
        scope = record.get(name)
        if isinstance(scope, str) and scope in atlas.facts and atlas.facts[scope].kind in STOP_SCOPES:
            yield scope
