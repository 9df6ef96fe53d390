"""Lower bounds for the search: what the way to safety costs at least from each place, one objective at a time.

Kept true: a bound never exceeds the true cost. It comes from the same graph, in the same world, with papers,
dates, stays and waiting left aside, and is equal for everybody at a place; so it may be used for labels of any
papers. It must be made anew for every graph in which something is open that was closed before; closing things
keeps it true.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, replace

from tropa.planning.graph import SAFE, Action, Least, SafetyGraph, Spot
from tropa.planning.moves import least_doubt, ticks_there
from tropa.planning.units import DOUBT_UNIT, RISK_UNIT, TICKS_A_DAY, World, up

FAR = 1 << 60
UNREACHABLE = Least(FAR, FAR, FAR, FAR)


@dataclass(frozen=True, slots=True)
class Onward:
    """An action with the least whole cost of a way that begins with it."""

    action: Action
    whole: Least
    money: int  # `whole.euros` in the search's units of money


@dataclass(frozen=True, slots=True)
class Bounds:
    """For end states of at least one rank: the least to go from each place, and the actions there that lead on."""

    to_go: tuple[Least, ...]
    money_to_go: tuple[int, ...]  # in the search's units of money
    onward: tuple[tuple[Onward, ...], ...]


def with_least(action: Action, spots: tuple[Spot, ...]) -> Action:
    """The action with what is worked out once: its least cost in each world, and whether it asks for any paper."""
    free = action.gains < 0 and all(0 in masks for masks in action.requires)
    least = tuple(_least_of(action, spots[action.origin], world) for world in World)
    return replace(action, free=free, least=least)


def _least_of(action: Action, spot: Spot, world: World) -> Least:
    days = ticks_there(action, world) / TICKS_A_DAY
    danger = action.danger.nats[world] + (spot.daily.nats[world] * days if spot.daily else 0.0)
    euros = action.price[world] + (spot.living[world] * days if spot.living else 0.0)
    return Least(up(danger, RISK_UNIT), action.ticks[world], up(euros), up(least_doubt(action), DOUBT_UNIT))


def bounds_of(graph: SafetyGraph, rank: int, money_unit: int) -> Bounds:
    """The bounds to end states of at least `rank`."""
    world = graph.setting.world
    backward: list[list[tuple[int, Least]]] = [[] for _ in graph.spots]
    ends: list[tuple[int, Least]] = []
    for actions in graph.actions_at:
        for action in actions:
            if action.target == SAFE and action.rank >= rank:
                ends.append((action.origin, action.least[world]))
            elif action.target not in (SAFE, action.origin):
                backward[action.target].append((action.origin, action.least[world]))
    columns = [_column(len(graph.spots), ends, backward, objective) for objective in range(4)]
    to_go = tuple(Least(*row) for row in zip(*columns, strict=True))
    money = tuple(up(least.euros, money_unit) if least.euros < FAR else FAR for least in to_go)
    places = range(len(graph.spots))
    return Bounds(to_go, money, tuple(_onward(graph, place, rank, to_go, money_unit) for place in places))


def _onward(
    graph: SafetyGraph, place: int, rank: int, to_go: tuple[Least, ...], money_unit: int
) -> tuple[Onward, ...]:
    found = []
    for action in graph.actions_at[place]:
        least = action.least[graph.setting.world]
        if action.target == SAFE:
            if action.rank < rank:
                continue
            whole = least
        else:
            after = to_go[action.target]
            if after.risk >= FAR:
                continue
            whole = Least(
                least.risk + after.risk,
                least.ticks + after.ticks,
                least.euros + after.euros,
                least.doubt + after.doubt,
            )
        found.append(Onward(action, whole, up(whole.euros, money_unit)))
    return tuple(found)


def _column(
    size: int, ends: list[tuple[int, Least]], backward: list[list[tuple[int, Least]]], objective: int
) -> list[int]:
    """One objective's least from every place to the end states (Dijkstra, backward)."""
    least = [FAR] * size
    heap = [(weights[objective], origin) for origin, weights in ends]
    heapq.heapify(heap)
    while heap:
        cost, place = heapq.heappop(heap)
        if cost >= least[place]:
            continue
        least[place] = cost
        for origin, weights in backward[place]:
            whole = cost + weights[objective]
            if whole < least[origin]:
                heapq.heappush(heap, (whole, origin))
    return least
