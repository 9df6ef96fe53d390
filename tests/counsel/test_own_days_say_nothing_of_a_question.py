"""Days and numbers no answer holds are left out of a question; those an answer holds, and all words, stay."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tropa.counsel.own_days import OwnDays

HELD = OwnDays(["С 1 января 2026 года, ч. 1 ст. 328, 30 дней, ст. 21.5 КоАП."])


@pytest.mark.parametrize(
    "text",
    [
        "с 1 января 2026",
        "since January 1, 2026",
        "с 01.01.2026",
        "ст. 328 и 21.5",
        "5 маек",
        "в мае",
        "3,5 и 7.45",
        "кв.12",
    ],
)
def test_what_an_answer_holds_and_what_is_no_day_stays(text: str) -> None:
    assert HELD.without(text) == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("повестка на 3 декабря, что делать", "повестка на , что делать"),
        ("на 5-е мая", "на"),
        ("на 03.12.2026 к 10 утра", "на к утра"),
        ("summons for December 3rd please", "summons for please"),
        ("the 3rd of June", "the"),
        ("мне 31 год", "мне год"),
    ],
)
def test_a_day_or_number_no_answer_holds_is_left_out(text: str, left: str) -> None:
    assert " ".join(HELD.without(text).split()).replace(" ,", ",") == left.replace(" ,", ",")


@settings(max_examples=60)
@given(st.text(alphabet="19./- абмайmay,\n", max_size=40))
def test_only_figures_and_months_are_ever_left_out(text: str) -> None:
    left = HELD.without(text)
    assert left.count("а") <= text.count("а")
    assert left.count("б") == text.count("б")
    assert HELD.without(text.replace("1", "а").replace("9", "б")) == text.replace("1", "а").replace("9", "б")
