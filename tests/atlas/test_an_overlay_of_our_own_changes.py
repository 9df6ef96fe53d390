"""Our own changes over the shared pack: reviews, values, facts of our own, and who may make them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.atlas.overlay_world import DAY, INCIDENT, TODAY, base_atlas, change
from tropa.atlas import Atlas, Range, Standing
from tropa.atlas.overlay import Act, nags, needs_second, overlaid, review_of_source, seen, wording


@pytest.fixture
def base(tmp_path) -> Atlas:
    return base_atlas(tmp_path / "base")


def reviewed(base, fact_id, **other):
    return change(Act.REVIEWED, fact_id, against=wording(base.fact(fact_id)), **other)


def test_without_changes_nothing_changes(base):
    state = overlaid(base, [])
    assert state.atlas.facts == base.facts
    assert state.atlas.version == base.version
    assert (state.conflicts, state.refused, nags(state, TODAY)) == ((), (), ())


def test_a_review_lifts_unverified_and_moves_both_dates(base):
    state = overlaid(base, [reviewed(base, "entry-closed")])
    fact = state.fact("entry-closed")
    assert fact.review == "reviewed"
    assert (fact.as_of.text, fact.review_by) == ("2026-11-25", TODAY + timedelta(days=30))


def test_a_review_of_another_text_does_nothing_and_nags(base):
    stale = replace(reviewed(base, "entry-open"), against="0" * 32)
    state = overlaid(base, [stale])
    assert state.fact("entry-open") == base.fact("entry-open")
    assert [nag.kind for nag in nags(state, TODAY)] == ["review_lapsed"]


def test_a_review_may_not_lie_about_days(base):
    one = reviewed(base, "entry-open", record={"as_of": "2027-01-01", "review_by": "2026-01-01"})
    assert overlaid(base, [one]).refused[0].faults[0].key == "review_by"


def test_all_facts_of_a_source_are_reviewed_in_one_go(base):
    state = overlaid(base, [])
    batch = list(review_of_source(state, "law", prefix="b1", by="anna", on=DAY, reason="Read the law."))
    done = overlaid(base, batch)
    assert not done.refused
    assert {fact.review for fact in done.atlas.facts.values()} == {"reviewed"}


def test_one_person_may_end_a_permission_and_two_may_prolong_it(base):
    against = seen(overlaid(base, []), Act.SET, "entry-open")
    ending = change(Act.SET, "entry-open", {"effect": "prohibition"}, against=against)
    state = overlaid(base, [ending])
    assert state.fact("entry-open").effect == "prohibition"
    opening = change(Act.SET, "entry-open", {"modes": ["rail", "air"]}, against=against)
    alone = overlaid(base, [opening])
    assert alone.refused[0].faults[0].key == "second"
    assert alone.fact("entry-open") == base.fact("entry-open")
    assert not overlaid(base, [replace(opening, second="boris")]).refused


def test_the_same_person_twice_is_one_person(base):
    against = seen(overlaid(base, []), Act.SET, "entry-open")
    one = change(Act.SET, "entry-open", {"modes": ["rail", "air"]}, against=against, second="anna")
    assert overlaid(base, [one]).refused


def test_a_hazard_is_raised_by_one_and_lowered_by_two(base):
    state = overlaid(base, [])
    against = seen(state, Act.SET, "day-in-norway")
    higher = change(Act.SET, "day-in-norway", {"chance": [0.001, 0.01, 0.1]}, against=against)
    lower = change(Act.SET, "day-in-norway", {"chance": [0.0001, 0.001, 0.009]}, against=against)
    assert not needs_second(state, higher)
    assert needs_second(state, lower)


def test_faults_of_a_change_are_named_all_at_once_with_their_keys(base):
    bad = {"country": "Norway", "citizenship": "RU", "papers": [["nowhere"]], "modes": ["horse"]}
    faults = (
        overlaid(base, [change(Act.ADDED, "mine", bad, kind="entry_rule", second="boris")]).refused[0].faults
    )
    assert [fault.key for fault in faults] == ["country", "modes"]
    bad = {**bad, "country": "NO", "modes": ["air"], "valid_from": "2026-02-01", "valid_until": "2026-01-01"}
    faults = (
        overlaid(base, [change(Act.ADDED, "mine", bad, kind="entry_rule", second="boris")]).refused[0].faults
    )
    assert [fault.key for fault in faults] == ["valid_until", "papers"]


def test_a_refused_change_leaves_the_others_in_force(base):
    good = reviewed(base, "entry-closed")
    state = overlaid(base, [change(Act.SET, "nowhere", {"days": 3}), good])
    assert [one.change.fact_id for one in state.refused] == ["nowhere"]
    assert state.taken == (good,)


def test_nobody_and_no_reason_are_refused(base):
    one = replace(reviewed(base, "entry-open"), by=" ", reason="", source_id="no-source")
    assert len(overlaid(base, [one]).refused[0].faults) == 3


def test_an_incident_makes_hazards_count_at_their_upper_end_until_two_have_looked(base):
    told = change(Act.ADDED, "inc-1", INCIDENT, kind="incident")
    state = overlaid(base, [told])
    hazard = state.fact("day-in-norway")
    assert state.atlas.chance(hazard, TODAY) == Range(0.01, 0.01, 0.01)
    assert [nag.fact_id for nag in nags(state, TODAY) if nag.kind == "contradicted"] == ["day-in-norway"]
    looked = change(Act.REVIEWED, "day-in-norway", minutes=5, against=wording(hazard))
    assert overlaid(base, [told, looked]).refused[0].faults[0].key == "second"
    settled = overlaid(base, [told, replace(looked, second="boris")])
    assert settled.atlas.chance(settled.fact("day-in-norway"), TODAY) == hazard.value.chance
    assert settled.fact("day-in-norway").value.incidents == ("inc-1",)


def test_a_counted_hazard_is_closed_when_its_upper_end_cannot_explain_what_happened(base):
    state = overlaid(
        base, [change(Act.ADDED, f"inc-{n}", INCIDENT, kind="incident", minutes=n) for n in range(4)]
    )
    assert state.atlas.doubts.refuted == ("counted",)
    assert state.atlas.hazards("entry_check", "NO", "no_summons", TODAY) == ()
    assert base.hazards("entry_check", "NO", "no_summons", TODAY)


def test_an_incident_that_happened_to_others_says_nothing(base):
    told = change(Act.ADDED, "inc-1", {**INCIDENT, "classes": ["charged"]}, kind="incident")
    assert overlaid(base, [told]).atlas.doubts.doubted == ()


def test_what_was_believed_before_a_change_is_kept(base):
    from tropa.atlas.history import as_believed_on

    state = overlaid(base, [reviewed(base, "entry-closed")])
    before = as_believed_on(state.atlas, date(2026, 11, 24))
    assert before.fact("entry-closed").review == "unverified"
    assert as_believed_on(state.atlas, TODAY).fact("entry-closed").review == "reviewed"


def test_our_word_may_be_taken_back(base):
    against = seen(overlaid(base, []), Act.SET, "entry-open")
    ended = change(Act.SET, "entry-open", {"valid_until": "2026-11-30"}, against=against)
    back = change(Act.WITHDRAWN, "entry-open", minutes=1)
    assert overlaid(base, [ended, back]).refused[0].faults[0].key == "second"
    state = overlaid(base, [ended, replace(back, second="boris")])
    assert state.fact("entry-open") == base.fact("entry-open")
    assert [one.act for one in state.changes_of("entry-open")] == ["set", "withdrawn"]


def test_what_others_rest_on_cannot_be_withdrawn(base):
    place = {
        "country": "NO",
        "name": {"en": "Oslo", "ru": "Осло"},
        "latitude": 59.9,
        "longitude": 10.8,
        "what": "city",
    }
    leg = {
        "from": "kirkenes",
        "to": "oslo",
        "mode": "domestic",
        "hours": [2, 3, 4],
        "euros": [50, 80, 100],
        "wait_days": [0, 0, 1],
        "crosses_border": False,
    }
    changes = [
        change(Act.ADDED, "oslo", place, kind="place", second="boris"),
        change(Act.ADDED, "to-oslo", leg, kind="leg", second="boris", minutes=1),
        change(Act.WITHDRAWN, "oslo", minutes=2, second="boris"),
    ]
    state = overlaid(base, changes)
    assert state.atlas.standing(state.fact("to-oslo"), TODAY) is Standing.USABLE
    assert [one.change.act for one in state.refused] == ["withdrawn"]
