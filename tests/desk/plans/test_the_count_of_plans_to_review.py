"""The number every page shows: plans of cases the reader holds today, in review, that somebody else wrote."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.desk.plans.flow import approved, asked
from tropa.desk.plans.queries import review_count, waiting_for_review
from tropa.desk.vault.services import grant_case

if TYPE_CHECKING:
    from tests.desk.plans.conftest import Planned


def test_only_others_plans_of_ones_own_cases_count_while_they_are_in_review(planned: Planned) -> None:
    world = planned.world
    asked(planned)
    counts = [review_count(reader=one.reader()) for one in (world.anna, world.boris, world.vera)]
    assert counts == [1, 0, 0]
    assert len(waiting_for_review(reader=world.anna.reader())) == 1
    approved(planned)
    assert review_count(reader=world.anna.reader()) == 0


def test_a_grant_counts_up_to_its_last_day(planned: Planned) -> None:
    world = planned.world
    today = world.now.date()
    grant_case(reader=world.boris.reader(), case=planned.case, member=world.vera.member, ends_day=today)
    asked(planned)
    assert review_count(reader=world.vera.reader(world.now)) == 1
    assert review_count(reader=world.vera.reader(world.now + timedelta(days=1))) == 0


def test_it_is_one_query(planned: Planned) -> None:
    reader = planned.world.anna.reader()
    with CaptureQueriesContext(connection) as queries:
        review_count(reader=reader)
    assert len(queries) == 1
