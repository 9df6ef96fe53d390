"""Solves a world layer by layer, from what has been decided to what has not, and keeps every label for the trees.

Keeps true: every formula grows with each of its parts, so fronts are enough and no useful policy is lost; a branch that
cannot end anywhere counts as failure with no further time or money; a branch that could end, but only beyond a limit,
makes the step impossible within that limit. Branches of chance 0 do not exist. Refuses to grow beyond `most_labels`.
"""

import importlib
import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tropa.planning._search import Engine, best_engine
from tropa.planning.errors import PolicyTooLarge
from tropa.planning.policy.world import FAILS, Ints, Numbers, PolicyWorld

END, ARC, STEP = 0, 1, 2
NO_COMBINATION, SKIPPED, NO_WAY_ON = -1, -2, -3
NATS, TIME, MONEY, WORST_MONEY, WORST_TIME = range(5)
MOST_LABELS = 20_000_000
MOST_PAIRS = 30_000_000
"""So many pairs of branch members are looked at for one uncertain step before it counts as too large."""

_ENGINES = {Engine.KERNEL: "tropa.planning.policy._kernel", Engine.TWIN: "tropa.planning.policy._twin"}


@dataclass(frozen=True, slots=True)
class Limits:
    """Hard limits on the worst branch, in the units of the costs; inf: none."""

    money: float = math.inf
    time: float = math.inf


@dataclass(slots=True)
class Labels:
    """All labels: `costs` [l, 5], `origins` [l, 5] (node, kind, number, next label or combination, label before at the
    node), `newest` [n]; combinations [c, 2] (combination before, label of the last branch)."""

    costs: Numbers
    origins: Ints
    newest: Ints
    made: int = 0
    combinations: list[Ints] = field(default_factory=list)
    combined: int = 0

    def at(self, node: int) -> Ints:
        """The labels of a node, least failure first."""
        found = []
        label = int(self.newest[node])
        while label >= 0:
            found.append(label)
            label = int(self.origins[label, 4])
        return np.array(found[::-1], np.int64)

    def add_combinations(self, rows: Ints) -> Ints:
        """Number and remember combinations."""
        numbers = np.arange(self.combined, self.combined + len(rows), dtype=np.int64)
        self.combinations.append(rows)
        self.combined += len(rows)
        return numbers


class Solver:
    """One solve of what matters to the `source`, within `limits`."""

    def __init__(
        self,
        world: PolicyWorld,
        source: int,
        *,
        limits: Limits,
        worst_counts: bool,
        units: tuple[float, float, float] | None,
        engine: Engine | None,
        most_labels: int,
    ) -> None:
        self.world, self.source, self.limits, self.units = world, source, limits, units
        self.most = most_labels
        self.kernel: Any = importlib.import_module(_ENGINES[engine or best_engine()])
        self.counted = 5 if worst_counts or limits.time < math.inf else 4 if limits.money < math.inf else 3
        self.labels = Labels(
            np.empty((1024, 5)), np.empty((1024, 5), np.int64), np.full(world.n_nodes, -1, np.int64)
        )
        self._slices = np.zeros((world.n_nodes, 3), np.int64)
        tails, heads, costs = possible_moves(world)
        from_source = self._least_costs(np.array([source]), tails, heads, costs)
        self._least = np.ascontiguousarray(from_source[:, [MONEY, TIME]])
        self._entrances = self._where_layers_are_entered()
        self._limits = np.array([limits.money, limits.time])
        self._can_end = can_end(world, self.kernel)
        self._unit = np.array([units[0], units[1], units[2], units[2], units[1]]) if units else None

    def solve(self) -> Labels:
        """Solve every layer, the last one first."""
        world = self.world
        arc_layer = world.layer[world.heads]
        inner = arc_layer == world.layer[world.tails]
        for layer in np.unique(world.layer)[::-1]:
            arcs = np.flatnonzero(inner & (arc_layer == layer))
            seeds, origins = self._seeds(int(layer))
            if len(seeds):
                self._search(arcs, seeds, origins)
        self.labels.costs = self.labels.costs[: self.labels.made]
        self.labels.origins = self.labels.origins[: self.labels.made]
        return self.labels

    def _search(self, arcs: Ints, seeds: Numbers, seed_origins: Ints) -> None:
        world, labels = self.world, self.labels
        entrances = self._entrances[world.layer[self._entrances] == world.layer[seed_origins[0, 0]]]
        ahead = self._least_costs(entrances, world.tails[arcs], world.heads[arcs], world.costs[arcs])
        useful = np.isfinite(ahead[seed_origins[:, 0], 0])
        if not useful.any():
            return
        arcs = arcs[np.isfinite(ahead[world.tails[arcs], 0])]
        arcs = arcs[np.argsort(world.heads[arcs], kind="stable")]
        first = np.searchsorted(world.heads[arcs], np.arange(world.n_nodes + 1)).astype(np.int64)
        entrances = entrances[
            np.isin(entrances, seed_origins[useful, 0]) | np.isin(entrances, world.tails[arcs])
        ]
        places, far = self._far(entrances, arcs, seed_origins[useful, 0])
        seeds, seed_origins = seeds[useful], seed_origins[useful]
        whole = seeds[:, :3] + ahead[seed_origins[:, 0]]
        order = in_order(np.concatenate([whole, seeds], axis=1))
        labels.costs, labels.origins, made = self.kernel.search_layer(
            self.counted, self.most,
            np.ascontiguousarray(seeds[order]), np.ascontiguousarray(seed_origins[order]),
            first, world.tails[arcs], np.ascontiguousarray(world.costs[arcs]), arcs,
            ahead, entrances, places, far, self._least, self._limits,
            labels.costs, labels.origins, labels.made, labels.newest, self._slices,
        )  # fmt: skip
        if made < 0:
            raise PolicyTooLarge(f"more than {self.most:,} labels")
        labels.made = int(made)

    def _far(self, entrances: Ints, arcs: Ints, seeds: Ints) -> tuple[Ints, Numbers]:
        """Numbers for the nodes of a layer, and the least time and money from each entrance to them."""
        tails, heads, costs = self.world.tails[arcs], self.world.heads[arcs], self.world.costs[arcs]
        nodes = np.unique(np.concatenate([tails, heads, seeds, entrances]))
        places = np.full(self.world.n_nodes, -1, np.int64)
        places[nodes] = np.arange(len(nodes))
        order = np.argsort(places[tails], kind="stable")
        first = np.searchsorted(places[tails][order], np.arange(len(nodes) + 1)).astype(np.int64)
        far = self.kernel.least_from_each(
            len(nodes), places[entrances], first, places[heads][order], np.ascontiguousarray(costs[order])
        )
        return places, far

    def _where_layers_are_entered(self) -> Ints:
        """The source, and every node reached from it that an outcome or an arc from an earlier layer leads to."""
        world = self.world
        tails, heads, _ = possible_moves(world)
        entered = heads[world.layer[tails] < world.layer[heads]]
        entered = np.unique(np.append(entered, self.source))
        reached: Ints = entered[np.isfinite(self._least[entered, 0])]
        return reached

    # --- what a layer starts from -----------------------------------------------------------------------------------

    def _seeds(self, layer: int) -> tuple[Numbers, Ints]:
        world = self.world
        found: list[tuple[Numbers, Ints]] = []
        for end in np.flatnonzero(world.layer[world.end_nodes] == layer):
            node = int(world.end_nodes[end])
            found.append(_rows(_whole(world.end_costs[end])[None], node, END, int(end), np.array([-1])))
        leaving = (world.layer[world.tails] == layer) & (world.layer[world.heads] > layer)
        for arc in np.flatnonzero(leaving):
            after = self.labels.at(int(world.heads[arc]))
            costs = self.labels.costs[after] + _whole(world.costs[arc])
            found.append(_rows(costs, int(world.tails[arc]), ARC, int(arc), after))
        for step in np.flatnonzero(world.layer[world.step_tails] == layer):
            costs, combinations = self._composed(int(step))
            found.append(_rows(costs, int(world.step_tails[step]), STEP, int(step), combinations))
        if not found:
            return np.empty((0, 5)), np.empty((0, 4), np.int64)
        costs = np.concatenate([rows for rows, _ in found])
        origins = np.concatenate([rows for _, rows in found])
        within = self._within(costs, origins[:, 0])
        return np.ascontiguousarray(costs[within]), np.ascontiguousarray(origins[within])

    def _within(self, costs: Numbers, nodes: Ints) -> Any:
        spent = costs[:, [WORST_MONEY, WORST_TIME]] + self._least[nodes]
        return np.all(spent <= self._limits, axis=1) & np.isfinite(self._least[nodes, 0])

    def _composed(self, step: int) -> tuple[Numbers, Ints]:
        """The front of an uncertain step: every way to choose one member of each branch's front (a Minkowski sum)."""
        world = self.world
        own = _whole(world.step_costs[step])
        nothing = np.empty((0, 5)), np.empty(0, np.int64)
        if not np.isfinite(self._least[world.step_tails[step], 0]):
            return nothing
        branches = [self._branch(outcome) for outcome in world.outcomes_of(step)]
        if any(branch is None for branch in branches):
            return nothing
        sure = sum(one is not None and one[0] > 0.0 for one in branches) == 1
        chains = np.array([NO_COMBINATION], np.int64)
        sums = np.zeros((1, 5))
        for branch in branches:
            assert branch is not None
            chance, costs, members = branch
            if sure:  # nothing to mix: the deterministic sum, exactly
                if chance == 1.0:
                    sums = costs
            elif chance > 0.0:
                sums, chains, members = self._mixed(sums, chains, chance, costs, members)
            if chance == 1.0:
                chains = np.repeat(chains, len(members))
            elif chance == 0.0:
                members = np.full(len(chains), SKIPPED, np.int64)
            chains = self.labels.add_combinations(np.column_stack([chains, members]))
        if not sure:
            alive = sums[:, NATS] < 1.0
            sums, chains = sums[alive], chains[alive]
            sums[:, NATS] = -np.log1p(-sums[:, NATS])
        else:
            alive = np.isfinite(sums[:, NATS])
            sums, chains = sums[alive], chains[alive]
        return self._rounded(sums + own), chains

    def _branch(self, outcome: int) -> tuple[float, Numbers, Ints] | None:
        """Chance, costs and labels of an outcome; None where it could end, but only beyond the limits."""
        chance, head = float(self.world.chances[outcome]), int(self.world.outcome_heads[outcome])
        if chance > 0 and head != FAILS and self._can_end[head]:
            members = self.labels.at(head)
            return (chance, self.labels.costs[members], members) if len(members) else None
        return chance, np.array([[math.inf, 0.0, 0.0, 0.0, 0.0]]), np.array([NO_WAY_ON], np.int64)

    def _mixed(
        self, sums: Numbers, chains: Ints, chance: float, costs: Numbers, members: Ints
    ) -> tuple[Numbers, Ints, Ints]:
        """Weighted sums (failure as a probability) with one branch more; dominated ones are dropped at once."""
        if len(sums) * len(costs) > MOST_PAIRS:
            raise PolicyTooLarge(f"more than {MOST_PAIRS:,} pairs of branches at one step")
        share = costs.copy()
        share[:, NATS] = -np.expm1(-costs[:, NATS])
        share[:, :WORST_MONEY] *= chance
        left = np.repeat(np.arange(len(sums)), len(costs))
        right = np.tile(np.arange(len(costs)), len(sums))
        rows = sums[left] + share[right]
        rows[:, WORST_MONEY:] = np.maximum(sums[left, WORST_MONEY:], share[right, WORST_MONEY:])
        order = in_order(rows)
        rows = np.ascontiguousarray(rows[order])
        kept = self.kernel.mark_undominated(self.counted, rows)
        order = order[kept]
        return rows[kept], chains[left[order]], members[right[order]]

    def _rounded(self, costs: Numbers) -> Numbers:
        """Up to whole units where units are set: one unit of error a layer, on the safe side."""
        return costs if self._unit is None else np.ceil(costs / self._unit - 1e-9) * self._unit

    def _least_costs(self, sources: Ints, tails: Ints, heads: Ints, costs: Numbers) -> Numbers:
        """Least sums [n, 3] of each cost from any of the sources; inf where nothing leads."""
        order = np.argsort(tails, kind="stable")
        n_nodes = self.world.n_nodes
        first = np.searchsorted(tails[order], np.arange(n_nodes + 1)).astype(np.int64)
        ordered = heads[order]
        columns = [
            self.kernel.least_from(
                n_nodes, sources, first, ordered, np.ascontiguousarray(costs[order, column])
            )
            for column in range(3)
        ]
        return np.column_stack(columns)


def possible_moves(world: PolicyWorld) -> tuple[Ints, Ints, Numbers]:
    """Arcs, and the outcomes of steps as if they were arcs: tails, heads, costs."""
    step_of = np.repeat(np.arange(world.step_tails.size), np.diff(world.first_outcome))
    leads = (world.outcome_heads != FAILS) & (world.chances > 0)
    step_of = step_of[leads]
    return (
        np.concatenate([world.tails, world.step_tails[step_of]]),
        np.concatenate([world.heads, world.outcome_heads[leads]]),
        np.concatenate([world.costs, world.step_costs[step_of]]),
    )


def can_end(world: PolicyWorld, kernel: Any) -> Any:
    """Which nodes some policy leads to an end from, with any chance above zero and whatever it costs."""
    tails, heads, _ = possible_moves(world)
    order = np.argsort(heads, kind="stable")
    first = np.searchsorted(heads[order], np.arange(world.n_nodes + 1)).astype(np.int64)
    nothing = np.zeros(len(order))
    return np.isfinite(
        kernel.least_from(world.n_nodes, np.unique(world.end_nodes), first, tails[order], nothing)
    )


def in_order(rows: Numbers) -> Ints:
    """The numbers of rows [n, k] in lexicographic order, equal ones as they stand; most are told apart by their first
    figure, so only the others are looked at any further."""
    order = np.argsort(rows[:, 0], kind="stable")
    first = rows[order, 0]
    again = np.zeros(len(order) + 1, np.bool_)
    again[1:-1] = first[1:] == first[:-1]
    alike = np.flatnonzero(again[1:] | again[:-1])
    some = order[alike]
    order[alike] = some[np.lexsort(rows[some].T[::-1])]
    return order


def _whole(cost: Numbers) -> Numbers:
    """A step's own cost as a row: nats, time, money, and the same once more for the worst branch."""
    return np.array([cost[0], cost[1], cost[2], cost[2], cost[1]])


def _rows(costs: Numbers, node: int, kind: int, number: int, following: Ints) -> tuple[Numbers, Ints]:
    rows = np.empty((len(costs), 4), np.int64)
    rows[:, 0], rows[:, 1], rows[:, 2], rows[:, 3] = node, kind, number, following
    return costs, rows
