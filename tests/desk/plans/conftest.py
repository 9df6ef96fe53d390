"""Plans as the tests find them: a case Boris leads, Anna second; facts saved; a planner that answers at
once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.desk.plans.example_plans import ReadyPlanner
    from tests.desk.world import World, Written
    from tropa.desk.cases.models import Case


@dataclass(frozen=True, slots=True)
class Planned:
    """A case with saved facts."""

    world: World
    written: Written
    case: Case
    planner: ReadyPlanner


@pytest.fixture
def planned(world: World) -> Iterator[Planned]:
    from tests.desk.plans.example_plans import PERSON, ReadyPlanner
    from tropa.desk.plans import planner
    from tropa.desk.plans.services import save_facts

    ready = ReadyPlanner()
    planner.use(ready)
    written, case = world.taken()
    save_facts(reader=world.boris.reader(), case=case, facts=PERSON, version=0)
    yield Planned(world, written, case, ready)
    planner.use(None)
