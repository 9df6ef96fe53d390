"""What to do first, and what to do when somebody says no: the exact Pareto set of deterministic policies.

Objectives are the probability of failure, expected time and expected money; with them come the money and the time of
the worst branch. Keeps true: the set holds every policy no other one beats, convex hull or not; with chances of 0 and 1
it is exactly the deterministic front; hard limits are held against the worst branch, never against the expectation; a
branch without a way on counts as failure and stands in the tree. Refuses worlds that are no worlds (BadPolicyWorld) and
answers that would be too large (PolicyTooLarge); it never leaves anything out in silence.

Time and money are counted as if the person stays free; danger says the rest (no discount by survival). Composition for
a step with survival s, time c, price d and outcomes of chance p_i:

    failure = 1 - s * (1 - sum p_i F_i)   time = c + sum p_i T_i   money = d + sum p_i M_i   worst = d + max W_i

Sources: Chen, Trevizan, Thiebaux 2023 (exact multi-objective probabilistic planning); Jensen, Veloso, Bryant 2004
(plans that survive so many faults). See docs/planning.md for the model and the limits.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from tropa.planning._search import Engine, best_engine
from tropa.planning.errors import BadPolicyWorld
from tropa.planning.policy.solving import MOST_LABELS, Limits, Solver
from tropa.planning.policy.trees import Branch, Figures, Policy, Trees, Unrolled, figures_of
from tropa.planning.policy.world import FAILS, Ints, Numbers, PolicyWorld, check_policy_world

__all__ = [
    "FAILS",
    "Branch",
    "Figures",
    "Limits",
    "Policies",
    "Policy",
    "PolicyWorld",
    "check_policy_world",
    "figures_of",
    "policies",
    "policy_front",
    "warm_up",
]

DUST = 1e-12
"""Figures that differ by less than this share of the largest are one figure."""


@dataclass(frozen=True, slots=True, eq=False)
class Policies:
    """`front` [p, 5]: chance of failure, expected time, expected money, worst money, worst time, in lexicographic
    order; `trees`: one policy for each row, unrolled when it is looked at; `labels`: how many labels were made."""

    front: Numbers
    trees: Sequence[Policy]
    labels: int


def policy_front(
    layer: ArrayLike,
    tails: ArrayLike,
    heads: ArrayLike,
    costs: ArrayLike,
    end_nodes: ArrayLike,
    end_costs: ArrayLike,
    step_tails: ArrayLike,
    step_costs: ArrayLike,
    first_outcome: ArrayLike,
    chances: ArrayLike,
    outcome_heads: ArrayLike,
    source: int,
    *,
    limits: Limits | None = None,
    worst_counts: bool = False,
) -> Numbers:
    """The front [p, 5] of policies from `source`, columns as in `Policies.front`; [0, 5] if nothing ends.

    layer [n]: for each node how much has been decided; arcs (tails, heads [m], costs [m, 3] as nats, time, money) stay
    in a layer or lead to a later one; ends (end_nodes [e], end_costs [e, 3]); uncertain steps (step_tails [u],
    step_costs [u, 3]) with outcomes first_outcome[i]..first_outcome[i + 1] - 1 of chances [o] and outcome_heads [o],
    nodes of later layers or FAILS. `worst_counts`: worst money and time are objectives too, else they are reported.
    ValueError (BadPolicyWorld) for arrays that do not fit, PolicyTooLarge beyond MOST_LABELS.
    """
    world = check_policy_world(
        layer, tails, heads, costs, end_nodes, end_costs,
        step_tails, step_costs, first_outcome, chances, outcome_heads,
    )  # fmt: skip
    return policies(world, source, limits=limits, worst_counts=worst_counts).front


def policies(
    world: PolicyWorld,
    source: int,
    *,
    limits: Limits | None = None,
    worst_counts: bool = False,
    units: tuple[float, float, float] | None = None,
    engine: Engine | None = None,
    most_labels: int = MOST_LABELS,
) -> Policies:
    """The front with one tree for each row.

    `units` (nats, time, money): values are rounded up to them after each uncertain step, which keeps fronts small at
    an error of one unit for each step on a path; the figures of `front` are recomputed exactly. Without units exact.
    """
    if not 0 <= source < world.n_nodes:
        raise BadPolicyWorld(f"source is {source}, expected 0..{world.n_nodes - 1}")
    solver = Solver(
        world,
        source,
        limits=limits or Limits(),
        worst_counts=worst_counts,
        units=units,
        engine=engine,
        most_labels=most_labels,
    )
    labels = solver.solve()
    at_source = labels.at(source)
    trees = Trees(world, labels)
    rows = labels.costs[at_source].copy()
    rows[:, 0] = -np.expm1(-rows[:, 0])
    if units is not None:
        figures = [figures_of(world, trees.of(int(label))) for label in at_source]
        rows = np.array([(f.failure, f.time, f.money, f.worst_money, f.worst_time) for f in figures])
        rows = rows.reshape(-1, 5)
    kept = _front(solver, rows, worst_counts)
    kept = kept[np.lexsort(rows[kept].T[::-1])]
    return Policies(rows[kept], Unrolled(trees, at_source[kept].tolist()), labels.made)


def _front(solver: Solver, rows: Numbers, worst_counts: bool) -> Ints:
    """The rows within the limits no other one beats on the objectives asked for; rows that
    differ by floating-point dust alone count once."""
    limits = solver.limits
    within = np.flatnonzero((rows[:, 3] <= limits.money) & (rows[:, 4] <= limits.time))
    grains = rows[within]
    if len(grains):
        grains = np.rint(grains / np.maximum(grains.max(axis=0) * DUST, DUST))
    order = np.lexsort(grains.T[::-1])
    kept = solver.kernel.mark_undominated(5 if worst_counts else 3, np.ascontiguousarray(grains[order]))
    found: Ints = within[order[kept]]
    return found


def warm_up() -> Engine:
    """Compile, or load from the cache, the kernels and solve a toy world; says which engine runs."""
    world = check_policy_world(
        [0, 0, 1, 1], [0], [1], [(0.1, 1, 1)], [2, 3], [(0, 1, 2), (0.2, 2, 1)],
        [1], [(0.1, 1, 1)], [0, 2], [0.5, 0.5], [2, 3],
    )  # fmt: skip
    for worst_counts in (False, True):
        found = policies(world, 0, limits=Limits(money=math.inf), worst_counts=worst_counts)
        if len(found.trees) != 1:
            raise AssertionError("the toy world was not solved")
    return best_engine()
