"""Whether the choice is the same at both ends of the facts: the surest way is looked for in each of the three worlds.

Kept true: in each world a search of its own finds the surest way with the dangers and times of that world, refusals at
their worse end; it is weighed against the whole front with dangers and refusals of that world, exactly. The choice is
robust if none of them is surer at the better end or at the estimate than what is surest at the worse end. Else the
other way is named with the facts that decide: those of its own steps which, taken at their better end while everything
else stays at its worse one, would make it the surer of the two; largest difference first.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

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


def ends_of_facts(explainer: Explainer, ways: Sequence[Way]) -> tuple[Reason, ...]:
    """One sentence where no world chooses another way; else one for each world that does. `ways`: the front."""
    worst = explainer.surest(Setting())
    if worst is None:
        return ()
    found: list[Reason] = []
    named: set[tuple[str, ...]] = {worst.action_ids}
    for world, code in ((World.POINT, "other_at_estimate"), (World.OPTIMISTIC, "other_at_best")):
        graph = build(explainer.compilations, explainer.person, explainer.on, Setting(world=world))
        start = graph.start
        assert start is not None
        there = Search(graph, stop=explainer.search.stop).best(start, budget=explainer.person.money_euros)
        known = (worst, *ways, *((there,) if there is not None else ()))
        way = min(known, key=lambda one: _whole(explainer, one, world))
        if way.action_ids not in named:
            named.add(way.action_ids)
            found.append(_other(explainer, code, worst, way, world))
    return tuple(found) or (Reason("same_at_all_ends", (("country", explainer.ends_in(worst)),)),)


def _other(explainer: Explainer, code: str, worst: Way, way: Way, world: World) -> Reason:
    """Another way is the surest in a world, with the figures of that world."""
    return Reason(
        code,
        (
            ("country", explainer.ends_in(way)),
            ("risk", percent(_risk_of(explainer, way, world))),
            ("was", percent(_risk_of(explainer, worst, world))),
            ("sure", percent(_granted(way, world))),
            ("sure_was", percent(_granted(worst, world))),
            ("facts", " ".join(_deciding(explainer, worst, way))),
        ),
    )


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
    gap = _whole(explainer, other, World.PESSIMISTIC) - _whole(explainer, worst, World.PESSIMISTIC)
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


def _whole(explainer: Explainer, way: Way, world: World) -> float:
    return sum(_weight(explainer, move, world) for move in way.moves)
