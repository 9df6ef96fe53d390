"""What an organisation says over its pack reaches the planner's process before its next answer, and only once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.planning.test_planner_process import SOMEBODY
from tropa.atlas import EXAMPLE_DAY, SHIPPED_PACK, PartialDate, Source, Text, load_pack
from tropa.atlas.overlay import Act, Change, overlaid
from tropa.planning.answer import plans_for
from tropa.planning.client import PlannerClient
from tropa.planning.over_pack import NOTHING, OverPack, named, over_pack
from tropa.planning.plan_json import WrongJson

ON = datetime(2026, 11, 22, 9, tzinfo=UTC)
STOP = Change("c1", Act.STOP, "MN", "anna", ON, "Граница закрыта.")
SOURCE = Source("own-0123abcd", Text("Press", "Пресса"), None, PartialDate.parse("2026-11"))


@pytest.fixture
def client() -> Iterator[PlannerClient]:
    plans_for(load_pack(SHIPPED_PACK), SOMEBODY, EXAMPLE_DAY)  # compiles the search, once a checkout
    with PlannerClient(
        pack=SHIPPED_PACK, reviewed_as_of=EXAMPLE_DAY, answer_seconds=180, start_seconds=180
    ) as client:
        yield client


def test_what_was_sent_is_what_arrives() -> None:
    change = Change(
        "c2",
        Act.SET,
        "entry-AM",
        "anna",
        ON,
        "Так.",
        record={"passport_days": 90},
        source_id=SOURCE.id,
        against="ab",
    )
    sent = over_pack([STOP, change], [SOURCE])
    arrived = named(sent.document)
    assert (arrived.changes(), arrived.sources()) == ((STOP, change), (SOURCE,))
    assert arrived.name == sent.name != NOTHING.name


def test_a_stop_closes_the_ways_of_the_next_answer_and_easing_opens_them(client: PlannerClient) -> None:
    before = client.plans(SOMEBODY, on=EXAMPLE_DAY)
    stopped = client.plans(SOMEBODY, on=EXAMPLE_DAY, over=over_pack([STOP]))
    base = load_pack(SHIPPED_PACK, reviewed_as_of=EXAMPLE_DAY)
    assert stopped == plans_for(overlaid(base, [STOP]).atlas, SOMEBODY, EXAMPLE_DAY)
    assert stopped.atlas_version != before.atlas_version
    countries = {place.id: place.country for place in stopped.places}
    assert all(countries[step.target] != "MN" for plan in stopped.plans for step in plan.steps)
    assert client.plans(SOMEBODY, on=EXAMPLE_DAY) == before


@pytest.mark.parametrize(
    "document", [{}, {"changes": [{"id": "x"}], "sources": []}, {"changes": 5, "sources": []}]
)
def test_what_is_no_list_of_changes_is_refused(document: dict[str, object]) -> None:
    with pytest.raises(WrongJson):
        OverPack("", document).changes()
