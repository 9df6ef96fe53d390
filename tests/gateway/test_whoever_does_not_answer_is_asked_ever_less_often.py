"""The pauses towards a service that does not answer: doubled each time, bounded, over with the first success."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tropa.gateway.backing_off import BackOff


def test_each_pause_is_twice_as_long_up_to_the_longest() -> None:
    pauses, back_off, now = [], BackOff(2.0, 120.0), 0.0
    for _time in range(9):
        pauses.append(back_off.failed(now))
        now += pauses[-1]
    assert pauses == [2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 120.0, 120.0, 120.0]


def test_many_who_fail_in_the_same_moment_make_it_no_longer() -> None:
    back_off = BackOff(2.0, 120.0)
    assert [back_off.failed(0.0) for _message in range(24)] == [2.0] * 24
    assert back_off.failed(1.5) == 0.5


def test_a_success_ends_it_and_a_named_wait_is_kept() -> None:
    back_off = BackOff(2.0, 120.0)
    back_off.failed(0.0)
    back_off.failed(2.0)
    back_off.worked()
    assert back_off.failed(3.0) == 2.0
    assert back_off.failed(3.5, at_least=300.0) == 300.0


@given(st.lists(st.floats(0.0, 50.0), max_size=60))
def test_who_waits_as_told_calls_seldom(late: list[float]) -> None:
    back_off, now = BackOff(2.0, 120.0), 0.0
    for number, more in enumerate(late):
        now += back_off.failed(now) + more
        assert now >= 120.0 * (number - 6)
