"""What a proposal would do: each key before and after, in words, for whoever decides about it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tropa.atlas.changes import ChangeKind, compare_facts
from tropa.atlas.overlay import Overlaid, overlaid_with
from tropa.desk.atlas.content import acts_of, read_content
from tropa.desk.atlas.history_page import notation_words
from tropa.desk.atlas.in_force import InForce
from tropa.desk.atlas.stored import StoredChange
from tropa.desk.pages.fact_words import title_of
from tropa.desk.pages.field_words import FIELDS

NOT_SHOWN = frozenset({"as_of", "review_by", "review", "recorded", "owner", "kind", "sources", "id"})
NAMES = {"from": "origin", "to": "target"}


@dataclass(frozen=True, slots=True)
class Pair:
    """One key of a fact before and after; None: it was or would be not there."""

    fact_id: str
    title: str
    name: str
    before: str | None
    after: str | None


def as_approved(state: InForce, row: StoredChange) -> Overlaid:
    """What would be in force with a proposal approved."""
    source = read_content(row.content).new_source
    acts = tuple(replace(one, second="the second person") for one in acts_of(row))
    known = replace(state.overlaid, sources=(*state.overlaid.sources, source)) if source else state.overlaid
    return overlaid_with(known, *acts)


def before_and_after(state: InForce, after: Overlaid) -> list[Pair]:
    """The keys a proposal touches. Empty for one that no longer fits."""
    found: list[Pair] = []
    for change in compare_facts(state.atlas.facts, after.atlas.facts):
        fact = after.atlas.facts.get(change.id) or state.atlas.facts[change.id]
        title = title_of(fact)
        if change.what is not ChangeKind.CHANGED:
            there = change.what is ChangeKind.ADDED
            found.append(Pair(change.id, title, "", None if there else title, title if there else None))
        for key in change.keys:
            if key.key not in NOT_SHOWN and not key.key.startswith("source "):
                name = FIELDS.get(NAMES.get(key.key, key.key))
                before, later = (notation_words(one) for one in (key.before, key.after))
                found.append(Pair(change.id, title, str(name) if name else key.key, before, later))
    return found
