"""What a refusal does: where a party stands after the no, and what is closed to it from then on.

Kept true: the time and the money of the refused step are gone; the same application may be made again only where its
rule allows it, and then once; a refused paper is asked for nowhere else, a country that turned somebody back is
entered by no other leg.
"""

from __future__ import annotations

from dataclasses import replace

from tropa.atlas import Obtain
from tropa.planning.graph import Action, SafetyGraph, State
from tropa.planning.moves import Move
from tropa.planning.plan import FallbackCause, StepKind
from tropa.planning.units import World, day_of

LEAVING_DAYS = 7
"""After a refused claim for protection the way on may begin within so many days. The pack records no time to leave for
most countries; the departure is to be arranged while the claim still makes the stay lawful, and the answer says so."""


def cause_of(move: Move) -> FallbackCause:
    """Who says no: an office, or a border."""
    return FallbackCause.TURNED_BACK if move.action.kind is StepKind.LEG else FallbackCause.REFUSED


def way_back(move: Move) -> tuple[int, int, int]:
    """Ticks until one is back where one was, in the three worlds: the way itself once more, after a border."""
    if move.action.kind is not StepKind.LEG:
        return 0, 0, 0
    low, point, high = (move.action.ticks[world] - move.action.before[world] for world in World)
    return low, point, high


def refused(state: State, move: Move) -> State:
    """Where a party stands after the no: back where it was, later and poorer; overdue stays forbid waiting only."""
    tick = move.after.tick + way_back(move)[World.PESSIMISTIC]
    leaving = LEAVING_DAYS if move.action.kind is StepKind.PROTECTION else 0
    return replace(
        state,
        tick=tick,
        last=max(state.last, day_of(tick) + leaving),
        spent=state.spent + move.euros,
        applied=state.applied + (move.action.gains >= 0),
    )


def closed_by_refusal(graph: SafetyGraph, action: Action, without: frozenset[str]) -> frozenset[str]:
    """The actions that are closed from then on; `without`: those that were closed already."""
    if action.kind is StepKind.OBTAIN:
        offer = graph.atlas.fact(action.id).value
        again = f"again {action.id}"
        if isinstance(offer, Obtain) and offer.again and again not in without:
            return frozenset({again})  # one more try, as the rule allows; its mark closes the next refusal
        return graph.applications_for(action.gains)
    if action.kind is StepKind.LEG:
        return graph.entries_to(graph.spots[action.target].country)
    return frozenset({action.id})
