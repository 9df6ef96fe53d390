"""People drawn by dice can be planned for, and are the same for the same seed."""

from __future__ import annotations

from tests.planning.tiny import ON
from tropa.atlas.pack import load_files
from tropa.atlas.synthetic import WorldPlan, synthetic_pack
from tropa.planning.drawn import drawn_people
from tropa.planning.person import check_against


def test_everybody_drawn_can_be_planned_for() -> None:
    atlas = load_files(synthetic_pack(WorldPlan(12, 60, 600, 8)))
    people = list(drawn_people(atlas, ON, 200, seed=5))
    assert len(people) == 200
    for person in people:
        check_against(atlas, person, ON)
    assert any(person.companions for person in people)
    assert any(person.entered for person in people)
    assert people == list(drawn_people(atlas, ON, 200, seed=5))
    assert people != list(drawn_people(atlas, ON, 200, seed=6))
