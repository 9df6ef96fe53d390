"""Somebody signed in and unlocked, with no grant for the case, tries every address; and two act at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from tests.desk.plans.flow import approved, asked, released
from tests.desk.world import build_world, signed_in
from tropa.desk.plans.errors import PlansError
from tropa.desk.plans.models import Plan, PlanState, Release, ReleaseState
from tropa.desk.plans.services import approve, release_step, withdraw
from tropa.desk.staff.models import Claim
from tropa.desk.talk.models import Draft, Entry, Thread
from tropa.desk.talk.services import save_draft
from tropa.desk.vault.models import CaseGrant
from tropa.desk.vault.services import grant_case

if TYPE_CHECKING:
    from tests.desk.plans.conftest import Planned
    from tests.desk.world import World

SECRET = "Пришла повестка"
OUTSIDERS = ("vera", "stranger")


def addresses(planned: Planned, plan: Plan) -> dict[str, list[str]]:
    """Every address of the desk that names a thread, case, plan or step, by method."""
    thread, case = planned.written.thread.pk, planned.case.pk
    return {
        "get": [
            f"/threads/{thread}/",
            f"/cases/{case}/card/",
            f"/cases/{case}/plan/",
            f"/cases/{case}/plan/review/",
            f"/review/{plan.pk}/",
        ],
        "post": [
            f"/threads/{thread}/take/",
            f"/threads/{thread}/answer/",
            f"/cases/{case}/card/",
            f"/cases/{case}/plan/facts/",
            f"/cases/{case}/plan/review/",
            f"/review/{plan.pk}/approve/",
            f"/review/{plan.pk}/return/",
            f"/plans/{plan.pk}/steps/1/release/",
            f"/plans/{plan.pk}/steps/1/withdraw/",
        ],
    }


FORM = {
    "text": "чужой ответ", "act": "reply", "token": "0" * 32, "decision": "approve", "words": "нет",
    "reasons": "other", "out_of_turn": "on", "version": "0", "danger": "no", "plan": "a" * 16, "place": "almaty",
}  # fmt: skip


@pytest.mark.parametrize("who", OUTSIDERS)
def test_an_outsider_reads_nothing_and_changes_nothing(planned: Planned, who: str) -> None:
    plan = approved(planned)
    released(planned, plan)
    save_draft(reader=planned.world.boris.reader(), thread=planned.written.thread, text="Черновик Бориса")
    before = (Entry.objects.count(), Plan.objects.count(), Release.objects.get().state)
    client = signed_in(getattr(planned.world, who))
    for method, paths in addresses(planned, plan).items():
        for path in paths:
            for headers in ({}, {"HTTP_X_PART": "1"}):
                answer = getattr(client, method)(path, FORM if method == "post" else {}, **headers)
                page = answer.content.decode()
                assert answer.status_code in {302, 403, 404, 409}, path
                for word in (SECRET, "Черновик Бориса", "Купите билет", "Ереван"):
                    assert word not in page, path
    assert (Entry.objects.count(), Plan.objects.count(), Release.objects.get().state) == before
    assert Draft.objects.get().author_id == planned.world.boris.member.pk
    plan.refresh_from_db()
    assert plan.state == PlanState.APPROVED


@pytest.mark.parametrize("who", OUTSIDERS)
def test_lists_and_counts_of_an_outsider_hold_nothing_of_the_case(planned: Planned, who: str) -> None:
    asked(planned)
    client = signed_in(getattr(planned.world, who))
    for path in ("/", "/inbox/", "/inbox/?queue=mine", "/review/"):
        page = client.get(path).content.decode()
        assert planned.case.pk not in page
        assert planned.written.thread.pk not in page


def test_an_outsider_who_asks_for_a_thread_claims_nothing(planned: Planned) -> None:
    signed_in(planned.world.stranger).get(f"/threads/{planned.written.thread.pk}/")
    assert not Claim.objects.exists()


def test_an_outsider_is_not_told_who_holds_a_thread(planned: Planned) -> None:
    client = signed_in(planned.world.stranger)
    answers = [
        client.post(f"/threads/{planned.written.thread.pk}/take/"),
        client.get(f"/threads/{planned.written.thread.pk}/"),
    ]
    assert all("Борис" not in answer.content.decode() for answer in answers)


def test_an_outsider_is_not_led_from_a_case_to_its_thread(planned: Planned) -> None:
    answer = signed_in(planned.world.stranger).get(f"/cases/{planned.case.pk}/card/")
    assert planned.written.thread.pk not in answer.headers.get("Location", "")


@pytest.mark.parametrize("loss", ["key swapped", "grant ended"])
def test_an_answer_that_cannot_be_sent_is_given_back(planned: Planned, loss: str) -> None:
    client = signed_in(planned.world.boris)
    client.raise_request_exception = False
    if loss == "key swapped":
        Thread.objects.update(applicant_public=bytes(range(256)) * 4 + bytes(192))
    else:
        CaseGrant.objects.filter(member=planned.world.boris.member).delete()
    form = {"text": "Длинный ответ", "act": "reply", "token": "1" * 32}
    answer = client.post(f"/threads/{planned.written.thread.pk}/answer/", form)
    assert answer.status_code < 500
    assert "Длинный ответ" in answer.content.decode()


def test_the_author_does_not_approve_through_another_browser_or_form(planned: Planned) -> None:
    plan = asked(planned)
    for _browser in range(2):
        client = signed_in(planned.world.boris)
        client.post(f"/review/{plan.pk}/approve/")
        client.post(f"/review/{plan.pk}/return/", {"decision": "approve"})
        client.post(f"/review/{plan.pk}/return/", {"decision": "return", "reasons": "other", "words": "x"})
    plan.refresh_from_db()
    assert (plan.state, plan.approver_id) == (PlanState.IN_REVIEW, None)


def test_a_researcher_who_was_granted_the_case_does_not_approve(planned: Planned) -> None:
    plan = asked(planned)
    world = planned.world
    grant_case(reader=world.boris.reader(), case=planned.case, member=world.stranger.member)
    with pytest.raises(PlansError):
        approve(reader=world.stranger.reader(), plan=plan)


def test_a_step_a_researcher_sends_is_refused_or_shown(planned: Planned) -> None:
    from tests.desk.plans.flow import seen

    plan = approved(planned)
    world = planned.world
    grant_case(reader=world.boris.reader(), case=planned.case, member=world.stranger.member)
    try:
        release_step(reader=world.stranger.reader(), step=plan.steps.get(number=1))
    except PlansError:
        return
    assert seen(planned) is not None


def test_forms_from_another_site_do_nothing(planned: Planned) -> None:
    plan = asked(planned)
    client = signed_in(planned.world.anna)
    client.handler.enforce_csrf_checks = True
    for origin in ("https://evil.example", "null", "http://localhost:1"):
        answer = client.post(f"/review/{plan.pk}/approve/", headers={"origin": origin})
        assert answer.status_code == 403
    plan.refresh_from_db()
    assert plan.state == PlanState.IN_REVIEW


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1@evil.example"])
def test_another_host_name_is_refused_and_never_repeated(world: World, host: str) -> None:
    answer = signed_in(world.boris).get("/inbox/", headers={"host": host})
    assert answer.status_code == 400
    assert b"evil" not in answer.content


def test_what_an_applicant_writes_is_text_on_every_page(world: World) -> None:
    markup = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'--><!--{{ 7|add:7 }}"
    written, case = world.taken(markup)
    world.write_in(markup)
    client = signed_in(world.boris)
    pages = [
        "/",
        "/inbox/",
        "/inbox/?queue=mine",
        f"/threads/{written.thread.pk}/",
        f"/cases/{case.pk}/card/",
    ]
    for path in pages:
        page = client.get(path).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "{{" in page or "&lt;script" not in page


def both_at_once(acts: list[Callable[[], object]]) -> list[object]:
    """What each gives, done in threads that start together."""
    gate = threading.Barrier(len(acts))
    found: list[object] = []

    def run(act: Callable[[], object]) -> None:
        gate.wait()
        try:
            found.append(act())
        except Exception as error:  # noqa: BLE001  told to the test
            found.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.fixture
def stored(transactional_db: None) -> Planned:
    """A case with saved facts that other connections see."""
    from tests.desk.plans.conftest import Planned as Found
    from tests.desk.plans.example_plans import PERSON, ReadyPlanner
    from tropa.desk.plans import planner
    from tropa.desk.plans.services import save_facts

    world = build_world()
    ready = ReadyPlanner()
    planner.use(ready)
    written, case = world.taken()
    save_facts(reader=world.boris.reader(), case=case, facts=PERSON, version=0)
    return Found(world, written, case, ready)


def test_approved_sent_and_withdrawn_twice_at_once_is_once(stored: Planned) -> None:
    plan, anna, boris = asked(stored), stored.world.anna, stored.world.boris
    results = both_at_once([lambda: approve(reader=anna.reader(), plan=plan)] * 2)
    assert sum(isinstance(one, PlansError) for one in results) == 1
    step = plan.steps.get(number=1)
    results = both_at_once(
        [
            lambda: release_step(reader=boris.reader(), step=step),
            lambda: release_step(reader=anna.reader(), step=step),
        ]
    )
    assert sum(isinstance(one, PlansError) for one in results) == 1
    release = Release.objects.get()
    results = both_at_once([lambda: withdraw(reader=anna.reader(), release=release)] * 2)
    assert sum(isinstance(one, PlansError) for one in results) == 1
    assert Release.objects.get().state == ReleaseState.WITHDRAWN


def test_nobody_waits_for_the_planner_with_a_message(stored: Planned) -> None:
    """While a review is asked for, a stranger's message must not wait for the planner's 20 seconds."""
    import sqlite3

    name = connection.settings_dict["NAME"]
    refused: list[str] = []
    ready = stored.planner
    answer = ready.plans

    def plans(*arguments: object, **named: object) -> object:
        other = sqlite3.connect(name, timeout=0.1, isolation_level=None)
        try:
            other.execute("BEGIN IMMEDIATE")
            other.execute("ROLLBACK")
        except sqlite3.OperationalError as error:
            refused.append(str(error))
        finally:
            other.close()
        return answer(*arguments, **named)  # type: ignore[arg-type]

    ready.plans = plans  # type: ignore[method-assign,assignment]
    asked(stored)
    assert refused == []
