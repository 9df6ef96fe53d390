"""A leg with months runs in its season alone."""

from dataclasses import replace
from datetime import date, timedelta

from tropa.atlas import SHIPPED_PACK, load_pack
from tropa.planning.standing import FactBook, Window

ON = date(2026, 11, 22)


def window(months: tuple[int, ...], on: date = ON) -> tuple[date, date]:
    atlas = load_pack(SHIPPED_PACK, reviewed_as_of=ON)
    leg = atlas.legs[0]
    leg = replace(leg, value=replace(leg.value, months=months), valid_from=None, review_by=date(2030, 1, 1))
    found = FactBook(atlas, on, confirmed=False).permission(leg)
    assert isinstance(found, Window)
    return on + timedelta(days=found.first), on + timedelta(days=min(found.last, 900))


def test_in_its_season_a_leg_is_open_until_the_season_ends() -> None:
    assert window((11, 12, 1)) == (ON, date(2027, 1, 31))


def test_out_of_its_season_a_leg_opens_when_the_next_one_begins() -> None:
    assert window((5, 6, 7, 8, 9)) == (date(2027, 5, 1), date(2027, 9, 30))


def test_a_leg_of_all_months_has_no_season() -> None:
    assert window(tuple(range(1, 13)))[0] == ON
    assert window(tuple(range(1, 13)))[1] > date(2028, 12, 31)
