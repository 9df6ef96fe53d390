"""Shares and rates have intervals that known tables give, and a count of nought is no proof of nought."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tropa.atlas import Range
from tropa.atlas.estimates import contradicts, event_rate, gamma_share, wilson


def test_wilsons_interval_is_that_of_the_published_example() -> None:
    # R. G. Newcombe, Statistics in Medicine 17 (1998) 857-872, table I
    for positive, decided, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0, 0.1611),
    ):
        assert wilson(positive, decided) == pytest.approx((low, high), abs=5e-5)


def test_gamma_shares_are_those_of_closed_forms() -> None:
    for value in (0.01, 0.5, 1.0, 2.0, 5.0, 30.0):
        assert gamma_share(1, value) == pytest.approx(1 - math.exp(-value), abs=1e-12)
        assert gamma_share(0.5, value) == pytest.approx(math.erf(math.sqrt(value)), abs=1e-12)
        assert gamma_share(2, value) == pytest.approx(1 - math.exp(-value) * (1 + value), abs=1e-12)


def test_no_incident_in_a_thousand_crossings_is_no_proof_of_none() -> None:
    rate = event_rate(0, 1000)
    # a Gamma(1/2, 1) is half a chi-squared with one degree of freedom: its 97.5 % point is 5.0239 / 2
    assert rate.high == pytest.approx(5.02389 / 2 / 1000, rel=1e-5)
    assert 0 < rate.low < rate.point == 0.0005
    low, point, high = rate.chance()
    assert 0 < low < point < high < 1


@given(incidents=st.integers(0, 500), exposure=st.floats(1, 1e7))
def test_more_incidents_raise_and_more_exposure_lowers_every_end(incidents: int, exposure: float) -> None:
    here, more, longer = (
        event_rate(incidents, exposure),
        event_rate(incidents + 1, exposure),
        event_rate(incidents, 2 * exposure),
    )
    assert longer.low < here.low < more.low
    assert longer.point < here.point < more.point
    assert longer.high < here.high < more.high
    assert here.low < here.point < here.high


@given(incidents=st.integers(0, 500), exposure=st.floats(1, 1e7))
def test_the_interval_holds_ninety_five_in_a_hundred(incidents: int, exposure: float) -> None:
    rate, shape = event_rate(incidents, exposure), incidents + 0.5
    held = gamma_share(shape, rate.high * exposure) - gamma_share(shape, rate.low * exposure)
    assert held == pytest.approx(0.95, abs=1e-6)


def test_incidents_that_a_stated_hazard_can_hardly_give_contradict_it() -> None:
    stated = Range(0.0001, 0.001, 0.002)
    assert not contradicts(stated, 0, 10_000)
    assert not contradicts(stated, 2, 1_000)  # two are expected at the upper end
    assert contradicts(stated, 8, 1_000)
    assert not contradicts(stated, 1, 100)


@pytest.mark.parametrize(("incidents", "exposure"), [(-1, 10), (1, 0), (1, -5), (1, math.inf), (1, math.nan)])
def test_without_exposure_there_is_no_estimate(incidents: int, exposure: float) -> None:
    with pytest.raises(ValueError, match="no rate"):
        event_rate(incidents, exposure)


@pytest.mark.parametrize(("positive", "decided"), [(-1, 10), (11, 10)])
def test_shares_that_cannot_be_are_refused(positive: int, decided: int) -> None:
    with pytest.raises(ValueError, match="cannot be"):
        wilson(positive, decided)
    assert wilson(0, 0) == (0.0, 1.0)
