"""The author of a plan never approves it: not by the service, not by the page, not by SQL, not by a
second row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, connection, transaction

from tests.desk.plans.flow import approved, asked, released, seen
from tests.desk.world import signed_in
from tropa.desk.plans.errors import NotAReviewer, OwnPlan
from tropa.desk.plans.models import Plan, PlanState, PlanStep
from tropa.desk.plans.opening import open_plan
from tropa.desk.plans.services import approve, release_step, return_plan
from tropa.desk.vault.services import grant_case
from tropa.envelope import ReleaseRole, sign_release

if TYPE_CHECKING:
    from tests.desk.plans.conftest import Planned


def test_the_service_refuses(planned: Planned) -> None:
    plan = asked(planned)
    with pytest.raises(OwnPlan):
        approve(reader=planned.world.boris.reader(), plan=plan)
    with pytest.raises(OwnPlan):
        return_plan(reader=planned.world.boris.reader(), plan=plan, reasons=("other",), words="")
    plan.refresh_from_db()
    assert (plan.state, plan.approver) == (PlanState.IN_REVIEW, None)


def test_the_database_refuses(planned: Planned) -> None:
    plan = asked(planned)
    statements = (
        "UPDATE plans_plan SET approver_id = author_id WHERE id = %s",
        "UPDATE plans_plan SET approver_id = author_id, state = 'approved' WHERE id = %s",
        "UPDATE plans_plan SET state = 'approved' WHERE id = %s",
    )
    for statement in statements:
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [plan.pk])


def test_the_page_says_why_and_refuses(planned: Planned) -> None:
    plan = asked(planned)
    boris = signed_in(planned.world.boris)
    page = boris.get(f"/review/{plan.pk}/").content.decode()
    assert "поэтому не можете одобрить" in page
    assert "Анна" in page
    assert 'value="approve"' not in page
    assert boris.post(f"/review/{plan.pk}/approve/").status_code == 409
    plan.refresh_from_db()
    assert plan.state == PlanState.IN_REVIEW


def test_an_author_who_writes_rows_gains_nothing(planned: Planned) -> None:
    """Boris signs the approval himself and names Anna as the approver."""
    plan = approved(planned)
    release = released(planned, plan)
    boris = planned.world.boris.reader()
    found = open_plan(reader=boris, plan=Plan.objects.get(pk=plan.pk))
    signature = sign_release(boris.seed.signing(), found.statement(1), ReleaseRole.APPROVER)
    PlanStep.objects.filter(pk=release.step_id).update(approver_signature=signature)
    assert seen(planned) is None


def test_a_researcher_signs_no_plan_even_with_a_grant(planned: Planned) -> None:
    plan, stranger = asked(planned), planned.world.stranger
    grant_case(reader=planned.world.anna.reader(), case=planned.case, member=stranger.member)
    with pytest.raises(NotAReviewer):
        approve(reader=stranger.reader(), plan=plan)
    ready = approve(reader=planned.world.anna.reader(), plan=plan)
    with pytest.raises(NotAReviewer):
        release_step(reader=stranger.reader(), step=ready.steps.get(number=1))


def test_any_granted_adviser_may_be_the_second_reader(planned: Planned) -> None:
    plan, vera = asked(planned), planned.world.vera
    grant_case(reader=planned.world.anna.reader(), case=planned.case, member=vera.member)
    approve(reader=vera.reader(), plan=plan)
    released(planned, Plan.objects.get(pk=plan.pk))
    assert seen(planned) is not None
