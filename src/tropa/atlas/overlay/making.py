"""Changes as people make them from what they have before them: the wording they saw goes along."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from tropa.atlas.freshness import resting_on
from tropa.atlas.overlay.acts import Act, Change, Overlaid
from tropa.atlas.overlay.applying import overlaid
from tropa.atlas.overlay.wording import wording
from tropa.atlas.world import Atlas


def seen(state: Overlaid, act: Act, fact_id: str) -> str | None:
    """What a change made now on this fact names as `against`; None where the act needs nothing."""
    match act:
        case Act.REVIEWED:
            return wording(state.atlas.fact(fact_id))
        case Act.SET | Act.SETTLED:
            theirs = state.base.facts.get(fact_id)
            return wording(theirs) if theirs else None
        case Act.ADDED | Act.STOP | Act.EASED | Act.WITHDRAWN | Act.PROPOSED:
            return None


def review_of_source(
    state: Overlaid,
    source_id: str,
    *,
    prefix: str,
    by: str,
    on: datetime,
    reason: str,
    leave: Collection[str] = (),
    record: Mapping[str, Any] | None = None,
) -> Iterator[Change]:
    """A review of every fact that names a source, but those to `leave`; ids are `prefix` and a number."""
    facts = [fact for fact in resting_on(state.atlas, source_id) if fact.id not in leave]
    for number, fact in enumerate(facts, 1):
        yield Change(
            id=f"{prefix}.{number}",
            act=Act.REVIEWED,
            fact_id=fact.id,
            by=by,
            on=on,
            reason=reason,
            record=record,
            against=wording(fact),
        )


def needs_second(state: Overlaid, change: Change) -> bool:
    """Whether this change, made now, takes a second person. False also where it is refused for other reasons."""
    alone = overlaid_with(state, replace(change, second=None))
    return any(
        fault.key == "second" for one in alone.refused if one.change.id == change.id for fault in one.faults
    )


def overlaid_with(state: Overlaid, *more: Change) -> Overlaid:
    """The state with more changes on top."""
    return overlaid(state.base, (*state.changes, *more), sources=state.sources, after=state)


def as_pack(atlas: Atlas) -> Atlas:
    """What is in force as a pack of its own: published on the day of its latest fact, older ones keep their days."""
    was = atlas.meta.published
    latest = max((fact.recorded for fact in atlas.facts.values() if fact.recorded), default=was)
    if latest <= was:
        return atlas
    meta = replace(atlas.meta, published=latest)
    facts = [replace(fact, recorded=fact.recorded or was) for fact in atlas.facts.values()]
    return Atlas(
        meta=meta,
        facts=facts,
        reviewed_as_of=atlas.reviewed_as_of,
        history=atlas.history,
        doubts=atlas.doubts,
    )
