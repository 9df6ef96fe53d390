"""A card knows no city. Where the first one that comes to mind would be wrong, nothing is planned from it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.desk.plans.conftest import Planned
from tests.desk.world import signed_in
from tropa.desk.cases.card import Card, Whereabouts
from tropa.desk.cases.models import Case
from tropa.desk.cases.services import save_card
from tropa.desk.plans.prefill import ELSEWHERE
from tropa.desk.plans.services import saved_facts


def carded(planned: Planned, whereabouts: Whereabouts | None) -> Case:
    _written, case = planned.world.taken("Пишу оттуда, где я есть")
    card = Card(whereabouts=whereabouts)
    save_card(reader=planned.world.boris.reader(), case=case, card=card, version=0)
    return case


@pytest.mark.parametrize("whereabouts", sorted(ELSEWHERE))
def test_who_is_elsewhere_is_asked_for_and_planned_from_nowhere(
    planned: Planned, whereabouts: Whereabouts
) -> None:
    case = carded(planned, whereabouts)
    boris = signed_in(planned.world.boris)
    for name in ("desk:workbench", "desk:workbench-facts"):
        text = boris.get(reverse(name, args=[case.pk])).content.decode()
        assert "Пока вы не назовёте место, планов нет." in text
    assert '<option value="" selected>выберите</option>' in text
    assert "Москва</dd>" not in boris.get(reverse("desk:workbench", args=[case.pk])).content.decode()
    assert planned.planner.asked == []


def test_a_wish_alone_saves_no_place_and_a_form_without_one_is_refused(planned: Planned) -> None:
    case = carded(planned, Whereabouts.OTHER_COUNTRY)
    boris, address = signed_in(planned.world.boris), reverse("desk:workbench-facts", args=[case.pk])
    for sent in ({"version": "0", "leg": "any"}, {"version": "0", "place": "", "profile": "summoned"}):
        boris.post(address, sent)
        assert saved_facts(reader=planned.world.boris.reader(), case=case) is None
    assert planned.planner.asked == []


@pytest.mark.parametrize("whereabouts", [None, Whereabouts.RUSSIA, Whereabouts.NOT_SAID])
def test_anybody_else_is_planned_for_from_the_usual_place(
    planned: Planned, whereabouts: Whereabouts | None
) -> None:
    case = carded(planned, whereabouts)
    text = signed_in(planned.world.boris).get(reverse("desk:workbench", args=[case.pk])).content.decode()
    assert "Пока вы не назовёте место" not in text
    assert [person.place for person in planned.planner.asked] == ["moscow"]
