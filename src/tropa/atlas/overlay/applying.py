"""Our own changes over the shared pack: what is in force, what is in conflict, what was refused and what nags.

Kept true: the same changes give the same atlas in whatever order they are handed in; they count in the order they were
recorded. A change is taken whole or not at all, and a refused one is named with every fault. What opens or eases needs
two different people; a stop needs one and never opens anything. Nothing here is ever more open than the shared pack
unless two people said so.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, assert_never

from tropa.atlas.basics import PartialDate, Source
from tropa.atlas.freshness import REVIEW_DAYS
from tropa.atlas.kinds import Hazard, Incident, Stop, Value
from tropa.atlas.model import Confidence, Effect, Fact, Review
from tropa.atlas.overlay.acts import STOP_PREFIX, Act, Change, Fault, Overlaid, Refused, Side
from tropa.atlas.overlay.ledger import OUR_SOURCE, Ledger, day_of, defaults, fault, needs_second
from tropa.atlas.overlay.stating import CannotState
from tropa.atlas.overlay.wording import wording
from tropa.atlas.phrases import gettext_lazy as _
from tropa.atlas.terms import Kind
from tropa.atlas.world import Atlas

PACK: Final = "pack"
"""What `SETTLED` names when it settles a conflict with the shared pack."""


def overlaid(
    base: Atlas, changes: Iterable[Change], *, sources: Iterable[Source] = (), after: Overlaid | None = None
) -> Overlaid:
    """The shared pack with all these changes over it. `sources`: the organisation's own, beside those of the pack.

    `after`: an earlier result. Where these changes only go on from its changes, only the new ones are worked through;
    the answer is the same.
    """
    own, ordered = tuple(sources), tuple(sorted(changes, key=_in_order))
    work = _going_on(base, ordered, own, after) or _Work(base, own)
    for change in ordered[len(work.ids) :]:
        work.take(change)
    return work.result(ordered, own)


def _going_on(
    base: Atlas, ordered: tuple[Change, ...], own: tuple[Source, ...], after: Overlaid | None
) -> _Work | None:
    """The book as it stood after the earlier changes; None where they are not the first of these, or where another
    source might have let a change in that was refused.
    """
    if after is None or after.base is not base or not isinstance(after.book, _Work):
        return None
    done = len(after.changes)
    known = {one.id: one for one in after.sources}
    same = all(one.id not in known or known[one.id] == one for one in own) and known.keys() <= {
        one.id for one in own
    }
    if len(after.book.ids) != done or ordered[:done] != after.changes or not same:
        return None
    if after.refused and len(own) != len(after.sources):
        return None
    book = after.book.copied()
    book.sources.update({one.id: one for one in own})
    return book


def _in_order(change: Change) -> tuple[datetime, str, str]:
    told = json.dumps([change.act, change.fact_id, change.by, change.reason, change.record], default=str)
    return change.on, change.id, told


class _Work(Ledger):
    """Takes one change after the other."""

    def take(self, change: Change) -> None:
        try:
            self._check(change)
            self._do(change)
        except CannotState as error:
            self.refused.append(Refused(change, error.faults))
        else:
            self.taken.append(change)
        self.ids.add(change.id)

    def _check(self, change: Change) -> None:
        faults = []
        if change.id in self.ids:
            faults.append(fault(_("the id is taken"), _("each change once")))
        if not change.by.strip():
            faults.append(fault(_("nobody made this change"), _("who made it")))
        if not change.reason.strip():
            faults.append(fault(_("no reason is given"), _("a sentence")))
        if change.act is not Act.STOP and change.source_id not in (None, *self.sources):
            what = _("the source “{id}” is nowhere", id=change.source_id)
            faults.append(Fault("source_id", what, _("a source of the pack or our own")))
        if faults:
            raise CannotState(*faults)

    def _do(self, change: Change) -> None:
        match change.act:
            case Act.REVIEWED:
                self._review(change)
            case Act.SET:
                self._set(change)
            case Act.ADDED:
                self._add(change)
            case Act.STOP:
                self._stop(change)
            case Act.EASED:
                self._ease(change)
            case Act.WITHDRAWN:
                self._withdraw(change)
            case Act.PROPOSED:
                self._propose(change)
            case Act.SETTLED:
                self._settle(change)
            case _:
                assert_never(change.act)

    # --- acts -------------------------------------------------------------------------------------------------------

    def _review(self, change: Change) -> None:
        fact = self._there(change)
        if change.against != wording(fact):
            self.lapsed.append(change)
            return
        after = replace(
            fact,
            **self._dates(change, fact),
            review=Review.REVIEWED,
            sources=self._cited(fact, change),
            recorded=change.day,
        )
        unseen = self._unseen(fact)
        if unseen and isinstance(after.value, Hazard):
            needs_second(change)
            after = replace(after, value=replace(after.value, incidents=(*after.value.incidents, *unseen)))
        known = self._known_since(fact)
        self._put(change, after)
        if isinstance(fact.value, Incident):
            self.learned[fact.id] = known  # looked at again, it is no news to what was stated since

    def _set(self, change: Change) -> None:
        before = self._there(change)
        if isinstance(before.value, Stop):
            raise CannotState(fault(_("a stop is not set"), _("one of: {words}", words="stop, eased")))
        after = self._patched(change, before, change.record or {})
        # Made on another wording of the pack it is contested, and then never more open than that
        if change.against == self._wording_of_pack(change.fact_id):
            self._approved(change, after)
        self.standing.ours[change.fact_id] = change
        self.standing.settled.pop(change.fact_id, None)
        self._put(change, after)

    def _add(self, change: Change) -> None:
        if change.fact_id in self.facts and change.fact_id not in self.base.facts:
            raise CannotState(fault(_("the id is taken"), _("an id the atlas does not have")))
        if change.fact_id.startswith(STOP_PREFIX):
            raise CannotState(fault(_("the id is kept for stops"), _("another id")))
        if change.kind is None or change.kind is Kind.STOP:
            raise CannotState(
                Fault("kind", _("no kind of fact"), _("one of: {words}", words=", ".join(Kind)))
            )
        record = {**defaults(change, change.kind), **(change.record or {}), "id": change.fact_id}
        after = self._stated(change, change.kind, record)
        if change.fact_id not in self.base.facts:
            self._approved(change, after)
        self.standing.ours[change.fact_id] = change
        self._put(change, after)

    def _stop(self, change: Change) -> None:
        """One person, at once, and nothing that may be wrong with the atlas can hold it up."""
        otherwise = change.day + timedelta(days=REVIEW_DAYS[Kind.STOP])
        try:
            until = day_of(change, "review_by", otherwise)
        except CannotState:
            until = otherwise
        stop: Fact[Value] = Fact(
            id=change.concerns,
            kind=Kind.STOP,
            value=Stop(scope=change.fact_id, said=change.reason),
            sources=(self.sources.get(change.source_id or "", OUR_SOURCE),),
            as_of=PartialDate.parse(change.day.isoformat()),
            review_by=until,
            owner="coordinators",
            confidence=Confidence.JUDGEMENT,
            effect=Effect.PROHIBITION,
            review=Review.REVIEWED,
            recorded=change.day,
        )
        self._put(change, stop)

    def _ease(self, change: Change) -> None:
        if change.concerns not in self.facts:
            raise CannotState(fault(_("“{id}” is not stopped", id=change.fact_id), _("a stop in force")))
        needs_second(change)
        self._drop(change, change.concerns)

    def _withdraw(self, change: Change) -> None:
        if change.fact_id not in self.standing.ours:
            raise CannotState(
                fault(_("nothing of ours on “{id}”", id=change.fact_id), _("a fact we changed"))
            )
        after = self.base.facts.get(change.fact_id)
        self._approved(change, after)
        if after is None:
            self._drop(change, change.fact_id)
        else:
            self._put(change, after, ours=False)
        del self.standing.ours[change.fact_id]

    def _propose(self, change: Change) -> None:
        known = self.facts.get(change.fact_id)
        if known is None and change.kind is None:
            raise CannotState(
                Fault("kind", _("no kind of fact"), _("one of: {words}", words=", ".join(Kind)))
            )
        if not change.record:
            raise CannotState(Fault("record", _("nothing is proposed"), _("the keys that differ")))
        self.standing.proposals[change.id] = change

    def _settle(self, change: Change) -> None:
        told = change.record or {}
        words = [side.value for side in Side]
        if told.get("side") not in words:
            expected = _("one of: {words}", words=", ".join(words))
            raise CannotState(Fault("side", _("no side is named"), expected))
        side = Side(told["side"])
        if told.get("conflict") == PACK:
            self._settle_with_pack(change, side)
            return
        proposal = self.standing.proposals.get(str(told.get("conflict")))
        if proposal is None or proposal.fact_id != change.fact_id:
            expected = _("“pack”, or the id of a proposal on this fact")
            raise CannotState(Fault("conflict", _("no such conflict"), expected))
        if side is Side.THEIRS:
            self._adopt(change, proposal)
        del self.standing.proposals[proposal.id]

    def _settle_with_pack(self, change: Change, side: Side) -> None:
        ours, theirs = self.facts.get(change.fact_id), self.base.facts.get(change.fact_id)
        if change.fact_id not in self.standing.ours or ours is None:
            raise CannotState(
                fault(_("nothing of ours on “{id}”", id=change.fact_id), _("a fact we changed"))
            )
        seen = self._wording_of_pack(change.fact_id)
        if change.against != seen:
            self.lapsed.append(change)
            return
        self._approved(change, ours if side is Side.OURS else theirs)
        if side is Side.OURS:
            self.standing.settled[change.fact_id] = seen
            return
        if theirs is None:
            self._drop(change, change.fact_id)
        else:
            self._put(change, theirs, ours=False)
        del self.standing.ours[change.fact_id]

    def _adopt(self, change: Change, proposal: Change) -> None:
        before = self.facts.get(change.fact_id)
        record = dict(proposal.record or {})
        if before is not None:
            after = self._patched(proposal, before, record)
        else:
            assert proposal.kind is not None
            whole = {**defaults(change, proposal.kind), **record, "id": change.fact_id}
            after = self._stated(proposal, proposal.kind, whole)
        self._approved(change, after)
        against = self._wording_of_pack(change.fact_id)
        self.standing.ours[change.fact_id] = replace(proposal, against=against)
        self._put(change, after)
