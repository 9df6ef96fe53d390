"""Facts that no longer open are a sentence on the page, and whoever holds the case saves over them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.desk.plans.example_plans import PERSON
from tests.desk.world import signed_in
from tropa.desk.audit.models import Refusal
from tropa.desk.plans.errors import ChangedMeanwhile, FactsDoNotOpen
from tropa.desk.plans.models import PlanFacts
from tropa.desk.plans.services import save_facts, saved_facts
from tropa.desk.plans.workbench import facts_of

if TYPE_CHECKING:
    from tests.desk.plans.conftest import Planned

DAMAGED = b"\x01" + bytes(300)


def test_damaged_facts_are_told_in_both_pages_and_no_plan_is_asked_about(planned: Planned) -> None:
    PlanFacts.objects.update(wrapped=DAMAGED)
    client = signed_in(planned.world.boris)
    page = client.get(f"/cases/{planned.case.pk}/plan/").content.decode()
    assert "Сохранённые сведения больше не открываются" in page
    assert "/plan/review/?plan=" not in page
    assert client.get(f"/cases/{planned.case.pk}/plan/review/").status_code == 302
    assert Refusal.objects.filter(table="plans_planfacts").exists()


def test_saving_replaces_damaged_facts_and_the_next_reader_finds_them(planned: Planned) -> None:
    PlanFacts.objects.update(wrapped=DAMAGED)
    boris, anna = planned.world.boris.reader(), planned.world.anna.reader()
    with pytest.raises(FactsDoNotOpen):
        saved_facts(reader=boris, case=planned.case)
    shown = facts_of(reader=boris, case=planned.case)
    assert (shown.damaged, shown.version) == (True, 1)
    again = replace(PERSON, money_euros=700)
    save_facts(reader=boris, case=planned.case, facts=again, version=shown.version)
    found = saved_facts(reader=anna, case=planned.case)
    assert found is not None
    assert (found.person.money_euros, found.version, found.damaged) == (700, 2, False)
    with pytest.raises(ChangedMeanwhile):
        save_facts(reader=anna, case=planned.case, facts=PERSON, version=1)
