"""Worlds small enough to be worked by hand: the example of the design, and the traps of uncertain plans."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tropa.planning.errors import BadPolicyWorld, PolicyTooLarge
from tropa.planning.pareto import Engine
from tropa.planning.policy import FAILS, Limits, check_policy_world, policies
from tropa.planning.policy.layers import GRANTED, Attempt, Haven, Layered, Way, layered
from tropa.planning.policy.synthetic import Size, synthetic_world


def nats(chance: float) -> float:
    return -math.log1p(-chance)


def visa_world(refusal: float = 0.4) -> Layered:
    """A visa (20 days, EUR 80), then a flight; without it overland or local asylum."""
    havens = [
        Haven(0, nats(0.01), 1, 300, needs=(0,)),
        Haven(0, nats(0.1), 4, 500),
        Haven(0, nats(0.2), 90, 100),
    ]
    return layered(1, [], havens, [Attempt(0, 0, 0, 0, 20, 80, refusal)], tries=(1,), refusals=1)


@pytest.mark.parametrize("engine", list(Engine))
def test_the_worked_example_of_the_design(engine: Engine) -> None:
    found = policies(visa_world().world, 0, engine=engine)
    expected = [
        (0.046, 22.2, 460, 580, 24),
        (0.086, 56.6, 300, 380, 110),
        (0.1, 4, 500, 500, 4),
        (0.2, 90, 100, 100, 90),
    ]
    np.testing.assert_allclose(found.front, expected, atol=1e-12)
    apply_first = found.trees[0]
    assert [branch.chance for branch in apply_first.branches] == [0.6, 0.4]
    assert all(branch.policy for branch in apply_first.branches)


def test_a_budget_is_held_against_the_worst_branch_and_not_against_the_expectation() -> None:
    found = policies(visa_world().world, 0, limits=Limits(money=550))
    assert found.front[:, 2].tolist() == [300, 500, 100]


@pytest.mark.parametrize(("refusal", "first"), [(0.0, (0.01, 21, 380)), (1.0, (0.1, 4, 500))])
def test_a_visa_that_is_certain_either_way_leaves_single_lines(
    refusal: float, first: tuple[float, ...]
) -> None:
    found = policies(visa_world(refusal).world, 0)
    np.testing.assert_allclose(found.front[0, :3], first, atol=1e-12)
    assert all(len(tree.branches) <= 1 for tree in found.trees)


def test_two_branches_may_go_on_differently_from_the_same_place() -> None:
    found = policies(visa_world().world, 0)
    granted, refused = found.trees[0].branches
    assert granted.policy is not None
    assert refused.policy is not None
    assert granted.policy.end != refused.policy.end


def test_a_branch_without_a_way_on_counts_as_failure_and_is_there_to_be_seen() -> None:
    world = layered(
        1,
        [],
        [Haven(0, 0, 1, 10, needs=(0,))],
        [Attempt(0, 0, 0, 0, 5, 20, 0.25)],
        tries=(1,),
        refusals=1,
    ).world
    found = policies(world, 0)
    np.testing.assert_allclose(found.front, [(0.25, 5.75, 27.5, 30, 6)])
    assert found.trees[0].branches[1].policy is None


def test_turned_back_means_standing_where_one_was_with_that_border_closed() -> None:
    world = layered(
        3,
        [Way(0, 2, nats(0.3), 2, 2)],
        [Haven(1, 0, 0, 0), Haven(2, 0, 0, 0)],
        [Attempt(0, 0, 1, nats(0.1), 1, 1, 0.2)],
        tries=(1,),
        refusals=1,
    ).world
    found = policies(world, 0)
    expected = 1 - 0.9 * (0.8 * 1.0 + 0.2 * 0.7)
    np.testing.assert_allclose(found.front[0], (expected, 1.4, 1.4, 3, 3))


def test_another_try_is_made_as_often_as_the_rule_allows_and_no_more() -> None:
    def best(tries: int, refusals: int) -> float:
        made = layered(
            1,
            [],
            [Haven(0, 0, 0, 0, needs=(0,))],
            [Attempt(0, 0, 0, 0, 1, 1, 0.5)],
            tries=(tries,),
            refusals=refusals,
        )
        return float(policies(made.world, 0).front[0, 0])

    assert best(1, 5) == pytest.approx(0.5)
    assert best(3, 5) == pytest.approx(0.125)
    assert best(3, 1) == pytest.approx(0.25)  # the second refusal is one too many and counts as failure


def test_refusals_are_counted_over_all_things_even_those_granted_in_the_end() -> None:
    made = layered(
        1,
        [],
        [Haven(0, 0, 0, 0, needs=(0, 1))],
        [Attempt(0, 0, 0, 0, 0, 0, 0.5), Attempt(1, 0, 0, 0, 0, 0, 0.5)],
        tries=(2, 2),
        refusals=1,
    )
    # yes yes 1/4, no yes yes 1/8, yes no yes 1/8
    assert float(policies(made.world, 0).front[0, 0]) == pytest.approx(0.5)


def test_expected_nats_are_not_danger() -> None:
    world = check_policy_world(
        [0, 1, 1],
        [],
        [],
        [],
        [1, 2],
        [(0, 0, 0), (nats(0.75), 0, 0)],
        [0],
        [(0, 0, 0)],
        [0, 2],
        [0.5, 0.5],
        [1, 2],
    )
    assert policies(world, 0).front[0, 0] == pytest.approx(1 - 0.625)


def test_time_is_not_discounted_by_survival() -> None:
    world = check_policy_world([0, 0], [0], [1], [(nats(0.5), 100, 0)], [0, 1], [(0, 60, 0), (0, 0, 0)])
    assert policies(world, 0).front.tolist() == [[0, 60, 0, 0, 60]]


def test_policies_off_the_convex_hull_are_kept() -> None:
    world = check_policy_world([0], [], [], [], [0, 0, 0], [(0, 0, 10), (0, 6, 6), (0, 10, 0)])
    assert policies(world, 0).front[:, 1].tolist() == [0, 6, 10]


def test_a_world_without_ends_has_no_policy_and_one_node_is_enough() -> None:
    assert policies(check_policy_world([0], [], [], [], [], []), 0).front.shape == (0, 5)
    assert policies(check_policy_world([0], [], [], [], [0], [(0.5, 1, 2)]), 0).front.shape == (1, 5)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"layer": []}, "layer is empty"),
        ({"heads": [7]}, "outside 0..1"),
        ({"costs": [(1.0, 2.0, -1.0)]}, "negative or not finite"),
        ({"costs": [(math.inf, 2.0, 1.0)]}, "negative or not finite"),
        ({"costs": [(1.0, 2.0)]}, "2 columns"),
        ({"tails": [0, 0]}, "different lengths"),
        ({"tails": [1], "heads": [0]}, "back to an earlier layer"),
        ({"chances": [0.5, 0.4]}, "add up to 0.9"),
        ({"chances": [1.5, -0.5]}, "no probability"),
        ({"outcome_heads": [0, FAILS]}, "its own or an earlier layer"),
        ({"first_outcome": [0, 1]}, "first_outcome"),
        ({"layer": [0.5, 1]}, "integers"),
    ],
)
def test_arrays_that_make_no_world_are_refused_by_name(changed: dict[str, object], said: str) -> None:
    arrays: dict[str, object] = {
        "layer": [0, 1],
        "tails": [0],
        "heads": [1],
        "costs": [(0.1, 1.0, 1.0)],
        "end_nodes": [1],
        "end_costs": [(0.0, 0.0, 0.0)],
        "step_tails": [0],
        "step_costs": [(0.0, 1.0, 1.0)],
        "first_outcome": [0, 2],
        "chances": [0.5, 0.5],
        "outcome_heads": [1, FAILS],
    }
    policies(check_policy_world(**arrays), 0)  # type: ignore[arg-type]
    with pytest.raises(BadPolicyWorld, match=said):
        check_policy_world(**(arrays | changed))  # type: ignore[arg-type]


def test_answers_that_would_be_too_large_are_refused_and_not_cut() -> None:
    world = synthetic_world(Size(100, 2, 2), 1)
    assert len(policies(world.world, 0).front) > 5
    with pytest.raises(PolicyTooLarge, match="100 labels"):
        policies(world.world, 0, most_labels=100)
    with pytest.raises(PolicyTooLarge, match="nodes"):
        layered(
            1000,
            [],
            [],
            [Attempt(n, 0, 0, 0, 0, 0, 0.5) for n in range(9)],
            tries=(1,) * 9,
            refusals=9,
            most_nodes=5000,
        )


def test_a_source_that_is_no_node_is_refused() -> None:
    with pytest.raises(BadPolicyWorld, match="source is 4"):
        policies(check_policy_world([0], [], [], [], [], []), 4)


def test_statuses_name_the_layers() -> None:
    made = visa_world()
    assert made.statuses[0] == (0, 0)
    assert set(made.statuses[1:]) == {(GRANTED, 0), (1, 1)}
    assert made.node(0, (1, 1)) == made.statuses.index((1, 1))


def test_a_synthetic_world_is_the_same_for_the_same_seed_and_both_engines_agree_on_it() -> None:
    one, other = synthetic_world(Size(60, 2, 2), 5), synthetic_world(Size(60, 2, 2), 5)
    assert one.world.costs.tobytes() == other.world.costs.tobytes()
    kernel = policies(one.world, 0)
    twin = policies(one.world, 0, engine=Engine.TWIN)
    assert len(kernel.front) > 10
    np.testing.assert_allclose(kernel.front, twin.front, atol=1e-12)
