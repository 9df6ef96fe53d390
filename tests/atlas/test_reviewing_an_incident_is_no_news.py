"""An incident that somebody looks at again speaks against no hazard that was stated with it already known."""

from datetime import UTC, datetime

from tropa.atlas import SHIPPED_PACK, Incident, load_pack
from tropa.atlas.overlay import Act, Change, overlaid, wording


def test_a_whole_pack_is_reviewed_without_a_doubt_about_its_hazards() -> None:
    base = load_pack(SHIPPED_PACK)
    on = datetime(2026, 11, 25, tzinfo=UTC)
    reviews = [
        Change(f"r{number}", Act.REVIEWED, fact.id, "anna", on, "Checked.", against=wording(fact))
        for number, fact in enumerate(base.facts.values())
    ]
    assert any(isinstance(fact.value, Incident) for fact in base.facts.values())
    state = overlaid(base, reviews)
    assert state.refused == ()
    assert state.atlas.doubts.doubted == state.atlas.doubts.refuted == ()
    assert {fact.review.value for fact in state.atlas.facts.values()} == {"reviewed"}
