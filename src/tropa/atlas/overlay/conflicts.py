"""Two sides that say different things of one fact, shown side by side until a person settles it.

Kept true: a newer shared pack never silently takes the place of our own word, nor our word that of a pack that changed
since; between them the stricter is in force. A proposal changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tropa.atlas.basics import PartialDate, Source
from tropa.atlas.kinds import Value
from tropa.atlas.model import Fact
from tropa.atlas.overlay.acts import Against, Change, Conflict, Said
from tropa.atlas.overlay.easing import stricter
from tropa.atlas.overlay.wording import wording
from tropa.atlas.world import Atlas
from tropa.atlas.writing import plain, record_of

_ALWAYS_DIFFERENT = ("recorded", "review", "as_of", "review_by", "owner")


@dataclass(slots=True)
class Standing:
    """What is open while changes are taken: our own word by fact, what was settled against which wording of the pack
    (None: the pack had no such fact), and proposals nobody has settled.
    """

    ours: dict[str, Change] = field(default_factory=dict)
    settled: dict[str, str | None] = field(default_factory=dict)
    proposals: dict[str, Change] = field(default_factory=dict)

    def copied(self) -> Standing:
        """The same, to be gone on with without touching this one."""
        return Standing(dict(self.ours), dict(self.settled), dict(self.proposals))

    def contested(
        self, base: Atlas, facts: Mapping[str, Fact[Value]]
    ) -> Mapping[str, tuple[Fact[Value], ...]]:
        """By fact in conflict with the pack, what is in force until somebody settles it."""
        found = {fact_id: self.held(fact_id, base, facts) for fact_id in self.ours}
        return {fact_id: held for fact_id, held in found.items() if held}

    def held(self, fact_id: str, base: Atlas, facts: Mapping[str, Fact[Value]]) -> tuple[Fact[Value], ...]:
        """What is in force of a fact in conflict with the pack; nothing for a fact that is in none."""
        if fact_id not in self.ours or fact_id not in facts:
            return ()
        theirs = base.facts.get(fact_id)
        seen = wording(theirs) if theirs else None
        if seen == self.settled.get(fact_id, self.ours[fact_id].against) or seen == wording(facts[fact_id]):
            return ()
        return stricter(facts[fact_id], theirs) if theirs else (facts[fact_id],)


def conflicts_of(
    base: Atlas, facts: Mapping[str, Fact[Value]], standing: Standing, sources: Mapping[str, Source]
) -> tuple[Conflict, ...]:
    """Every open conflict: with the pack first, then proposals, each in the order of ids."""
    with_pack = sorted(_with_pack(base, facts, standing), key=lambda one: one.fact_id)
    proposed = sorted(_proposed(facts, standing.proposals.values(), sources), key=lambda one: one.id)
    return (*with_pack, *proposed)


def _with_pack(base: Atlas, facts: Mapping[str, Fact[Value]], standing: Standing) -> Iterator[Conflict]:
    for fact_id in standing.contested(base, facts):
        ours, theirs = facts[fact_id], base.facts.get(fact_id)
        keys = _differing(record_of(ours), record_of(theirs) if theirs else {})
        yield Conflict(
            id=Against.PACK.value,
            fact_id=fact_id,
            kind=ours.kind,
            against=Against.PACK,
            ours=_said(ours, keys, standing.ours[fact_id].by),
            theirs=_said(theirs, keys, None),
        )


def _proposed(
    facts: Mapping[str, Fact[Value]], proposals: Iterable[Change], sources: Mapping[str, Source]
) -> Iterator[Conflict]:
    for change in proposals:
        ours = facts.get(change.fact_id)
        kind = ours.kind if ours else change.kind
        told = dict(change.record or {})
        keys = _differing(record_of(ours) if ours else {}, told, only=told)
        if not keys or kind is None:
            continue
        cited = tuple(sources[one] for one in [change.source_id] if one is not None)
        as_of = told.get("as_of", change.day.isoformat())
        theirs = Said({key: told[key] for key in keys}, cited, PartialDate.parse(str(as_of)), change.by)
        yield Conflict(
            id=change.id,
            fact_id=change.fact_id,
            kind=kind,
            against=Against.PROPOSAL,
            ours=_said(ours, keys, None),
            theirs=theirs,
        )


def _said(fact: Fact[Value] | None, keys: Iterable[str], by: str | None) -> Said:
    if fact is None:
        return Said({}, (), None, by)
    record = record_of(fact)
    return Said({key: record.get(key) for key in keys}, fact.sources, fact.as_of, by)


def _differing(
    ours: Mapping[str, Any], theirs: Mapping[str, Any], *, only: Iterable[str] | None = None
) -> list[str]:
    keys = dict.fromkeys(only if only is not None else [*ours, *theirs])
    return [
        key
        for key in keys
        if key not in _ALWAYS_DIFFERENT and plain_text(ours.get(key)) != plain_text(theirs.get(key))
    ]


def plain_text(value: Any) -> Any:
    """Numbers as numbers whatever wrote them, so that 7 and 7.0 and "7" are one value."""
    if isinstance(value, (list, tuple)):
        return [plain_text(member) for member in value]
    if isinstance(value, Mapping):
        return {key: plain_text(member) for key, member in value.items()}
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return value
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else plain(value)
