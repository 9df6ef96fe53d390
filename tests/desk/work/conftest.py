"""A desk with a sentinel, and cases whose facts are sealed to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.desk.plans.conftest import planned

if TYPE_CHECKING:
    from tests.desk.world import World
    from tropa.desk.cases.models import Case


@pytest.fixture
def watched(world: World) -> Iterator[list[Case]]:
    """Three cases of Boris's with saved facts, while there is a sentinel."""
    from tests.desk.plans.example_plans import PERSON
    from tropa.desk.plans.services import save_facts
    from tropa.desk.work.rounds import switch_off
    from tropa.desk.work.sentinel import switch_on

    switch_on()
    cases = []
    for number in range(3):
        _, case = world.taken()
        facts = replace(PERSON, money_euros=1000 + 900 * number)
        save_facts(reader=world.boris.reader(), case=case, facts=facts, version=0)
        cases.append(case)
    yield cases
    switch_off()


__all__ = ["planned", "watched"]
