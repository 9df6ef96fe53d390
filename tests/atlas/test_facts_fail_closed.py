"""Permissions close when nobody has looked; prohibitions bind from their first day and never lapse."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.atlas.small_pack import spoiled, write_pack
from tropa.atlas import (
    EXAMPLE_DAY,
    SHIPPED_PACK,
    Atlas,
    Effect,
    HazardSubject,
    ProfileClass,
    Range,
    Requirement,
    Standing,
    load_pack,
)

REVIEWED = date(2026, 11, 22)


@pytest.fixture
def reviewed(tmp_path: Path) -> Atlas:
    return load_pack(write_pack(tmp_path), reviewed_as_of=REVIEWED)


def test_an_unverified_permission_is_closed_on_a_real_clock(tmp_path: Path) -> None:
    atlas = load_pack(write_pack(tmp_path))
    assert atlas.standing(atlas.fact("coach"), REVIEWED) is Standing.UNVERIFIED


def test_a_permission_is_open_to_its_last_day_of_review_and_not_a_day_longer(reviewed: Atlas) -> None:
    leg = reviewed.fact("coach")
    assert reviewed.usable(leg, leg.review_by)
    assert reviewed.standing(leg, leg.review_by + timedelta(1)) is Standing.REVIEW_OVERDUE


def test_counting_as_reviewed_does_not_reach_back(reviewed: Atlas) -> None:
    assert reviewed.standing(reviewed.fact("coach"), REVIEWED - timedelta(1)) is Standing.UNVERIFIED


def test_a_fact_that_was_reviewed_in_earnest_needs_no_such_day(tmp_path: Path) -> None:
    changed = spoiled("legs", "owner: borders", "owner: borders\n    review: reviewed")
    atlas = load_pack(write_pack(tmp_path, **changed))
    assert atlas.usable(atlas.fact("coach"), REVIEWED)
    assert not atlas.usable(atlas.fact("RU"), REVIEWED)


def test_a_permission_outside_its_dates_is_closed_and_says_which_side(tmp_path: Path) -> None:
    dated = "owner: borders\n    valid_from: 2026-11-25\n    valid_until: 2026-11-28"
    pack = write_pack(tmp_path, **spoiled("legs", "owner: borders", dated))
    atlas = load_pack(pack, reviewed_as_of=REVIEWED)
    leg = atlas.fact("coach")
    assert atlas.standing(leg, date(2026, 11, 24)) is Standing.NOT_YET_VALID
    assert atlas.usable(leg, date(2026, 11, 25))
    assert atlas.usable(leg, date(2026, 11, 28))
    assert atlas.standing(leg, date(2026, 11, 29)) is Standing.NO_LONGER_VALID


@pytest.mark.parametrize("later", [0, 14, 400, 40_000])
def test_a_prohibition_binds_unreviewed_and_for_ever(tmp_path: Path, later: int) -> None:
    atlas = load_pack(write_pack(tmp_path))
    rule = atlas.fact("entry-closed")
    assert atlas.usable(rule, date(2026, 11, 1) + timedelta(later))
    assert not atlas.usable(rule, date(2026, 10, 31))


def test_a_hazard_nobody_looked_at_counts_at_its_upper_end(reviewed: Atlas) -> None:
    (hazard,) = reviewed.hazards(HazardSubject.DAY_OF_STAY, "NO", ProfileClass.SUMMONED, REVIEWED)
    assert reviewed.chance(hazard, REVIEWED) == Range(0.0001, 0.001, 0.01)
    assert reviewed.chance(hazard, REVIEWED + timedelta(400)) == Range(0.01, 0.01, 0.01)


def test_a_hazard_that_is_not_stated_is_not_zero(reviewed: Atlas) -> None:
    assert reviewed.hazards(HazardSubject.DAY_OF_STAY, "NO", ProfileClass.CHARGED, REVIEWED) == ()
    assert reviewed.hazards(HazardSubject.EXIT_CHECK, "NO", ProfileClass.SUMMONED, REVIEWED) == ()


def test_the_shipped_pack_opens_nothing_on_a_real_clock() -> None:
    atlas = load_pack(SHIPPED_PACK)
    permissions = [fact for fact in atlas.facts.values() if fact.effect is Effect.PERMISSION]
    assert permissions
    assert len(atlas.closed_permissions(EXAMPLE_DAY)) == len(permissions)


def test_four_hundred_days_later_the_shipped_pack_names_everything_as_closed() -> None:
    atlas = load_pack(SHIPPED_PACK, reviewed_as_of=EXAMPLE_DAY)
    later = EXAMPLE_DAY + timedelta(400)
    closed = {fact.id: standing for fact, standing in atlas.closed_permissions(later)}
    assert set(closed) == {fact.id for fact in atlas.facts.values() if fact.effect is Effect.PERMISSION}
    assert set(closed.values()) <= {Standing.REVIEW_OVERDUE, Standing.NO_LONGER_VALID}
    still = {fact.effect for fact in atlas.facts.values() if atlas.usable(fact, later)}
    assert still == {Effect.PROHIBITION}


PAPERS = st.frozensets(st.sampled_from("abcdef"), max_size=4)


@given(st.lists(PAPERS, max_size=6), PAPERS)
def test_a_requirement_means_the_same_in_normal_form(
    alternatives: list[frozenset[str]], held: frozenset[str]
) -> None:
    requirement = Requirement.of(*alternatives)
    assert requirement.met_by(held) == any(alternative <= held for alternative in alternatives)
    assert Requirement.of(*reversed(alternatives)) == requirement
    for one in requirement.alternatives:
        assert not any(other < one for other in requirement.alternatives)


@given(PAPERS, PAPERS)
def test_more_papers_never_close_a_requirement(held: frozenset[str], more: frozenset[str]) -> None:
    requirement = Requirement.of(frozenset("ab"), frozenset("c"))
    assert requirement.met_by(held | more) or not requirement.met_by(held)


@pytest.mark.parametrize(
    "numbers", [(-1, 0, 1), (0, 2, 1), (3, 2, 4), (0, 0, float("inf")), (float("nan"), 0, 0)]
)
def test_an_impossible_range_is_no_value(numbers: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="range"):
        Range(*numbers)
