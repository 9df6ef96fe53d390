"""An emergency stop closes at once, by one person, and stays closed until two have eased it."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.atlas.overlay_world import INCIDENT, TODAY, base_atlas, change
from tropa.atlas import Atlas, Effect, Hazard, Kind, Standing
from tropa.atlas.overlay import Act, nags, overlaid, seen, wording


@pytest.fixture(scope="module")
def base(tmp_path_factory) -> Atlas:
    return base_atlas(tmp_path_factory.mktemp("base"))


def stopped(state):
    return {fact.id for fact in state.atlas.facts.values() if state.atlas.stops_on(fact)}


def test_a_stopped_country_lets_nobody_in_and_everybody_out(base):
    state = overlaid(base, [change(Act.STOP, "NO")])
    assert stopped(state) == {"coach", "train", "entry-open", "asylum-NO", "passport-in-norway"}
    assert state.atlas.standing(state.fact("train"), TODAY) is Standing.STOPPED
    assert state.atlas.usable(state.fact("back"), TODAY)
    assert state.atlas.usable(state.fact("stay-NO"), TODAY)


def test_a_paper_may_still_be_asked_for_elsewhere(base):
    state = overlaid(base, [change(Act.STOP, "NO")])
    assert state.atlas.usable(state.fact("visa-anywhere"), TODAY)
    ended = [one for one in state.atlas.obtains if one.effect is Effect.PROHIBITION]
    assert [(one.id, one.value.paper, one.value.countries) for one in ended] == [("stop-NO", "visa", ("NO",))]


@pytest.mark.parametrize(
    ("scope", "closed"),
    [
        ("kirkenes", {"coach", "train"}),
        ("train", {"train"}),
        ("visa", {"visa-anywhere"}),
        ("passport-in-norway", {"passport-in-norway"}),
        ("asylum-NO", {"asylum-NO"}),
        ("entry-open", {"entry-open"}),
    ],
)
def test_a_place_a_leg_a_paper_and_a_programme_may_be_stopped(base, scope, closed):
    assert stopped(overlaid(base, [change(Act.STOP, scope)])) == closed


def test_a_stop_is_a_fact_with_its_reason_and_binds_on_every_day(base):
    state = overlaid(base, [change(Act.STOP, "NO", reason="Сегодня двоих выдали на границе.")])
    stop = state.fact("stop-NO")
    assert (stop.kind, stop.effect, stop.value.said) == (
        Kind.STOP,
        Effect.PROHIBITION,
        "Сегодня двоих выдали на границе.",
    )
    for day in (date(2020, 1, 1), TODAY, date(2040, 1, 1)):
        assert state.atlas.standing(state.fact("train"), day) is Standing.STOPPED


def test_a_stop_past_its_review_stays_closed_and_nags(base):
    state = overlaid(base, [change(Act.STOP, "NO", {"review_by": "2026-11-27"})])
    assert not nags(state, date(2026, 11, 27))
    assert [(nag.kind, nag.fact_id) for nag in nags(state, date(2027, 6, 1))] == [("stop_overdue", "stop-NO")]
    assert state.atlas.standing(state.fact("train"), date(2027, 6, 1)) is Standing.STOPPED


def test_nothing_wrong_beside_it_holds_a_stop_up(base):
    wild = change(Act.STOP, "NO", {"review_by": "soon"}, source_id="nowhere")
    state = overlaid(base, [change(Act.SET, "nowhere"), wild])
    assert "train" in stopped(state)
    assert stopped(overlaid(base, [change(Act.STOP, "no-such-place")])) == set()
    assert [nag.kind for nag in nags(overlaid(base, [change(Act.STOP, "gone")]), TODAY)] == [
        "stop_of_nothing"
    ]


def test_easing_takes_two_different_people(base):
    stop, ease = change(Act.STOP, "NO"), change(Act.EASED, "NO", minutes=9)
    for second in (None, "", "anna"):
        assert "train" in stopped(overlaid(base, [stop, replace(ease, second=second)]))
    assert stopped(overlaid(base, [stop, replace(ease, second="boris")])) == set()


def test_a_stop_cannot_be_set_or_withdrawn_or_overwritten(base):
    stop = change(Act.STOP, "NO")
    for act in (Act.SET, Act.WITHDRAWN, Act.ADDED):
        other = change(act, "stop-NO", {"scope": "RU", **INCIDENT}, minutes=5, kind="incident")
        state = overlaid(base, [stop, other])
        assert state.refused
        assert "train" in stopped(state)


# --- properties -----------------------------------------------------------------------------------------------------

FACTS = (
    "NO",
    "coach",
    "train",
    "entry-open",
    "entry-closed",
    "day-in-norway",
    "asylum-NO",
    "visa-anywhere",
    "inc",
)
RECORDS = st.sampled_from(
    [
        None,
        {"review_by": "2026-12-30"},
        {"valid_until": "2026-11-30"},
        {"valid_until": "2027-11-30"},
        {"effect": "prohibition"},
        {"effect": "permission"},
        {"chance": [0.001, 0.01, 0.1]},
        {"chance": [0, 0.0001, 0.0002]},
        {"modes": ["air"]},
        INCIDENT,
    ]
)


ALONE = st.none()
PERHAPS_TWO = st.sampled_from([None, "boris"])


@st.composite
def many_changes(draw, seconds):
    found = []
    for number in range(draw(st.integers(0, 7))):
        act = draw(st.sampled_from(list(Act)))
        fact_id = draw(st.sampled_from(FACTS))
        record = draw(RECORDS)
        if act is Act.SETTLED:
            record = {"side": draw(st.sampled_from(["ours", "theirs"])), "conflict": "pack"}
        one = change(
            act,
            fact_id,
            record,
            minutes=draw(st.integers(0, 3)),
            second=draw(seconds),
            kind=Kind.INCIDENT,
        )
        found.append(replace(one, id=f"c{number}"))
    return found


def opened(atlas, day=TODAY):
    """What may be used, and how dangerous it is said to be."""
    open_now = {
        fact.id
        for fact in atlas.facts.values()
        if fact.effect is Effect.PERMISSION and atlas.usable(fact, day)
    }
    dangers = {
        fact.id: atlas.chance(fact, day) for fact in atlas.facts.values() if isinstance(fact.value, Hazard)
    }
    return open_now, dangers


def witnessed(base, changes):
    """The same changes, each by somebody who had the right wording before them."""
    state = overlaid(base, [])
    return [
        replace(
            one,
            against=wording(base.fact(one.fact_id))
            if one.act is Act.REVIEWED
            else seen(state, Act.SET, one.fact_id),
        )
        if one.fact_id in base.facts
        else one
        for one in changes
    ]


@settings(max_examples=80, deadline=None)
@given(changes=many_changes(PERHAPS_TWO), scope=st.sampled_from(FACTS))
def test_one_more_stop_never_opens_anything(base, changes, scope):
    changes = witnessed(base, changes)
    before = overlaid(base, changes)
    after = overlaid(base, [*changes, replace(change(Act.STOP, scope, minutes=9), id="last")])
    was, now = opened(before.atlas), opened(after.atlas)
    assert now[0] <= was[0]
    assert now[1] == was[1]
    closing = {fact.id for fact in before.atlas.facts.values() if fact.effect is Effect.PROHIBITION}
    assert closing <= set(after.atlas.facts)


@settings(max_examples=120, deadline=None)
@given(changes=many_changes(ALONE))
def test_one_person_alone_opens_nothing_but_by_confirming_what_stands(base, changes):
    seen_or_not = [*witnessed(base, changes[::2]), *changes[1::2]]
    changes = [one for one in seen_or_not if one.act is not Act.REVIEWED]
    state = overlaid(base, changes)
    was, now = opened(base), opened(state.atlas)
    assert now[0] <= was[0]
    for fact_id, chance in was[1].items():
        assert now[1][fact_id].low >= chance.low
        assert now[1][fact_id].point >= chance.point
        assert now[1][fact_id].high >= chance.high
    for fact in base.facts.values():
        if fact.effect is Effect.PROHIBITION:
            assert state.fact(fact.id).effect is Effect.PROHIBITION


@settings(max_examples=50, deadline=None)
@given(changes=many_changes(PERHAPS_TWO), order=st.randoms(use_true_random=False))
def test_the_order_they_are_handed_in_means_nothing(base, changes, order):
    changes = witnessed(base, changes)
    mixed = list(changes)
    order.shuffle(mixed)
    first, second = overlaid(base, changes), overlaid(base, mixed)
    assert first.atlas.facts == second.atlas.facts
    assert (first.atlas.version, first.taken, first.refused, first.conflicts) == (
        second.atlas.version,
        second.taken,
        second.refused,
        second.conflicts,
    )
