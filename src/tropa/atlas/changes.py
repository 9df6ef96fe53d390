"""What differs between two states of the atlas, fact by fact and key by key.

Kept true: a change of any word that counts for the version is shown, the text of a cited source included.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tropa.atlas.kinds import Value
from tropa.atlas.model import Fact
from tropa.atlas.terms import Kind
from tropa.atlas.world import Atlas
from tropa.atlas.writing import record_of, source_record


class ChangeKind(StrEnum):
    """What happened to a fact."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class KeyChange:
    """One key of a record, before and after in the notation of a pack; None: it was not there."""

    key: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Change:
    """One fact that differs. `keys` is empty for facts added or removed."""

    id: str
    kind: Kind
    what: ChangeKind
    keys: tuple[KeyChange, ...] = ()


def compare(old: Atlas, new: Atlas) -> tuple[Change, ...]:
    """Every fact that differs, in the order of ids."""
    return compare_facts(old.facts, new.facts)


def compare_facts(old: Mapping[str, Fact[Value]], new: Mapping[str, Fact[Value]]) -> tuple[Change, ...]:
    """The same for facts by id."""
    found: list[Change] = []
    for fact_id in sorted(old.keys() | new.keys()):
        before, after = old.get(fact_id), new.get(fact_id)
        if before is None and after is not None:
            found.append(Change(fact_id, after.kind, ChangeKind.ADDED))
        elif before is not None and after is None:
            found.append(Change(fact_id, before.kind, ChangeKind.REMOVED))
        elif before is not None and after is not None and before != after:
            found.append(Change(fact_id, after.kind, ChangeKind.CHANGED, _keys(before, after)))
    return tuple(found)


def _keys(before: Fact[Value], after: Fact[Value]) -> tuple[KeyChange, ...]:
    old, new = _whole(before), _whole(after)
    return tuple(
        KeyChange(key, old.get(key), new.get(key))
        for key in dict.fromkeys([*old, *new])
        if old.get(key) != new.get(key)
    )


def _whole(fact: Fact[Value]) -> dict[str, Any]:
    record = {"kind": fact.kind.value, **record_of(fact)}
    for source in fact.sources:
        record[f"source {source.id}"] = source_record(source)
    return record
