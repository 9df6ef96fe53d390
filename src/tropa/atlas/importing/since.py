"""What changed in a foreign table since the import before: rows compared by key, never by line."""

from __future__ import annotations

from collections.abc import Mapping

from tropa.atlas.importing.results import RowChange


def changed_since(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[RowChange, ...]:
    """Every row that came, went or says something else, in the order of keys."""
    return tuple(
        RowChange(key, before.get(key), after.get(key))
        for key in sorted(before.keys() | after.keys())
        if before.get(key) != after.get(key)
    )
