"""Whether the choice is the same at both ends of the facts: the surest way is looked for in each of the three worlds.

Kept true: each world is a search of its own over the same graph of rules with other ends of every range; a way is
robust if it is the surest at the better end, at the estimate and at the worse end. Where it is not, the other way is
named with the facts that decide: those of its own steps which, taken at their better end while everything else stays at
its worse one, would make it the surer of the two; largest difference first.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from tropa.atlas import Hazard
from tropa.planning.building import build
from tropa.planning.explain import Explainer, percent
from tropa.planning.moves import MOST_DOUBT, Move, ticks_there
from tropa.planning.plan import Reason
from tropa.planning.search import Search, Way
from tropa.planning.setting import Setting
from tropa.planning.units import TICKS_A_DAY, World, chance, nats

DOUBT_WEIGHT = 0.1
"""Of a refusal against being caught, as in `search.surest`."""


def ends_of_facts(explainer: Explainer) -> tuple[Reason, ...]:
    """One sentence where all worlds choose the same; else one for each world that chooses another way."""
    worst = explainer.surest(Setting())
    if worst is None:
        return ()
    found: list[Reason] = []
    named: set[tuple[str, ...]] = {worst.action_ids}
    for world, code in ((World.POINT, "other_at_estimate"), (World.OPTIMISTIC, "other_at_best")):
        graph = build(explainer.compilations, explainer.person, explainer.on, Setting(world=world))
        start = graph.start
        assert start is not None
        way = Search(graph, stop=explainer.search.stop).best(start, budget=explainer.person.money_euros)
        if way is None or way.action_ids in named:
            continue
        named.add(way.action_ids)
        was = ("was", percent(_risk_of(explainer, worst, world)))
        values = (*explainer.figures(way), was, ("sure_was", percent(_granted(worst, world))))
        found.append(Reason(code, (*values, ("facts", " ".join(_deciding(explainer, worst, way))))))
    return tuple(found) or (Reason("same_at_all_ends", (("country", explainer.ends_in(worst)),)),)


def _risk_of(explainer: Explainer, way: Way, world: World) -> float:
    """The danger of a way in another world."""
    return chance(sum(_danger(explainer, move, world) for move in way.moves))


def _granted(way: Way, world: World) -> float:
    """The chance that nobody refuses on a way in another world."""
    refusals = (one for move in way.moves for one in move.refusals)
    return math.prod(1 - (one.low, one.point, one.high)[world] for one in refusals)


def _danger(explainer: Explainer, move: Move, world: World) -> float:
    spot = explainer.graph.spots[move.action.origin]
    days = ticks_there(move.action, world) / TICKS_A_DAY
    return move.action.danger.nats[world] + (spot.daily.nats[world] * days if spot.daily else 0.0)


def _weight(explainer: Explainer, move: Move, world: World) -> float:
    """What a step weighs in a world where the surest way is looked for."""
    doubts = ((one.low, one.point, one.high)[world] for one in move.refusals)
    return _danger(explainer, move, world) + DOUBT_WEIGHT * sum(nats(min(one, MOST_DOUBT)) for one in doubts)


def _deciding(explainer: Explainer, worst: Way, other: Way) -> Iterator[str]:
    """The facts of the other way's own steps that would make it the surer one, largest difference first."""
    gap = _whole(explainer, other) - _whole(explainer, worst)
    shared = set(worst.action_ids)
    swings = [
        (_weight(explainer, move, World.PESSIMISTIC) - _weight(explainer, move, World.OPTIMISTIC), move)
        for move in other.moves
        if move.action.id not in shared
    ]
    named: set[str] = set()
    for swing, move in sorted(swings, key=lambda one: (-one[0], one[1].action.id)):
        if swing <= 0 or (named and gap <= 0):
            return
        gap -= swing
        for fact in (*move.action.danger.facts, move.action.id):
            if fact not in named and _is_open(explainer, fact, move):
                named.add(fact)
                yield fact


def _is_open(explainer: Explainer, fact: str, move: Move) -> bool:
    """Whether a fact of a step has two different ends that count here."""
    value = explainer.atlas.fact(fact).value
    if isinstance(value, Hazard):
        return value.chance.low < value.chance.high
    return any(one.low < one.high for one in move.refusals)


def _whole(explainer: Explainer, way: Way) -> float:
    return sum(_weight(explainer, move, World.PESSIMISTIC) for move in way.moves)
