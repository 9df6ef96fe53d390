"""One-time codes are those of RFC 6238, and the step a code matched is told so that it is good once."""

from datetime import UTC, datetime, timedelta

import pytest

from tropa.envelope import totp, totp_matches

SECRET = b"12345678901234567890"  # RFC 6238, appendix B, SHA-1
RFC_6238 = [
    (59, "94287082"),
    (1111111109, "07081804"),
    (1111111111, "14050471"),
    (1234567890, "89005924"),
    (2000000000, "69279037"),
    (20000000000, "65353130"),
]
AT = datetime(2026, 11, 22, 12, 0, 15, tzinfo=UTC)
STEP = int(AT.timestamp()) // 30


@pytest.mark.parametrize(("seconds", "eight_digits"), RFC_6238)
def test_the_vectors_of_the_standard(seconds: int, eight_digits: str) -> None:
    """The standard prints eight digits; six are the last six of them."""
    assert totp(SECRET, datetime.fromtimestamp(seconds, UTC)) == eight_digits[-6:]


def test_the_code_of_now_matches_this_step() -> None:
    assert totp_matches(SECRET, totp(SECRET, AT), AT) == STEP


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_code_of_a_neighbouring_step_matches_that_step(steps: int) -> None:
    code = totp(SECRET, AT + timedelta(seconds=30 * steps))
    assert totp_matches(SECRET, code, AT) == STEP + steps


@pytest.mark.parametrize("steps", [-3, -2, 2, 3])
def test_an_older_or_later_code_does_not_match(steps: int) -> None:
    assert totp_matches(SECRET, totp(SECRET, AT + timedelta(seconds=30 * steps)), AT) is None


def test_without_a_window_only_this_step_matches() -> None:
    assert totp_matches(SECRET, totp(SECRET, AT - timedelta(seconds=30)), AT, window=0) is None
    assert totp_matches(SECRET, totp(SECRET, AT), AT, window=0) == STEP


def test_spaces_in_a_typed_code_are_forgiven() -> None:
    code = totp(SECRET, AT)
    assert totp_matches(SECRET, f" {code[:3]} {code[3:]}\n", AT) == STEP


@pytest.mark.parametrize("code", ["", "1", "abcdef", "0000000", "１２３４５６", "\ud800", "9" * 100_000])
def test_what_is_no_code_does_not_match(code: str) -> None:
    assert totp_matches(SECRET, code, AT) is None


def test_another_persons_code_does_not_match() -> None:
    assert totp_matches(SECRET, totp(b"another secret of hers", AT), AT) is None


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        totp(SECRET, datetime(2026, 11, 22))  # noqa: DTZ001  # what it is about


def test_the_first_steps_of_the_epoch_have_no_step_before_them() -> None:
    start = datetime.fromtimestamp(0, UTC)
    assert totp_matches(SECRET, totp(SECRET, start), start) == 0
