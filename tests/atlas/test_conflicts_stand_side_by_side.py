"""Two sides that disagree are shown side by side until a person settles it, and the stricter is in force till then."""

from dataclasses import replace

import pytest

from tests.atlas.overlay_world import EXTRA, TODAY, base_atlas, change
from tropa.atlas import Atlas, Effect, Range, Standing
from tropa.atlas.overlay import Act, nags, overlaid, seen, wording


@pytest.fixture
def base(tmp_path) -> Atlas:
    return base_atlas(tmp_path / "base")


def newer(tmp_path, stem, old, new) -> Atlas:
    """The shared pack after its publisher changed one line."""
    assert old in EXTRA[stem]
    return base_atlas(tmp_path / "newer", **{stem: EXTRA[stem].replace(old, new)})


def set_(base, fact_id, record, **other):
    return change(Act.SET, fact_id, record, against=seen(overlaid(base, []), Act.SET, fact_id), **other)


def test_our_value_and_a_newer_pack_stand_side_by_side_with_sources_and_dates(base, tmp_path):
    ours = set_(base, "stay-NO", {"days": 60, "as_of": "2026-11-24"}, second="boris")
    pack = newer(tmp_path, "stays", "days: 90", "days: 30")
    state = overlaid(pack, [ours])
    (conflict,) = state.conflicts
    assert (conflict.id, conflict.fact_id) == ("pack", "stay-NO")
    assert (conflict.ours.record, conflict.theirs.record) == ({"days": 60}, {"days": 30})
    assert (conflict.ours.as_of.text, conflict.theirs.as_of.text) == ("2026-11-24", "2026-11")
    assert conflict.ours.by == "anna"
    assert [source.id for source in conflict.theirs.sources] == ["law"]
    assert [nag.kind for nag in nags(state, TODAY)] == ["unsettled"]


def test_a_contested_permission_opens_nothing_until_it_is_settled(base, tmp_path):
    ours = set_(base, "stay-NO", {"days": 60}, second="boris")
    pack = newer(tmp_path, "stays", "days: 90", "days: 30")
    state = overlaid(pack, [ours])
    assert state.atlas.standing(state.fact("stay-NO"), TODAY) is Standing.UNVERIFIED
    for side, days in (("ours", 60), ("theirs", 30)):
        chosen = change(
            Act.SETTLED,
            "stay-NO",
            {"conflict": "pack", "side": side},
            against=seen(state, Act.SETTLED, "stay-NO"),
            minutes=5,
        )
        assert overlaid(pack, [ours, chosen]).refused[0].faults[0].key == "second"
        settled = overlaid(pack, [ours, replace(chosen, second="boris")])
        assert settled.conflicts == ()
        assert settled.fact("stay-NO").value.days == days
        assert settled.atlas.usable(settled.fact("stay-NO"), TODAY)


def test_what_was_settled_is_open_again_when_the_pack_changes_again(base, tmp_path):
    ours = set_(base, "stay-NO", {"days": 60}, second="boris")
    pack = newer(tmp_path, "stays", "days: 90", "days: 30")
    chosen = change(
        Act.SETTLED,
        "stay-NO",
        {"conflict": "pack", "side": "ours"},
        against=seen(overlaid(pack, []), Act.SETTLED, "stay-NO"),
        minutes=5,
        second="boris",
    )
    assert overlaid(pack, [ours, chosen]).conflicts == ()
    third = base_atlas(tmp_path / "third", stays=EXTRA["stays"].replace("days: 90", "days: 14"))
    again = overlaid(third, [ours, chosen])
    assert [conflict.theirs.record for conflict in again.conflicts] == [{"days": 14}]
    assert {nag.kind for nag in nags(again, TODAY)} == {"review_lapsed", "unsettled"}


def test_a_pack_that_says_the_same_as_we_is_no_conflict(base, tmp_path):
    ours = set_(base, "stay-NO", {"days": 60}, second="boris")
    assert overlaid(newer(tmp_path, "stays", "days: 90", "days: 60"), [ours]).conflicts == ()


def test_a_pack_that_closes_beats_our_permission(base, tmp_path):
    ours = set_(base, "entry-open", {"modes": ["rail", "air"]}, second="boris")
    pack = newer(tmp_path, "entry", "modes: [rail]", "modes: [rail]\n    effect: prohibition")
    assert overlaid(pack, [ours]).fact("entry-open").effect is Effect.PROHIBITION


def test_two_prohibitions_hold_together(base, tmp_path):
    ours = set_(base, "entry-closed", {"modes": ["road", "air"]}, second="boris")
    pack = newer(tmp_path, "entry", "modes: [road]", "modes: [road, foot]")
    rules = [
        rule.value.modes
        for rule in overlaid(pack, [ours]).atlas.entry_rules("NO")
        if not rule.value.papers.papers
    ]
    assert sorted(rules) == [("road", "air"), ("road", "foot")]


def test_a_contested_hazard_takes_the_higher_of_each_end(base, tmp_path):
    ours = set_(base, "day-in-norway", {"chance": [0.0002, 0.002, 0.02]})
    pack = newer(tmp_path, "hazards", "[0.0001, 0.001, 0.01]", "[0.001, 0.0011, 0.0012]")
    hazard = overlaid(pack, [ours]).fact("day-in-norway")
    assert hazard.value.chance == Range(0.001, 0.002, 0.02)


def test_our_fact_stays_when_the_pack_drops_what_it_was_made_of(base, tmp_path):
    ours = set_(base, "stay-NO", {"register_days": 3}, second="boris")
    pack = base_atlas(tmp_path / "newer", stays="kind: stay_rule\nfacts: []\n")
    state = overlaid(pack, [ours])
    assert [one.change.act for one in state.refused] == ["set"]
    assert "stay-NO" not in state.atlas.facts


def test_a_proposal_changes_nothing_until_it_is_settled(base):
    told = change(Act.PROPOSED, "stay-NO", {"days": 30}, source_id="law", by="import passport-index")
    state = overlaid(base, [told])
    assert state.atlas.facts == base.facts
    (conflict,) = state.conflicts
    assert (conflict.ours.record, conflict.theirs.record) == ({"days": 90}, {"days": 30})
    taken = change(Act.SETTLED, "stay-NO", {"conflict": told.id, "side": "theirs"}, minutes=3, second="boris")
    adopted = overlaid(base, [told, taken])
    assert (adopted.fact("stay-NO").value.days, adopted.conflicts) == (30, ())
    left = change(Act.SETTLED, "stay-NO", {"conflict": told.id, "side": "ours"}, minutes=3)
    dismissed = overlaid(base, [told, left])
    assert (dismissed.fact("stay-NO"), dismissed.conflicts) == (base.fact("stay-NO"), ())


def test_a_proposal_that_agrees_is_no_conflict(base):
    assert overlaid(base, [change(Act.PROPOSED, "stay-NO", {"days": "90"})]).conflicts == ()


def test_nothing_is_settled_that_nobody_proposed(base):
    one = change(Act.SETTLED, "stay-NO", {"conflict": "nowhere", "side": "ours"})
    two = change(Act.SETTLED, "stay-NO", {"conflict": "nowhere", "side": "both"}, minutes=1)
    faults = [refused.faults[0].key for refused in overlaid(base, [one, two]).refused]
    assert faults == ["conflict", "side"]


def test_the_wording_counts_what_is_said_and_not_when_it_was_looked_at(base):
    fact = base.fact("stay-NO")
    assert wording(replace(fact, review_by=TODAY, owner="others", recorded=TODAY)) == wording(fact)
    assert wording(replace(fact, valid_until=TODAY)) != wording(fact)
