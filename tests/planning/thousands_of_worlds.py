"""Thousands of small worlds for `make soak`: `python -m tests.planning.thousands_of_worlds 500` does 500 of each kind.

Each is checked by the very test that the suite runs on a few, with other seeds: the planner's front, by both engines,
against every sequence of acts with every member of a party, and against every wait as nearly as waits are shared out;
exact policies, by both engines, against value iteration that shares nothing with them.
It ends at the first difference and names the seed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from tests.planning import (
    test_exact_money,
    test_planning_against_enumeration,
    test_waits_shared_out_otherwise,
)
from tests.planning.policy import test_policies_against_value_iteration
from tests.planning.small_worlds import front, random_party, random_person, random_world
from tests.planning.tiny import ON, world
from tropa.planning._search import Engine

FIRST = 1_000_000
"""The suite's own seeds are all smaller."""

CHECKS: tuple[tuple[str, Callable[[int], None]], ...] = (
    (
        "papers, stays and refusals",
        test_planning_against_enumeration.test_the_front_is_that_of_every_sequence_of_acts,
    ),
    (
        "parties",
        test_planning_against_enumeration.test_the_front_of_a_party_is_that_of_every_sequence_of_its_acts,
    ),
    (
        "programmes that close",
        test_planning_against_enumeration.test_the_front_is_that_of_every_sequence_of_acts_where_programmes_close,
    ),
    (
        "legs that open later",
        test_planning_against_enumeration.test_the_front_is_that_of_every_sequence_of_acts_and_waits_where_legs_open_later,
    ),
    ("little money", test_exact_money.test_with_little_money_the_front_is_that_of_every_sequence_of_acts),
    ("policies of any small world", test_policies_against_value_iteration.drawn),
    ("policies in layers", test_policies_against_value_iteration.in_layers),
    ("timetables in whole days", test_waits_shared_out_otherwise.in_whole_days),
    ("timetables in quarters", test_waits_shared_out_otherwise.in_quarters),
)


def check_worlds(number: int, first: int = FIRST) -> None:
    """`number` worlds of each kind; AssertionError with the kind and the seed in its notes where two answers differ."""
    for kind, check in CHECKS:
        for seed in range(first, first + number):
            try:
                check(seed)
            except AssertionError as differs:
                differs.add_note(f"{kind}, seed {seed}")
                raise
        print(f"{number} worlds alike: {kind}", flush=True)
    one, party, closing = (
        sum(
            bool(front(world(*random_world(seed, closes=closes)), somebody(seed), Engine.KERNEL))
            for seed in range(first, first + number)
        )
        for somebody, closes in ((random_person, 0), (random_party, 0), (random_person, 6))
    )
    print(f"with a way on {ON}: {one} of one person, {party} of parties, {closing} where programmes close")
    if not all((one, party, closing)):
        raise AssertionError("worlds without any way prove nothing")


if __name__ == "__main__":
    check_worlds(int(sys.argv[1]))
