"""Checked arrays of a world in which somebody may say no: places in layers, certain arcs, uncertain steps.

Keeps true: an uncertain step leads to later layers only, so that what has been decided is never undecided and the
layers can be solved from the last to the first; chances of one step add up to one; every cost is finite and not
negative. Refuses everything else with BadPolicyWorld, which says what is wrong. The caller's arrays are not changed.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tropa.planning.errors import BadPolicyWorld

FAILS = -1
"""As the head of an outcome: the person is caught, or there is nothing to go on to; it counts as failure."""

CHANCE_DUST = 1e-9

Numbers = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class PolicyWorld:
    """`layer` [n]; arcs `tails`, `heads` [m], `costs` [m, 3]; ends `end_nodes` [e], `end_costs` [e, 3]; uncertain
    steps `step_tails` [u], `step_costs` [u, 3] with outcomes `first_outcome` [u + 1], `chances`, `outcome_heads` [o].

    Costs are (nats, time, money): nats = -ln(1 - chance of failure), as everywhere in planning.
    """

    layer: Ints
    tails: Ints
    heads: Ints
    costs: Numbers
    end_nodes: Ints
    end_costs: Numbers
    step_tails: Ints
    step_costs: Numbers
    first_outcome: Ints
    chances: Numbers
    outcome_heads: Ints

    @property
    def n_nodes(self) -> int:
        return len(self.layer)

    def outcomes_of(self, step: int) -> range:
        """The numbers of an uncertain step's outcomes."""
        return range(int(self.first_outcome[step]), int(self.first_outcome[step + 1]))


def check_policy_world(
    layer: ArrayLike,
    tails: ArrayLike,
    heads: ArrayLike,
    costs: ArrayLike,
    end_nodes: ArrayLike,
    end_costs: ArrayLike,
    step_tails: ArrayLike = (),
    step_costs: ArrayLike = (),
    first_outcome: ArrayLike = (0,),
    chances: ArrayLike = (),
    outcome_heads: ArrayLike = (),
) -> PolicyWorld:
    """Check and convert the arrays of `policy_front`; BadPolicyWorld (a ValueError) says what is wrong."""
    layers = _integers(layer, "layer")
    if not layers.size:
        raise BadPolicyWorld("layer is empty, expected at least one node")
    count = layers.size
    world = PolicyWorld(
        layer=layers,
        tails=_nodes(tails, "tails", count),
        heads=_nodes(heads, "heads", count),
        costs=_costs(costs, "costs"),
        end_nodes=_nodes(end_nodes, "end_nodes", count),
        end_costs=_costs(end_costs, "end_costs"),
        step_tails=_nodes(step_tails, "step_tails", count),
        step_costs=_costs(step_costs, "step_costs"),
        first_outcome=_integers(first_outcome, "first_outcome"),
        chances=_floats(chances, "chances", 1),
        outcome_heads=_nodes(outcome_heads, "outcome_heads", count, lowest=FAILS),
    )
    _check_lengths(world)
    _check_chances(world)
    _check_order(world)
    return world


def _integers(values: ArrayLike, name: str) -> Ints:
    array = np.asarray(values)
    if array.ndim != 1:
        raise BadPolicyWorld(f"{name} has {array.ndim} dimensions, expected 1")
    if array.size and array.dtype.kind not in "iu":
        raise BadPolicyWorld(f"{name} has dtype {array.dtype}, expected integers")
    return np.require(array.astype(np.int64), requirements=["C", "A", "W"])


def _nodes(values: ArrayLike, name: str, count: int, lowest: int = 0) -> Ints:
    array = _integers(values, name)
    if array.size and (int(array.min()) < lowest or int(array.max()) >= count):
        raise BadPolicyWorld(f"{name} holds a node number outside {lowest}..{count - 1}")
    return array


def _floats(values: ArrayLike, name: str, dimensions: int) -> Numbers:
    try:
        array = np.array(values, dtype=np.float64, order="C")
    except (ValueError, TypeError) as error:
        raise BadPolicyWorld(f"{name} is no array of numbers: {error}") from None
    if array.size == 0 and dimensions == 2:
        array = array.reshape(0, 3)
    if array.ndim != dimensions:
        raise BadPolicyWorld(f"{name} has {array.ndim} dimensions, expected {dimensions}")
    return array


def _costs(values: ArrayLike, name: str) -> Numbers:
    array = _floats(values, name, 2)
    if array.shape[1] != 3:
        raise BadPolicyWorld(f"{name} has {array.shape[1]} columns, expected nats, time and money")
    if not np.all(np.isfinite(array)) or np.any(array < 0):
        raise BadPolicyWorld(f"{name} holds a cost that is negative or not finite")
    return array


def _check_lengths(world: PolicyWorld) -> None:
    for name, lengths in (
        ("arcs", (world.tails.size, world.heads.size, len(world.costs))),
        ("ends", (world.end_nodes.size, len(world.end_costs))),
        ("steps", (world.step_tails.size, len(world.step_costs), world.first_outcome.size - 1)),
        ("outcomes", (world.chances.size, world.outcome_heads.size)),
    ):
        if len(set(lengths)) > 1:
            raise BadPolicyWorld(f"arrays of {name} have different lengths: {', '.join(map(str, lengths))}")
    first = world.first_outcome
    if first[0] != 0 or first[-1] != world.chances.size or np.any(np.diff(first) < 1):
        raise BadPolicyWorld(
            "first_outcome must begin with 0, end with the number of outcomes and grow each time"
        )


def _check_chances(world: PolicyWorld) -> None:
    if np.any(~((world.chances >= 0) & (world.chances <= 1))):
        raise BadPolicyWorld("chances holds a number that is no probability")
    sums = np.add.reduceat(world.chances, world.first_outcome[:-1]) if world.step_tails.size else np.ones(1)
    worst = int(np.argmax(np.abs(sums - 1)))
    if abs(sums[worst] - 1) > CHANCE_DUST:
        raise BadPolicyWorld(f"the chances of step {worst} add up to {sums[worst]}, expected 1")


def _check_order(world: PolicyWorld) -> None:
    if np.any(world.layer[world.tails] > world.layer[world.heads]):
        raise BadPolicyWorld("an arc leads back to an earlier layer")
    step_of = np.repeat(np.arange(world.step_tails.size), np.diff(world.first_outcome))
    heads = world.outcome_heads
    leads = heads != FAILS
    if np.any(world.layer[world.step_tails[step_of[leads]]] >= world.layer[heads[leads]]):
        raise BadPolicyWorld("an outcome leads to its own or an earlier layer")
