"""The book in which changes are entered: what is in force so far, what stood before, and what one person may not do.

Kept true: a fact enters whole and checked against all others; what goes leaves its days behind; nothing may go
that others rest on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, Self

from tropa.atlas.basics import PartialDate, Source, Text
from tropa.atlas.contradictions import contradictions, doubts
from tropa.atlas.freshness import REVIEW_DAYS, review_days
from tropa.atlas.kinds import Hazard, Incident, Value
from tropa.atlas.model import Effect, Fact, Review
from tropa.atlas.overlay.acts import Change, Fault, Overlaid, Refused
from tropa.atlas.overlay.conflicts import Standing, conflicts_of
from tropa.atlas.overlay.easing import eases
from tropa.atlas.overlay.stating import CannotState, names, stated
from tropa.atlas.overlay.wording import wording
from tropa.atlas.phrases import Phrase
from tropa.atlas.phrases import gettext_lazy as _
from tropa.atlas.terms import Kind
from tropa.atlas.world import Atlas, Superseded
from tropa.atlas.writing import record_of, sources_of

OUR_SOURCE: Final = Source(
    "own-decision", Text("A decision of this organisation", "Решение этой организации"), None, None
)
"""What an emergency stop rests on when its author names no source."""


class Ledger:
    """`facts` is what is in force as far as we have come; `learned` when our own facts were written down."""

    def __init__(self, base: Atlas, sources: Iterable[Source]) -> None:
        self.base = base
        self.facts: dict[str, Fact[Value]] = dict(base.facts)
        self.sources = {one.id: one for one in (*sources, OUR_SOURCE, *sources_of(base))}
        self.learned: dict[str, datetime] = {}
        self.standing = Standing()
        self.history: list[Superseded] = []
        self.ids: set[str] = set()
        self.taken: list[Change] = []
        self.refused: list[Refused] = []
        self.lapsed: list[Change] = []
        self.doubtful = bool(base.doubts.doubted or base.doubts.refuted)

    def copied(self) -> Self:
        """The same book, to be written on without touching this one."""
        other = copy(self)
        for name in ("facts", "sources", "learned", "history", "ids", "taken", "refused", "lapsed"):
            setattr(other, name, copy(getattr(self, name)))
        other.standing = self.standing.copied()
        return other

    def _approved(self, change: Change, after: Fact[Value] | None) -> None:
        """Refuse what one person may not do alone: open, ease, or answer for a hazard that something speaks against."""
        now = self.facts.get(change.fact_id)
        contested = self.standing.held(change.fact_id, self.base, self.facts)
        if now is not None and self._unseen(now):
            needs_second(change)
        for before in contested or (now,):
            closed = contested and before is not None and before.effect is Effect.PERMISSION
            if eases(None if closed else before, after):
                needs_second(change)

    def _wording_of_pack(self, fact_id: str) -> str | None:
        theirs = self.base.facts.get(fact_id)
        return wording(theirs) if theirs else None

    def _there(self, change: Change) -> Fact[Value]:
        if change.fact_id not in self.facts:
            raise CannotState(fault(_("“{id}” is nowhere", id=change.fact_id), _("the id of a fact")))
        return self.facts[change.fact_id]

    def _dates(self, change: Change, fact: Fact[Value]) -> dict[str, Any]:
        told = change.record or {}
        unknown = sorted(set(told) - {"as_of", "review_by"})
        if unknown:
            what = _("the key “{key}” is unknown", key=unknown[0])
            raise CannotState(Fault(unknown[0], what, _("the keys {keys}", keys="as_of, review_by")))
        try:
            as_of = PartialDate.parse(str(told.get("as_of", change.day.isoformat())))
        except ValueError:
            what = _("“{value}” is no date", value=told["as_of"])
            raise CannotState(Fault("as_of", what, _("a day as YYYY-MM-DD"))) from None
        until = day_of(change, "review_by", change.day + timedelta(days=review_days(fact)))
        if as_of.earliest > change.day or until < change.day:
            what = _("as of {day}, review by {until}", day=as_of.text, until=until)
            raise CannotState(Fault("review_by", what, _("days around {day}", day=change.day)))
        return {"as_of": as_of, "review_by": until}

    def _cited(self, fact: Fact[Value], change: Change) -> tuple[Source, ...]:
        if change.source_id is None or any(one.id == change.source_id for one in fact.sources):
            return fact.sources
        return (*fact.sources, self.sources[change.source_id])

    def _patched(self, change: Change, before: Fact[Value], keys: Mapping[str, Any]) -> Fact[Value]:
        whole = {**record_of(before), **dated(change, review_days(before)), **keys, "id": before.id}
        if change.source_id is not None and "sources" not in keys:
            whole["sources"] = list(dict.fromkeys([*whole["sources"], change.source_id]))
        return self._stated(change, before.kind, whole)

    def _stated(self, change: Change, kind: Kind, record: Mapping[str, Any]) -> Fact[Value]:
        told = {**record, "review": Review.REVIEWED.value, "recorded": change.day.isoformat()}
        return stated(kind, told, among=self.facts, sources=self.sources, on=change.day)

    def _unseen(self, fact: Fact[Value]) -> tuple[str, ...]:
        """Incidents that speak against a hazard as it stands now."""
        if not self.doubtful or not isinstance(fact.value, Hazard):
            return ()
        found = contradictions(
            self.facts, published=self.base.meta.published, learned=self.learned, only=fact.id
        )
        return found[0].incidents if found else ()

    def _known_since(self, fact: Fact[Value]) -> datetime:
        """When a fact was written down first of all, as far as we know."""
        recorded = fact.recorded or self.base.meta.published
        return self.learned.get(fact.id) or datetime.combine(recorded, time.min, UTC)

    def _put(self, change: Change, fact: Fact[Value], *, ours: bool = True) -> None:
        self._past(change, fact.id)
        self.facts[fact.id] = fact
        if ours:
            self.learned[fact.id] = change.on
        else:
            self.learned.pop(fact.id, None)
        self.doubtful = self.doubtful or isinstance(fact.value, Incident)

    def _drop(self, change: Change, fact_id: str) -> None:
        users = [fact.id for fact in self.facts.values() if names(fact, fact_id) and fact.id != fact_id]
        if users:
            what = _("“{id}” is named by {other}", id=fact_id, other=users[0])
            raise CannotState(fault(what, _("a fact nothing else rests on")))
        self._past(change, fact_id)
        del self.facts[fact_id]
        self.learned.pop(fact_id, None)

    def _past(self, change: Change, fact_id: str) -> None:
        before = self.facts.get(fact_id)
        if before is not None:
            recorded = before.recorded or self.base.meta.published
            if recorded < change.day:
                self.history.append(Superseded(replace(before, recorded=recorded), recorded, change.day))

    def result(self, changes: tuple[Change, ...], own: tuple[Source, ...]) -> Overlaid:
        facts = dict(self.facts)
        conflicts = conflicts_of(self.base, self.facts, self.standing, self.sources)
        for held in self.standing.contested(self.base, self.facts).values():
            facts.update({fact.id: fact for fact in held})
        found = contradictions(facts, published=self.base.meta.published, learned=self.learned)
        atlas = Atlas(
            meta=self.base.meta,
            facts=facts.values(),
            reviewed_as_of=self.base.reviewed_as_of,
            history=(*self.base.history, *self.history),
            doubts=doubts(found),
        )
        return Overlaid(
            base=self.base,
            atlas=atlas,
            changes=changes,
            sources=own,
            taken=tuple(self.taken),
            conflicts=conflicts,
            refused=tuple(self.refused),
            lapsed=tuple(self.lapsed),
            book=self,
        )


def fault(what: Phrase, expected: Phrase) -> Fault:
    """A fault of the change as a whole."""
    return Fault("", what, expected)


def needs_second(change: Change) -> None:
    """Refuse a change that one person alone made."""
    if change.second is None or not change.second.strip() or change.second == change.by:
        what = _("this opens or eases, and one person is not enough")
        raise CannotState(Fault("second", what, _("a second person")))


def day_of(change: Change, key: str, otherwise: date) -> date:
    """A day its record names."""
    told = (change.record or {}).get(key)
    if told is None:
        return otherwise
    try:
        return date.fromisoformat(str(told))
    except ValueError:
        what = _("“{value}” is no day", value=told)
        raise CannotState(Fault(key, what, _("an existing day as YYYY-MM-DD"))) from None


def dated(change: Change, days: int) -> dict[str, str]:
    """When somebody looked, and when somebody must look again."""
    return {"as_of": change.day.isoformat(), "review_by": (change.day + timedelta(days=days)).isoformat()}


def defaults(change: Change, kind: Kind) -> dict[str, Any]:
    """What a fact of ours says where its author left it open."""
    cited = [] if change.source_id is None else [change.source_id]
    return {
        **dated(change, REVIEW_DAYS[kind]),
        "owner": "researchers",
        "confidence": "sourced" if cited else "judgement",
        "sources": cited or [OUR_SOURCE.id],
    }
