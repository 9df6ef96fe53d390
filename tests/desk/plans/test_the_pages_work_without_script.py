"""The workbench, the words, the review and the release, posted as plain forms; and who may reach them at
all.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.formats import date_format

from tests.desk.plans.example_plans import PERSON
from tests.desk.plans.flow import approved, asked, released, seen
from tests.desk.world import signed_in
from tropa.desk import clock
from tropa.desk.plans.forms import FactsForm
from tropa.desk.plans.models import Plan, PlanState
from tropa.desk.plans.services import saved_facts
from tropa.desk.plans.working_facts import settled
from tropa.planning.errors import PlannerUnavailable
from tropa.planning.person import PersonFacts, Wish, WishKind, WishVerdict
from tropa.planning.plan import PlanSet

if TYPE_CHECKING:
    from tests.desk.plans.conftest import Planned


def as_posted(person: PersonFacts, **changes: str) -> dict[str, Any]:
    """What a browser sends for these facts."""
    form = FactsForm(None, person=person)
    data: dict[str, Any] = {}
    for name in form.fields:
        value = form[name].value()
        if value not in (None, "", False, []):
            data[name] = value.isoformat() if hasattr(value, "isoformat") else value
    return data | {"version": "1"} | changes


def page(client: Client, address: str, **data: Any) -> str:
    response = client.post(address, data, follow=True) if data else client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_the_workbench_shows_facts_plans_map_and_the_opened_step(planned: Planned) -> None:
    text = page(signed_in(planned.world.boris), f"/cases/{planned.case.pk}/plan/?step=2")
    for expected in (
        "Самый надёжный",
        "Алматы",
        "хрупкий шаг 2",
        "4–10\u00a0%",
        "map.svg#all",
        "Почему хрупкий",
        "отказ",
    ):
        assert expected in text, expected
    assert "style=" not in text
    assert text.count("<article") == 3


@pytest.mark.django_db
def test_the_form_of_facts_gives_back_what_it_was_given() -> None:
    person = replace(
        PERSON,
        wishes=(
            Wish(WishKind.COUNTRY, "BY", WishVerdict.NEVER),
            Wish(WishKind.LEG, "air-yerevan-paris", WishVerdict.NEVER),
            Wish(WishKind.OFFICE, "home_consulate", WishVerdict.NEVER),
        ),
    )
    form = FactsForm(as_posted(person), person=person)
    assert form.is_valid(), form.errors
    given = form.cleaned_data["facts"]
    assert settled(given) == settled(person)


def test_a_plain_post_saves_and_recomputes(planned: Planned) -> None:
    boris = signed_in(planned.world.boris)
    address = reverse("desk:workbench-facts", args=[planned.case.pk])
    text = page(boris, address, **as_posted(PERSON, money_euros="1234"))
    assert "<dd>1\u00a0234</dd>" in text
    assert 'value="1234"' in page(boris, address)
    saved = saved_facts(reader=planned.world.anna.reader(), case=planned.case)
    assert saved is not None
    assert (saved.person.money_euros, saved.version) == (1234, 2)
    assert planned.planner.asked[-1].money_euros == 1234


def test_a_post_by_script_gets_only_the_part_that_changes(planned: Planned) -> None:
    boris = signed_in(planned.world.boris)
    address = reverse("desk:workbench-facts", args=[planned.case.pk])
    response = boris.post(address, as_posted(PERSON, money_euros="1234"), headers={"X-Part": "true"})
    text = response.content.decode()
    assert response.status_code == 200
    assert "<html" not in text
    assert 'id="result"' in text
    assert 'value="2" id="facts-version"' in text


def test_facts_are_only_tried_while_an_approved_plan_rests_on_them(planned: Planned) -> None:
    plan = approved(planned)
    boris = signed_in(planned.world.boris)
    address = reverse("desk:workbench-facts", args=[planned.case.pk])
    text = page(boris, address, **as_posted(PERSON, money_euros="1234"))
    assert "Это только проба" in text
    assert planned.planner.asked[-1].money_euros == 1234
    plan.refresh_from_db()
    assert plan.state == PlanState.APPROVED
    page(boris, address, **as_posted(PERSON, money_euros="1234", void="1"))
    plan.refresh_from_db()
    assert plan.state == PlanState.VOID


def test_two_people_who_save_at_once_lose_nothing(planned: Planned) -> None:
    anna, boris = signed_in(planned.world.anna), signed_in(planned.world.boris)
    address = reverse("desk:workbench-facts", args=[planned.case.pk])
    page(anna, address, **as_posted(PERSON, money_euros="11"))
    text = page(boris, address, **as_posted(PERSON, money_euros="22"))
    assert "кто-то сохранил другие" in text
    assert 'value="22"' in text
    saved = saved_facts(reader=planned.world.anna.reader(), case=planned.case)
    assert saved is not None
    assert saved.person.money_euros == 11


@pytest.mark.parametrize(
    ("field", "value"), [("money_euros", "-5"), ("entered", "2027-05-01"), ("place", "nowhere")]
)
def test_facts_that_cannot_be_are_told_and_kept_on_the_page(planned: Planned, field: str, value: str) -> None:
    boris = signed_in(planned.world.boris)
    address = reverse("desk:workbench-facts", args=[planned.case.pk])
    text = page(boris, address, **as_posted(PERSON, **{field: value, "income_euros": "777"}))
    assert 'role="alert"' in text
    assert 'value="777"' in text
    saved = saved_facts(reader=planned.world.anna.reader(), case=planned.case)
    assert saved is not None
    assert saved.version == 1


def test_a_leg_may_be_ruled_out_from_the_opened_step_where_the_form_is_not_there(planned: Planned) -> None:
    boris = signed_in(planned.world.boris)
    bench = page(boris, f"/cases/{planned.case.pk}/plan/")
    assert 'name="place"' not in bench
    assert 'name="wish-leg"' in bench
    address = reverse("desk:workbench-facts", args=[planned.case.pk])
    told = {"wish-leg": "air-yerevan-paris", "wish-leg-verdict": "never", "version": "1"}
    text = page(boris, address, **told)
    wish = Wish(WishKind.LEG, "air-yerevan-paris", WishVerdict.NEVER)
    assert planned.planner.asked[-1] == settled(replace(PERSON, wishes=(*PERSON.wishes, wish)))
    assert "никогда" in text
    assert "кто-то сохранил другие" in page(boris, address, **told | {"wish-leg-verdict": "pin"})
    part = boris.post(address, told | {"version": "2", "wish-leg-verdict": "allow"}, headers={"X-Part": "1"})
    assert 'id="facts-said"' in part.content.decode()
    assert planned.planner.asked[-1] == settled(PERSON)


def test_the_form_of_facts_is_a_page_and_a_part_of_the_workbench(planned: Planned) -> None:
    boris = signed_in(planned.world.boris)
    address = reverse("desk:workbench-facts", args=[planned.case.pk])
    assert f'href="{address}?plan=' in page(boris, f"/cases/{planned.case.pk}/plan/")
    alone = page(boris, f"{address}?plan=p2&step=3")
    part = boris.get(f"{address}?plan=p2&step=3", headers={"X-Part": "1"}).content.decode()
    for text in (alone, part):
        for field in (
            'name="place"',
            'name="version" value="1"',
            'name="plan" value="p2"',
            'name="step" value="3"',
        ):
            assert field in text
    assert "<html" in alone
    assert "<html" not in part
    assert "<article" not in alone
    assert reverse("desk:ask-review", args=[planned.case.pk]) not in alone
    assert f'href="{reverse("desk:workbench", args=[planned.case.pk])}"' in alone


def test_the_workbench_reads_out_every_fact_that_was_said(planned: Planned) -> None:
    from tropa.desk.plans.facts_said import said_of

    text = unescape(page(signed_in(planned.world.boris), f"/cases/{planned.case.pk}/plan/"))
    lines = [line for group in said_of(PERSON) for line in group.lines]
    for line in lines:
        assert f"<dt>{line.what}</dt>" in text
        assert line.said in text
    assert len(lines) >= len(PERSON.papers) + len(PERSON.statuses) + len(PERSON.wishes) + len(
        PERSON.companions
    )


def test_a_leg_may_be_ruled_out_from_the_opened_step(planned: Planned) -> None:
    boris = signed_in(planned.world.boris)
    address = reverse("desk:workbench-facts", args=[planned.case.pk])
    page(
        boris, address, **as_posted(PERSON, **{"wish-leg": "air-yerevan-paris", "wish-leg-verdict": "never"})
    )
    wish = Wish(WishKind.LEG, "air-yerevan-paris", WishVerdict.NEVER)
    assert wish in planned.planner.asked[-1].wishes
    page(
        boris,
        address,
        **as_posted(PERSON, version="2", **{"wish-leg": "air-yerevan-paris", "wish-leg-verdict": "allow"}),
    )
    assert wish not in planned.planner.asked[-1].wishes


def test_an_absent_planner_is_told_and_nothing_is_lost(planned: Planned) -> None:
    class Away:
        def plans(self, person: PersonFacts, only: Collection[str] | None = None) -> PlanSet:
            raise PlannerUnavailable("gone")

    from tropa.desk.plans import planner

    planner.use(Away())
    boris = signed_in(planned.world.boris)
    address = reverse("desk:workbench-facts", args=[planned.case.pk])
    text = page(boris, address, **as_posted(PERSON, money_euros="1234"))
    assert "Планировщик не отвечает" in text
    assert "<dd>1\u00a0234</dd>" in text
    saved = saved_facts(reader=planned.world.anna.reader(), case=planned.case)
    assert saved is not None
    assert saved.person.money_euros == 1234


def test_a_plan_goes_through_the_pages_to_the_person(planned: Planned) -> None:
    boris, anna = signed_in(planned.world.boris), signed_in(planned.world.anna)
    chosen = planned.planner.set.plans[0].id
    words = page(boris, reverse("desk:ask-review", args=[planned.case.pk]) + f"?plan={chosen}")
    assert "Имейте при себе" in words
    sent = {"plan": chosen, "words": "1", "act": "ask", "language": "ru", "text-1": "Садитесь на поезд."}
    text = page(boris, reverse("desk:ask-review", args=[planned.case.pk]), **sent)
    assert "Садитесь на поезд." in text
    plan = Plan.objects.get()
    assert "Одобрено" in page(anna, reverse("desk:return", args=[plan.pk]), decision="approve")
    address = reverse("desk:release", args=[plan.pk, 1])
    for gone in (clock.now(), clock.now() - timedelta(days=400)):
        refused = boris.post(address, {"check_in": f"{gone:%Y-%m-%dT%H:%M}"})
        assert refused.status_code == 409
        assert "Срок ответа уже прошёл. Ничего не отправлено" in refused.content.decode()
        assert seen(planned) is None
    due = clock.now() + timedelta(days=2)
    text = page(boris, address, check_in=f"{due:%Y-%m-%dT%H:%M}")
    assert "отправлен, не прочитан" in text
    assert f"{due.day} {date_format(due, 'E')}, {due:%H:%M}" in text
    shown = seen(planned)
    assert shown is not None
    assert shown.text == "Садитесь на поезд."


def test_a_return_without_a_reason_is_refused_and_what_was_written_stays(planned: Planned) -> None:
    plan = asked(planned)
    text = page(
        signed_in(planned.world.anna), reverse("desk:return", args=[plan.pk]), decision="return", words=" "
    )
    assert "Скажите, чего не хватает" in text
    plan.refresh_from_db()
    assert plan.state == PlanState.IN_REVIEW


def test_a_step_out_of_turn_is_refused_on_the_page(planned: Planned) -> None:
    plan = approved(planned)
    response = signed_in(planned.world.boris).post(
        reverse("desk:release", args=[plan.pk, 2]), {"check_in": ""}
    )
    assert response.status_code == 409
    assert "ещё не прочитан" in response.content.decode()


def test_the_second_reader_sees_what_changed_since_the_last_version(planned: Planned) -> None:
    asked(planned)
    newer = asked(planned, number=2)
    text = page(signed_in(planned.world.anna), reverse("desk:review", args=[newer.pk]))
    assert "Что изменилось с черновика 1" in text
    assert "<del>4–10\u00a0%</del>" in text
    assert "<ins>9–31\u00a0%</ins>" in text


def every_address(planned: Planned) -> list[tuple[str, str]]:
    plan = Plan.objects.get()
    case = planned.case.pk
    return [
        ("get", reverse("desk:workbench", args=[case])),
        ("post", reverse("desk:workbench-facts", args=[case])),
        ("get", reverse("desk:ask-review", args=[case])),
        ("post", reverse("desk:ask-review", args=[case])),
        ("get", reverse("desk:review", args=[plan.pk])),
        ("post", reverse("desk:approve", args=[plan.pk])),
        ("post", reverse("desk:return", args=[plan.pk])),
        ("post", reverse("desk:release", args=[plan.pk, 1])),
        ("post", reverse("desk:withdraw", args=[plan.pk, 1])),
    ]


def test_for_people_without_a_grant_no_such_page_exists(planned: Planned) -> None:
    released(planned)
    for outsider in (planned.world.vera, planned.world.stranger):
        client = signed_in(outsider)
        for method, address in every_address(planned):
            assert getattr(client, method)(address).status_code == 404, (outsider, address)
        assert "Алматы" not in page(client, reverse("desk:review-list"))


def test_people_who_are_locked_or_not_signed_in_are_sent_away(planned: Planned) -> None:
    released(planned)
    for client in (Client(), signed_in(planned.world.boris, unlocked=False)):
        for method, address in [*every_address(planned), ("get", reverse("desk:review-list"))]:
            assert getattr(client, method)(address).status_code == 302, address


def test_the_list_asks_the_database_as_often_for_ten_plans_as_for_one(
    planned: Planned, clock_stands: datetime, django_assert_max_num_queries: Any
) -> None:
    asked(planned)
    anna = signed_in(planned.world.anna)
    anna.get("/review/")
    with django_assert_max_num_queries(14) as few:
        anna.get("/review/")
    for _number in range(3):
        written, case = planned.world.taken()
        from tropa.desk.plans.services import ask_review, save_facts

        save_facts(reader=planned.world.boris.reader(), case=case, facts=PERSON, version=0)
        ask_review(
            reader=planned.world.boris.reader(),
            case=case,
            thread=written.thread,
            plan=planned.planner.set.plans[0],
        )
    with django_assert_max_num_queries(len(few)):
        anna.get("/review/")


def test_the_first_facts_come_from_the_card(planned: Planned) -> None:
    from tropa.desk.cases.card import Card, Deadline, PaperInHand, Situation
    from tropa.desk.cases.services import save_card

    _written, case = planned.world.taken("Повестка на 3 декабря")
    card = Card(
        situation=Situation.SUMMONS, deadline=Deadline.TWO_WEEKS, papers=frozenset({PaperInHand.INTERNAL})
    )
    save_card(reader=planned.world.boris.reader(), case=case, card=card, version=0)
    text = page(signed_in(planned.world.boris), reverse("desk:workbench", args=[case.pk]))
    assert "Факты взяты из карточки" in text
    person = planned.planner.asked[-1]
    assert [held.paper for held in person.papers] == ["internal"]
    assert str(person.deadline) == "2026-12-06"
    assert saved_facts(reader=planned.world.boris.reader(), case=case) is None
