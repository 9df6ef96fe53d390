"""A setting that is wrong stops the start and is named; the key is never in the sentence."""

from __future__ import annotations

from base64 import urlsafe_b64encode

import pytest

from tropa.desk.conf import ConfError
from tropa.drop.conf import read


def test_without_settings_there_is_a_key_of_this_process_alone() -> None:
    first, second = read({}), read({})
    assert first.cookie_key != second.cookie_key
    assert (first.exit_url, first.answer_hours) == (None, 24)


def test_a_key_that_is_handed_over_is_used() -> None:
    text = urlsafe_b64encode(bytes(range(32))).decode()
    assert read({"TROPA_DROP_COOKIE_KEY": text}).cookie_key.raw == bytes(range(32))
    assert read({"TROPA_DROP_COOKIE_KEY": text.rstrip("=")}).cookie_key.raw == bytes(range(32))


@pytest.mark.parametrize("key", ["short", "A" * 100, "\N{SNOWMAN}" * 43])
def test_a_key_of_another_length_is_refused_without_repeating_it(key: str) -> None:
    with pytest.raises(ConfError, match="TROPA_DROP_COOKIE_KEY") as refused:
        read({"TROPA_DROP_COOKIE_KEY": key})
    assert key not in str(refused.value)


@pytest.mark.parametrize(
    "url", ["http://plain.example", "javascript:alert(1)", "https://", "weather", "https://a\r\nX: y"]
)
def test_a_way_out_that_is_no_https_address_is_refused(url: str) -> None:
    with pytest.raises(ConfError, match="TROPA_DROP_EXIT_URL"):
        read({"TROPA_DROP_EXIT_URL": url})


@pytest.mark.parametrize("hours", ["0", "soon", "-3", "721", "٣"])
def test_a_waiting_time_that_is_none_is_refused(hours: str) -> None:
    with pytest.raises(ConfError, match="TROPA_DROP_ANSWER_HOURS"):
        read({"TROPA_DROP_ANSWER_HOURS": hours})
