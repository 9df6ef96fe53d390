"""A page that opens the content of a case for its holder leaves a record; addresses come from the program."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.attacks.matrix import addresses, built, names_a_case
from tests.attacks.test_pages_open_only_what_they_have_business_with import watched
from tests.desk.world import signed_in
from tropa.desk.audit import readings
from tropa.desk.audit.acts import Act
from tropa.desk.audit.queries import latest_acts
from tropa.desk.vault.compartments import TABLES, Compartment

if TYPE_CHECKING:
    from tests.desk.plans.conftest import Planned

CONTENT = {Compartment.TALK, Compartment.CARD, Compartment.PLANS}


@pytest.mark.parametrize("who", ["boris", "anna"])
def test_no_page_opens_a_case_without_a_record(planned: Planned, who: str) -> None:
    scene = built(planned)
    client = signed_in(getattr(planned.world, who))
    reader = planned.world.anna.reader()
    pages = 0
    for pattern, address in addresses(scene):
        if not names_a_case(pattern):
            continue
        readings._hours.clear()
        before = max((act.sequence for act in latest_acts(reader=reader, count=1)), default=0)
        with watched() as seen:
            answer = client.get(address)
        if answer.status_code != 200 or not {TABLES.get(table) for _service, table in seen} & CONTENT:
            continue
        pages += 1
        acts = [act for act in latest_acts(reader=reader, count=20) if act.sequence > before]
        assert any(act.act == Act.OPENED and act.detail == {"case": planned.case.pk} for act in acts), address
    assert pages >= 4
