"""A date is kept as far as a source gives it, and both ends of what it may mean are known."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tropa.atlas import PartialDate

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@given(DAYS)
def test_a_day_means_itself(day: date) -> None:
    parsed = PartialDate.parse(day.isoformat())
    assert (parsed.earliest, parsed.latest, parsed.text) == (day, day, day.isoformat())


@given(DAYS)
def test_a_month_ends_the_day_before_the_next_begins(day: date) -> None:
    parsed = PartialDate.parse(f"{day:%Y-%m}")
    assert parsed.earliest == day.replace(day=1)
    assert parsed.latest.month == day.month
    assert (parsed.latest + timedelta(1)).day == 1


@given(DAYS)
def test_a_year_means_all_of_it(day: date) -> None:
    parsed = PartialDate.parse(str(day.year))
    assert (parsed.earliest, parsed.latest) == (date(day.year, 1, 1), date(day.year, 12, 31))


@given(DAYS, DAYS)
def test_a_range_runs_forward_only(first: date, second: date) -> None:
    text = f"{first}/{second}"
    if first <= second:
        assert (PartialDate.parse(text).earliest, PartialDate.parse(text).latest) == (first, second)
    else:
        with pytest.raises(ValueError, match="before it begins"):
            PartialDate.parse(text)


@given(st.text(max_size=24))
def test_anything_else_is_refused_by_name(text: str) -> None:
    try:
        parsed = PartialDate.parse(text)
    except ValueError:
        return
    assert parsed.text == text
    assert parsed.earliest <= parsed.latest


@pytest.mark.parametrize(
    "text", ["2026-02-30", "2026-13", "26-01-01", "2026/", "unknown", "2026-1-1", "２０２６"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        PartialDate.parse(text)
