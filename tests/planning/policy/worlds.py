"""Small random worlds with uncertain steps, drawn from a seed: ties, zero costs, loops, dead ends, chances 0 and 1."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from tropa.planning.policy import FAILS, PolicyWorld, check_policy_world

CHANCES = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class Drawn:
    """The arrays a world is checked from, so that a test may change one of them."""

    arrays: dict[str, list[Any]]

    @property
    def world(self) -> PolicyWorld:
        return check_policy_world(**self.arrays)


def draw(chance: random.Random, *, chances: tuple[float, ...] = CHANCES) -> Drawn:
    n_nodes = chance.randint(2, 8)
    layer = [0, *sorted(chance.randint(0, 2) for _ in range(n_nodes - 1))]
    arcs = []
    for _ in range(chance.randint(0, 2 * n_nodes)):
        tail, head = chance.randrange(n_nodes), chance.randrange(n_nodes)
        if layer[tail] <= layer[head]:
            arcs.append((tail, head, _cost(chance)))
    steps, first, outcomes = [], [0], []
    for _ in range(chance.randint(0, 3)):
        tail = chance.randrange(n_nodes)
        later = [node for node in range(n_nodes) if layer[node] > layer[tail]]
        granted = chance.choice(chances)
        split = [(granted, 1.0), (1.0 - granted, 1.0)]
        if chance.random() < 0.2:
            split = [(granted / 2, 1.0), (granted / 2, 1.0), (1.0 - granted, 1.0)]
        steps.append((tail, _cost(chance)))
        outcomes += [
            (one, chance.choice(later) if later and chance.random() < 0.85 else FAILS) for one, _ in split
        ]
        first.append(len(outcomes))
    ends = [(chance.randrange(n_nodes), _cost(chance)) for _ in range(chance.randint(1, 3))]
    return Drawn(
        {
            "layer": layer,
            "tails": [arc[0] for arc in arcs],
            "heads": [arc[1] for arc in arcs],
            "costs": [arc[2] for arc in arcs],
            "end_nodes": [end[0] for end in ends],
            "end_costs": [end[1] for end in ends],
            "step_tails": [step[0] for step in steps],
            "step_costs": [step[1] for step in steps],
            "first_outcome": first,
            "chances": [one[0] for one in outcomes],
            "outcome_heads": [one[1] for one in outcomes],
        }
    )


def _cost(chance: random.Random) -> tuple[float, float, float]:
    return chance.randint(0, 3) / 8, float(chance.randint(0, 3)), float(chance.randint(0, 3))
