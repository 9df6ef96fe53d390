"""Where the exposure of a hazard is known, counts give an estimate for each class and kind of event."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.atlas.overlay_world import INCIDENT, base_atlas, change
from tropa.atlas import Atlas, Exposure, Fact, IncidentKind, ProfileClass, Range, Text
from tropa.atlas.overlay import Act, overlaid
from tropa.atlas.reckoning import counted_for, estimates_of


@pytest.fixture
def base(tmp_path: Path) -> Atlas:
    return base_atlas(tmp_path / "base")


def counted(atlas: Atlas, **keys: Any) -> Fact[Any]:
    hazard: Fact[Any] = atlas.fact("counted")
    return replace(hazard, value=replace(hazard.value, **keys))


def with_incident(base: Atlas, **keys: Any) -> Atlas:
    done = overlaid(base, [change(Act.ADDED, "INC-own", {**INCIDENT, **keys}, kind="incident")])
    assert not done.refused
    return done.atlas


def by_event(atlas: Atlas, hazard: Fact[Any], profile: ProfileClass) -> dict[IncidentKind | None, int]:
    return {one.event: one.counted for one in estimates_of(atlas, hazard) if one.profile is profile}


def test_without_exposure_there_is_no_estimate(base: Atlas) -> None:
    assert estimates_of(base, counted(base, exposure=None)) == ()


def test_nought_in_a_hundred_is_an_interval_and_not_nought(base: Atlas) -> None:
    found = estimates_of(base, counted(base))
    assert [one.event for one in found] == [None, *dict.fromkeys(one.event for one in found[1:])]
    assert {one.counted for one in found} == {0}
    for one in found:
        assert 0 < one.chance.low < one.chance.point < one.chance.high < 1
        assert one.chance.high == pytest.approx(0.0248, abs=0.001)  # chi-square with one degree: 5.02 / 200


def test_an_event_counts_under_its_kind_and_under_all_harm_and_for_its_classes_only(base: Atlas) -> None:
    atlas = with_incident(base, classes=["no_summons"])
    hazard = counted(atlas, classes=(ProfileClass.NO_SUMMONS, ProfileClass.CHARGED))
    deported = by_event(atlas, hazard, ProfileClass.NO_SUMMONS)
    assert (deported[None], deported[IncidentKind.DEPORTED], deported[IncidentKind.ABDUCTED]) == (1, 1, 0)
    assert set(by_event(atlas, hazard, ProfileClass.CHARGED).values()) == {0}


def test_another_subject_does_not_count_and_one_nobody_told_apart_does(base: Atlas) -> None:
    assert by_event(with_incident(base), counted(base), ProfileClass.NO_SUMMONS)[None] == 1
    elsewhere = with_incident(base, subjects=["residual"])
    assert by_event(elsewhere, counted(base), ProfileClass.NO_SUMMONS)[None] == 0


def test_what_was_known_before_counts_only_where_the_hazard_names_it(base: Atlas) -> None:
    atlas = with_incident(base)
    later = replace(counted(atlas), recorded=date(2026, 11, 26))
    assert counted_for(atlas, later) == ()
    named = replace(counted(atlas, incidents=("INC-own",)), recorded=date(2026, 11, 26))
    assert [one.id for one in counted_for(atlas, named)] == ["INC-own"]


def test_more_events_never_make_it_smaller_and_more_people_never_larger(base: Atlas) -> None:
    atlas, people = with_incident(base), Text("people", "люди")
    few, many = (
        estimates_of(one, counted(one, exposure=Exposure(units, people)))[0].chance
        for one, units in ((base, 50.0), (atlas, 50.0))
    )
    assert few.point < many.point
    wide = estimates_of(atlas, counted(atlas, exposure=Exposure(5_000.0, people)))[0].chance
    assert wide.high < many.high
    assert isinstance(wide, Range)
