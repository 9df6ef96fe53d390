"""A stop, or a changed fact, reaches every plan that rests on it, whoever holds the case, and the person's own page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.desk.atlas.changing import proposed, reviewed
from tests.desk.plans.flow import approved, asked, released, seen
from tests.desk.world import signed_in
from tropa.atlas import Kind
from tropa.atlas.overlay import Act
from tropa.desk import clock
from tropa.desk.atlas.consequences import consequences
from tropa.desk.atlas.content import Content, Seen
from tropa.desk.atlas.in_force import in_force, look_again
from tropa.desk.atlas.resting import groups_of, groups_of_change, resting
from tropa.desk.atlas.services import approve as approve_change
from tropa.desk.atlas.services import change_fact, stop
from tropa.desk.cases.models import Case, Phase
from tropa.desk.plans.applicant import acknowledge, keep
from tropa.desk.plans.errors import Altered, FactsChanged, FactsClosed, WrongState
from tropa.desk.plans.fact_tags import STEP, TAG_BYTES, country_name, hold
from tropa.desk.plans.models import Mark, Plan, PlanState, Release, ReleaseState
from tropa.desk.plans.services import approve, ask_review, release_step
from tropa.desk.plans.shaken import being_checked_anew, resting_on, shaken_by, shaken_plans

if TYPE_CHECKING:
    from tests.desk.plans.conftest import Planned

WHY = "Двоих выдали, хотя они просили убежища."


def stopped(planned: Planned, scope: str = "AM") -> None:
    stop(reader=planned.world.stranger.reader(), scope=scope, reason=WHY)


def test_a_stop_by_one_researcher_takes_back_what_nobody_has_read(planned: Planned) -> None:
    plan = approved(planned)
    release = released(planned, plan)
    assert seen(planned) is not None
    stopped(planned)
    assert seen(planned) is None
    assert being_checked_anew(thread=planned.written.thread)
    release.refresh_from_db()
    plan.refresh_from_db()
    assert (release.state, bytes(release.sealed_applicant)) == (ReleaseState.WITHDRAWN, b"")
    assert (plan.state, plan.mark) == (PlanState.VOID, Mark.STOPPED)


def test_a_kept_step_goes_as_well(planned: Planned) -> None:
    release = released(planned)
    assert keep(thread=planned.written.thread, release_id=release.pk)
    acknowledge(thread=planned.written.thread, release_id=release.pk)
    stopped(planned)
    assert seen(planned) is None
    assert being_checked_anew(thread=planned.written.thread)


def test_rows_put_back_after_a_stop_show_nothing(planned: Planned) -> None:
    plan = approved(planned)
    release = released(planned, plan)
    before = (
        Plan.objects.filter(pk=plan.pk).values().get(),
        Release.objects.filter(pk=release.pk).values().get(),
    )
    stopped(planned)
    Plan.objects.filter(pk=plan.pk).update(**before[0])
    Release.objects.filter(pk=release.pk).update(**before[1])
    assert seen(planned) is None


def test_an_approved_plan_that_was_stopped_sends_nothing_and_none_is_asked_about(planned: Planned) -> None:
    plan = approved(planned)
    stopped(planned)
    reader = planned.world.boris.reader()
    with pytest.raises(WrongState):
        release_step(reader=reader, step=plan.steps.get(number=1))
    Plan.objects.filter(pk=plan.pk).update(state=PlanState.APPROVED, mark=Mark.NONE)
    with pytest.raises((Altered, FactsClosed)):
        release_step(reader=reader, step=plan.steps.get(number=1))
    with pytest.raises(FactsClosed):
        ask_review(
            reader=reader, case=planned.case, thread=planned.written.thread, plan=planned.planner.set.plans[0]
        )


def test_a_plan_in_review_is_void_as_well(planned: Planned) -> None:
    plan = asked(planned)
    stopped(planned)
    with pytest.raises(WrongState):
        approve(reader=planned.world.anna.reader(), plan=plan)


def test_a_stop_elsewhere_leaves_the_plan_alone(planned: Planned) -> None:
    plan = approved(planned)
    released(planned, plan)
    stopped(planned, "RS")
    assert seen(planned) is not None
    assert not being_checked_anew(thread=planned.written.thread)
    plan.refresh_from_db()
    assert (plan.state, plan.mark) == (PlanState.APPROVED, Mark.NONE)


def test_a_plan_whose_tags_were_wiped_counts_as_resting_on_everything(planned: Planned) -> None:
    released(planned)
    Plan.objects.update(fact_tags=b"")
    stopped(planned, "RS")
    assert seen(planned) is None


def test_tags_of_another_plan_are_noticed_when_the_plan_is_opened(planned: Planned) -> None:
    plan = approved(planned)
    Plan.objects.update(fact_tags=b"x" * TAG_BYTES * STEP)
    with pytest.raises(Altered):
        release_step(reader=planned.world.boris.reader(), step=plan.steps.get(number=1))


def test_two_plans_over_one_country_have_no_tag_in_common(planned: Planned) -> None:
    first, second = asked(planned), asked(planned)
    tags = []
    for plan in (first, second):
        stored = bytes(Plan.objects.get(pk=plan.pk).fact_tags)
        assert len(stored) % (TAG_BYTES * STEP) == 0
        assert hold(plan.pk, stored, [country_name("AM"), "entry-AM"])
        assert not hold(plan.pk, stored, [country_name("RS")])
        tags.append({stored[at : at + TAG_BYTES] for at in range(0, len(stored), TAG_BYTES)})
    assert not tags[0] & tags[1]


def test_a_fact_set_anew_marks_the_plan_and_nothing_of_it_is_sent(planned: Planned) -> None:
    plan = approved(planned)
    world = planned.world
    waiting = proposed(world.stranger, "entry-AM", passport_days=90)
    assert waiting.waits
    plan.refresh_from_db()
    assert plan.mark == Mark.NONE
    done = approve_change(reader=world.anna.reader(), change_id=waiting.id)
    assert (done.stopped, done.changed) == (0, 1)
    with pytest.raises(FactsChanged):
        release_step(reader=world.boris.reader(), step=plan.steps.get(number=1))
    fresh = asked(planned)
    approve(reader=world.anna.reader(), plan=fresh)
    released(planned, Plan.objects.get(pk=fresh.pk))
    assert seen(planned) is not None


def test_a_mere_review_marks_nothing(planned: Planned) -> None:
    plan = approved(planned)
    reviewed(planned.world.stranger, "entry-AM", "stay-rule-AM")
    plan.refresh_from_db()
    assert plan.mark == Mark.NONE


def test_holders_see_it_on_today_and_others_do_not(planned: Planned) -> None:
    released(planned)
    stopped(planned)
    world = planned.world
    for holder in (world.anna, world.boris):
        assert [one.case_id for one in shaken_plans(reader=holder.reader())] == [planned.case.pk]
        assert "план остановлен" in signed_in(holder).get("/").content.decode()
    for other in (world.vera, world.stranger):
        assert shaken_plans(reader=other.reader()) == []
        assert "план остановлен" not in signed_in(other).get("/").content.decode()


def test_a_newer_plan_takes_the_stopped_one_off_today(planned: Planned) -> None:
    asked(planned)
    stopped(planned, "RS")
    stopped(planned, "AM")
    assert shaken_plans(reader=planned.world.boris.reader())
    look_again()
    planned.planner.set = planned.planner.set
    Plan.objects.create(
        case=planned.case,
        thread=planned.written.thread,
        version=9,
        sealed=b"",
        facts_digest=b"",
        expires=planned.world.now,
        author=planned.world.boris.member,
    )
    assert shaken_plans(reader=planned.world.boris.reader()) == []


def test_people_without_a_grant_learn_only_how_many_plans_rest_on_a_country(planned: Planned) -> None:
    approved(planned)
    groups = groups_of(look_again().atlas, "AM")
    mine = resting(planned.world.boris.reader(), groups)
    assert (mine.plans, len(mine.mine), mine.others) == (1, 1, 0)
    others = resting(planned.world.vera.reader(), groups)
    assert (others.plans, others.mine, others.others) == (1, (), 1)
    assert resting(planned.world.boris.reader(), groups_of(look_again().atlas, "RS")).plans == 0
    page = signed_in(planned.world.vera).get("/atlas/countries/AM/").content.decode()
    assert str(planned.case.pk) not in page
    assert f"/review/{planned.case.plans.get().pk}/" not in page


def test_a_proposal_tells_before_the_decision_which_plans_it_would_touch(planned: Planned) -> None:
    approved(planned)
    world = planned.world
    waiting = proposed(world.stranger, "entry-AM", passport_days=90)
    address = f"/atlas/changes/{waiting.id}/"
    mine, others = (signed_in(who).get(address).content.decode() for who in (world.boris, world.vera))
    assert "1 план придётся пересмотреть" in mine
    assert f"/review/{Plan.objects.get(case=planned.case).pk}/" in mine
    assert "1 план придётся пересмотреть" in others
    assert str(Plan.objects.get(case=planned.case).pk) not in others
    harmless = proposed(world.stranger, "entry-RS", passport_days=90)
    told = signed_in(world.boris).get(f"/atlas/changes/{harmless.id}/").content.decode()
    assert "Открытых планов это не затронет" in told


def test_once_it_counts_the_pages_of_change_and_fact_tell_which_plans_wait(planned: Planned) -> None:
    approved(planned)
    world = planned.world
    waiting = proposed(world.stranger, "entry-AM", passport_days=90)
    approve_change(reader=world.anna.reader(), change_id=waiting.id)
    plan = str(Plan.objects.get(case=planned.case).pk)
    for address in (f"/atlas/changes/{waiting.id}/", "/atlas/entry-AM/"):
        mine = signed_in(world.boris).get(address).content.decode()
        assert "1 план ждёт пересмотра" in mine, address
        assert plan in mine, address
        others = signed_in(world.vera).get(address).content.decode()
        assert "1 план ждёт пересмотра" in others, address
        assert plan not in others, address
    asked(planned)  # written anew, it waits no more
    assert "ждёт пересмотра" not in signed_in(world.boris).get("/atlas/entry-AM/").content.decode()


def test_after_a_stop_its_page_tells_which_plans_ended(planned: Planned) -> None:
    approved(planned)
    stopped(planned)
    mine = signed_in(planned.world.boris).get("/atlas/countries/AM/").content.decode()
    assert "1 план завершён" in mine
    others = signed_in(planned.world.vera).get("/atlas/countries/AM/").content.decode()
    assert "1 план завершён" in others
    assert str(Plan.objects.get(case=planned.case).pk) not in others


def test_the_page_of_an_incident_asks_for_plans_by_the_dangers_it_put_in_doubt(planned: Planned) -> None:
    before = look_again().atlas
    record = {"country": "AM", "happened": "2026-11-21", "what": "extradited"}
    record |= {"profile": {"ru": "дезертир", "en": "a deserter"}, "classes": ["absent"]}
    record |= {
        "summary": {"ru": "Выдан.", "en": "Handed over."},
        "sources": [before.fact("entry-AM").sources[0].id],
    }
    record |= {
        "as_of": "2026-11-21",
        "review_by": "2026-12-05",
        "owner": "incidents",
        "confidence": "sourced",
    }
    added = Content((Seen("INC-AM-new"),), WHY, kind=Kind.INCIDENT, record=record)
    change_fact(reader=planned.world.stranger.reader(), act=Act.ADDED, content=added)
    after = look_again().atlas
    marked = consequences(before, after, clock.facts_day()).changed
    assert frozenset({"hazard-exit-AM-absent"}) in marked
    assert marked <= groups_of_change(after, ["INC-AM-new"])


def test_a_closed_case_has_no_open_plans_and_none_to_be_written_anew(planned: Planned) -> None:
    approved(planned)
    armenia = groups_of(look_again().atlas, "AM")
    assert len(resting_on(armenia)) == 1
    Case.objects.filter(pk=planned.case.pk).update(phase=Phase.CLOSED)
    assert resting_on(armenia) == []
    stopped(planned)
    assert shaken_by(armenia) == ([], [])
    Case.objects.filter(pk=planned.case.pk).update(phase=Phase.PLANNING)
    assert shaken_by(armenia) == ([Plan.objects.get(case=planned.case).pk], [])


def told(planned: Planned, address: str) -> str:
    return signed_in(planned.world.boris).get(address).content.decode()


def test_today_and_the_workbench_name_what_was_changed_under_a_plan(planned: Planned) -> None:
    approved(planned)
    workbench = f"/cases/{planned.case.pk}/plan/"
    assert "Недавно изменилось под ним" not in told(planned, workbench)
    reviewed(planned.world.stranger, "stay-rule-AM")
    elsewhere = proposed(planned.world.stranger, "entry-RS", passport_days=90)
    approve_change(reader=planned.world.anna.reader(), change_id=elsewhere.id)
    waiting = proposed(planned.world.stranger, "entry-AM", passport_days=90)
    assert "Недавно изменилось под ним" not in told(planned, workbench)
    approve_change(reader=planned.world.anna.reader(), change_id=waiting.id)
    for address in ("/", workbench):
        page = told(planned, address)
        assert f"/atlas/changes/{waiting.id}/" in page, address
        assert elsewhere.id not in page, address
    stopped(planned)
    (stop_row,) = [row for row in in_force().rows if row.act == Act.STOP]
    for address in ("/", workbench):
        page = told(planned, address)
        assert page.index(stop_row.id) < page.index(waiting.id), address
        assert "остановлено: Армения" in page, address
    assert "Армения" not in signed_in(planned.world.vera).get("/").content.decode()
