"""An oracle for policies that shares nothing with the solver: tuples in sets, iterated until nothing changes.

Values are (failure, time, money, worst money, worst time) with failure as a probability all along; the ways to combine
branches are written out as products; dominance is compared pairwise; no heaps, no bounds, no labels.
"""

from __future__ import annotations

import itertools
import math

from tropa.planning.policy import FAILS, PolicyWorld

Value = tuple[float, float, float, float, float]
FAILED: Value = (1.0, 0.0, 0.0, 0.0, 0.0)
DUST = 1e-9


def front_by_iteration(
    world: PolicyWorld, source: int, *, counted: int, limits: tuple[float, float]
) -> set[Value]:
    """All values of deterministic policies within the limits that no other one beats on the first `counted`."""
    kept = 5 if min(limits) < math.inf or counted == 5 else 3
    values: list[set[Value]] = [set() for _ in range(world.n_nodes)]
    for layer in sorted(set(world.layer.tolist()), reverse=True):
        nodes = [node for node in range(world.n_nodes) if world.layer[node] == layer]
        changed = True
        while changed:
            fresh = {node: undominated(_one_step(world, node, values), kept) for node in nodes}
            changed = any(fresh[node] != values[node] for node in nodes)
            for node in nodes:
                values[node] = fresh[node]
    within = {value for value in values[source] if value[3] <= limits[0] and value[4] <= limits[1]}
    return undominated(within, counted)


def _one_step(world: PolicyWorld, node: int, values: list[set[Value]]) -> set[Value]:
    found: set[Value] = set()
    for end in range(len(world.end_nodes)):
        if world.end_nodes[end] == node:
            found.add(_before((0.0,) * 5, world.end_costs[end]))
    for arc in range(len(world.tails)):
        if world.tails[arc] == node:
            found |= {_before(value, world.costs[arc]) for value in values[world.heads[arc]]}
    for step in range(len(world.step_tails)):
        if world.step_tails[step] == node:
            found |= _step(world, step, values)
    return {value for value in found if value[0] < 1.0}


def _step(world: PolicyWorld, step: int, values: list[set[Value]]) -> set[Value]:
    branches: list[list[tuple[float, Value]]] = []
    for outcome in range(world.first_outcome[step], world.first_outcome[step + 1]):
        chance, head = float(world.chances[outcome]), int(world.outcome_heads[outcome])
        if chance == 0:
            continue
        ways = values[head] if head != FAILS else set()
        branches.append([(chance, way) for way in ways] or [(chance, FAILED)])
    found = set()
    for choice in itertools.product(*branches):
        mixed = tuple(sum(chance * value[column] for chance, value in choice) for column in range(3))
        worst = tuple(max(value[column] for _, value in choice) for column in (3, 4))
        found.add(_before((*mixed, *worst), world.step_costs[step]))  # type: ignore[arg-type]
    return found


def _before(value: Value, cost: object) -> Value:
    nats, time, money = (float(number) for number in cost)  # type: ignore[attr-defined]
    survives = math.exp(-nats)
    failure = 1.0 - survives * (1.0 - value[0])
    return (
        round(failure, 13),
        value[1] + time,
        value[2] + money,
        value[3] + money,
        value[4] + time,
    )


def undominated(values: set[Value], counted: int) -> set[Value]:
    """The values no other one beats; equal ones (to dust) count once, the one with the least worst branch."""
    found: list[Value] = []
    for value in sorted(values):
        if not any(
            all(a <= b + DUST for a, b in zip(one[:counted], value[:counted], strict=True)) for one in found
        ):
            found.append(value)
    # one that is first by dust alone may be beaten by a later one in everything else
    return {value for value in found if not any(_beats(one, value, counted) for one in found)}


def _beats(one: Value, other: Value, counted: int) -> bool:
    pairs = list(zip(one[:counted], other[:counted], strict=True))
    return all(a <= b + DUST for a, b in pairs) and any(a < b - DUST for a, b in pairs)
