"""A later change of facts or plan voids approvals and withdraws what nobody has read; a closed fact
blocks and is named.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.desk.plans.example_plans import PERSON
from tests.desk.plans.flow import approved, asked, released, seen
from tests.desk.world import signed_in
from tropa.desk import clock
from tropa.desk.pages.field_words import owner_words
from tropa.desk.plans.applicant import acknowledge
from tropa.desk.plans.errors import Altered, ChangedMeanwhile, FactsClosed, WrongFacts, WrongState
from tropa.desk.plans.fact_check import closed_facts
from tropa.desk.plans.models import Plan, PlanState, PlanStep, Release, ReleaseState
from tropa.desk.plans.services import approve, release_step, return_plan, save_facts, saved_facts

if TYPE_CHECKING:
    from tests.desk.plans.conftest import Planned

LATER = date(2028, 1, 1)


def on(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    """Judge facts on another day."""
    monkeypatch.setattr(clock, "conf", replace(clock.conf, as_of=day))


def test_other_facts_void_an_approved_plan_and_withdraw_its_unread_step(planned: Planned) -> None:
    plan = approved(planned)
    release = released(planned, plan)
    save_facts(
        reader=planned.world.anna.reader(),
        case=planned.case,
        facts=replace(PERSON, money_euros=10),
        version=1,
    )
    plan.refresh_from_db()
    release.refresh_from_db()
    assert (plan.state, release.state) == (PlanState.VOID, ReleaseState.WITHDRAWN)
    assert seen(planned) is None
    with pytest.raises(WrongState):
        released(planned, plan, number=2)


def test_equal_facts_change_nothing(planned: Planned) -> None:
    plan = approved(planned)
    saved = save_facts(reader=planned.world.boris.reader(), case=planned.case, facts=PERSON, version=1)
    plan.refresh_from_db()
    assert (saved.version, plan.state) == (1, PlanState.APPROVED)


def test_a_new_version_voids_the_one_before_and_its_unread_steps(planned: Planned) -> None:
    plan = approved(planned)
    release = released(planned, plan)
    newer = asked(planned, number=2)
    plan.refresh_from_db()
    release.refresh_from_db()
    assert (plan.state, release.state, newer.version) == (PlanState.VOID, ReleaseState.WITHDRAWN, 2)
    with pytest.raises(WrongState):
        approve(reader=planned.world.anna.reader(), plan=plan)


def test_a_step_that_was_read_stays_read_when_the_plan_is_voided(planned: Planned) -> None:
    release = released(planned)
    acknowledge(thread=planned.written.thread, release_id=release.pk)
    asked(planned)
    assert Release.objects.get(pk=release.pk).state == ReleaseState.ACKNOWLEDGED


def test_a_returned_plan_needs_a_new_version(planned: Planned) -> None:
    plan = asked(planned)
    return_plan(
        reader=planned.world.anna.reader(), plan=plan, reasons=("no_fallback",), words="Что, если откажут?"
    )
    with pytest.raises(WrongState):
        approve(reader=planned.world.anna.reader(), plan=plan)
    page = signed_in(planned.world.boris).get(f"/review/{plan.pk}/").content.decode()
    assert "Что, если откажут?" in page
    assert "не хватает запасного пути" in page


def test_the_words_of_a_return_lie_sealed(planned: Planned) -> None:
    plan = asked(planned)
    return_plan(reader=planned.world.anna.reader(), plan=plan, reasons=("other",), words="Что, если откажут?")
    stored = bytes(Plan.objects.get().sealed_reason or b"")
    assert "откажут".encode() not in stored


def test_somebody_else_s_facts_are_not_overwritten(planned: Planned) -> None:
    anna, boris = planned.world.anna.reader(), planned.world.boris.reader()
    save_facts(reader=anna, case=planned.case, facts=replace(PERSON, money_euros=10), version=1)
    with pytest.raises(ChangedMeanwhile):
        save_facts(reader=boris, case=planned.case, facts=replace(PERSON, money_euros=20), version=1)
    saved = saved_facts(reader=boris, case=planned.case)
    assert saved is not None
    assert saved.person.money_euros == 10


def test_facts_that_cannot_be_are_not_saved(planned: Planned) -> None:
    with pytest.raises(WrongFacts) as refused:
        save_facts(
            reader=planned.world.boris.reader(),
            case=planned.case,
            facts=replace(PERSON, place="almati"),
            version=1,
        )
    assert refused.value.problems[0].nearest[0] == "almaty"


def test_facts_past_their_review_block_approval_and_release_and_are_named(
    planned: Planned, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, waiting = approved(planned), None
    on(monkeypatch, LATER)
    with pytest.raises(FactsClosed) as refused:
        released(planned, plan)
    closed = {fact.id: fact for fact in refused.value.facts}
    assert "entry-AM" in closed
    assert closed["entry-AM"].owner
    assert closed["entry-AM"].review_by is not None
    assert closed["entry-AM"].review_by < LATER
    monkeypatch.undo()
    waiting = asked(planned)
    on(monkeypatch, LATER)
    with pytest.raises(FactsClosed):
        approve(reader=planned.world.anna.reader(), plan=waiting)
    page = signed_in(planned.world.anna).get(f"/review/{waiting.pk}/").content.decode()
    assert "Армения" in page
    assert owner_words(closed["entry-AM"].owner) in page


@pytest.mark.django_db
def test_a_fact_the_atlas_has_no_more_counts_as_closed() -> None:
    assert [fact.id for fact in closed_facts(["no-such-fact"], LATER)] == ["no-such-fact"]


@pytest.mark.parametrize("column", ["step_digest", "author_signature"])
def test_a_changed_row_is_not_approved(planned: Planned, column: str) -> None:
    plan = asked(planned)
    PlanStep.objects.filter(plan=plan, number=1).update(**{column: bytes(65)})
    with pytest.raises(Altered):
        approve(reader=planned.world.anna.reader(), plan=plan)
    page = signed_in(planned.world.anna).get(f"/review/{plan.pk}/").content.decode()
    assert "изменили в обход" in page


def test_a_plan_moved_to_another_version_is_not_approved(planned: Planned) -> None:
    plan = asked(planned)
    Plan.objects.filter(pk=plan.pk).update(version=5)
    with pytest.raises(Altered):
        approve(reader=planned.world.anna.reader(), plan=plan)


def test_an_expiry_moved_by_hand_voids_both_signatures(planned: Planned) -> None:
    from datetime import timedelta

    plan = approved(planned)
    Plan.objects.filter(pk=plan.pk).update(expires=plan.expires + timedelta(days=300))
    with pytest.raises(Altered):
        release_step(reader=planned.world.boris.reader(), step=plan.steps.get(number=1))
